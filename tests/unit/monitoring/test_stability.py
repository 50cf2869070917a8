"""PSI beside chance and habit."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.monitoring.stability import habit, habit_pairs, is_large, shifted


def test_chance_is_rarely_passed_and_a_shift_is_seen() -> None:
    rng = np.random.default_rng(5)
    passed = 0
    for _ in range(300):
        found, chance = shifted(rng.normal(size=200), rng.normal(size=200))
        passed += found.psi > chance
    assert passed <= 3
    moved, chance = shifted(rng.normal(size=200), rng.normal(1.0, size=200))
    assert moved.psi > chance and moved.psi > 0.2


@pytest.mark.parametrize(
    ("psi", "chance", "usual", "large"),
    [
        (0.3, 0.1, None, True),
        (0.3, 0.1, 0.25, True),
        (0.3, 0.1, 0.35, False),
        (0.3, 0.4, None, False),
        (0.19, 0.0, 0.0, False),
    ],
)
def test_large_means_large_and_beyond_chance_and_habit(
    psi: float, chance: float, usual: float | None, large: bool
) -> None:
    assert is_large(psi, chance, usual) is large


def test_habit_is_the_largest_shift_between_dates_as_far_apart() -> None:
    dates = [datetime(2025, 1, 1) + timedelta(days=45 * k) for k in range(3)]
    values = pd.Series([1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0])
    on = pd.Series(np.repeat(np.array(dates, dtype="datetime64[us]"), 4))
    near = habit_pairs(dates, timedelta(days=45))
    assert near == ((dates[0], dates[1]), (dates[1], dates[2]))
    assert habit(values, on, near[:1]) == 0.0
    assert (habit(values, on, near) or 0.0) > 1.0
    assert habit_pairs(dates, timedelta(days=400)) == () and habit(values, on, ()) is None
