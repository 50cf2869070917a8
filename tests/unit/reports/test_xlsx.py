"""The Excel writer, read back by two other readers."""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from churnkit.reports import xlsx
from churnkit.reports.xlsx import Cell, Sheet, cell_text, room_for_rows, write_xlsx
from churnkit.text.columns import Column, Kind


def titled(text: str, width: float = 13.0) -> Column:
    return Column(key=text, heading=text, width=width)


def written(*rows: Any, columns: int = 1, **options: Any) -> openpyxl.worksheet.worksheet.Worksheet:
    heads = tuple(titled(f"c{k}") for k in range(columns))
    data = write_xlsx([Sheet("S", heads, [[row] for row in rows], **options)], title="t")
    return openpyxl.load_workbook(io.BytesIO(data)).active


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\tx", "'\tx"),
        ("00123", "00123"),
        ("17850.0", "17850.0"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("-12", "-12"),
        ("1e5", "1e5"),
        ("a\x00b\x1fc\ud800d", "abcd"),
        ("two\nlines", "two\nlines"),
        ("<&>\"'", "<&>\"'"),
        (" blanks ", " blanks "),
        ("TRUE", "TRUE"),
    ],
)
def test_text_stays_text(text: str, stored: str) -> None:
    cell = written(text)["A2"]
    assert cell.value == stored
    assert cell.data_type == "s"


def test_what_looks_like_excels_own_escape_is_kept() -> None:
    data = write_xlsx([Sheet("S", (titled("c"),), [["_x0041_ and _x12"]])], title="t")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[1] == ["_x0041_ and _x12"]


def test_a_cell_holds_at_most_what_excel_allows() -> None:
    assert len(cell_text("x" * 40_000)) == 32_767
    assert len(written("x" * 40_000)["A2"].value) == 32_767


def test_numbers_days_and_formats() -> None:
    kinds: tuple[Kind, ...] = (
        "count",
        "share",
        "share",
        "money",
        "money",
        "number",
        "score",
        "ratio",
        "day",
        "instant",
    )
    columns = tuple(Column(key=f"c{place}", kind=kind, heading=kind) for place, kind in enumerate(kinds))
    when = datetime(2025, 4, 30, 12)
    row = (1204, 0.187, 0.00001, 12.5, 1204.5, 0.5, 0.5, 2.04, when, when)
    data = write_xlsx([Sheet("S", columns, [row], currency="CHF")], title="t")
    cells = openpyxl.load_workbook(io.BytesIO(data)).active[2]
    assert [cell.value for cell in cells] == list(row)
    assert [cell.number_format for cell in cells] == [
        "#,##0",
        '#,##0.0"\u202f"%',
        '"<\u202f0.1\u202f%"',
        '#,##0.00"\u202fCHF"',
        '#,##0"\u202fCHF"',
        "#,##0.0",
        "#,##0.00",
        "#,##0",
        "[$-409]d mmm yyyy",
        "[$-409]d mmm yyyy, hh:mm",
    ]


def test_nothing_and_endless_numbers_leave_the_cell_blank() -> None:
    sheet = written(None, float("nan"), float("inf"), pd.NaT, "")
    assert [sheet.cell(row, 1).value for row in range(2, 7)] == [None] * 5


def test_days_that_excel_counts_otherwise_are_text() -> None:
    assert written(date(1900, 1, 15))["A2"].value == "15 Jan 1900"
    assert written(date(1900, 3, 1))["A2"].value == datetime(1900, 3, 1)


def test_truth_is_words() -> None:
    sheet = written(True, False)
    assert (sheet["A2"].value, sheet["A3"].value) == ("yes", "no")


def test_head_is_frozen_filtered_and_repeated_in_print() -> None:
    above = (Cell("Title", "title"), Cell("note", "note"))
    columns = tuple(titled(f"c{k}", width=10 + k) for k in range(30))
    data = write_xlsx([Sheet("S", columns, [range(30), range(30)], above)], title="t")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:AD5"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet["AD3"].value == "c29"
    assert sheet.column_dimensions["AD"].width == 39
    assert sheet["A1"].font.b


def test_no_filter_without_rows_or_where_it_makes_no_sense() -> None:
    assert written().auto_filter.ref is None
    assert written("x", filtered=False).auto_filter.ref is None


def test_names_of_sheets_are_legal_and_distinct() -> None:
    columns = (titled("c"),)
    names = ["a/b:c*?[d]", "a b c   d", "A B C   D", "", "x" * 50, "x" * 40]
    data = write_xlsx([Sheet(name, columns, []) for name in names], title="t")
    found = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert len({name.lower() for name in found}) == len(names)
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in found)


def test_rows_beyond_the_limit_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 5)
    assert room_for_rows(above=1) == 3
    sheet = written(*"abcdefgh", above=(Cell("t", "title"),))
    assert [sheet.cell(row, 1).value for row in range(3, 6)] == ["a", "b", "c"]
    assert sheet.max_row == 5


def test_title_and_author_are_kept_and_escaped() -> None:
    data = write_xlsx([Sheet("S", (titled("c"),), [])], title="<Ltd> & Co\x00")
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert (properties.title, properties.creator) == ("<Ltd> & Co", "churnkit")


def test_the_same_tables_give_the_same_bytes() -> None:
    def book() -> bytes:
        return write_xlsx([Sheet("S", (titled("c"),), [["x"], [1.5]])], title="t")

    assert book() == book()


def test_no_part_holds_a_formula() -> None:
    data = write_xlsx([Sheet("S", (titled("=1+1"),), [["=1+1"], ['=HYPERLINK("x")']])], title="=1+1")
    with ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)


@given(st.lists(st.text(max_size=60), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_read_back(texts: list[str]) -> None:
    data = write_xlsx([Sheet("S", (titled("c"),), [[text] for text in texts])], title="t")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    for row, text in enumerate(texts, start=2):
        value = sheet.cell(row, 1).value
        assert value is None or not str(value).startswith(("=", "@"))
        assert (value is None) == (cell_text(text) == "")
