"""Dates of orders, and those that are none."""

from __future__ import annotations

import datetime as dt

import pytest

from churnkit.errors import DataError

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


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


def test_a_file_that_lies_in_the_future_as_a_whole_is_kept_if_that_is_right(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2031-01-05,1
        a,2,2031-02-05,1
        """,
        mapping=MAP,
        accepted=("dates_beyond",),
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
