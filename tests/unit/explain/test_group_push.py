"""What pushes a group away from the others, with means by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.group_push import GroupPushes

OWN = np.array([True, True, False, False])


def pushes(**contributions: list[float]) -> GroupPushes:
    rows = pd.DataFrame(
        {
            "recency_days": [90.0, 80.0, 10.0, 20.0],
            "overdue_ratio": [1.0, 1.0, 1.0, 1.0],
            "order_count": [1.0, 2.0, 5.0, 5.0],
            "btyd_p_no_purchase": [0.9, 0.9, 0.1, 0.1],
        }
    )
    return GroupPushes(pd.DataFrame(contributions), rows)


def test_means_of_the_group_less_those_of_the_others() -> None:
    found = pushes(
        recency_days=[0.5, 0.3, -0.4, -0.2],
        btyd_p_no_purchase=[0.2, 0.2, 0.0, 0.0],
        order_count=[0.1, 0.1, 0.0, 0.0],
    ).of(OWN)
    assert [one.theme for one in found] == ["recency", "frequency"]
    # (0.4 + 0.3) for the days, 0.2 for the process.
    assert found[0].push == pytest.approx(0.9)
    assert found[1].push == pytest.approx(0.1)
    assert found[0].each_own.tolist() == pytest.approx([0.7, 0.5])


def test_the_figure_named_is_one_that_a_shopkeeper_knows() -> None:
    (only,) = pushes(btyd_p_no_purchase=[0.5, 0.4, -0.4, -0.3]).of(OWN)
    assert only.fact == "recency_days"


def test_no_figure_is_named_where_none_differs_that_way() -> None:
    rows = pd.DataFrame({"recency_days": [10.0, 30.0, 20.0, 20.0]})
    found = GroupPushes(pd.DataFrame({"recency_days": [0.4, 0.4, 0.0, 0.0]}), rows).of(OWN)
    assert found[0].push == pytest.approx(0.4) and found[0].fact is None


def test_what_hardly_moves_is_left_out() -> None:
    assert pushes(order_count=[0.04, 0.04, 0.0, 0.0]).of(OWN) == []


def test_many_customers_name_the_same_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"recency_days": np.where(np.arange(40) < 20, 90.0, 10.0) + np.arange(40) % 3})
    contributions = pd.DataFrame({"recency_days": rows["recency_days"] / 100})
    own = np.arange(40) < 20
    (whole,) = GroupPushes(contributions, rows).of(own)
    monkeypatch.setattr("churnkit.explain.group_push.MOST_ROWS", 10)
    (some,) = GroupPushes(contributions, rows).of(own)
    assert some.fact == whole.fact == "recency_days" and some.push == whole.push
