"""What a file turned out to be, and what of it is no record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from churnkit.ingest.files.known_code_pages import NAMES
from churnkit.text import figures

FileKind = Literal["delimited", "excel", "parquet"]

MAX_PROBLEMS = 1_000

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
    **NAMES,
}


class SkippedLine(NamedTuple):
    """A line of the file that is not a record: preamble, ``sep=`` line, blank line, footer.

    ``line`` is 1-based, in the file (sheet row for Excel); ``part`` names the sheet or file of several.
    """

    line: int
    text: str
    why: str
    part: str = ""


def blank_lines(count: int, first_line: int) -> list[SkippedLine]:
    """All blank lines as one entry, none where there are none."""
    if not count:
        return []
    return [
        SkippedLine(first_line, "", "blank" if count == 1 else f"blank, the first of {figures.count(count)}")
    ]


@dataclass(frozen=True)
class RowProblem:
    """A record of the file that could not be read.

    ``line`` is the 1-based line of the source file (sheet row for Excel), ``reason`` one of a handful of
    fixed phrases so that problems can be grouped by it, ``part`` the sheet or file where there are several.
    """

    line: int
    text: str
    reason: str
    part: str = ""


@dataclass(frozen=True)
class Part:
    """A sheet or a file that is one part of a table.

    Attributes
    ----------
    name
        Title of the sheet, name of the file, or both where either alone says too little.
    first_row, last_row
        The part's first and last ``source_row``.
    header
        1-based line of its header in the sheet or file, 0 without one.
    """

    name: str
    first_row: int
    last_row: int
    header: int = 1


@dataclass(frozen=True)
class FileFormat:
    """How the file was read.

    Attributes
    ----------
    encoding
        Name of the Python codec, None unless delimited.
    encoding_note
        What an owner should know of it: that few letters decided, or that the text was mended.
    delimiter
        One character; " " means any run of white space. None unless delimited.
    sheet, sheets
        The sheet that was read and the names of all sheets (Excel); no sheet where several were read.
    header_row
        1-based line of the header, 0 where the file has none and columns are named ``column_1`` ...; a Parquet
        file always names its columns, and has 1.
    skipped_lines
        Lines that are no records.
    broken_characters
        Bytes that are no valid UTF-8 in a file that otherwise is; each was read as U+FFFD.
    part_count
        Sheets or files that make up the table.
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
    part_count: int = 1
    encoding_note: str = ""

    def words(self) -> str:
        """The format for a person: ``semicolon-separated text, Windows-1252, header in line 1``."""
        parts = [self._kind_words()]
        if self.compression:
            parts.append(f"packed with {self.compression}")
        if self.encoding:
            words = _ENCODING_WORDS.get(self.encoding, self.encoding)
            parts.append(f"{words} ({self.encoding_note})" if self.encoding_note else words)
        if self.broken_characters:
            parts.append(f"{figures.count(self.broken_characters)} broken characters")
        if self.kind != "parquet":
            parts.append(f"header in line {self.header_row}" if self.header_row else "no header")
        if self.skipped_lines:
            count = len(self.skipped_lines)
            parts.append(f"{count} other line{'s' if count > 1 else ''} skipped")
        return ", ".join(parts)

    def encoding_words(self) -> str:
        """`` as Windows-1250 (Central European)`` for a text in a code page: whatever is wrong with it may be that."""
        if self.encoding is None or self.encoding.startswith("utf"):
            return ""
        return f" as {_ENCODING_WORDS.get(self.encoding, self.encoding)}"

    def _kind_words(self) -> str:
        if self.kind == "parquet":
            return "Parquet"
        if self.kind == "excel" and self.sheet is None:
            return f"Excel, {self.part_count} sheets as one table"
        if self.kind == "excel":
            of_several = f" (one of {len(self.sheets)} sheets)" if len(self.sheets) > 1 else ""
            return f"Excel workbook, sheet '{self.sheet}'{of_several}"
        delimiter = self.delimiter or ","
        text = _DELIMITER_WORDS.get(delimiter, f"'{delimiter}'-separated") + " text"
        return f"{self.part_count} files as one table, {text}" if self.part_count > 1 else text
