"""Excel workbooks: the sheet, the header, cell types, and what is skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest.engine import connect
from churnkit.ingest.files.file_format import SkippedLine
from churnkit.ingest.files.opening import read_raw
from churnkit.ingest.files.raw_table import RawTable

Sheets = dict[str, Sequence[Sequence[object]]]
ReadSheets = Callable[..., tuple[RawTable, list[tuple[object, ...]], list[str]]]

ORDERS: list[list[object]] = [
    ["order", "date", "amount"],
    ["A1", datetime(2026, 1, 5, 10, 30), 10.5],
    ["A2", datetime(2026, 1, 6), 7],
]


@pytest.fixture
def read_sheets(tmp_path: Path) -> ReadSheets:
    """``read_sheets({title: rows}, name=..., **settings)`` -> raw table, its rows, its column types."""
    connection = connect(tmp_path / "work")

    def read(
        sheets: Sheets, name: str = "orders.xlsx", **settings: Any
    ) -> tuple[RawTable, list[tuple[object, ...]], list[str]]:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        raw = read_raw(tmp_path / name, tmp_path / "work", connection, IngestSettings(**settings))
        query = "SELECT * FROM read_parquet(?) ORDER BY source_row"
        rows_read = connection.execute(query, [str(raw.path)]).fetchall()
        types = [str(column[1]) for column in connection.description]
        assert len(rows_read) == raw.row_count
        return raw, rows_read, types

    return read


def test_cells_keep_their_types(read_sheets: ReadSheets) -> None:
    raw, rows, types = read_sheets({"Orders": ORDERS})
    assert raw.columns == ("order", "date", "amount")
    assert rows == [("A1", datetime(2026, 1, 5, 10, 30), 10.5, 1), ("A2", datetime(2026, 1, 6), 7.0, 2)]
    assert types == ["VARCHAR", "TIMESTAMP", "DOUBLE", "BIGINT"]
    assert raw.format.words() == "Excel workbook, sheet 'Orders', header in line 1"


def test_mixed_columns_become_text_without_needless_decimals(read_sheets: ReadSheets) -> None:
    rows_in = [
        ["id", "code", "at", "flag", "clock", "count"],
        [1, 17850, date(2026, 1, 5), True, time(14, 30), 2],
        [2, "85123A", "n/a", False, time(9, 5, 7), 3],
    ]
    _, rows, types = read_sheets({"Orders": rows_in})
    assert rows == [
        (1, "17850", "2026-01-05", "TRUE", "14:30:00", 2, 1),
        (2, "85123A", "n/a", "FALSE", "09:05:07", 3, 2),
    ]
    assert types == ["BIGINT", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "BIGINT"]


def test_the_only_sheet_with_a_table_is_taken_and_named(read_sheets: ReadSheets) -> None:
    raw, rows, _ = read_sheets({"Cover": [["Sales report"], ["2026"]], "Orders": ORDERS, "Plan": [["later"]]})
    assert raw.format.sheet == "Orders"
    assert raw.format.sheets == ("Cover", "Orders", "Plan")
    assert "sheet 'Orders' (one of 3 sheets)" in raw.format.words()
    assert raw.notes == ("Left out: 'Cover' holds no table; 'Plan' holds no table.",)
    assert len(rows) == 2


@pytest.mark.parametrize("sheet", ["More", "more "])
def test_the_sheet_can_be_named(read_sheets: ReadSheets, sheet: str) -> None:
    raw, rows, _ = read_sheets({"Orders": ORDERS, "More": ORDERS[:2]}, sheet=sheet)
    assert raw.format.sheet == "More"
    assert len(rows) == 1


def test_preamble_blank_rows_and_footer(read_sheets: ReadSheets) -> None:
    rows_in = [
        ["Sales report"],
        ["Printed", date(2026, 2, 1)],
        [],
        ["order", "customer", "date", "amount", "note"],
        ["A1", "C1", datetime(2026, 1, 5), 10.5, "x"],
        [],
        ["A2", "C2", datetime(2026, 1, 6), 7.0, "y"],
        ["2 record(s) downloaded"],
    ]
    raw, rows, _ = read_sheets({"Orders": rows_in})
    assert [row[0] for row in rows] == ["A1", "A2"]
    assert [row[-1] for row in rows] == [1, 2]
    assert raw.format.header_row == 4
    assert raw.format.skipped_lines == (
        SkippedLine(1, "Sales report", "above the header"),
        SkippedLine(2, "Printed | 2026-02-01", "above the header"),
        SkippedLine(6, "", "blank"),
        SkippedLine(8, "2 record(s) downloaded", "below the last record"),
    )


def test_a_row_of_one_cell_between_records_is_a_record(read_sheets: ReadSheets) -> None:
    raw, rows, _ = read_sheets({"Orders": [*ORDERS[:2], ["A1"], *ORDERS[2:]]})
    assert rows[1] == ("A1", None, None, 2)
    assert raw.row_count == 3


def test_a_sheet_without_header(read_sheets: ReadSheets) -> None:
    raw, rows, _ = read_sheets({"Orders": ORDERS[1:]})
    assert raw.columns == ("column_1", "column_2", "column_3")
    assert raw.format.header_row == 0
    assert len(rows) == 2


def test_empty_columns_without_name_are_left_out(read_sheets: ReadSheets) -> None:
    rows_in = [["order", None, "amount", "empty"], ["A1", None, 1, None], ["A2", None, 2, None]]
    raw, rows, _ = read_sheets({"Orders": rows_in})
    assert raw.columns == ("order", "amount", "empty")
    assert rows[0] == ("A1", 1, None, 1)


def test_a_table_away_from_the_corner(read_sheets: ReadSheets) -> None:
    rows_in: list[list[object]] = [[], []]
    rows_in += [[None, None, *row] for row in ORDERS]
    raw, rows, _ = read_sheets({"Orders": rows_in})
    assert raw.columns == ("order", "date", "amount")
    assert raw.format.header_row == 3
    assert rows[0][0] == "A1"


def test_content_counts_not_the_name(read_sheets: ReadSheets) -> None:
    assert read_sheets({"Orders": ORDERS}, name="orders.csv")[0].format.kind == "excel"
