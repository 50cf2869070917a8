"""Who bought: ids that went through spreadsheets, and cells that name nobody."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.ingest import OpenQuestions, Reading, ingest, read_mapping

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
NOW = dt.datetime(2026, 11, 20, 12)


def write_parquet(tmp_path, frame):
    path = tmp_path / "export.parquet"
    frame.to_parquet(path)
    return path


def test_ids_are_text_and_stay_as_they_are(read_text):
    read = read_text(
        """
        who,order,when,money
        00123,1,2025-01-05,3
        123,2,2025-02-05,4
         123 ,3,2025-02-06,4
        aBc,4,2025-02-07,4
        1.5,5,2025-02-08,4
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["00123", "123", "123", "aBc", "1.5"]


def test_ids_of_a_text_file_keep_the_tail_that_all_of_them_have(read_text):
    """So that a join on the file's own text finds every customer and every order."""
    read = read_text(
        """
        who,order,when,money
        17850.0,536365.0,2025-01-05,3
        17850.0,536366.0,2025-02-05,4
        00042.0,536367.0,2025-02-06,4
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["17850.0", "17850.0", "00042.0"]
    assert read.rows["order_id"].tolist() == ["536365.0", "536366.0", "536367.0"]
    assert read.mended() == {}


def test_of_an_id_with_and_without_a_tail_the_usual_spelling_stays(read_text):
    read = read_text(
        """
        who,order,when,money
        17850.0,536365.0,2025-01-05,3
        17850,536366,2025-02-05,4
        17850,536366.0,2025-02-05,5
        00042.0,536367.0,2025-02-06,4
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["17850", "17850", "17850", "00042.0"]
    assert read.rows["order_id"].tolist() == ["536365", "536366", "536366", "536367"]
    assert read.mended() == {"one_person": 1}


def test_float_and_integer_ids_of_a_typed_file(tmp_path):
    frame = pd.DataFrame(
        {
            "who": [17850.0, 17851.0, None],
            "order": [1, 2, 3],
            "when": pd.to_datetime(["2025-01-05", "2025-02-05", "2025-03-05"]),
            "money": [1.5, 2.5, 3.5],
        }
    )
    result = ingest(
        write_parquet(tmp_path, frame), tmp_path / "w", Reading(mapping=read_mapping(MAP)), now=NOW
    )
    rows = pd.read_parquet(result.transactions).sort_values("source_row")
    assert rows["customer_id"].tolist() == ["17850", "17851"]
    assert rows["order_id"].tolist() == ["1", "2"]
    assert result.ledger.rows("no_customer") == 1
    assert result.ledger.rows("id_decimals", "mended") == 2


@pytest.mark.parametrize(
    "nobody", ["guest", "GUEST", "n/a", "NULL", "Unknown", "-", "Gast", "invité", "0", "#REF!"]
)
def test_placeholders_are_nobody(read_text, nobody):
    read = read_text(
        f"""
        who,order,when,money
        a,1,2025-01-05,3
        {nobody},2,2025-02-05,4
        b,3,2025-02-05,4
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["a", "b"]
    assert read.dropped() == {"placeholder_customer": 1}


@pytest.mark.parametrize(
    "odd", ["c9", "c9 ", "Total"], ids=["every id ends in a digit", "one does not", "one is a word"]
)
def test_id_that_somebody_calls_nobody_is_nobody(read_text, odd):
    read = read_text(
        f"""
        who,order,when,money
        c1,1,2025-01-05,3
        c2,2,2025-02-05,4
        {odd},3,2025-02-06,5
        c1,4,2025-03-06,5
        """,
        mapping=MAP,
        answers={"nobody": ["c2"]},
    )
    kept = [name for name in ("c1", odd.strip(), "c1") if name != "Total"]
    assert read.rows["customer_id"].tolist() == kept
    assert read.dropped()["placeholder_customer"] == 1
    assert read.mended() == ({"id_trimmed": 1} if odd.endswith(" ") else {})


def test_zero_is_a_customer_where_ids_count_from_zero(read_text):
    lines = "".join(f"{i % 5},{i},2025-{1 + i % 12:02d}-05,3\n" for i in range(30))
    read = read_text("who,order,when,money\n" + lines, mapping=MAP)
    assert read.rows["customer_id"].value_counts().to_dict() == {str(i): 6 for i in range(5)}
    guests = "".join(f"0,g{i},2025-{1 + i % 12:02d}-07,3\n" for i in range(300))
    text = "who,order,when,money\n" + lines + guests
    with pytest.raises(OpenQuestions, match="placeholder_customer"):
        read_text(text, mapping=MAP)
    read = read_text(text, mapping=MAP, accepted=("rows_kept",))
    assert "0" not in read.rows["customer_id"].tolist()


def test_ids_that_a_spreadsheet_rounded_are_refused(read_text):
    with pytest.raises(DataError, match=r"1\.23457E\+12"):
        read_text(
            """
            who,order,when,money
            1.23457E+12,1,2025-01-05,3
            1.23457E+12,2,2025-02-05,4
            """,
            mapping=MAP,
        )


@pytest.mark.parametrize("sign", ["\u200b", "\u200e", "\u202c", "\u2009", "\u3000"])
def test_signs_that_nobody_sees_make_no_other_customer(read_text, sign):
    read = read_text(
        f"""
        email,order,when,money
        anna@example.org,1,2025-01-05,3
        {sign}anna@example.org{sign},2,2025-02-05,{sign}4{sign}
        """,
        mapping={"email": "email", "order_id": "order", "order_datetime": "when", "amount": "money"},
    )
    assert read.rows["customer_id"].tolist() == ["anna@example.org"] * 2
    assert read.rows["amount"].tolist() == [3, 4]


@pytest.mark.parametrize("none", ["N/A", "-", "null", "#REF!"])
def test_word_for_no_number_joins_no_orders(read_text, none):
    read = read_text(
        f"""
        who,order,when,money
        a,X1,2025-01-05,3
        a,{none},2025-02-05,4
        b,{none},2025-02-06,4
        """,
        mapping=MAP,
    )
    assert read.rows["order_id"].tolist() == ["X1", "a@2025-02-05", "b@2025-02-06"]
    assert read.mended() == {"order_id_made": 2}
