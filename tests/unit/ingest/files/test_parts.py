"""Several sheets and several files as one table: what belongs together, what is left out, what is asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from churnkit.config import IngestSettings, ReadingLimits
from churnkit.errors import DataError
from churnkit.ingest import OpenQuestions
from churnkit.ingest.engine import connect
from churnkit.ingest.files.file_format import Part
from churnkit.ingest.files.opening import read_raw
from churnkit.ingest.files.raw_table import RawTable

Rows = Sequence[Sequence[object]]
Read = Callable[..., tuple[RawTable, list[tuple[object, ...]]]]

HEADER: list[object] = ["customer", "order", "date", "total"]
JANUARY: Rows = [HEADER, ["c1", 1, datetime(2026, 1, 5), 10.5], ["c2", 2, datetime(2026, 1, 6), 7.0]]
FEBRUARY: Rows = [HEADER, ["c1", 3, datetime(2026, 2, 5), 8.0]]
CSV_1 = b"customer,order,date,total\nc1,1,2026-01-05,10.5\nc2,2,2026-01-06,7\n"
CSV_2 = b"customer,order,date,total\nc1,3,2026-02-05,8\n"


def workbook(sheets: Mapping[str, Rows]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(members: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        archive.comment = comment
    return stream.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """``read({file name: content}, limits=..., **settings)`` -> raw table and its rows, ``source_row`` last."""
    connection = connect(tmp_path / "work")

    def read_files(
        files: Mapping[str, bytes], limits: ReadingLimits | None = None, **settings: Any
    ) -> tuple[RawTable, list[tuple[object, ...]]]:
        paths = [tmp_path / name for name in files]
        for path, content in zip(paths, files.values(), strict=True):
            path.write_bytes(content)
        raw = read_raw(paths, tmp_path / "work", connection, IngestSettings(**settings), limits)
        return raw, raw.rows("SELECT * FROM {raw} ORDER BY {row}")

    return read_files


def test_sheets_with_one_header_are_one_table(read: Read) -> None:
    raw, rows = read({"o.xlsx": workbook({"Cover": [["Sales"]], "Jan": JANUARY, "Feb": FEBRUARY})})
    assert rows == [
        ("c1", 1, datetime(2026, 1, 5), 10.5, 1),
        ("c2", 2, datetime(2026, 1, 6), 7.0, 2),
        ("c1", 3, datetime(2026, 2, 5), 8.0, 3),
    ]
    assert raw.parts == (Part("Jan", 1, 2), Part("Feb", 3, 3))
    assert raw.format.words() == "Excel, 2 sheets as one table, header in line 1"
    assert raw.notes == (
        "2 sheets with the same columns are read as one table: 'Jan' (2 rows), 'Feb' (1 rows).",
        "Left out: 'Cover' holds no table.",
    )


def test_columns_in_another_order_and_one_more(read: Read) -> None:
    later: Rows = [
        ["Sales of February"],
        [],
        ["Date", "TOTAL", "Order", "Customer ", "Voucher"],
        [datetime(2026, 2, 5), 8, 3, "c1", "X"],
    ]
    raw, rows = read({"o.xlsx": workbook({"Jan": JANUARY, "Feb": later})})
    assert raw.columns == ("customer", "order", "date", "total", "Voucher")
    assert rows[2] == ("c1", 3, datetime(2026, 2, 5), 8.0, "X", 3)
    assert rows[0][4] is None
    assert raw.parts[1] == Part("Feb", 3, 3, header=3)


def test_types_that_differ_become_text(read: Read) -> None:
    later: Rows = [HEADER, ["c1", "A3", "05.02.2026", 8]]
    raw, rows = read({"o.xlsx": workbook({"Jan": JANUARY, "Feb": later})})
    assert [row[1] for row in rows] == ["1", "2", "A3"]
    assert [str(row[2]) for row in rows] == ["2026-01-05 00:00:00", "2026-01-06 00:00:00", "05.02.2026"]
    assert raw.types["total"] == "DOUBLE"


def test_a_part_without_header_takes_the_columns_by_place(read: Read) -> None:
    raw, rows = read({"o.xlsx": workbook({"1": JANUARY, "2": [*FEBRUARY[1:]] * 3})})
    assert raw.columns == tuple(HEADER)
    assert [row[1] for row in rows] == [1, 2, 3, 3, 3]


def test_a_zip_of_parts_and_papers(read: Read) -> None:
    members = {
        "a/1.csv": CSV_1,
        "a/2.csv": CSV_2,
        "readme.txt": b"Your orders of 2026.\n",
        "i.pdf": b"%PDF-1.7",
    }
    raw, rows = read({"o.zip": zipped(members)})
    assert [row[1] for row in rows] == ["1", "2", "3"]
    assert raw.parts == (Part("a/1.csv", 1, 2), Part("a/2.csv", 3, 3))
    assert raw.notes[1] == "Left out: 'i.pdf' is a PDF document; 'readme.txt' does not look like orders."


def test_workbooks_in_a_zip_and_files_together(read: Read) -> None:
    books = {"2025.xlsx": workbook({"Sheet1": JANUARY}), "2026.xlsx": workbook({"Sheet1": FEBRUARY})}
    for raw, rows in (read({"o.zip": zipped(books)}), read(books)):
        assert [part.name for part in raw.parts] == ["2025.xlsx", "2026.xlsx"]
        assert len(rows) == 3
    raw, rows = read({"1.csv": CSV_1, "2.csv": CSV_2})
    assert raw.format.words() == "2 files as one table, comma-separated text, UTF-8, header in line 1"
    assert len(rows) == 3


def test_sheets_that_are_no_orders_are_left_out(read: Read) -> None:
    people: Rows = [["person", "region", "since"], ["Ann", "West", "May"], ["Bob", "East", "June"]]
    months: list[list[object]] = [["month", "orders", "revenue"]]
    months += [[datetime(2026, n, 1), n, 7.0 * n] for n in range(1, 4)]
    raw, rows = read({"o.xlsx": workbook({"People": people, "Months": months, "Orders": JANUARY})})
    assert len(rows) == 2
    assert raw.format.sheet == "Orders"
    assert "'People' has other columns (person, region, since …)" in raw.notes[0]
    assert "'Months' has other columns" in raw.notes[0]


OTHER: Rows = [
    ["when", "sku", "who", "price"],
    [datetime(2026, 3, 1), "s1", "c9", 3],
    [datetime(2026, 3, 1), "s2", "c9", 4],
]


def test_two_tables_that_may_be_orders_are_asked(read: Read) -> None:
    book = {"o.xlsx": workbook({"Jan": JANUARY, "Feb": FEBRUARY, "Till": OTHER})}
    with pytest.raises(OpenQuestions) as caught:
        read(book)
    (question,) = caught.value.questions
    assert (question.field, question.option) == ("sheet", "--sheet")
    assert [(choice.answer, choice.rows) for choice in question.choices] == [
        ({"sheet": "all:Jan"}, 3),
        ({"sheet": "Till"}, 2),
        ({"sheet": "Jan"}, 2),
        ({"sheet": "Feb"}, 1),
    ]
    for choice in question.choices:
        assert len(read(book, **choice.answer)[1]) == choice.rows
    with pytest.raises(DataError, match="no sheet 'March'"):
        read(book, sheet="March")


def test_a_sheet_of_returns_is_not_added_in_silence(read: Read) -> None:
    book = {"o.xlsx": workbook({"Orders": JANUARY, "Returns": FEBRUARY})}
    with pytest.raises(OpenQuestions) as caught:
        read(book)
    assert [(c.answer["sheet"], c.rows) for c in caught.value.questions[0].choices] == [
        ("Orders", 2),
        ("Returns", 1),
        ("all:*", 3),
    ]
    assert len(read(book, sheet="all:*")[1]) == 3


def test_limits_hold_for_all_parts_together(read: Read) -> None:
    many = zipped({f"{n}.csv": CSV_1 for n in range(3)})
    assert read({"o.zip": many}, ReadingLimits(max_rows=6, max_parts=3))[0].row_count == 6
    with pytest.raises(DataError, match="6 rows of 4 columns were counted; 5 rows"):
        read({"o.zip": many}, ReadingLimits(max_rows=5))
    with pytest.raises(DataError, match="3 sheets and files were found, 2 are the limit"):
        read({"o.zip": many}, ReadingLimits(max_parts=2))
    with pytest.raises(DataError, match="2 sheets and files were found, 1 are the limit"):
        read({"o.xlsx": workbook({"Jan": JANUARY, "Feb": FEBRUARY})}, ReadingLimits(max_parts=1))
    with pytest.raises(DataError, match=r"the files up to it are .* bytes.*--max-bytes.*CHURNKIT_MAX_BYTES"):
        read({"1.csv": CSV_1, "2.csv": CSV_2}, max_bytes=len(CSV_1) + 5)


def test_parts_of_an_archive_grow_together(read: Read) -> None:
    padded = CSV_1 + b"c,1,2026-01-05,1\n" * 40_000
    members = {f"{n}.csv": padded for n in range(3)}
    with pytest.raises(DataError, match="which is 10 times the limit"):
        read({"o.zip": zipped(members)}, max_bytes=200_000)
    # Sheets of 12 cells each: 24 are two of the largest.
    book = workbook({str(n): JANUARY for n in range(3)})
    assert read({"o.xlsx": book}, ReadingLimits(max_sheet_cells=18))[0].row_count == 6
    with pytest.raises(DataError, match="the sheets up to '2' hold 36 cells, 34 are the limit"):
        read({"o.xlsx": book}, ReadingLimits(max_sheet_cells=17))


def test_unreadable_records_name_their_part(read: Read) -> None:
    broken = CSV_2 + b"c2,4,2026-02-07\nc2,5,2026-02-08,9\n"
    raw, rows = read({"1.csv": CSV_1, "2.csv": broken})
    assert (len(rows), raw.problem_count) == (4, 1)
    assert (raw.problems[0].part, raw.problems[0].line) == ("2.csv", 3)


def test_decimal_commas_of_one_part_become_points(read: Read) -> None:
    semicolons = b"customer;order;date;total\nc1;3;2026-02-05;8,25\nc1;4;2026-02-06;9\n"
    _, rows = read({"1.csv": CSV_1, "2.csv": semicolons})
    assert [row[3] for row in rows] == ["10.5", "7", "8.25", "9"]
