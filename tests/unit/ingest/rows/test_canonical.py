"""Canonical rows: their columns, their types, the ids that are made."""

from __future__ import annotations

import datetime as dt

import pyarrow.parquet as pq

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
NOW = dt.datetime(2026, 11, 20, 12)


def test_columns_and_types(read_text):
    read = read_text(
        """
        who,order,when,sku,name,group,pieces,price
        a,1,2025-01-05 10:30:00,X,Mug,Cups,2,1.50
        b,2,2025-02-05 09:00:00,Y,Bowl,Cups,1,3.00
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "product_id": "sku",
            "product_name": "name",
            "category": "group",
            "quantity": "pieces",
            "unit_price": "price",
        },
    )
    schema = pq.read_schema(read.result.transactions)
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        "order_id": "string",
        "customer_id": "string",
        "ordered_at": "timestamp[us]",
        "amount": "double",
        "product_id": "string",
        "product_name": "string",
        "category": "string",
        "quantity": "double",
        "unit_price": "double",
        "is_return": "bool",
        "source_row": "int64",
    }
    assert read.rows["amount"].tolist() == [3.0, 3.0]
    assert read.rows["source_row"].tolist() == [1, 2]
    assert read.result.has_time
    assert read.result.has_order_id
    assert read.result.currency is None


def test_optional_columns_are_left_out(read_text):
    read = read_text(
        """
        who,when,money
        a,2025-01-05,3
        a,2025-02-05,4
        """,
        mapping={"customer_id": "who", "order_datetime": "when", "amount": "money"},
    )
    assert read.rows.columns.tolist() == [
        "order_id",
        "customer_id",
        "ordered_at",
        "amount",
        "is_return",
        "source_row",
    ]
    assert read.rows["order_id"].tolist() == ["a@2025-01-05", "a@2025-02-05"]
    assert not read.result.has_order_id
    assert not read.result.has_time
    assert any("no order id" in note for note in read.result.notes)


def test_a_blank_order_id_is_made_from_customer_and_day(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,3
        a,,2025-02-05,4
        """,
        mapping=MAP,
    )
    assert read.rows["order_id"].tolist() == ["1", "a@2025-02-05"]
    assert read.mended() == {"order_id_made": 1}


def test_columns_with_the_names_of_our_own_and_of_sql(read_text):
    """Header names that the statements use themselves, and characters that end an identifier or a slot."""
    read = read_text(
        """
        identity,"mark ""x"" {y}",$as_of,value,code,reason,money,source_row,cell,select
        a,1,2025-01-05,10,eur,paid,5,7,x,Mug
        b,2,2025-02-05,20,eur,cancelled,5,8,x,Mug
        a,1,2025-01-05,10,eur,paid,5,7,x,Mug
        b,3,2025-02-06,30,eur,paid,5,9,x,Mug
        """,
        mapping={
            "customer_id": "identity",
            "order_id": 'mark "x" {y}',
            "order_datetime": "$as_of",
            "amount": "value",
            "currency": "code",
            "status": "reason",
            "product_name": "select",
        },
        as_of=dt.datetime(2026, 1, 1),
    )
    assert read.rows["amount"].tolist() == [10.0, 30.0]
    assert read.dropped() == {"duplicate_line": 1, "cancelled": 1}
    assert read.rows["source_row"].tolist() == [1, 4]
