"""What a file turned out to be, and the raw table that reading it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from churnkit.text import figures

FileKind = Literal["delimited", "excel", "parquet"]

SOURCE_ROW = "source_row"


MAX_PROBLEMS = 1_000

# Small dictionaries make low-cardinality columns fast to scan; large ones cost a third of the writing time.
PARQUET_OPTIONS = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 8192"

_DELIMITER_WORDS = {
    ",": "comma-separated",
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "pipe-separated",
    " ": "whitespace-separated",
}
_ENCODING_WORDS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
    "cp1252": "Windows-1252",
    "iso8859-1": "Latin-1",
}


class SkippedLine(NamedTuple):
    """A line of the file that is not a record: preamble, ``sep=`` line, blank line, footer.

    ``line`` is 1-based, in the file (sheet row for Excel).
    """

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class RowProblem:
    """A record of the file that could not be read.

    ``line`` is the 1-based line of the source file (sheet row for Excel), ``reason`` one of a handful of
    fixed phrases so that problems can be grouped by it.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class FileFormat:
    """How the file was read.

    Attributes
    ----------
    encoding
        Name of the Python codec, None unless delimited.
    delimiter
        One character; " " means any run of white space. None unless delimited.
    sheet, sheets
        The sheet that was read and the names of all sheets (Excel).
    header_row
        1-based line of the header, 0 where the file has none and columns are named ``column_1`` ...; a Parquet
        file always names its columns, and has 1.
    skipped_lines
        Lines that are no records.
    broken_characters
        Bytes that are no valid UTF-8 in a file that otherwise is; each was read as U+FFFD.
    """

    kind: FileKind
    compression: Literal["gzip", "zip"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    skipped_lines: tuple[SkippedLine, ...] = ()
    broken_characters: int = 0

    def words(self) -> str:
        """The format for a person: ``semicolon-separated text, Windows-1252, header in line 1``."""
        parts = [self._kind_words()]
        if self.compression:
            parts.append(f"packed with {self.compression}")
        if self.encoding:
            parts.append(_ENCODING_WORDS.get(self.encoding, self.encoding))
        if self.broken_characters:
            parts.append(f"{figures.count(self.broken_characters)} broken characters")
        if self.kind != "parquet":
            parts.append(f"header in line {self.header_row}" if self.header_row else "no header")
        if self.skipped_lines:
            count = len(self.skipped_lines)
            parts.append(f"{count} other line{'s' if count > 1 else ''} skipped")
        return ", ".join(parts)

    def _kind_words(self) -> str:
        if self.kind == "parquet":
            return "Parquet"
        if self.kind == "excel":
            of_several = f" (one of {len(self.sheets)} sheets)" if len(self.sheets) > 1 else ""
            return f"Excel workbook, sheet '{self.sheet}'{of_several}"
        delimiter = self.delimiter or ","
        return _DELIMITER_WORDS.get(delimiter, f"'{delimiter}'-separated") + " text"


@dataclass(frozen=True)
class RawTable:
    """A file as a Parquet table: its columns as they are, plus ``source_row``.

    Attributes
    ----------
    path
        Parquet file in the working folder; text columns for delimited files (an empty field is NULL),
        typed or text columns for Excel and Parquet, and ``source_row`` BIGINT.
    columns
        Header names, trimmed and made unique, without ``source_row``.
    row_count
        Records in ``path``.
    problems
        Examples of records that could not be read, in file order, at most `MAX_PROBLEMS` of them.
    problem_counts
        (reason, number of records) over all of them: ``row_count + problem_count`` is the number of
        records in the file.
    """

    path: Path
    columns: tuple[str, ...]
    row_count: int
    format: FileFormat
    problems: tuple[RowProblem, ...] = ()
    problem_counts: tuple[tuple[str, int], ...] = ()

    @property
    def problem_count(self) -> int:
        """Number of records that could not be read."""
        return sum(count for _, count in self.problem_counts)


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Header cells as column names: trimmed, ``column_<n>`` where blank, ``_2``, ``_3`` ... where repeated.

    Names that differ in case only count as repeated, as SQL identifiers ignore case, and so does
    ``source_row``, which every raw table has of its own.
    """
    taken = {SOURCE_ROW}
    unique = []
    for position, name in enumerate(names, start=1):
        base = name.strip().strip("\ufeff\u200b").strip() or f"column_{position}"
        candidate, repeat = base, 1
        while candidate.casefold() in taken:
            repeat += 1
            candidate = f"{base}_{repeat}"
        taken.add(candidate.casefold())
        unique.append(candidate)
    return tuple(unique)


def quote_identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier, its double quotes doubled."""
    return '"' + name.replace('"', '""') + '"'
