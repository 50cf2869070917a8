"""Shares of churn by day against the same shares counted one by one."""

import pandas as pd
import pytest

from churnkit.profiling import balance_by_day
from churnkit.results.look_facts import BalanceByDay

# Ten customers known for 100 days, half silent for 40 and half for 5; four who came 20 days ago and not again.
LIFETIMES = pd.DataFrame({"tenure_days": [100, 100, 20], "recency_days": [40, 5, 20], "customers": [5, 5, 4]})
SPELLS = pd.DataFrame({"gap_days": [10, 90], "closed": [True, False], "spells": [60, 40]})


def at(day: int) -> tuple[int, float | None, float]:
    table = balance_by_day(LIFETIMES, SPELLS)
    position = table.days.index(day)
    return table.known_customers[position], table.churn_share[position], table.lapsed_share[position]


def test_by_hand():
    assert at(4) == (14, 1.0, 1.0)
    assert at(5) == (14, pytest.approx(9 / 14), pytest.approx(9 / 14))
    assert at(20) == (10, 0.5, pytest.approx(5 / 14))
    assert at(39) == (10, 0.5, pytest.approx(5 / 14))
    assert at(40) == (10, 0.0, 0.0)
    assert at(100) == (0, None, 0.0)


def test_days_run_to_the_end_of_the_history_or_the_limit():
    assert balance_by_day(LIFETIMES, SPELLS).days == tuple(range(1, 101))
    assert balance_by_day(LIFETIMES, SPELLS, longest_days=30).days == tuple(range(1, 31))


def test_a_shop_that_opened_today():
    today = pd.DataFrame({"tenure_days": [0], "recency_days": [0], "customers": [3]})
    nothing = pd.DataFrame({"gap_days": [0], "closed": [False], "spells": [3]})
    assert balance_by_day(today, nothing) == BalanceByDay(
        days=(1,),
        known_customers=(0,),
        churn_share=(None,),
        lapsed_share=(0.0,),
        returned_after_share=(None,),
    )


def test_who_comes_back_after_each_silence():
    shares = balance_by_day(LIFETIMES, SPELLS).returned_after_share
    # Everybody who comes back does so after 10 days; silences of more than 60 were not watched for long enough.
    assert (shares[8], shares[9], shares[59], shares[60]) == (pytest.approx(0.6), 0.0, 0.0, None)
