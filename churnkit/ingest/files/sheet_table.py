"""A worksheet's rows as a raw table: what stands above and below them, and the type of each column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineSheet

from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files.column_names import SOURCE_ROW, unique_names
from churnkit.ingest.files.file_format import FileFormat, SkippedLine, blank_lines
from churnkit.ingest.files.file_to_read import FileToRead
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.sheet_cells import sql_type, text_of, texts_of
from churnkit.ingest.files.table_start import Head, HeadRow

_HEAD_ROWS = 200
_BATCH_CELLS = 400_000
_MAX_FOOTER_ROWS = 5

_SELECT = "SELECT {columns}, {row} FROM read_parquet($source) ORDER BY {row}"


def head_rows(sheet: CalamineSheet) -> list[HeadRow]:
    """The first rows of a sheet that hold something."""
    rows = (
        HeadRow(number, tuple(text_of(cell) or "" for cell in cells))
        for number, cells in enumerate(islice(sheet.iter_rows(), _HEAD_ROWS), start=1)
    )
    return [row for row in rows if row.filled]


def table_of_sheet(
    file: FileToRead, sheet: CalamineSheet, sheets: tuple[str, ...], rows: Sequence[HeadRow], head: Head
) -> RawTable:
    """Read a sheet whose first ``rows`` show where its table begins; ``sheets`` are all of the workbook's."""
    header = rows[head.header].cells if head.header is not None else ("",) * len(rows[0].cells)
    body = _SheetBody(sheet, rows[head.first_record].line, len(header))
    text = file.folder / "text.parquet"
    kinds = _write_text(body.records(), len(header), text)
    kept = [place for place, name in enumerate(header) if name.strip() or kinds[place]]
    names = unique_names([header[place] for place in kept])
    columns = ", ".join(
        f"CAST(c{place} AS {sql_type(kinds[place])}) AS {quote_identifier(name)}"
        for place, name in zip(kept, names, strict=True)
    )
    file.copy(_SELECT, {"source": str(text)}, columns=columns)
    text.unlink()
    file_format = FileFormat(
        kind="excel",
        compression=file.plain.compression,
        sheet=sheet.name,
        sheets=sheets,
        header_row=rows[head.header].line if head.header is not None else 0,
        skipped_lines=(*_above(rows, head), *body.skipped),
    )
    merged = _merged_places(sheet, rows[head.first_record].line)
    raw = file.raw_table(names, body.record_count, file_format)
    return replace(
        raw, merged=frozenset(name for place, name in zip(kept, names, strict=True) if place in merged)
    )


def _merged_places(sheet: CalamineSheet, first_row: int) -> set[int]:
    """Columns with cells that are merged over several records."""
    left = sheet.start[1] if sheet.start else 0
    return {
        first[1] - left
        for first, last in sheet.merged_cell_ranges or ()
        if first[1] == last[1] and last[0] > first[0] >= first_row - 1
    }


def _above(rows: Sequence[HeadRow], head: Head) -> list[SkippedLine]:
    top = head.first_record if head.header is None else head.header
    return [SkippedLine(row.line, _joined(row.cells), "above the header") for row in rows[:top]]


def _joined(cells: Iterable[str | None]) -> str:
    return " | ".join(cell for cell in cells if cell)


class _SheetBody:
    """The rows below the header: records, blank rows, and a footer of single cells."""

    def __init__(self, sheet: CalamineSheet, first_row: int, width: int) -> None:
        self.record_count = 0
        self.skipped: list[SkippedLine] = []
        self._sheet = sheet
        self._first_row = first_row
        self._width = width

    def records(self) -> Iterator[Sequence[object]]:
        """Rows that hold something. A row of one cell is held back until a fuller one follows it."""
        waiting: list[tuple[int, Sequence[object]]] = []
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
        self.skipped += blank_lines(blank_count, first_blank)
        for line, held in waiting:
            text = _joined(text_of(cell) for cell in held)
            self.skipped.append(SkippedLine(line, text, "below the last record"))


def _write_text(records: Iterator[Sequence[object]], width: int, path: Path) -> list[set[str]]:
    """Write all cells as text, in columns c0, c1 …; the kinds of each column's cells."""
    kinds_by_column: list[set[str]] = [set() for _ in range(width)]
    schema = pa.schema(
        [(f"c{position}", pa.string()) for position in range(width)] + [(SOURCE_ROW, pa.int64())]
    )
    number = 0
    batch_rows = max(1, _BATCH_CELLS // width)
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=1) as writer:
        while batch := list(islice(records, batch_rows)):
            arrays: list[pa.Array] = []
            for known, cells in zip(kinds_by_column, zip(*batch, strict=True), strict=True):
                texts, kinds = texts_of(cells)
                known.update(kinds)
                arrays.append(pa.array(texts, type=pa.string()))
            arrays.append(pa.array(range(number + 1, number + len(batch) + 1), type=pa.int64()))
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            number += len(batch)
    return kinds_by_column
