"""Files made to break a reader: each is read, or refused in words, before it costs memory or time."""

from __future__ import annotations

import errno
import gzip
import io
import logging
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnkit.config import IngestSettings, ReadingLimits, reading_limits
from churnkit.errors import DataError, SettingsError
from churnkit.ingest import Reading, ingest, inspect
from churnkit.ingest.engine import connect
from churnkit.ingest.files import opening as reading_module
from churnkit.ingest.files.raw_table import RawTable
from churnkit.ingest.files.sheet_extent import CellBound, Extent, FilledCells, column_name, tag_chunks
from tests.security.workbooks import inline, sheet_xml, strings_xml, table_rows, workbook

FILES = Path(__file__).resolve().parent / "files"
ORDERS = b"customer,date,amount\n" + b"".join(
    b"c%d,2026-01-%02d,9.50\n" % (n % 5, 1 + n % 28) for n in range(60)
)

Refused = Callable[[Path], DataError]


@pytest.fixture
def refused(tmp_path: Path) -> Refused:
    """``refused(path)`` -> the error of looking at the file; its remedy is not empty and nothing is left behind."""

    def refuse(path: Path) -> DataError:
        workdir = tmp_path / "work"
        with pytest.raises(DataError) as caught:
            inspect(path, workdir)
        assert caught.value.remedy
        assert list(workdir.iterdir()) == []
        return caught.value

    return refuse


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("damaged_1.parquet", "Parquet file is damaged"),
        ("damaged_2.parquet", "Parquet file is damaged"),
        ("damaged_lzma.zip", "zip archive is damaged"),
        ("damaged_member.zip", "zip archive is damaged"),
        ("member_named_slash.zip", "no file in the zip archive"),
        ("laughs.xlsx", "the workbook is damaged"),
        ("xxe.xlsx", "the workbook is damaged"),
    ],
)
def test_found_files_are_refused_in_words(refused: Refused, name: str, found: str) -> None:
    assert found in refused(FILES / name).message


@pytest.mark.parametrize(
    ("raised", "found"),
    [
        (
            KeyError("odd"),
            "this text file is damaged, cut off or not written as its format asks (KeyError: 'odd')",
        ),
        (MemoryError(), "needs more memory than the reader may take"),
        (duckdb.OutOfMemoryException("failed to allocate"), "needs more memory than the reader may take"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "the disk for intermediate files must have room"),
        (duckdb.IOException("Could not write: No space left on device"), "must have room, but it is full"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "/data/x"), "permission was denied (/data/x)"),
        (FileNotFoundError(errno.ENOENT, "gone", "/x/raw.parquet"), "no longer there (raw.parquet)"),
        (BaseException("a panic in a reader"), "(BaseException: a panic in a reader)"),
    ],
)
def test_whatever_a_reader_raises_is_told_in_words(
    refused: Refused,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    raised: BaseException,
    found: str,
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(reading_module, "read_delimited", fail)
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    with caplog.at_level(logging.WARNING, "churnkit.ingest.files.guard"):
        error = refused(path)
    assert found in error.message
    assert "orders.csv" in error.message
    assert error.__cause__ is raised
    (record,) = caplog.records
    assert record.exc_info and record.exc_info[1] is raised


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_stop_of_the_process_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise stop

    monkeypatch.setattr(reading_module, "read_delimited", fail)
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    with pytest.raises(stop):
        inspect(path, tmp_path / "work")


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    for read in (inspect, ingest):
        with pytest.raises(DataError, match=r"orders\.csv"):
            read(path, path / "work")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(ORDERS)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(DataError, match="permission was denied"):
        inspect(path, closed)


def read(path: Path, workdir: Path, **limits: int) -> RawTable:
    with connect(workdir) as connection:
        return reading_module.read_raw(path, workdir, connection, IngestSettings(), ReadingLimits(**limits))


def test_a_cell_at_the_end_of_the_sheet_is_named(refused: Refused) -> None:
    error = refused(FILES / "far_cell.xlsx")
    assert "it reaches cell XFD1048576, which makes 16,384" in error.message
    assert "delete the rows below the table and the columns to the right" in error.remedy


FAR = {
    "behind a table": f'<row r="1048576">{inline("AAA1048576", "x")}</row>',
    "in single quotes": "<row r='1048576'><c r='AAA1048576'><v>1</v></c></row>",
    "with a prefix": '<x:row r="1048576"><x:c r="AAA1048576"><x:v>1</x:v></x:c></x:row>',
    "with spaces": '<row r = "1048576"><c  s="0" r = "AAA1048576" ><v>1</v></c></row>',
    "behind a bracket": '<row r="1048576"><c s=">" r="AAA1048576"><v>1</v></c></row>',
    "in small letters": '<row r="1048576"><c r="aaa1048576"><f>1</f><v>1</v></c></row>',
    "without a reference": '<row r="1048576">' + "<c><v>1</v></c>" * 703 + "</row>",
    "without a row": '<row r="1048575"></row><row>' + "<c/>" * 702 + "<c><v>1</v></c></row>",
}


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_far_cells_are_found_however_they_are_written(refused: Refused, tmp_path: Path, rows: str) -> None:
    path = workbook(tmp_path / "far.xlsx", sheet_xml(table_rows() + rows))
    message = refused(path).message
    assert "it reaches cell AAA1048576" in message
    assert "1,048,576 rows by 703 columns, 737,148,928 cells" in message


def test_empty_cells_stretch_nothing(tmp_path: Path) -> None:
    styled = '<row r="1048576"><c r="XFD1048576" s="0"/><c r="XFC1048576"></c></row>'
    path = workbook(tmp_path / "styled.xlsx", sheet_xml(table_rows() + styled))
    assert read(path, tmp_path / "work").row_count == 20


def test_a_far_sheet_behind_the_orders_harms_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "two.xlsx", sheet_xml(table_rows()))
    far = sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    more = b'<sheet name="Fa&amp;r" sheetId="2" r:id="far"/></sheets>'
    space = b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    more = more.replace(b"<sheet ", b"<sheet " + space)
    members["xl/workbook.xml"] = members["xl/workbook.xml"].replace(b"</sheets>", more)
    kind = members["xl/_rels/workbook.xml.rels"].split(b'worksheet"')[0].rsplit(b'"', 1)[1] + b"worksheet"
    relation = b'<Relationship Id="far" Type="%s" Target="/xl/odd/Far.XML"/></Relationships>' % kind
    members["xl/_rels/workbook.xml.rels"] = members["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>", relation
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, "xl/odd/far.xml": far.encode()}.items():
            archive.writestr(name, content)
    raw = read(path, tmp_path / "work")
    assert (raw.row_count, raw.format.sheets) == (20, ("Sheet", "Fa&r"))
    with pytest.raises(DataError, match="XFD1048576"):
        inspect(path, tmp_path / "work", Reading(settings=IngestSettings(sheet="Fa&r")))


