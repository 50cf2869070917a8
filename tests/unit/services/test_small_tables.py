"""Small files: delimiters, encodings, workbooks, and what is refused."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.services.small_tables import MAX_BYTES, read_table, renamed


def test_ids_stay_text_and_blanks_are_none() -> None:
    found = read_table(b" customer_id , note\n00123, x \n 7 ,\n", "a.csv", "results")
    assert found.to_dict("list") == {"customer_id": ["00123", "7"], "note": ["x", None]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_and_encodings(delimiter: str, encoding: str) -> None:
    text = f'customer_id{delimiter}name\n1{delimiter}"Zoë{delimiter} Ltd"\n'
    found = read_table(text.encode(encoding), "a.csv", "contacts")
    assert found["name"].tolist() == [f"Zoë{delimiter} Ltd".strip()]


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
        ("name\nZoë\n".encode("latin-1"), "a.csv", "must be in UTF-8"),
        (b"no workbook", "a.xlsx", "no workbook"),
        (b" " * (MAX_BYTES + 1), "a.csv", "50 MB at most"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, name: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_table(data, name, "results")


def test_columns_are_known_by_any_spelling() -> None:
    frame = pd.DataFrame(columns=["Customer ID", "E-Mail", "customer_id", "Other"])
    names = {"customerid": "customer_id", "email": "email"}
    assert list(renamed(frame, names)) == ["Customer ID", "email", "customer_id", "Other"]
    assert list(renamed(frame.drop(columns="customer_id"), names)) == ["customer_id", "email", "Other"]
