"""Class weights, SMOTE and undersampling: rows, weights and the log-odds they add."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.config import SMALL_CLASS_SHARE
from churnkit.tournament.rebalancing import rebalanced


def rows(leavers: int, stayers: int) -> tuple[np.ndarray, np.ndarray]:
    y = np.r_[np.ones(leavers), np.zeros(stayers)]
    return np.arange(2.0 * len(y)).reshape(-1, 2), y


def test_undersampling_keeps_the_smaller_class_and_as_many_others() -> None:
    x, y = rows(10, 90)
    kept_x, kept_y, weight, offset = rebalanced(x, y, "undersample", 1)
    assert weight is None
    assert (kept_y == 1).sum() == (kept_y == 0).sum() == 10
    assert (kept_x[kept_y == 1] == x[:10]).all()
    assert offset == pytest.approx(np.log(9))
    again = rebalanced(x, y, "undersample", 1)[0]
    other = rebalanced(x, y, "undersample", 2)[0]
    assert (again == kept_x).all()
    assert not np.array_equal(other, kept_x)


def test_few_stayers_are_the_smaller_class_too() -> None:
    x, y = rows(90, 10)
    _, kept_y, _, offset = rebalanced(x, y, "undersample", 1)
    assert len(kept_y) == 20
    assert offset == pytest.approx(-np.log(9))


@pytest.mark.parametrize("imbalance", ["smote", "undersample"])
def test_rows_are_made_or_dropped_below_a_fifth_alone(imbalance) -> None:
    at = int(100 * SMALL_CLASS_SHARE)
    below, there = rows(at - 1, 101 - at), rows(at, 100 - at)
    assert len(rebalanced(*below, imbalance, 1)[1]) != len(below[1])
    x, y, weight, _ = rebalanced(*there, imbalance, 1)
    assert weight is not None and len(x) == 100
    assert weight[y == 1].sum() == pytest.approx(weight[y == 0].sum())


def test_nothing_is_done_where_nothing_is_asked_for() -> None:
    x, _y, weight, offset = rebalanced(*rows(10, 90), "none", 1)
    assert (len(x), weight, offset) == (100, None, 0.0)
