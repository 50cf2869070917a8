"""Delimited text -> Parquet: DuckDB reads what keeps to the rules, the careful reader what does not.

DuckDB's reader is told everything and refuses what deviates. Its number of rows must equal the number of
records counted in the bytes; after a refusal or a difference the file is read again record by record
(`churnkit.ingest.records`), which takes about three times as long and knows every bad line.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest.dialect import Dialect, delimiter_setting, detect_dialect
from churnkit.ingest.encoding import Utf8Text, to_utf8
from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.formats import (
    MAX_PROBLEMS,
    PARQUET_OPTIONS,
    SOURCE_ROW,
    FileFormat,
    RawTable,
    RowProblem,
    SkippedLine,
    quote_identifier,
)
from churnkit.ingest.records import MAX_PROBLEM_CHARACTERS, WHITESPACE, Record, split_records
from churnkit.ingest.unpacking import READABLE, SAVE_AS_CSV, PlainFile

_HEAD_LINES = 1_000
_HEAD_CHARACTERS = 2_000_000
_CHUNK_BYTES = 8 << 20
_MAX_FOOTER_LINES = 10
_MAX_BAD_SHARE = 0.5
_MAX_LINE_BYTES = 4_000_000

_FOOTER = re.compile(
    r"\brecords?\b|\brows?\b|\btotals?\b|download|seller id|generated|exported|created (on|by)|\breport\b"
    r"|end of (file|report)|summe|gesamt|totale",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\s*(<!doctype|<html|<head|<body|<table|<\?xml|<!--|<svg)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{\]])')

_FAST_READ = """
    COPY (
        SELECT *, row_number() OVER () AS {source_row}
        FROM read_csv($source, auto_detect = false, header = false, skip = $skip, delim = $delimiter,
            quote = '"', escape = '"', columns = $columns, strict_mode = true, null_padding = false,
            ignore_errors = false, max_line_size = {max_line_bytes}, hive_partitioning = false)
    ) TO $target ({options})
"""
_CLEAN_READ = """
    COPY (
        SELECT * FROM read_csv($source, auto_detect = false, header = false, delim = ',', quote = '"',
            escape = '"', columns = $columns, strict_mode = true, null_padding = false,
            ignore_errors = false, max_line_size = {max_line_bytes}, hive_partitioning = false)
    ) TO $target ({options})
