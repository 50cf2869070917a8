"""An Excel workbook's sheet as a raw table: the sheet that looks like a table, dates and numbers typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from churnkit.config import IngestSettings, ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest.engine import compose, one_row
from churnkit.ingest.files.raw_table import (
    PARQUET_OPTIONS,
    SOURCE_ROW,
    FileFormat,
    RawTable,
    SkippedLine,
    quote_identifier,
    unique_names,
)
from churnkit.ingest.files.table_start import Head, Row, find_head
from churnkit.ingest.files.unpacking import MAX_UNPACKED_FACTOR, SAVE_AS_CSV, PlainFile
from churnkit.ingest.files.workbook_archive import PackedWorkbook
from churnkit.text.figures import count

Cells = list[Any]

_HEAD_ROWS = 200
_BATCH_CELLS = 400_000
_MAX_FOOTER_ROWS = 5
# Integers beyond this are not exact as Excel's doubles.
_MAX_EXACT_INTEGER = 2**53

_KINDS: dict[type, str] = {datetime: "timestamp", date: "timestamp", float: "number", int: "number"}

_COPY = "COPY (SELECT {columns} FROM read_parquet($source) ORDER BY {source_row}) TO $target ({options})"


def read_workbook(
    plain: PlainFile,
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    settings: IngestSettings,
    limits: ReadingLimits,
    name: str,
) -> RawTable:
    """Read one sheet: ``settings.sheet``, else the first that looks like a table.

    A column whose cells are all dates becomes TIMESTAMP, all numbers BIGINT or DOUBLE, anything else text;
    numbers in a text column are written without a superfluous ``.0``.

    Raises
    ------
    DataError
        The workbook is damaged, encrypted or beyond ``limits``, the sheet does not exist, or no sheet holds a
        table.
    """
    packed = PackedWorkbook(plain.path, name, settings.max_bytes * MAX_UNPACKED_FACTOR, limits)
    try:
        with CalamineWorkbook.from_path(str(plain.path)) as workbook:
            sheets = tuple(workbook.sheet_names)
            sheet = _choose_sheet(workbook, packed, settings.sheet, name)
            return _read_sheet(sheet, sheets, plain, workdir, connection, name)
    except PasswordError as error:
        raise DataError(
            f"Opening {name}: the workbook is encrypted with a password.",
            "Open it in Excel, remove the password and save it again as .xlsx.",
        ) from error
    except CalamineError as error:
        raise DataError(
            f"Opening {name}: the workbook is damaged or was cut off ({error}).",
            "Open it in Excel, save it again as .xlsx, or export the orders as CSV.",
        ) from error


def _choose_sheet(
    workbook: CalamineWorkbook, packed: PackedWorkbook, wanted: str | None, name: str
) -> CalamineSheet:
    sheets = workbook.sheet_names
    if wanted is not None:
        exact = [sheet for sheet in sheets if sheet == wanted]
        alike = [sheet for sheet in sheets if sheet.strip().casefold() == wanted.strip().casefold()]
        if not (exact or len(alike) == 1):
            raise DataError(
                f"Opening {name}: there is no sheet {wanted!r}; the workbook has {_listed(sheets)}.",
                "Name one of these in the setting sheet, or leave it out to have it chosen.",
            )
        chosen = (exact or alike)[0]
        packed.check_sheet(chosen)
        return workbook.get_sheet_by_name(chosen)
    for title in sheets:
        packed.check_sheet(title)
        sheet = workbook.get_sheet_by_name(title)
        if _looks_like_table(sheet):
            return sheet
    raise DataError(
        f"Opening {name}: no sheet holds a table of two columns and a row below the header; the workbook has"
        f" {_listed(sheets)}.",
        SAVE_AS_CSV,
    )


def _listed(sheets: Sequence[str]) -> str:
    shown = ", ".join(repr(sheet) for sheet in sheets[:10])
    return f"{len(sheets)} sheets: {shown}{' ...' if len(sheets) > 10 else ''}"


def _looks_like_table(sheet: CalamineSheet) -> bool:
    rows = _head_rows(sheet)
    return sum(1 for row in rows if row.filled >= 2) >= 2


def _head_rows(sheet: CalamineSheet) -> list[Row]:
    rows = (
        Row(number, tuple(_text(cell) or "" for cell in cells))
        for number, cells in enumerate(islice(sheet.iter_rows(), _HEAD_ROWS), start=1)
    )
    return [row for row in rows if row.filled]


@dataclass
class _Column:
    """What kinds of cells a column holds, gathered while its text is written."""

    kinds: set[str] = field(default_factory=set)

    @property
    def sql_type(self) -> str:
        """The type that holds all cells; times of day and durations count as text."""
        if self.kinds == {"timestamp"}:
            return "TIMESTAMP"
        if self.kinds == {"integer"}:
            return "BIGINT"
        if self.kinds and self.kinds <= {"integer", "number"}:
            return "DOUBLE"
        return "VARCHAR"


def _read_sheet(
    sheet: CalamineSheet,
    sheets: tuple[str, ...],
    plain: PlainFile,
    workdir: Path,
    connection: duckdb.DuckDBPyConnection,
    name: str,
) -> RawTable:
    rows = _head_rows(sheet)
    head = find_head(rows)
    if head.first_record >= len(rows) or sheet.width < 2:
        raise DataError(
            f"Reading {name}: sheet {sheet.name!r} must hold two columns or more and rows below a header,"
            f" but it has {len(rows)} filled rows and {sheet.width} columns.",
            f"The workbook has {_listed(sheets)}; name the right one in the setting sheet.",
        )
    header = rows[head.header].cells if head.header is not None else ("",) * len(rows[0].cells)
    columns = [_Column() for _ in header]
    first_row = rows[head.first_record].line
    body = _Body(sheet, first_row, len(header))
    text_path = workdir / "text.parquet"
    _write_text(body.records(), columns, text_path)
    kept = [position for position, column in enumerate(columns) if header[position].strip() or column.kinds]
    names = unique_names([header[position] for position in kept])
    target = workdir / "raw.parquet"
    _write_typed(text_path, target, [(position, columns[position]) for position in kept], names, connection)
    text_path.unlink()
    file_format = FileFormat(
        kind="excel",
        compression=plain.compression,
        sheet=sheet.name,
        sheets=sheets,
        header_row=rows[head.header].line if head.header is not None else 0,
        skipped_lines=(*_above(rows, head), *body.skipped),
    )
    return RawTable(target, names, body.record_count, file_format)


def _above(rows: Sequence[Row], head: Head) -> list[SkippedLine]:
    top = head.first_record if head.header is None else head.header
    return [SkippedLine(row.line, _joined(row.cells), "above the header") for row in rows[:top]]


def _joined(cells: Iterable[str | None]) -> str:
    return " | ".join(cell for cell in cells if cell)


class _Body:
    """The rows below the header: records, blank rows, and a footer of single cells."""

    def __init__(self, sheet: CalamineSheet, first_row: int, width: int) -> None:
        self.record_count = 0
        self.skipped: list[SkippedLine] = []
        self._sheet = sheet
        self._first_row = first_row
        self._width = width

    def records(self) -> Iterator[Cells]:
        """Rows that hold something. A row of one cell is held back until a fuller one follows it."""
        waiting: list[tuple[int, Cells]] = []
        blank_count = first_blank = pending_blanks = 0
        rows = islice(self._sheet.iter_rows(), self._first_row - 1, None)
        for line, cells in enumerate(rows, start=self._first_row):
            filled = len(cells) - cells.count("")
            if filled == 0:
                pending_blanks += 1
                continue
            # Blank rows below the last record are the sheet's margin and not worth a word.
            if pending_blanks:
                first_blank = first_blank or line - pending_blanks
                blank_count += pending_blanks
                pending_blanks = 0
            waiting.append((line, cells))
            if filled > 1 or self._width == 2 or len(waiting) > _MAX_FOOTER_ROWS:
                for _, held in waiting:
                    self.record_count += 1
                    yield held
                waiting.clear()
        if blank_count:
            why = "blank" if blank_count == 1 else f"blank, the first of {count(blank_count)}"
            self.skipped.append(SkippedLine(first_blank, "", why))
        for line, cells in waiting:
            text = _joined(_text(cell) for cell in cells)
            self.skipped.append(SkippedLine(line, text, "below the last record"))


def _write_text(records: Iterator[Cells], columns: Sequence[_Column], path: Path) -> None:
    schema = pa.schema(
        [(f"c{position}", pa.string()) for position in range(len(columns))] + [(SOURCE_ROW, pa.int64())]
    )
    number = 0
    batch_rows = max(1, _BATCH_CELLS // len(columns))
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        while batch := list(islice(records, batch_rows)):
            arrays: list[pa.Array] = []
            for column, cells in zip(columns, zip(*batch, strict=True), strict=True):
                texts, kinds = _texts(cells)
                column.kinds |= kinds
                arrays.append(pa.array(texts, type=pa.string()))
            arrays.append(pa.array(range(number + 1, number + len(batch) + 1), type=pa.int64()))
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            number += len(batch)


def _write_typed(
    source: Path,
    target: Path,
    columns: Sequence[tuple[int, _Column]],
    names: Sequence[str],
    connection: duckdb.DuckDBPyConnection,
) -> None:
    items = [
        f"CAST(c{position} AS {column.sql_type}) AS {quote_identifier(name)}"
        for (position, column), name in zip(columns, names, strict=True)
    ]
    statement = compose(
        _COPY,
        columns=", ".join([*items, quote_identifier(SOURCE_ROW)]),
        source_row=quote_identifier(SOURCE_ROW),
        options=PARQUET_OPTIONS,
    )
    one_row(connection, statement, {"source": str(source), "target": str(target)})


def _texts(cells: Sequence[Any]) -> tuple[list[str | None], set[str]]:
    """Cells of one column as text, and the kinds of those that are not empty, whole batches at a time."""
    if set(map(type, cells)) <= {float, str}:
        numbers = [cell for cell in cells if cell != ""]
        if all(type(cell) is float and _is_exact_integer(cell) for cell in numbers):
            whole = [None if cell == "" else str(int(cell)) for cell in cells]
            return whole, {"integer"} if numbers else set()
    texts = [_text(cell) for cell in cells]
    kinds = {
        _KINDS.get(type(cell), "text") for cell, text in zip(cells, texts, strict=True) if text is not None
    }
    return texts, kinds


def _is_exact_integer(number: float) -> bool:
    return number.is_integer() and abs(number) <= _MAX_EXACT_INTEGER


def _text(cell: Any) -> str | None:
    """The cell as text, None where it is empty."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if _is_exact_integer(cell) else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return _clock(cell)
    return str(cell)


def _clock(duration: timedelta) -> str:
    """A duration as ``H:MM:SS``; cells of hours and minutes come as durations."""
    seconds = round(duration.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
