"""Rows in, canonical rows out: identity, money, dates, duplicates and what is left out."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow.parquet as pq
import pytest

from churnkit.errors import DataError
from churnkit.ingest import Reading, ingest, read_mapping

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
NOW = dt.datetime(2026, 11, 20, 12)


def write_parquet(tmp_path, frame):
    path = tmp_path / "export.parquet"
    frame.to_parquet(path)
    return path


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
        a,1,2025-01-05,10,eur,paid,5,7,x,Mug
        b,2,2025-02-05,20,eur,cancelled,5,8,x,Mug
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


# Identity


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


def test_float_tails_go_where_all_ids_are_whole(read_text):
    read = read_text(
        """
        who,order,when,money
        17850.0,536365.0,2025-01-05,3
        17850,536366.0,2025-02-05,4
        00042.0,536367.0,2025-02-06,4
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["17850", "17850", "00042"]
    assert read.rows["order_id"].tolist() == ["536365", "536366", "536367"]
    assert read.mended() == {"id_decimals": 2}


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


@pytest.mark.parametrize("nobody", ["guest", "GUEST", "n/a", "NULL", "Unknown", "-", "Gast", "invité", "0"])
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


def test_zero_is_a_customer_where_ids_count_from_zero(read_text):
    lines = "".join(f"{i % 5},{i},2025-{1 + i % 12:02d}-05,3\n" for i in range(30))
    read = read_text("who,order,when,money\n" + lines, mapping=MAP)
    assert read.rows["customer_id"].value_counts().to_dict() == {str(i): 6 for i in range(5)}
    guests = "".join(f"0,g{i},2025-{1 + i % 12:02d}-07,3\n" for i in range(300))
    assert (
        "0"
        not in read_text("who,order,when,money\n" + lines + guests, mapping=MAP).rows["customer_id"].tolist()
    )


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


# Money


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
    with pytest.raises(DataError, match="EUR on 2 rows, GBP on 1 rows"):
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


# Returns, statuses


def test_returns_net_or_are_ignored(read_text):
    text = """
        who,order,when,money
        a,1,2025-01-05,100
        a,1,2025-01-09,-30
        b,2,2025-02-05,50
    """
    net = read_text(text, mapping=MAP)
    assert net.rows["amount"].tolist() == [100.0, -30.0, 50.0]
    assert net.rows["is_return"].tolist() == [False, True, False]
    assert net.result.monthly_totals.to_dict("list") == {
        "month": ["2025-01", "2025-02"],
        "orders": [1, 1],
        "amount": [70.0, 50.0],
    }
    ignored = read_text(text, mapping=MAP, returns="ignore")
    assert ignored.rows["amount"].tolist() == [100.0, 50.0]
    assert ignored.dropped() == {"return_ignored": 1}
    assert ignored.result.reading.settings.returns == "ignore"


def test_statuses_in_words(read_text):
    statuses = [
        ("Completed", "kept"),
        ("partially refunded", "kept"),
        ("Awaiting Fulfillment", "kept"),
        ("Versendet", "kept"),
        ("returning", "kept"),
        ("Quite something", "kept"),
        ("Cancelled", "cancelled"),
        ("storniert", "cancelled"),
        ("Annulée", "cancelled"),
        ("Refunded", "cancelled"),
        ("Erstattet", "cancelled"),
        ("voided", "cancelled"),
        ("Payment failed", "unpaid"),
        ("pending", "unpaid"),
        ("En attente", "unpaid"),
        ("wc-on-hold", "unpaid"),
        ("Unpaid", "unpaid"),
    ]
    lines = "".join(f"a,{i},2025-01-{i + 1:02d},10,{status}\n" for i, (status, _) in enumerate(statuses))
    read = read_text("who,order,when,money,status\n" + lines, mapping={**MAP, "status": "status"})
    kept = [statuses[row - 1][0] for row in read.rows["source_row"]]
    assert kept == [status for status, verdict in statuses if verdict == "kept"]
    assert read.dropped() == {"cancelled": 6, "unpaid": 5}
    assert any("'quite something'" in note for note in read.result.notes)


