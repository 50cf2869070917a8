"""Mappings: the file that users write, the stored form, and their fit to a header."""

from __future__ import annotations

import json

import pytest

from churnkit.errors import MappingError
from churnkit.ingest import ColumnMapping, read_mapping
from churnkit.results.codec import part_to_json

MISSION = {
    "customer_id": "CustomerID",
    "order_id": "InvoiceNo",
    "order_datetime": "InvoiceDate",
    "product_id": "StockCode",
    "quantity": "Quantity",
    "unit_price": "UnitPrice",
}


def test_the_missions_form(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(MISSION), encoding="utf-8")
    mapping = read_mapping(path)
    assert mapping.columns["ordered_at"] == "InvoiceDate"
    assert mapping.is_complete


def test_settings_keys_and_nulls():
    mapping = read_mapping(
        {
            "customer_id": "c",
            "date": "d",
            "total": "t",
            "day_first": False,
            "decimal": ",",
            "product_id": None,
        }
    )
    assert dict(mapping.columns) == {"customer_id": "c", "ordered_at": "d", "order_total": "t"}
    assert (mapping.day_first, mapping.decimal) == (False, ",")


def test_currency_is_a_column_or_a_code():
    columns = ("c", "d", "a", "eur")
    code = read_mapping({"customer_id": "c", "currency": "USD"}).fitted(columns)
    assert (code.currency, "currency" in code.columns) == ("USD", False)
    column = read_mapping({"customer_id": "c", "currency": "EUR"}).fitted(columns)
    assert (column.currency, column.columns["currency"]) == (None, "eur")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"custmer_id": "c"}, "nearest is 'customer_id'"),
        ({"customer_id": 3}, "must name a column"),
        ({"date": "a", "order_date": "b"}, "named twice"),
        ({"day_first": "yes"}, "true or false"),
        ({"decimal": ";"}, "decimal must be"),
    ],
)
def test_bad_content(content, message):
    with pytest.raises(MappingError, match=message):
        read_mapping(content)


@pytest.mark.parametrize(
    ("text", "message"),
    [(b"{not json", "no valid JSON"), (b"[1]", "one JSON object"), ("é".encode("latin-1"), "not UTF-8")],
)
def test_bad_files(tmp_path, text, message):
    path = tmp_path / "map.json"
    path.write_bytes(text)
    with pytest.raises(MappingError, match=message):
        read_mapping(path)
    with pytest.raises(MappingError, match="cannot be opened"):
        read_mapping(tmp_path / "missing.json")


def test_a_mapping_survives_json():
    mapping = ColumnMapping({"customer_id": "c", "amount": "a"}, day_first=False, decimal=",", currency="EUR")
    assert ColumnMapping.from_json(json.loads(json.dumps(part_to_json(mapping)))) == mapping


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"columns": {"colour": "c"}}, "'colour'"),
        ({"columns": {"amount": 3}}, "amount"),
        ({"columns": ["amount"]}, "columns"),
        ({"column": {}}, "column"),
        ({"decimal": ";"}, "decimal"),
        ({"day_first": "yes"}, "day_first"),
        ("amount", "an object"),
        (None, "an object"),
    ],
)
def test_broken_json_of_a_mapping_names_the_field(values, words):
    with pytest.raises(MappingError, match=words):
        ColumnMapping.from_json(values)


def test_columns_are_found_whatever_their_case_and_a_wrong_one_names_the_nearest():
    available = ("Customer ID", "Order Date", "Total")
    fitted = ColumnMapping({"customer_id": "customer_id", "ordered_at": "ORDER DATE"}).fitted(available)
    assert dict(fitted.columns) == {"customer_id": "Customer ID", "ordered_at": "Order Date"}
    with pytest.raises(MappingError, match="no column 'Custmer'") as problem:
        ColumnMapping({"customer_id": "Custmer"}).fitted(available)
    assert "'Customer ID'" in problem.value.remedy


def test_one_column_cannot_be_customer_and_order():
    with pytest.raises(MappingError, match="both customer_id and order_id"):
        ColumnMapping({"customer_id": "a", "order_id": "a"}).fitted(("a",))
    ColumnMapping({"product_id": "a", "product_name": "a"}).fitted(("a",))


def test_a_mapping_over_another_takes_money_from_one_side_only():
    base = ColumnMapping(
        {
            "email": "e",
            "ordered_at": "d",
            "time": "t",
            "quantity": "q",
            "unit_price": "p",
            "discount": "x",
            "status": "s",
        }
    )
    over = ColumnMapping({"order_total": "total"}, day_first=True).over(base)
    assert dict(over.columns) == {
        "email": "e",
        "ordered_at": "d",
        "time": "t",
        "status": "s",
        "order_total": "total",
    }
    assert over.day_first is True
    assert "email" not in ColumnMapping({"customer_id": "c"}).over(base).columns
    assert "time" not in ColumnMapping({"ordered_at": "created"}).over(base).columns