"""


def read_delimited(
    plain: PlainFile,
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    settings: IngestSettings,
    name: str,
) -> RawTable:
    """Read a delimited text of any encoding; all its columns are text, an empty field is NULL."""
    text = to_utf8(plain.path, workdir, settings.encoding, name)
    lines, is_whole = _head_lines(text)
    _refuse_other_text(lines, name)
    dialect = detect_dialect(lines, is_whole, delimiter_setting(settings.delimiter), name)
    target = workdir / "raw.parquet"
    outcome = _read_fast(text, dialect, lines, target, connection)
    if outcome is None:
        outcome = _read_carefully(text, dialect, workdir, target, connection, name)
    if text.is_temporary:
        text.path.unlink()
    file_format = FileFormat(
        kind="delimited",
        compression=plain.compression,
        encoding=text.encoding,
        delimiter=dialect.delimiter,
        header_row=dialect.header_line,
        skipped_lines=(*dialect.skipped, *outcome.skipped),
        broken_characters=text.broken_characters,
    )
    return RawTable(
        path=target,
        columns=dialect.names,
        row_count=outcome.row_count,
        format=file_format,
        problems=tuple(outcome.problems),
        problem_counts=tuple(outcome.problem_counts.most_common()),
    )


@dataclass
class _Outcome:
    row_count: int
    skipped: list[SkippedLine] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    problem_counts: Counter[str] = field(default_factory=Counter)


def _text_lines(text: Utf8Text) -> Iterator[str]:
    """Physical lines with their ends, whichever of the three conventions the file follows."""
    with text.path.open("rb") as raw:
        raw.seek(text.bom_bytes)
        # newline="" keeps line breaks inside quoted fields as they are.
        with open(raw.fileno(), encoding="utf-8", newline="", closefd=False) as stream:
            yield from stream


def _head_lines(text: Utf8Text) -> tuple[list[str], bool]:
    lines: list[str] = []
    characters = 0
    for line in islice(_text_lines(text), _HEAD_LINES):
        lines.append(line)
        characters += len(line)
        if characters > _HEAD_CHARACTERS:
            break
    size = text.path.stat().st_size - text.bom_bytes
    return lines, sum(len(line.encode()) for line in lines) >= size


def _refuse_other_text(lines: Sequence[str], name: str) -> None:
    head = "".join(lines[:50])
    if not head.strip():
        raise DataError(f"Reading {name}: the file holds white space only.", SAVE_AS_CSV)
    for pattern, what in ((_MARKUP, "an HTML or XML page"), (_JSON, "JSON")):
        if pattern.match(head):
            raise DataError(
                f"Reading {name}: it must be {READABLE}, but it is {what}: {head.strip()[:60]!r} ...",
                f"{SAVE_AS_CSV} A page saved from the browser, or a page that asks to sign in, is no export.",
            )
    controls = sum(1 for character in head if ord(character) < 32 and character not in "\t\r\n\x0b\x0c\x1a")
    if controls > 0.05 * len(head):
        raise DataError(f"Reading {name}: it must be {READABLE}, but it is binary.", SAVE_AS_CSV)


def _column_types(names: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


def _read_fast(
    text: Utf8Text,
    dialect: Dialect,
    lines: Sequence[str],
    target: Path,
    connection: duckdb.DuckDBPyConnection,
) -> _Outcome | None:
    """Read with DuckDB; None where it refuses a line or its rows are not as many as the file's records."""
    if dialect.delimiter == WHITESPACE:
        return None
    above = lines[: dialect.first_line - 1]
    counts = _count_lines(text, sum(len(line.encode()) for line in above), dialect.first_line)
    # row_number() over () numbers the rows in the order of the file: DuckDB runs it in one thread.
    statement = compose(
        _FAST_READ,
        source_row=quote_identifier(SOURCE_ROW),
        options=PARQUET_OPTIONS,
        max_line_bytes=str(_MAX_LINE_BYTES),
    )
    parameters = {
        "source": str(text.path),
        "skip": len(above),
        "delimiter": dialect.delimiter,
        "columns": _column_types(dialect.names),
        "target": str(target),
    }
    try:
        rows = int(one_row(connection, statement, parameters)[0])
    except duckdb.InvalidInputException:
        return None
    # A quote inside an unquoted field (5" pipe) upsets the count by quotes, never the count of lines.
    if rows not in (counts.records, counts.lines) or rows == 0:
        return None
    return _Outcome(rows, _blank_lines(counts.blank_lines, counts.first_blank_line))


@dataclass(frozen=True)
class _LineCounts:
    """Lines that are not blank: all of them, and those that end outside of quotes."""

    lines: int
    records: int
    blank_lines: int
    first_blank_line: int


def _count_lines(text: Utf8Text, skip_bytes: int, first_line: int) -> _LineCounts:
    """Count records from the bytes alone, as a check on every reader.

    A line break ends a record where the number of quotes before it is even; blank lines are none.
    """
    lines = records = blank = first_blank = 0
    line_number = first_line
    odd, line_bytes = False, 0
    with text.path.open("rb") as stream:
        stream.seek(text.bom_bytes + skip_bytes)
        while chunk := stream.read(_CHUNK_BYTES):
            data = np.frombuffer(chunk, dtype=np.uint8)
            ends = np.flatnonzero(data == 10)
            inside = _inside_quotes(data, ends, odd) if b'"' in chunk or odd else np.zeros(len(ends), bool)
            lengths = np.diff(ends, prepend=-1 - line_bytes) - 1
            # Of two bytes, a blank line can only hold the carriage return of its own end.
            before = np.where(ends > 0, data[ends - 1], 13) if len(ends) else ends
            is_blank = (lengths == 0) | ((lengths == 1) & (before == 13))
            skipped = is_blank & ~inside
            if skipped.any() and not first_blank:
                first_blank = line_number + int(np.argmax(skipped))
            blank += int(skipped.sum())
            lines += int((~is_blank).sum())
            records += int((~is_blank & ~inside).sum())
            line_number += len(ends)
            line_bytes = len(chunk) - 1 - int(ends[-1]) if len(ends) else line_bytes + len(chunk)
            odd ^= bool(chunk.count(b'"') % 2)
    if line_bytes:
        lines += 1
        records += 1
    return _LineCounts(lines, records, blank, first_blank)


def _inside_quotes(data: np.ndarray, ends: np.ndarray, odd: bool) -> np.ndarray:
    """Whether each line break lies inside quotes, given the parity of the quotes before the chunk."""
    quotes = np.flatnonzero(data == 34)
    before = np.searchsorted(quotes, ends)
    return ((before + odd) % 2).astype(bool)