def test_a_refund_status_on_negative_rows_marks_returns(read_text):
    read = read_text(
        """
        who,order,when,money,status
        a,1,2025-01-05,100,Completed
        a,1,2025-01-09,-30,Refunded
        b,2,2025-02-05,50,Completed
        """,
        mapping={**MAP, "status": "status"},
    )
    assert read.rows["amount"].tolist() == [100.0, -30.0, 50.0]


def test_row_types_give_refunds_their_sign(read_text):
    read = read_text(
        """
        who,order,when,money,type
        a,1,2025-01-05,100,Sale
        a,1,2025-01-09,30,Credit note
        b,2,2025-02-05,-50,Refund
        """,
        mapping={**MAP, "event_type": "type"},
    )
    assert read.rows["amount"].tolist() == [100.0, -30.0, -50.0]
    assert read.mended() == {"refund_sign": 1}


def test_negative_pieces_are_a_return_whatever_the_sign_of_the_money(read_text):
    read = read_text(
        """
        who,order,when,pieces,money
        a,1,2025-01-05,2,100
        a,2,2025-01-09,-1,50
        b,3,2025-02-05,-1,-20
        """,
        mapping={**MAP, "quantity": "pieces"},
    )
    assert read.rows["amount"].tolist() == [100.0, -50.0, -20.0]
    assert read.mended() == {"refund_sign": 1}
    both = read_text(
        """
        who,order,when,pieces,price
        a,1,2025-01-05,2,50
        a,2,2025-01-09,-1,-50
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "order_datetime": "when",
            "quantity": "pieces",
            "unit_price": "price",
        },
    )
    assert both.rows["amount"].tolist() == [100.0, -50.0]


def test_credit_notes_keep_their_negative_total(read_text):
    read = read_text(
        """
        who,order,when,total
        a,1,2025-01-05,45
        a,1,2025-01-05,45
        a,2,2025-02-05,-25
        a,2,2025-02-05,-25
        """,
        mapping={"customer_id": "who", "order_id": "order", "order_datetime": "when", "order_total": "total"},
        duplicates="keep",
    )
    assert read.rows["amount"].tolist() == [22.5, 22.5, -12.5, -12.5]


def test_a_refund_column_is_netted_and_a_full_refund_cancels(read_text):
    read = read_text(
        """
        who,order,when,money,back
        a,1,2025-01-05,100,30
        a,2,2025-01-09,30,30
        b,3,2025-02-05,50,
        """,
        mapping={**MAP, "refunded": "back"},
    )
    assert read.rows["amount"].tolist() == [70.0, 50.0]
    assert read.dropped() == {"cancelled": 1}
    assert read.mended() == {"refund_netted": 1}


def test_a_flag_or_date_of_cancellation(read_text):
    read = read_text(
        """
        who,order,when,money,gone
        a,1,2025-01-05,100,no
        a,2,2025-01-09,30,yes
        b,3,2025-02-05,50,
        b,4,2025-02-06,50,2025-02-07
        """,
        mapping={**MAP, "cancelled": "gone"},
    )
    assert read.rows["order_id"].tolist() == ["1", "3"]
    assert read.dropped() == {"cancelled": 2}


# Dates


def test_dates_that_are_none_or_implausible(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,1
        a,2,someday,1
        a,3,,1
        a,4,1970-01-01,1
        a,5,2026-11-21,1
        a,6,2031-01-05,1
        a,7,2025-03-05,1
        a,8,2025-03-06,1
        a,9,2025-03-07,1
        a,10,2025-03-08,1
        a,11,2025-03-09,1
        """,
        mapping=MAP,
    )
    assert read.rows["order_id"].tolist() == ["1", "5", "7", "8", "9", "10", "11"]
    assert read.dropped() == {"unparseable_date": 2, "implausible_date": 1, "future_date": 1}


