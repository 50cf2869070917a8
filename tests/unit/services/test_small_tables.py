"""Small files: delimiters, encodings, workbooks, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.ingest.files import OLE
from churnkit.services.look.small_tables import MAX_BYTES, read_table, renamed


def test_ids_stay_text_and_blanks_are_none() -> None:
    found = read_table(b" customer_id , note\n00123, x \n 7 ,\n", "a.csv", "results")
    assert found.to_dict("list") == {"customer_id": ["00123", "7"], "note": ["x", None]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    text = f'customer_id{delimiter}name\n1{delimiter}"Zoë{delimiter} Ltd"\n'
    found = read_table(text.encode(encoding), "a.csv", "contacts")
    assert found["name"].tolist() == [f"Zoë{delimiter} Ltd".strip()]


@pytest.mark.parametrize(
    ("text", "encoding", "names"),
    [
        ("name\nZoë\n", "latin-1", ["Zoë"]),
        ("customer_id;name\n1;Żaneta Wójcik\n2;Łukasz Dąb\n", "cp1250", ["Żaneta Wójcik", "Łukasz Dąb"]),
        ("customer_id,name\n1,Иван Петров\n", "cp1251", ["Иван Петров"]),
        ("customer_id,name\n1,田中 太郎\n2,佐藤 花子\n", "cp932", ["田中 太郎", "佐藤 花子"]),
        ("customer_id,name\n1,田中 太郎\n", "utf-16-le", ["田中 太郎"]),
        ("List of May\n\ncustomer_id,name\n1,Zoë\n2,Ann\n", "utf-8", ["Zoë", "Ann"]),
    ],
)
def test_letters_and_titles_as_in_an_export_of_orders(text: str, encoding: str, names: list[str]) -> None:
    assert read_table(text.encode(encoding), "a.csv", "contacts")["name"].tolist() == names


def test_a_title_above_a_sheet() -> None:
    buffer = io.BytesIO()
    rows = [["Customers of May", None], [None, None], ["customer_id", "name"], ["1", "Zoë"]]
    pd.DataFrame(rows).to_excel(buffer, index=False, header=False)
    found = read_table(buffer.getvalue(), "a.xlsx", "contacts")
    assert found.to_dict("list") == {"customer_id": ["1"], "name": ["Zoë"]}


def test_workbook() -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"customer_id": ["00123"], "revenue": [12.5]}).to_excel(buffer, index=False)
    found = read_table(buffer.getvalue(), "A.XLSX", "results")
    assert found.to_dict("list") == {"customer_id": ["00123"], "revenue": ["12.5"]}


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.csv", "must be a table"),
        (b"customer_id,revenue\n", "a.csv", "a header and no rows"),
        (b"a,a\n1,2\n", "a.csv", "'a' occurs twice"),
        (b"a,b\n1,2\n1,2,3\n", "a.csv", "as many cells in each row"),
        ("naam;Ilość\nBob;1\n".encode("cp1250"), "a.csv", "more than one way.*Ilość.*Save it as CSV UTF-8"),
        (b"<html><body>", "a.csv", "an HTML or XML page"),
        (b"no workbook", "a.xlsx", "no workbook"),
        (b"PK no workbook", "a.csv", "no workbook"),
        (OLE + b"\0" * 600, "a.xls", "the older .xls is not"),
        (b"a,,b\n1,2,3\n", "a.csv", "column 2 has none"),
        (b"a,b\n1,\0\n", "a.csv", "must not hold NUL"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "a.csv", "one has 200,000"),
        (b"x" * 200_000, "a.csv", "as many cells in each row"),
        (b"," * 2_000 + b"\n", "a.csv", "0 rows|1 rows of 2,001 columns"),
        (b"\n" * 2_000_000, "a.csv", "must be a table"),
        (b"a,b\n" * 1_000_001, "a.csv", "1,000,001 rows of 2 columns were counted"),
        (b"a,b\n1,\x00", "a.csv", "NUL"),
        (b"\xff\xfea", "a.csv", "as utf-16-le.*do not fit"),
        (b" " * (MAX_BYTES + 1), "a.csv", "50 MB at most"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_table(data, name, "results")


def test_what_is_blank_is_left_out() -> None:
    found = read_table(b"a,b,\n1,2,\n3,\n", "a.csv", "results")
    assert found.to_dict("list") == {"a": ["1", "3"], "b": ["2", None]}


@pytest.mark.parametrize("name", ["far_cell.xlsx", "laughs.xlsx", "xxe.xlsx", "member_named_slash.zip"])
def test_hostile_workbooks_are_refused(name: str) -> None:
    data = (Path(__file__).resolve().parents[2] / "security" / "files" / name).read_bytes()
    with pytest.raises(DataError, match=r"XFD1048576|no workbook|is damaged"):
        read_table(data, name, "results")


def test_a_workbook_without_a_sheet() -> None:
    buffer, changed = io.BytesIO(), io.BytesIO()
    pd.DataFrame({"customer_id": ["1"]}).to_excel(buffer, index=False)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            target.writestr(name, re.sub(rb"<sheet [^>]*>", b"", source.read(name)))
    with pytest.raises(DataError, match="has no sheet"):
        read_table(changed.getvalue(), "a.xlsx", "results")


def test_limits_are_those_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    pd.DataFrame({"customer_id": ["1", "2"], "revenue": [12.5, 1.0]}).to_excel(buffer, index=False)
    monkeypatch.setenv("CHURNKIT_SMALL_CELLS", "5")
    with pytest.raises(DataError, match="5 cells"):
        read_table(b"a,b\n1,2\n3,4\n", "a.csv", "results")
    with pytest.raises(DataError, match="5 cells at most"):
        read_table(buffer.getvalue(), "a.xlsx", "results")


def test_what_a_library_raises_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IndexError("odd")

    monkeypatch.setattr(pd, "read_csv", fail)
    with pytest.raises(DataError, match=r"a\.csv: this file is damaged.*IndexError: odd"):
        read_table(b"a,b\n1,2\n", "a.csv", "results")


def test_columns_are_known_by_any_spelling() -> None:
    frame = pd.DataFrame(columns=["Customer ID", "E-Mail", "customer_id", "Other"])
    names = {"customerid": "customer_id", "email": "email"}
    assert list(renamed(frame, names)) == ["Customer ID", "email", "customer_id", "Other"]
    assert list(renamed(frame.drop(columns="customer_id"), names)) == ["customer_id", "email", "Other"]
