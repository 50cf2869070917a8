"""Short headers as an owner's own documents have them."""

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions


def test_a_transaction_is_an_order_and_units_are_its_quantity(read_text):
    read = read_text("""
        ClientNumber,TxnID,PurchaseDate,SKU,Units,Price
        101,5001,2025-01-05,A,2,10.00
        101,5001,2025-01-05,B,1,4.50
        102,5002,2025-01-09,A,1,10.00
        103,5004,2025-02-12,A,1,10.00
        103,5005,2025-02-12,A,1,10.00
    """)
    assert read.amounts() == [
        ("5001", "101", 20.0),
        ("5001", "101", 4.5),
        ("5002", "102", 10.0),
        ("5004", "103", 10.0),
        ("5005", "103", 10.0),
    ]


def test_amounts_may_all_be_1(read_text):
    rows = "\n".join(f"{number % 7},2025-0{1 + number % 9}-1{number % 5},1" for number in range(60))
    read = read_text(f"customer_id,date,amount\n{rows}\n")
    assert read.rows["amount"].sum() == 60


def test_a_row_of_totals_is_in_no_sum_that_is_asked_about(read_text):
    rows = "\n".join(
        f"RE-{number},2025-0{1 + number % 9}-1{number % 5},M{number % 7},{100 + number}.00,{119 + 1.19 * number:.2f}"
        for number in range(40)
    )
    with pytest.raises(
        OpenQuestions, match="Gross, added up over the rows: 5,688; Net, added up over the rows: 4,780"
    ):
        read_text(f"Document,Date,Customer,Net,Gross\n{rows}\nTotal,,,4780.00,5688.20\n")