def test_a_file_that_lies_in_the_future_as_a_whole_is_kept(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2031-01-05,1
        a,2,2031-02-05,1
        """,
        mapping=MAP,
    )
    assert len(read.rows) == 2
    assert any("after today" in note for note in read.result.notes)


def test_date_and_time_apart(read_text):
    read = read_text(
        """
        who,order,day,clock,money
        a,1,2025-01-05,14:30:00,1
        a,2,2025-01-06,09:05:00,1
        """,
        mapping={
            "customer_id": "who",
            "order_id": "order",
            "date": "day",
            "time": "clock",
            "amount": "money",
        },
    )
    assert read.rows["ordered_at"].tolist() == [
        dt.datetime(2025, 1, 5, 14, 30),
        dt.datetime(2025, 1, 6, 9, 5),
    ]


def test_all_orders_on_one_day(read_text):
    with pytest.raises(DataError, match="one day, 5 Jan 2025"):
        read_text("who,order,when,money\na,1,2025-01-05,1\nb,2,2025-01-05,1\n", mapping=MAP)


def test_nothing_left(read_text):
    with pytest.raises(DataError, match="none of 2 rows is left; 2 no_customer"):
        read_text("who,order,when,money\n,1,2025-01-05,1\n,2,2025-02-05,1\n", mapping=MAP)


# The date of the analysis


AS_OF = """
    who,order,when,money
    a,1,2025-01-05 10:00:00,10.5
    b,2,2025-02-05 00:00:00,20.5
    b,3,2025-03-01 00:00:00,30.5
    c,4,2025-03-01 00:00:01,40.5
    ,5,2025-04-01 00:00:00,50.5
    a,6,never,60.5
"""


def test_rows_at_or_after_as_of_go_first(read_text):
    read = read_text(AS_OF, mapping=MAP, as_of=dt.datetime(2025, 3, 1))
    assert read.rows["order_id"].tolist() == ["1", "2"]
    assert read.dropped() == {"unparseable_date": 1, "after_as_of": 3}
    assert read.result.row_count_in == 6


def test_rows_after_as_of_change_nothing(read_text):
    """Currencies, separators, statuses and columns of later rows are unknown on the day of the analysis."""
    before = "who,order,when,money,cur\na,1,2025-01-05,10.50,EUR\nb,2,2025-02-05,1.250,EUR\n"
    after = 'c,3,2025-03-05,"1,5",USD\nguest,4,2025-04-01,x,GBP\n'
    mapping = {**MAP, "currency": "cur"}
    as_of = dt.datetime(2025, 3, 1)
    with_future = read_text(before + after, mapping=mapping, as_of=as_of)
    without = read_text(before, mapping=mapping, as_of=as_of)
    pd.testing.assert_frame_equal(with_future.rows, without.rows)
    assert with_future.result.currency == without.result.currency == "EUR"


def test_continuation_lines_go_with_their_order(read_text):
    read = read_text(
        """
        Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem price,Lineitem name
        #1,a@x.org,paid,2025-01-01 10:00:00 +0100,1,10,Mug
        #2,a@x.org,paid,2025-02-01 10:00:00 +0100,1,10,Mug
        #3,a@x.org,paid,2025-03-01 10:00:00 +0100,1,10,Mug
        #3,,,,1,20,Bowl
        """,
        as_of=dt.datetime(2025, 3, 1),
    )
    assert read.rows["order_id"].tolist() == ["#1", "#2"]
    assert read.dropped() == {"after_as_of": 2}


def test_as_of_before_the_file(read_text):
    with pytest.raises(DataError, match="lie at or after it"):
        read_text("who,order,when,money\na,1,2025-01-05,1\n", mapping=MAP, as_of=dt.datetime(2024, 1, 1))


# Duplicates


def test_equal_lines_are_dropped_where_an_order_id_tells_them_apart(read_text):
    text = """
        who,order,when,money
        a,1,2025-01-05,1
        a,1,2025-01-05,1
        a,2,2025-01-06,1
        a,1,2025-01-05,1
    """
    read = read_text(text, mapping=MAP)
    assert read.rows["source_row"].tolist() == [1, 3]
    assert read.dropped() == {"duplicate_line": 2}
    kept = read_text(text, mapping=MAP, duplicates="keep")
    assert len(kept.rows) == 4
    assert any("2 rows equal an earlier one" in note for note in kept.result.notes)


def test_equal_lines_are_kept_without_order_id_and_time(read_text):
    mapping = {"customer_id": "who", "order_datetime": "when", "amount": "money"}
    read = read_text("who,when,money\na,2025-01-05,1\na,2025-01-05,1\na,2025-01-06,1\n", mapping=mapping)
    assert len(read.rows) == 3
    assert any("look the same" in note for note in read.result.notes)
    timed = read_text(
        "who,when,money\na,2025-01-05 10:00:00,1\na,2025-01-05 10:00:00,1\na,2025-01-06 10:00:00,1\n",
        mapping=mapping,
    )
    assert timed.dropped() == {"duplicate_line": 1}


# Orders over several rows


def test_blank_cells_below_an_orders_first_row_are_filled(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,10
        ,1,,5
        b,2,2025-02-05,20
        ,3,2025-02-06,20
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["a", "a", "b"]
    assert read.rows["ordered_at"].dt.day.tolist() == [5, 5, 5]
    assert read.mended() == {"continuation_line": 1}
    assert read.dropped() == {"no_customer": 1}


def test_rows_without_customer_and_date_are_summaries(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,10
        b,2,2025-02-05,20
        ,Total,,30
        """,
        mapping=MAP,
    )
    assert read.dropped() == {"summary_row": 1}


