"""Delimited text -> Parquet: DuckDB reads what keeps to the rules, the careful reader what does not.

DuckDB's reader is told everything and refuses what deviates. Its number of rows must equal the number of
records counted in the bytes; after a refusal or a difference the file is read again record by record
(`churnkit.ingest.files.careful_reader`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import duckdb

from churnkit.config import IngestSettings, ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.files.careful_reader import (
    MAX_LINE_BYTES,
    Outcome,
    blank_lines,
    column_types,
    read_carefully,
    text_lines,
)
from churnkit.ingest.files.dialect import Dialect, delimiter_setting, detect_dialect
from churnkit.ingest.files.encoding import Utf8Text, to_utf8
from churnkit.ingest.files.raw_table import (
    PARQUET_OPTIONS,
    SOURCE_ROW,
    FileFormat,
    RawTable,
    quote_identifier,
)
from churnkit.ingest.files.record_count import LineCounts, count_lines
from churnkit.ingest.files.text_records import WHITESPACE
from churnkit.ingest.files.unpacking import READABLE, SAVE_AS_CSV, PlainFile, check_table_size

_HEAD_LINES = 1_000
_HEAD_CHARACTERS = 2_000_000

_MARKUP = re.compile(r"\s*(<!doctype|<html|<head|<body|<table|<\?xml|<!--|<svg)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{\]])')

_FAST_READ = """
    COPY (
        SELECT *, row_number() OVER () AS {source_row}
        FROM read_csv($source, auto_detect = false, compression = 'none', header = false, skip = $skip, delim = $delimiter,
            quote = '"', escape = '"', {line_end} columns = $columns, strict_mode = true, null_padding = false,
            ignore_errors = false, max_line_size = {max_line_bytes}, hive_partitioning = false)
    ) TO $target ({options})
"""


def read_delimited(
    plain: PlainFile,
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    settings: IngestSettings,
    limits: ReadingLimits,
    name: str,
) -> RawTable:
    """Read a delimited text of any encoding; all its columns are text, an empty field is NULL."""
    text = to_utf8(plain.path, workdir, settings.encoding, name)
    lines, is_whole = _head_lines(text)
    _refuse_other_text(lines, name)
    dialect = detect_dialect(lines, is_whole, delimiter_setting(settings.delimiter), name)
    above = lines[: dialect.first_line - 1]
    skip_bytes = text.bom_bytes + sum(len(line.encode()) for line in above)
    counts = count_lines(text.path, skip_bytes, dialect.first_line)
    check_table_size(counts.records, len(dialect.names), limits, name)
    target = workdir / "raw.parquet"
    outcome = _read_fast(text, dialect, lines, counts, target, connection)
    if outcome is None:
        outcome = read_carefully(text, dialect, workdir, target, connection, name)
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


def _head_lines(text: Utf8Text) -> tuple[list[str], bool]:
    lines: list[str] = []
    characters = 0
    for line in islice(text_lines(text), _HEAD_LINES):
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


def _read_fast(
    text: Utf8Text,
    dialect: Dialect,
    lines: Sequence[str],
    counts: LineCounts,
    target: Path,
    connection: duckdb.DuckDBPyConnection,
) -> Outcome | None:
    """Read with DuckDB; None where it refuses a line or its rows are not as many as the file's records."""
    if dialect.delimiter == WHITESPACE:
        return None
    # row_number() over () numbers the rows in the order of the file: DuckDB runs it in one thread.
    statement = compose(
        _FAST_READ,
        source_row=quote_identifier(SOURCE_ROW),
        # Left alone, DuckDB takes the first carriage return for the line end, even one inside of quotes.
        line_end="" if lines[0].endswith("\r\n") else "new_line = '\\n',",
        options=PARQUET_OPTIONS,
        max_line_bytes=str(MAX_LINE_BYTES),
    )
    parameters = {
        "source": str(text.path),
        "skip": dialect.first_line - 1,
        "delimiter": dialect.delimiter,
        "columns": column_types(dialect.names),
        "target": str(target),
    }
    try:
        rows = int(one_row(connection, statement, parameters)[0])
    except duckdb.InvalidInputException:
        return None
    # A quote inside an unquoted field (5" pipe) upsets the count by quotes, never the count of lines.
    if rows not in (counts.records, counts.lines) or rows == 0:
        return None
    return Outcome(rows, blank_lines(counts.blank_lines, counts.first_blank_line))
