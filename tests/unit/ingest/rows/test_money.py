"""A row's money: totals, discounts, currencies."""

from __future__ import annotations

import pytest

from churnkit.ingest import OpenQuestions

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


def test_order_totals_count_once_and_follow_the_lines_value(read_text):
    read = read_text(
        """
        who,order,when,pieces,price,total
        a,1,2025-01-05,1,10,45
        a,1,2025-01-05,2,10,45
        b,2,2025-02-05,1,20,25
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
            "order_total": "total",
        },
    )
    assert read.rows["amount"].tolist() == pytest.approx([15.0, 30.0, 25.0])
    assert read.mended() == {"order_total_shared": 2}


def test_order_totals_without_prices_are_shared_evenly(read_text):
    read = read_text(
        """
        who,order,when,total
        a,1,2025-01-05,45
        a,1,2025-01-05,
        a,1,2025-01-05,
        b,2,2025-02-05,25
        """,
        mapping={"customer_id": "who", "order_id": "order", "order_datetime": "when", "order_total": "total"},
        duplicates="keep",
    )
    assert read.rows["amount"].tolist() == pytest.approx([15.0, 15.0, 15.0, 25.0])


def test_an_orders_discount_repeated_on_its_lines_counts_once(read_text):
    lines = "".join(
        f"c{i % 7},o{i},2025-{1 + i % 12:02d}-05,{1 + j},10.00,{3 + i % 2}.00,s{j}\n"
        for i in range(12)
        for j in range(2)
    )
    mapping = {
        "customer_id": "who",
        "order_id": "order",
        "order_datetime": "when",
        "quantity": "pieces",
        "unit_price": "price",
        "discount": "off",
        "product_id": "sku",
    }
    read = read_text("who,order,when,pieces,price,off,sku\n" + lines, mapping=mapping)
    # 10 + 20 less 3 and less 4, in turn.
    assert read.rows.groupby("order_id")["amount"].sum().round(6).value_counts().to_dict() == {
        27.0: 6,
        26.0: 6,
    }
    assert read.rows["amount"].iloc[:2].tolist() == pytest.approx([9.0, 18.0])
    assert read.mended() == {"discount_shared": 24}
    assert any("once an order" in note for note in read.result.notes)


def test_line_discounts_are_taken_off_and_never_turn_a_sale_into_a_return(read_text):
    read = read_text(
        """
        who,order,when,pieces,price,off
        a,1,2025-01-05,2,10,5
        a,2,2025-02-05,-1,10,2
        a,3,2025-03-05,1,10,12
        a,4,2025-03-05,1,10,
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
            "discount": "off",
        },
    )
    assert read.rows["amount"].tolist() == [15.0, -8.0, 10.0]
    assert read.rows["discount"].tolist() == [5.0, 2.0, 0.0]
    assert read.dropped() == {"zero_amount": 1}


@pytest.mark.parametrize(
    ("header", "off"), [("Discount", "0.25"), ("Discount %", "25"), ("discount_rate", "0.25")]
)
def test_discounts_as_shares(read_text, header, off):
    read = read_text(
        f"""
        who,order,when,pieces,price,{header}
        a,1,2025-01-05,2,10,{off}
        a,2,2025-02-05,1,10,0
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
            "discount": header,
        },
    )
    assert read.rows["amount"].tolist() == [15.0, 10.0]
    assert read.rows["discount"].tolist() == [5.0, 0.0]


def test_money_and_numbers_with_symbols_brackets_and_text(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,"$1,234.50"
        a,2,2025-02-05,($20.00)
        a,3,2025-02-06,free
        a,4,2025-02-07,
        a,5,2025-02-08,0
        """,
        mapping=MAP,
    )
    assert read.rows["amount"].tolist() == [1234.5, -20.0]
    assert read.rows["is_return"].tolist() == [False, True]
    assert read.dropped() == {"unparseable_amount": 2, "zero_amount": 1}
    assert read.result.currency == "$"


def test_several_currency_signs_are_several_currencies(read_text):
    text = """
        who,order,when,money
        a,1,2025-01-05,€10.00
        a,2,2025-02-05,£20.00
        b,3,2025-03-05,€30.00
    """
    with pytest.raises(OpenQuestions, match="EUR on 2 rows, GBP on 1 rows"):
        read_text(text, mapping=MAP)
    read = read_text(text, mapping=MAP, currency="EUR")
    assert read.rows["amount"].tolist() == [10.0, 30.0]
    assert read.dropped() == {"other_currency": 1}


def test_a_blank_currency_takes_the_files_only_one(read_text):
    read = read_text(
        """
        who,order,when,money,cur
        a,1,2025-01-05,10,eur
        a,2,2025-02-05,20,
        """,
        mapping={**MAP, "currency": "cur"},
    )
    assert read.rows["currency"].tolist() == ["EUR", "EUR"]
    assert read.mended() == {"currency_assumed": 1}


def test_a_discount_with_cents_is_money_even_above_the_price(read_text):
    rows = "".join(
        f"c{i % 9},o{i},2025-{1 + i % 12:02d}-05,1,{2.0 if i % 5 == 0 else 9.0},{4.25 if i % 3 else 0}\n"
        for i in range(60)
    )
    read = read_text(
        "who,order,when,pieces,price,off\n" + rows,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
            "discount": "off",
        },
    )
    assert not any("percent" in note for note in read.result.notes)
    assert read.dropped() == {"zero_amount": 8}
