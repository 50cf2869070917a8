"""Time to a purchase: published figures, hand-computed ones, and where nothing can be said."""

from __future__ import annotations

import numpy as np
import pytest

from churnkit.errors import DataError
from churnkit.experiments.waiting_time import log_rank, waiting

# Freireich and others (1963), weeks of remission with 6-MP and with a placebo; who was not followed to the end is False.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_the_published_survival() -> None:
    found = waiting(TREATED, ENDED)
    left = 1 - found.share
    assert found.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert left.round(3).tolist() == [0.857, 0.807, 0.753, 0.69, 0.627, 0.538, 0.448]
    # Intervals on the log-log scale, as R's survfit gives them.
    assert (1 - found.high).round(3).tolist()[:2] == [0.62, 0.563]
    assert (1 - found.low).round(3).tolist()[:2] == [0.952, 0.923]


def test_the_published_log_rank_test() -> None:
    days = [*TREATED, *PLACEBO]
    ended = [*ENDED, *[1] * len(PLACEBO)]
    group = ["6-MP"] * len(TREATED) + ["placebo"] * len(PLACEBO)
    assert log_rank(days, ended, group) == pytest.approx(4.17e-5, rel=0.01)


def test_without_anybody_left_out_it_is_the_share() -> None:
    rng = np.random.default_rng(4)
    days, bought = rng.integers(0, 30, 200), rng.random(200) < 0.4
    found = waiting(np.where(bought, days, 30), bought)
    for day in (0, 9, 29):
        by = found.by(day)
        assert by is not None and by.value == pytest.approx((bought & (days <= day)).mean())
        assert by.low <= by.value <= by.high
    assert found.by(31) is None


def test_before_the_first_purchase_nobody_has_bought() -> None:
    found = waiting([5, 7, 9], [True, False, True])
    first = found.by(4)
    assert first is not None and (first.value, first.low, first.high) == (0.0, 0.0, 0.0)
    # The last one bought while nobody else was followed any more.
    assert found.share[-1] == 1.0
    none = waiting([5, 7], [False, False])
    assert none.by(6) is not None


@pytest.mark.parametrize("days", [[1.0], [1.0, float("nan")], [1.0, -1.0]])
def test_days_that_cannot_be(days: list[float]) -> None:
    with pytest.raises(DataError, match="days of 0 or more"):
        waiting(days, [True] * len(days))
