"""A file as it was at an earlier date."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from churnkit.errors import DataError

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


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