# Real data


def test_online_retail_against_pandas(real_data, tmp_path):
    source = real_data / "online_retail.parquet"
    result = ingest(source, tmp_path)
    raw = pd.read_parquet(source)
    assert result.row_count_in == len(raw) == 541_909
    known = raw[raw["CustomerID"].notna()]
    unique = known.drop_duplicates()
    money = unique["Quantity"] * unique["UnitPrice"]
    assert result.ledger.rows("no_customer") == 135_080 == len(raw) - len(known)
    assert result.ledger.rows("duplicate_line") == 5_225 == len(known) - len(unique)
    assert result.ledger.rows("zero_amount") == 40 == int((money == 0).sum())
    rows = pd.read_parquet(result.transactions)
    assert len(rows) == result.row_count_kept == 401_564
    assert rows["amount"].sum() == pytest.approx(money.sum())
    assert rows["customer_id"].nunique() == unique[money != 0]["CustomerID"].nunique()
    assert int(rows["is_return"].sum()) == int((money < 0).sum())
    by_month = money.groupby(unique["InvoiceDate"].dt.strftime("%Y-%m")).sum()
    totals = result.monthly_totals.set_index("month")["amount"]
    pd.testing.assert_series_equal(totals, by_month, check_names=False, check_index_type=False)
    assert result.preset == "online_retail"


def test_online_retail_before_a_date_equals_the_file_cut_there(real_data, tmp_path):
    as_of = dt.datetime(2011, 9, 10)
    raw = pd.read_parquet(real_data / "online_retail.parquet")
    cut = tmp_path / "cut.parquet"
    raw[raw["InvoiceDate"] < as_of].to_parquet(cut)
    whole = ingest(real_data / "online_retail.parquet", tmp_path / "a", Reading(as_of=as_of))
    early = ingest(cut, tmp_path / "b")
    columns = ["order_id", "customer_id", "ordered_at", "amount", "product_id"]
    left = pd.read_parquet(whole.transactions).sort_values("source_row")[columns].reset_index(drop=True)
    right = pd.read_parquet(early.transactions).sort_values("source_row")[columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(left, right)
    assert whole.ledger.rows("after_as_of") == int((raw["InvoiceDate"] >= as_of).sum())
