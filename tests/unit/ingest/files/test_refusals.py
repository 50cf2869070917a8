"""Files that cannot be read: each gives one message that says what was found and how to mend it."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest.engine import connect
from churnkit.ingest.files.opening import read_raw

ORDERS = b"order,date,amount\nA1,2026-01-05,10.50\nA2,2026-01-06,7.25\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

Refusal = Callable[..., DataError]


@pytest.fixture
def refusal(tmp_path: Path) -> Refusal:
    """``refusal(content, name, **settings)`` -> the error that reading raises, which leaves nothing behind."""
    workdir = tmp_path / "work"
    connection = connect(workdir)

    def refuse(content: bytes | None, name: str = "orders.csv", **settings: Any) -> DataError:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(DataError) as caught:
            read_raw(path, workdir, connection, IngestSettings(**settings))
        assert [entry.name for entry in workdir.iterdir()] == ["spill"]
        assert caught.value.remedy
        return caught.value

    return refuse


def zipped(**members: bytes) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(*sheets: str) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title in sheets:
        sheet = book.create_sheet(title)
        for row in (("order", "date", "amount"), ("A1", "2026-01-05", 10.5)):
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet(tmp_path: Path, query: str) -> bytes:
    path = tmp_path / "made.parquet"
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    content = path.read_bytes()
    path.unlink()
    return content


def test_missing(refusal: Refusal) -> None:
    assert "there is no such file" in refusal(None).message


def test_folder(refusal: Refusal, tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    assert "this is a folder" in refusal(None, "orders").message


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "the file is empty (0 bytes)"),
        (b" \n\n\t\r\n", "white space only"),
        (b"\xef\xbb\xbf", "white space only"),
        (b"order,date,amount\n", "but no row stands below"),
        (b"order,date,amount\n\n\n", "but no row stands below"),
        (b"order\nA1\nA2\n", "two or more columns are needed"),
        (b"some words\nand some more of them\nhere\n", "two or more columns are needed"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "a PNG picture"),
        (b"%PDF-1.7\nfoo", "a PDF document"),
        (OLE, "old binary Office file (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted with a password"),
        (b"SQLite format 3\0" + b"x" * 90, "an SQLite database"),
        (b"7z\xbc\xaf\x27\x1c\0\0", "a 7-Zip archive"),
        (b"BZh91AY&SYabc", "a bzip2 archive"),
        (b"x" * 257 + b"ustar" + b"\0" * 250, "a tar archive"),
        (ORDERS.replace(b"A2", b"A\0"), "NUL bytes, but there are 1 from byte 40 on"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "an HTML or XML page"),
        (b"\xef\xbb\xbf\n <table><tr><td>a</td></tr></table>", "an HTML or XML page"),
        (b'<?xml version="1.0"?><orders/>', "an HTML or XML page"),
        (b'[{"order": 1, "amount": 2}]', "JSON"),
        (b'{"orders": [1, 2]}', "JSON"),
        (b'{"order": 1, "amount": 2}\n{"order": 2, "amount": 3}\n', "JSON"),
        (bytes(range(1, 256)) * 20, "but it is binary"),
    ],
)
def test_content(refusal: Refusal, content: bytes, found: str) -> None:
    assert found in refusal(content).message


@pytest.mark.parametrize("size", [30, 60])
def test_truncated_archives(refusal: Refusal, size: int) -> None:
    assert "gzip file is damaged or was cut off" in refusal(gzip.compress(ORDERS)[:size], "o.csv.gz").message
    assert "is damaged or was cut off" in refusal(zipped(orders=ORDERS)[:size], "o.zip").message
    assert "is damaged or was cut off" in refusal(workbook("Orders")[:-size], "o.xlsx").message


def test_a_damaged_gzip(refusal: Refusal) -> None:
    packed = bytearray(gzip.compress(ORDERS * 50))
    packed[20] ^= 0xFF
    assert "gzip file is damaged" in refusal(bytes(packed), "o.csv.gz").message


def test_zip_without_a_table_names_its_files(refusal: Refusal) -> None:
    error = refusal(zipped(**{"a.pdf": b"%PDF-1.7", "b.txt": b"just a few words", "c.csv": b""}), "o.zip")
    assert "a.pdf is a PDF document" in error.message
    assert "b.txt is a text without columns" in error.message
    assert "c.csv is empty" in error.message


def test_zip_of_nothing(refusal: Refusal) -> None:
    assert "no file in the zip" in refusal(zipped(), "o.zip").message
    assert "no file in the zip" in refusal(zipped(**{"__MACOSX/._a.csv": b"x"}), "o.zip").message
    assert "an empty file" in refusal(zipped(**{"a.csv": b""}), "o.zip").message


def test_packed_twice(refusal: Refusal) -> None:
    error = refusal(zipped(**{"a.csv.gz": gzip.compress(ORDERS)}), "o.zip")
    assert "a.csv.gz, which is packed once more" in error.message


def test_an_encrypted_zip(refusal: Refusal) -> None:
    packed = bytearray(zipped(**{"a.csv": ORDERS}))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted with a password" in refusal(bytes(packed), "o.zip").message


def test_office_files_without_sheets(refusal: Refusal) -> None:
    document = zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert "an Office document without sheets" in refusal(document, "o.docx").message
    assert ".ods" in refusal(zipped(mimetype=b"x", **{"content.xml": b"x"}), "o.ods").message


def test_over_the_limit(refusal: Refusal) -> None:
    error = refusal(ORDERS * 40_000, max_bytes=1_000_000)
    assert "it is 2.3 MB, the limit is 1 MB" in error.message


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.zip", "bomb.xlsx"])
def test_bombs(refusal: Refusal, name: str) -> None:
    zeros = b"0" * 1_100_000
    if name.endswith("gz"):
        content = gzip.compress(zeros)
    elif name.endswith("zip"):
        content = zipped(**{"a.csv": zeros})
    else:
        content = zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", "xl/a.xml": zeros})
    error = refusal(content, name, max_bytes=100_000)
    assert "grows beyond 1 MB, which is 10 times the limit" in error.message


def test_wrong_sheet_lists_the_sheets(refusal: Refusal) -> None:
    error = refusal(workbook("Orders", "Customers"), "o.xlsx", sheet="Sales")
    assert "there is no sheet 'Sales'; the workbook has 2 sheets: 'Orders', 'Customers'" in error.message


def test_a_workbook_without_a_table(refusal: Refusal) -> None:
    book = openpyxl.Workbook()
    book.active.append(["just a title"])
    stream = BytesIO()
    book.save(stream)
    assert "no sheet holds a table" in refusal(stream.getvalue(), "o.xlsx").message
    assert "rows below a header" in refusal(stream.getvalue(), "o.xlsx", sheet="Sheet").message


def test_a_workbook_with_broken_xml(refusal: Refusal) -> None:
    content = zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<workbook>"})
    assert "workbook is damaged or was cut off" in refusal(content, "o.xlsx").message


def test_truncated_parquet(refusal: Refusal, tmp_path: Path) -> None:
    content = parquet(tmp_path, "SELECT 1 AS a, 2 AS b")
    assert "Parquet file is damaged, cut off or encrypted" in refusal(content[:-20], "o.parquet").message
    assert "Parquet file is damaged" in refusal(content[:4], "o.parquet").message


def test_nested_parquet_names_the_columns(refusal: Refusal, tmp_path: Path) -> None:
    content = parquet(tmp_path, "SELECT 1 AS id, [1, 2] AS items, {'a': 1} AS customer, MAP {'x': 1} AS tags")
    message = refusal(content, "o.parquet").message
    assert "3 of 4 are nested" in message
    assert "items (INTEGER[])" in message


def test_parquet_without_rows(refusal: Refusal, tmp_path: Path) -> None:
    assert "columns but no rows" in refusal(parquet(tmp_path, "SELECT 1 AS a LIMIT 0"), "o.parquet").message


def test_mostly_ragged(refusal: Refusal) -> None:
    rows = b"".join(b"A%d,2026-01-05%s\n" % (number, b",5" * (number % 4)) for number in range(100))
    error = refusal(b"order,date,amount\n" + rows)
    assert "every record must have 3 fields, but 75 of 100 could not be read so" in error.message
    assert "for example line 2 (too few fields): 'A0,2026-01-05'" in error.message


def test_a_header_of_another_width(refusal: Refusal) -> None:
    error = refusal(b"order,date,amount\nA1,2026-01-05,10,50\nA2,2026-01-06,7,25\n")
    assert "the header in line 1 has 3 columns, but rows have 4" in error.message


def test_settings_that_do_not_fit(refusal: Refusal) -> None:
    assert "no text encoding of that name" in refusal(ORDERS, encoding="latin-99").message
    assert "no text encoding of that name" in refusal(ORDERS, encoding="base64").message
    assert "do not fit" in refusal("a,b\nł,1\n".encode(), encoding="ascii").message
    assert "must be one character" in refusal(ORDERS, delimiter=";;").message
    assert "the delimiter ';' does not cut" in refusal(ORDERS, delimiter=";").message


def test_too_many_columns(refusal: Refusal) -> None:
    line = b",".join(b"c%d" % number for number in range(2_001))
    assert "2,001 columns were found" in refusal(line + b"\n" + line + b"\n").message


@pytest.mark.parametrize("name", ["orders.zip", "orders.csv.gz", "orders.zst", "o r*d?[1].zip"])
def test_a_text_with_an_archive_s_name_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(ORDERS)
    with connect(tmp_path / "work") as connection:
        assert read_raw(path, tmp_path / "work", connection, IngestSettings()).row_count == 2