def test_limits_of_a_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "orders.xlsx", sheet_xml(table_rows()))
    assert read(path, tmp_path / "work", max_sheet_cells=63, max_columns=3).row_count == 20
    for limits, found in (
        (
            {"max_sheet_cells": 62},
            "62 cells at most, but it reaches cell C1 and cell A21: 21 rows by 3 columns",
        ),
        ({"max_columns": 2}, "2 columns at most, but it reaches cell C1"),
        ({"max_members": 3}, "may hold 3 files at most"),
    ):
        with pytest.raises(DataError) as caught:
            read(path, tmp_path / "work", **limits)
        assert found in caught.value.message


def test_many_values_in_one_cell_count(tmp_path: Path) -> None:
    rows = table_rows() + '<row r="22">' + '<c r="A22"><v>1</v></c>' * 2_000 + "</row>"
    path = workbook(tmp_path / "stacked.xlsx", sheet_xml(rows))
    with pytest.raises(DataError, match="1,000 cells at most"):
        read(path, tmp_path / "work", max_sheet_cells=1_000)


def test_a_long_text_that_every_cell_shares(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>' for row in range(30, 1_030))
    shared = strings_xml("a", "x" * 30_000)
    path = workbook(tmp_path / "shared.xlsx", sheet_xml(table_rows() + cells), shared)
    with pytest.raises(DataError, match="must have 20 MB at most, but they have 30"):
        read(path, tmp_path / "work", max_sheet_bytes=20_000_000)
    with pytest.raises(DataError, match="more than 1 texts"):
        read(path, tmp_path / "work", max_sheet_cells=1)
    few = workbook(tmp_path / "few.xlsx", sheet_xml(table_rows()), shared)
    assert read(few, tmp_path / "work", max_sheet_bytes=1_000_000).row_count == 20


def test_sizes_in_the_directory_may_lie(refused: Refused, tmp_path: Path) -> None:
    path = workbook(tmp_path / "lies.xlsx", sheet_xml("<!-- -->" * 20_000 + table_rows()))
    content = bytearray(path.read_bytes())
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(DataError, match="grows to more than 2 times"):
        read(path, tmp_path / "work", max_ratio=2, free_bytes=1_000)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 20])
