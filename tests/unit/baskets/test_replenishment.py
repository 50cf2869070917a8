"""Gaps drawn towards the shop's, the day an order is due, and whether the interval keeps its promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.baskets.replenishment import LEVELS, Habits, habits, next_orders

HORIZON = 60


def shop(customers: int, seed: int, today: int, spread: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Purchase days before ``today`` of customers with a pace of their own and log-normal gaps, nobody leaves."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        pace = rng.normal(np.log(25), 0.6)
        day = float(rng.integers(0, 60))
        while day < today:
            rows.append((customer, int(day)))
            day += max(1.0, float(np.exp(rng.normal(pace, spread))))
    found = np.unique(np.array(rows), axis=0)
    return found[:, 0], found[:, 1]


def test_spreads_and_means_by_hand():
    # Two customers, 20 gaps each, half of 4 and half of 16 days, and one without a gap. The log gaps deviate by
    # log 2 from log 8 in both: nothing lies between customers, so that part is set to its least.
    gaps = np.tile([4, 16], 10)
    days = np.concatenate([[0], np.cumsum(gaps)])
    customer = np.repeat([0, 1, 2], [21, 21, 1])
    found = habits(customer, np.concatenate([days, days, [190]]), 205)
    assert found is not None
    assert found.usual_days == pytest.approx([8.0, 8.0, 8.0])
    assert found.gaps.tolist() == [20, 20, 0] and found.silent_days.tolist() == [5, 5, 15]
    within = 40 * np.log(2) ** 2 / 38
    assert found.spread[2] == pytest.approx(np.sqrt(within + 0.05**2))
    assert found.spread[0] == pytest.approx(np.sqrt(within + 1 / (20 / within + 1 / 0.05**2)))


def test_many_gaps_speak_for_themselves_and_one_for_the_shop():
    rng = np.random.default_rng(0)
    customer, day = [], []
    for number in range(60):
        gaps = np.maximum(1, np.exp(rng.normal(np.log(10 if number % 2 else 40), 0.3, 30))).astype(int)
        days = np.concatenate([[0], np.cumsum(gaps)])
        customer += [number] * len(days)
        day += days.tolist()
    customer += [60, 60]
    day += [0, 10]
    found = habits(np.array(customer), np.array(day), 3000)
    assert found is not None
    assert found.usual_days[1] == pytest.approx(10, rel=0.15) and found.usual_days[0] == pytest.approx(
        40, rel=0.15
    )
    # One gap of ten days is moved towards the shop's middle of twenty.
    assert 10.2 < found.usual_days[60] < 20


def test_too_few_gaps():
    customer, day = shop(5, 1, 100)
    assert habits(customer, day, 100) is None
    assert next_orders(customer, day, 100, HORIZON) is None


someone = st.tuples(st.floats(0.5, 5), st.floats(0.1, 2), st.integers(1, 400))


@settings(max_examples=60)
@given(someone, st.floats(0.02, 0.98), st.integers(1, 200))
def test_levels_and_gaps_are_each_others_reverse(who, level, horizon):
    mean, spread, silent = who
    one = Habits(np.array([mean]), np.array([spread]), np.array([3]), np.array([silent]))
    gap = one.gap_at(level, horizon)
    assert silent <= gap[0] <= silent + horizon - 1
    if silent < gap[0] < silent + horizon - 1:
        start, end = (one._tail(np.array([edge])) for edge in (silent - 0.5, silent + horizon - 0.5))
        if start - end > 1e-200:
            assert one.levels_of(gap, horizon) == pytest.approx(level, abs=1e-6)


def test_later_levels_are_later_days_even_far_beyond_the_usual():
    one = Habits(np.full(3, np.log(5)), np.full(3, 0.2), np.full(3, 9), np.array([1, 30, 4000]))
    low, middle, high = (one.gap_at(level, HORIZON) for level in LEVELS)
    assert (low <= middle).all() and (middle <= high).all()
    assert np.isfinite(high).all() and (high <= one.silent_days + HORIZON - 1).all()


def test_the_interval_keeps_its_promise_in_a_shop_as_assumed():
    customer, day = shop(500, 2, 500)
    due = next_orders(customer, day, 500, HORIZON, earlier=[320, 350, 380, 410, 440])
    assert due is not None and due.checked is not None
    assert due.levels == pytest.approx(LEVELS, abs=0.06)
    assert due.checked.returned > 200
    assert due.checked.coverage == pytest.approx(0.8, abs=0.06)
    assert due.checked.error_days < 0.85 * due.checked.naive_error_days
    table = due.table
    assert (table["due_in_low"] <= table["due_in"]).all() and (table["due_in"] <= table["due_in_high"]).all()
    assert table["due_in_low"].min() >= 0 and table["due_in_high"].max() < HORIZON


def test_levels_are_learned_where_the_shop_is_otherwise():
    """Everybody buys on a fixed day each month: the model's spread is too wide, the earlier dates say so."""
    days = np.arange(0, 660, 30)
    customer = np.repeat(np.arange(100), len(days))
    day = np.tile(days, 100) + customer % 28
    due = next_orders(customer, day, 660, 40, earlier=[500, 540, 580, 620])
    assert due is not None and due.checked is not None
    assert due.levels[2] - due.levels[0] < 0.5
    assert due.checked.coverage > 0.75 and due.checked.width_days < 8


def test_what_comes_later_changes_nothing():
    customer, day = shop(80, 3, 400)
    known = day < 300
    later = np.where(day >= 300, np.minimum(day + 7, 399), day)
    first = next_orders(customer[known], day[known], 300, HORIZON)
    assert first is not None
    again = habits(customer[known], later[known], 300)
    assert again is not None and (first.table["usual_gap_days"] == again.usual_days).all()
    assert first.levels == LEVELS and first.checked is None