def _blank_lines(count: int, first_line: int) -> list[SkippedLine]:
    if not count:
        return []
    return [SkippedLine(first_line, "", "blank" if count == 1 else f"blank, the first of {count:,}")]


def _read_carefully(
    text: Utf8Text,
    dialect: Dialect,
    workdir: Path,
    target: Path,
    connection: duckdb.DuckDBPyConnection,
    name: str,
) -> _Outcome:
    clean = workdir / "clean.csv"
    sorter = _Sorter(text, dialect)
    with clean.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(sorter.good_rows())
    outcome = sorter.outcome
    _check_share_of_problems(outcome, len(dialect.names), name)
    statement = compose(_CLEAN_READ, options=PARQUET_OPTIONS, max_line_bytes=str(_MAX_LINE_BYTES))
    columns = {**_column_types(dialect.names), SOURCE_ROW: "BIGINT"}
    parameters = {"source": str(clean), "columns": columns, "target": str(target)}
    rows = int(one_row(connection, statement, parameters)[0])
    if rows != outcome.row_count:
        raise DataError(
            f"Reading {name}: {outcome.row_count:,} records were found, but {rows:,} arrived in the table.",
            "This is a fault of churnkit: please report it with the file's first lines.",
        )
    clean.unlink()
    return outcome


class _Sorter:
    """Sorts records into good rows, problems and skipped lines while they stream by."""

    def __init__(self, text: Utf8Text, dialect: Dialect) -> None:
        self.outcome = _Outcome(row_count=0)
        self._text = text
        self._dialect = dialect
        self._trailing: deque[Record] = deque()
        self._blank_count = 0
        self._first_blank = 0

    def good_rows(self) -> Iterator[list[str]]:
        """Rows of the right width with their source row behind; complete `outcome` when exhausted."""
        number = 0
        for record in self._records():
            if record.is_blank:
                self._blank_count += 1
                self._first_blank = self._first_blank or record.line
                continue
            number += 1
            if record.reason is None:
                self._trailing.clear()
                self.outcome.row_count += 1
                yield [*record.fields, str(number)]
            else:
                self._add_problem(record)
        self._drop_footer()
        self.outcome.skipped[:0] = _blank_lines(self._blank_count, self._first_blank)

    def _records(self) -> Iterator[Record]:
        first_line = self._dialect.first_line
        lines = islice(_text_lines(self._text), first_line - 1, None)
        return split_records(lines, self._dialect.delimiter, len(self._dialect.names), first_line)

    def _add_problem(self, record: Record) -> None:
        reason = record.reason or ""
        self.outcome.problem_counts[reason] += 1
        self._trailing.append(record)
        if len(self._trailing) > _MAX_FOOTER_LINES:
            self._trailing.popleft()
        if len(self.outcome.problems) < MAX_PROBLEMS:
            self.outcome.problems.append(
                RowProblem(record.line, record.text[:MAX_PROBLEM_CHARACTERS], reason)
            )

    def _drop_footer(self) -> None:
        """Bad lines at the end that speak of the export (``83 record(s) downloaded``) are no records."""
        footer = [record for record in self._trailing if _is_footer(record)]
        lines = {record.line for record in footer}
        self.outcome.problems = [problem for problem in self.outcome.problems if problem.line not in lines]
        self.outcome.problem_counts.subtract(record.reason or "" for record in footer)
        self.outcome.problem_counts += Counter()
        self.outcome.skipped.extend(
            SkippedLine(record.line, record.text[:MAX_PROBLEM_CHARACTERS], "below the last record")
            for record in footer
        )


def _is_footer(record: Record) -> bool:
    if record.reason != "too few fields":
        return False
    prose = len(record.fields) == 1 and len(record.text.split()) > 2
    return prose or bool(_FOOTER.search(record.text))


def _check_share_of_problems(outcome: _Outcome, width: int, name: str) -> None:
    bad = sum(outcome.problem_counts.values())
    total = outcome.row_count + bad
    if outcome.row_count and bad <= _MAX_BAD_SHARE * total:
        return
    if not bad:
        raise DataError(f"Reading {name}: there is a header, but no row below it.", SAVE_AS_CSV)
    example = outcome.problems[0]
    raise DataError(
        f"Reading {name}: every record must have {width} fields, but {bad:,} of {total:,} could not be read"
        f" so, for example line {example.line} ({example.reason}): {example.text[:100]!r}.",
        "Export the file again with fields that hold the delimiter in quotes, or name the setting delimiter.",
    )
