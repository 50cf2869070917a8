"""What a file turned out to be, and the raw table that reading it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

FileKind = Literal["delimited", "excel", "parquet"]

SOURCE_ROW = "source_row"


class SkippedLine(NamedTuple):
    """A line of the file that is not a record: preamble, ``sep=`` line, blank line, footer."""

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
    """How the file was read. ``header_row`` is the header's 1-based line, 0 where there is no header."""

    kind: FileKind
    compression: Literal["gzip", "zip"] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    header_row: int = 1
    skipped_lines: tuple[SkippedLine, ...] = ()

    def words(self) -> str:
        """The format for a person: ``semicolon-separated text, Windows-1252, header in line 1``."""
        raise NotImplementedError


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


def quote_identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier, its double quotes doubled."""
    return '"' + name.replace('"', '""') + '"'
