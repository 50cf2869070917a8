"""What sets a group apart: shares by hand, topics, repetitions."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.explain.conditions import Condition
from churnkit.explain.separation import differences


def shop() -> tuple[pd.DataFrame, np.ndarray]:
    """Ten customers; the first four are the group: long silent, with few orders. Two outside are silent too."""
    inside = np.arange(10) < 4
    rows = pd.DataFrame(
        {
            "recency_days": [200, 210, 220, 230, 200, 200, 11, 12, 13, 14],
            "orders_90d": [0, 0, 0, 0, 0, 0, 1, 2, 2, 2],
            "order_count": [1, 1, 1, 3, 4, 4, 5, 5, 6, 6],
            "btyd_p_no_purchase": np.where(inside, 0.9, 0.1),
        }
    )
    return rows, inside


def test_one_condition_a_topic_with_its_shares() -> None:
    rows, inside = shop()
    first, second = differences(rows, inside, ["recency", "frequency"])
    assert first.condition.feature == "recency_days"
    assert first.condition.operator == ">="
    assert (first.share_inside, first.share_outside, first.customers) == (1.0, 2 / 6, 4)
    assert second.condition == Condition("order_count", "<=", 3.0)
    assert (second.share_inside, second.share_outside) == (1.0, 0.0)


def test_the_same_customers_are_not_named_twice() -> None:
    rows, inside = shop()
    # Fewer orders of late are the same six customers as long silence: the topic is passed over.
    rows = rows.drop(columns="order_count").rename(columns={"orders_90d": "orders_180d"})
    found = differences(rows, inside, ["recency", "frequency"])
    assert [d.condition.feature for d in found] == ["recency_days"]


def test_small_differences_are_not_worth_a_sentence() -> None:
    rows = pd.DataFrame({"order_count": [1, 1, 2, 2, 1, 1, 1, 2, 2, 2]})
    inside = np.arange(10) < 5
    # 3 of 5 against 2 of 5 is a difference of 20 points; one customer less is not.
    assert len(differences(rows, inside, ["frequency"])) == 1
    rows.loc[4, "order_count"] = 2
    assert differences(rows, inside, ["frequency"]) == []


def test_nobody_or_everybody_is_no_group() -> None:
    rows, inside = shop()
    assert differences(rows, np.zeros(10, dtype=bool), ["recency"]) == []
    assert differences(rows, np.ones(10, dtype=bool), ["recency"]) == []
    assert len(differences(rows, inside, ["recency", "frequency"], count=1)) == 1
