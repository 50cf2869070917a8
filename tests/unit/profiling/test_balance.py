"""Shares of churn by day against the same shares counted one by one."""

import pandas as pd
import pytest

from churnkit.profiling import balance_by_day
from churnkit.results.look_facts import BalanceByDay

# Ten customers known for 100 days, half silent for 40 and half for 5; four who came 20 days ago and not again.
LIFETIMES = pd.DataFrame({"tenure_days": [100, 100, 20], "recency_days": [40, 5, 20], "customers": [5, 5, 4]})


def at(day: int) -> tuple[int, float | None, float]:
    table = balance_by_day(LIFETIMES)
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
    assert balance_by_day(LIFETIMES).days == tuple(range(1, 101))
    assert balance_by_day(LIFETIMES, longest_days=30).days == tuple(range(1, 31))


def test_a_shop_that_opened_today():
    today = pd.DataFrame({"tenure_days": [0], "recency_days": [0], "customers": [3]})
    assert balance_by_day(today) == BalanceByDay(
        days=(1,), known_customers=(0,), churn_share=(None,), lapsed_share=(0.0,)
    )