def test_bound_holds_what_the_measure_finds(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("churnkit.ingest.files.sheet_extent._CHUNK_BYTES", chunk)
    rows = "".join(
        f'<row r="{row}">'
        + "".join(f'<c r="{column_name(column)}{row}"><v>1</v></c>' for column in range(2, row % 90 + 3))
        + "</row>"
        for row in range(3, 120)
    )
    bound, measure = CellBound(1_000_000), FilledCells()
    for piece in tag_chunks(io.BytesIO(sheet_xml(rows).encode())):
        bound.look(piece)
        measure.look(piece)
    assert measure.extent() == Extent(117, 90, ("CM89", "B119"))
    assert bound.extent().rows >= 119
    assert bound.extent().columns == 91


@pytest.mark.parametrize("kind", ["gzip", "zip", "bzip2", "workbook"])
def test_what_grows_too_much_is_not_written(refused: Refused, tmp_path: Path, kind: str) -> None:
    path, zeros = tmp_path / "bomb", b"0" * 1_000_000
    if kind == "gzip":
        path.write_bytes(gzip.compress(zeros * 60))
    elif kind == "workbook":
        workbook(path, sheet_xml(table_rows()), "", **{"xl/media/picture.bin": zeros * 60})
    else:
        method = zipfile.ZIP_DEFLATED if kind == "zip" else zipfile.ZIP_BZIP2
        with zipfile.ZipFile(path, "w", method) as archive:
            archive.writestr("orders.csv", zeros * 60)
    assert "grows to more than 200 times its size" in refused(path).message


def test_a_parquet_file_of_20_000_columns(refused: Refused, tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pq.write_table(pa.table({f"c{number}": [1] for number in range(20_000)}), path)
    assert "20,000 columns were found, 2,000 are the limit" in refused(path).message


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"max_rows": 59}, "60 rows of 3 columns were counted; 59 rows and"),
        ({"max_cells": 179}, "rows and 179 cells are the limits"),
        ({"max_columns": 2}, "3 columns were found, 2 are the limit"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_limits_of_a_table(tmp_path: Path, kind: str, limits: dict[str, int], found: str) -> None:
    path = tmp_path / f"orders.{kind}"
    if kind == "csv":
        path.write_bytes(ORDERS)
    else:
        pq.write_table(pa.table({name: list(range(60)) for name in "abc"}), path)
    assert read(path, tmp_path / "work", max_rows=60, max_cells=180, max_columns=3).row_count == 60
    with pytest.raises(DataError) as caught:
        read(path, tmp_path / "work", **limits)
    assert found in caught.value.message


def test_limits_of_a_parquet_footer(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table({"a": list(range(60)), "b": list(range(60))}), path, row_group_size=2)
    with pytest.raises(DataError, match="29 row groups at most, this one has 30"):
        read(path, tmp_path / "work", max_row_groups=29)
    with pytest.raises(DataError, match="100 bytes at most"):
        read(path, tmp_path / "work", max_footer_bytes=100)


HEAD = b"customer,date,amount\nc1,2026-01-05,9.50\n"
BLOCKS = {
    "newlines": b"\n" * 2_000_000,
    "newlines below a table": HEAD + b"\n" * 2_000_000,
    "returns below a table": HEAD + b"\r" * 2_000_000,
    "one line": b"x" * 2_000_000,
    "a long line below a table": HEAD + b"x" * 2_000_000,
    "quotes": b'"' * 2_000_000,
    "quotes left open": HEAD + b'"a,b,c\n' * 100_000,
    "deep quotes": HEAD + b'"""",' * 400_000,
    "quoted line breaks": HEAD + b'"' + b"\n" * 2_000_000 + b'",b,c\n',
    "commas": b"," * 2_000_000,
    "semicolons": b";\n" * 1_000_000,
    "zeros": b"\0" * 2_000_000,
    "zeros below a table": HEAD + b"\0" * 2_000_000,
    "wide text": b"\xff\xfe" + b"\n\0" * 1_000_000,
}


@pytest.mark.parametrize("content", BLOCKS.values(), ids=BLOCKS)
def test_monotonous_text_ends(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    try:
        seen = inspect(path, tmp_path / "work")
    except DataError as error:
        assert error.remedy
        assert "not written as its format asks" not in error.message
    else:
        assert seen.row_count > 0


def test_line_feeds_inside_of_lines_that_returns_end(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"customer,note,amount\r" + b"".join(b"c%d,a\nb,9.50\r" % n for n in range(9)))
    assert read(path, tmp_path / "work").row_count == 9


@pytest.mark.parametrize("value", ["many", "0", "-5", "1.5"])
def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CHURNKIT_MAX_COLUMNS", "77")
    assert reading_limits() == ReadingLimits(max_columns=77)
    monkeypatch.setenv("CHURNKIT_MAX_COLUMNS", value)
    with pytest.raises(SettingsError, match=r"(?i)max_columns"):
        reading_limits()
