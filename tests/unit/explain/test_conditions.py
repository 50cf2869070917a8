"""Conditions in words, where they cut, and who meets them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.conditions import Condition, can_be_said, conditions, thresholds

NARROW = "\u202f"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (Condition("recency_days", ">=", 60), "have not bought for 60 days or more"),
        (Condition("recency_days", "<=", 1), "have bought within the last 1 day"),
        (Condition("order_count", "<=", 1), "have ordered once only"),
        (Condition("order_count", ">=", 3), "have ordered 3 times or more"),
        (Condition("monetary_mean", "<=", 1200), "have an average order of £1,200 at most"),
        (Condition("orders_90d", "<=", 0), "have placed no order in the last 90 days"),
        (Condition("orders_90d", ">=", 1), "have placed 1 order or more in the last 90 days"),
        (Condition("spend_60d", "<=", 15), "have spent £15.00 at most in the last 60 days"),
        (Condition("overdue_ratio", ">=", 1), "have been away for their usual gap or longer"),
        (Condition("overdue_ratio", ">=", 2.5), "have been away for 2.5 times their usual gap or longer"),
        (Condition("months_active", "<=", 1), "have bought in 1 month at most"),
        (Condition("category_count", ">=", 2), "have bought from 2 categories or more"),
        (Condition("discount_share", "<=", 0), "have never had a discount"),
        (Condition("return_share", ">=", 0.25), f"have returned 25{NARROW}% of their purchases or more"),
        (
            Condition("orders_trend_90d", "<=", -1),
            "have ordered nothing in the last 90 days, but did in the 90 before",
        ),
        (
            Condition("orders_trend_90d", "<=", -1 / 3),
            f"have ordered at least 50{NARROW}% less in the last 90 days than in the 90 before",
        ),
        (
            Condition("spend_trend_90d", ">=", 1 / 3),
            f"have spent at least 100{NARROW}% more in the last 90 days than in the 90 before",
        ),
        (
            Condition("spend_trend_180d", ">=", -1 / 3),
            f"have spent at most 50{NARROW}% less in the last 180 days than in the 180 before",
        ),
        (
            Condition("orders_trend_90d", ">=", 0),
            "have ordered as much or more in the last 90 days than in the 90 before",
        ),
    ],
)
def test_words(condition: Condition, words: str) -> None:
    assert condition.words("GBP") == words


def test_words_of_one_customer() -> None:
    assert (
        Condition("recency_days", ">=", 60).words(None, of_one=True) == "has not bought for 60 days or more"
    )


def test_who_meets_a_condition() -> None:
    rows = pd.DataFrame({"gap_mean_days": [10.0, 30.0, np.nan, 31.0]})
    assert Condition("gap_mean_days", ">=", 30).holds(rows).tolist() == [False, True, False, True]
    assert Condition("gap_mean_days", "<=", 30).holds(rows).tolist() == [True, True, False, False]


def test_thresholds_are_round() -> None:
    days = np.arange(1, 401, dtype=float)
    assert set(thresholds("recency_days", days)) <= {30, 45, 75, 90, 120, 150, 180, 240, 270, 365}
    assert thresholds("order_count", np.array([1.0] * 9 + [7.0])) == [1.0]
    assert thresholds("monetary_total", np.array([1234.0] * 3)) == []
    assert 1200.0 in thresholds("monetary_total", np.array([10.0, 1234.0, 1234.0, 5000.0]))
    assert thresholds("orders_trend_90d", np.array([-1.0, 0.5])) == [
        -1.0,
        pytest.approx(-1 / 3),
        0.0,
        pytest.approx(1 / 3),
    ]
    assert thresholds("recency_days", np.array([np.nan])) == []


def test_only_conditions_that_cut_are_made() -> None:
    rows = pd.DataFrame({"order_count": [1] * 19 + [2], "spend_30d": [0.0] * 19 + [5.0]})
    # At 1 "at least" would hold for all. That nothing was spent is what "no order" says already.
    assert conditions(rows, ["order_count", "spend_30d"]) == [Condition("order_count", "<=", 1.0)]


def test_what_nobody_understands_is_not_said() -> None:
    assert can_be_said("recency_days")
    assert can_be_said("orders_30d")
    assert not any(
        can_be_said(name)
        for name in (
            "btyd_p_no_purchase",
            "spend_decay_30d",
            "product_factor_1",
            "recency_days_rank",
            "p_alive",
        )
    )
