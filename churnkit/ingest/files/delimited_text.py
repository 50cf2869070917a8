"""Delimited text -> Parquet: DuckDB reads what keeps to the rules, the careful reader what does not.

DuckDB's reader is told everything and refuses what deviates. Its number of rows must equal the number of
records counted in the bytes; after a refusal or a difference the file is read again record by record
(`churnkit.ingest.files.careful_reader`).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import duckdb

from churnkit.errors import DataError
from churnkit.ingest.engine import compose, in_order, memory_bytes, one_row
from churnkit.ingest.files.careful_reader import (
    MAX_LINE_BYTES,
    LinesRead,
    column_types,
    read_carefully,
)
from churnkit.ingest.files.dialect import Dialect, delimiter_setting, detect_dialect
from churnkit.ingest.files.encoding import Utf8Text, to_utf8
from churnkit.ingest.files.file_format import FileFormat, blank_lines
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.odd_quotes import usually_quoted
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.record_count import LineCounts, count_lines
from churnkit.ingest.files.refusals import READABLE, SAVE_AS_CSV, NoTableError, check_table_size
from churnkit.ingest.files.text_records import WHITESPACE

_HEAD_LINES = 1_000
_HEAD_CHARACTERS = 2_000_000

_MARKUP = re.compile(r"\s*(<!doctype|<html|<head|<body|<table|<\?xml|<!--|<svg)", re.IGNORECASE)
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{\]])')

# Of the memory that the connection may take the raw table leaves the greater part to what follows.
_TABLE_SHARE = 0.4
_CELL_BYTES = 16
_NUMBERS = itertools.count(1)

_READ = """
    read_csv($source, auto_detect = false, compression = 'none', header = false, skip = $skip, delim = $delimiter,
        quote = '"', escape = '"', {line_end} columns = $columns, strict_mode = true, null_padding = false,
        ignore_errors = false, max_line_size = {max_line_bytes}, hive_partitioning = false)
"""
# row_number() over () numbers the rows in the order of the file: DuckDB runs it in one thread.
_TO_FILE = "SELECT *, row_number() OVER () AS {row} FROM {read}"
# Rows go into a table in the order of the file from all threads, and there each has its number already, see `RawTable`.
_TO_TABLE = "CREATE TEMP TABLE {lines} AS SELECT * FROM {read}"


def read_delimited(file: FileToRead) -> RawTable:
    """Read a delimited text of any encoding; all its columns are text, an empty field is NULL."""
    text = to_utf8(file.plain.path, file.folder, file.settings.encoding, file.name)
    lines, is_whole = head_lines(text)
    refuse_other_text(lines, file.name)
    text, quotes = usually_quoted(text, lines, file.folder)
    if quotes:
        lines, is_whole = head_lines(text)
    dialect = detect_dialect(lines, is_whole, delimiter_setting(file.settings.delimiter), file.name)
    above = lines[: dialect.first_line - 1]
    skip_bytes = text.bom_bytes + sum(len(line.encode()) for line in above)
    counts = count_lines(text.path, skip_bytes, dialect.first_line)
    check_table_size(counts.records, len(dialect.names), file.limits, file.name)
    read = _read_fast(file, text, dialect, counts, has_returns=lines[0].endswith("\r\n"))
    if read is None:
        read = read_carefully(file, text, dialect)
    if text.is_temporary:
        text.path.unlink()
    file_format = FileFormat(
        kind="delimited",
        compression=file.plain.compression,
        encoding=text.encoding,
        delimiter=dialect.delimiter,
        header_row=dialect.header_line,
        skipped_lines=(*dialect.skipped, *read.skipped),
        broken_characters=text.broken_characters,
        encoding_note=text.note,
    )
    problem_counts = tuple(read.problem_counts.most_common())
    raw = file.raw_table(
        dialect.names, read.row_count, file_format, tuple(read.problems), problem_counts, read.table
    )
    notes = (*([f"In {file.name} {quotes}."] if quotes else ()), *read.notes)
    return replace(raw, notes=notes) if notes else raw


def head_lines(text: Utf8Text) -> tuple[list[str], bool]:
    """The first lines of a text, and whether these are all."""
    lines: list[str] = []
    characters = 0
    for line in islice(text.lines(), _HEAD_LINES):
        lines.append(line)
        characters += len(line)
        if characters > _HEAD_CHARACTERS:
            break
    size = text.path.stat().st_size - text.bom_bytes
    return lines, sum(len(line.encode()) for line in lines) >= size


def refuse_other_text(lines: Sequence[str], name: str) -> None:
    """Refuse what is text and no table, by its first lines; raises DataError."""
    head = "".join(lines[:50])
    if not head.strip():
        raise NoTableError(f"Reading {name}: the file holds white space only.", SAVE_AS_CSV, "a blank text")
    for pattern, what in ((_MARKUP, "an HTML or XML page"), (_JSON, "JSON")):
        if pattern.match(head):
            raise NoTableError(
                f"Reading {name}: it must be {READABLE}, but it is {what}: {head.strip()[:60]!r} ...",
                f"{SAVE_AS_CSV} A page saved from the browser, or a page that asks to sign in, is no export.",
                what,
            )
    controls = sum(1 for character in head if ord(character) < 32 and character not in "\t\r\n\x0b\x0c\x1a")
    if controls > 0.05 * len(head):
        raise DataError(f"Reading {name}: it must be {READABLE}, but it is binary.", SAVE_AS_CSV)


def _read_fast(
    file: FileToRead, text: Utf8Text, dialect: Dialect, counts: LineCounts, *, has_returns: bool
) -> LinesRead | None:
    """Read with DuckDB; None where it refuses a line or its rows are not as many as the file's records."""
    if dialect.delimiter == WHITESPACE:
        return None
    bound = {
        "source": str(text.path),
        "skip": dialect.first_line - 1,
        "delimiter": dialect.delimiter,
        "columns": column_types(dialect.names),
    }
    # Left alone, DuckDB takes the first carriage return for the line end, even one inside of quotes.
    line_end = "" if has_returns else "new_line = '\\n',"
    read = compose(_READ, line_end=line_end, max_line_bytes=str(MAX_LINE_BYTES))
    fits_memory = file.in_memory and _table_bytes(text, dialect, counts) <= _TABLE_SHARE * memory_bytes()
    try:
        if fits_memory:
            rows, table = _to_table(file, read, bound)
        else:
            rows, table = file.copy(_TO_FILE, bound, read=read), ""
    except duckdb.InvalidInputException:
        return None
    # A quote inside an unquoted field (5" pipe) upsets the count by quotes, never the count of lines.
    if rows not in (counts.records, counts.lines) or rows == 0:
        return None
    return LinesRead(rows, blank_lines(counts.blank_lines, counts.first_blank_line), table=table)


def _table_bytes(text: Utf8Text, dialect: Dialect, counts: LineCounts) -> float:
    """What the text takes as a table in memory, infinity where a column has the name of the number of its rows."""
    if "rowid" in map(str.casefold, dialect.names):
        return math.inf
    return text.path.stat().st_size + counts.records * len(dialect.names) * _CELL_BYTES


def _to_table(file: FileToRead, read: str, bound: dict[str, object]) -> tuple[int, str]:
    """Read into a table of the connection: the number of rows, and its name."""
    lines = f"raw_lines_{next(_NUMBERS)}"
    with in_order(file.connection):
        file.connection.execute(compose(_TO_TABLE, read=read, lines=lines), bound)
    (rows,) = one_row(file.connection, compose("SELECT count(*) FROM {lines}", lines=lines))
    return int(rows), lines
