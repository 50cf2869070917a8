"""One budget over several actions: against every allocation, and against the bound that none exceeds."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from churnkit.roi.allocation import NONE, Allocator


def worth_of(chosen: np.ndarray, values: np.ndarray) -> float:
    rows = np.flatnonzero(chosen != NONE)
    return float(values[rows, chosen[rows]].sum())


def best_of_all(gains: np.ndarray, costs: np.ndarray, places: list[int | None], budget: float) -> float:
    """Every allocation there is."""
    best = 0.0
    for picked in product(range(-1, gains.shape[1]), repeat=len(gains)):
        chosen = np.array(picked)
        full = any(one is not None and (chosen == k).sum() > one for k, one in enumerate(places))
        if not full and worth_of(chosen, costs) <= budget:
            best = max(best, worth_of(chosen, gains))
    return best


def test_a_call_where_it_brings_more_for_the_money() -> None:
    # Two messages of 1 bring 10 and 6; a call of 5 brings 12 and 30.
    gains, costs = np.array([[10.0, 12.0], [6.0, 30.0]]), np.array([[1.0, 5.0], [1.0, 5.0]])
    allocator = Allocator(gains, costs, [None, None])
    assert allocator.allocate(2.0)[0].tolist() == [0, 0]
    assert allocator.allocate(6.0)[0].tolist() == [0, 1]
    chosen, prices = allocator.allocate(100.0)
    assert chosen.tolist() == [1, 1]
    assert prices.money == 0.0
    # With one place for a call the second customer has it, and another place would bring the 2 of the first.
    one_call = Allocator(gains, costs, [None, 1])
    assert one_call.allocate(100.0)[0].tolist() == [0, 1]
    assert one_call.value_of_a_place(100.0).tolist() == pytest.approx([0.0, 2.0])
    assert allocator.allocate(0.5)[0].tolist() == [NONE, NONE]


@pytest.mark.parametrize("seed", range(6))
def test_as_good_as_every_other_but_for_the_last_customer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gains, costs = rng.normal(4, 5, (6, 3)), rng.uniform(0.5, 4, (6, 3))
    gains[0, 1] = -np.inf
    places: list[int | None] = [None, 2, 1]
    budget = 6.0
    chosen, prices = Allocator(gains, costs, places).allocate(budget)
    found, best = worth_of(chosen, gains), best_of_all(gains, costs, places, budget)
    assert worth_of(chosen, costs) <= budget
    assert all(one is None or (chosen == k).sum() <= one for k, one in enumerate(places))
    assert found <= best + 1e-9 <= prices.bound + 1e-3 * best
    assert found >= best - gains.max()
    assert chosen[0] != 1


def test_many_customers_come_next_to_the_bound() -> None:
    rng = np.random.default_rng(3)
    gains = rng.lognormal(2, 1, (3000, 1)) * rng.uniform(0.2, 1.2, (3000, 4)) - 3
    costs = np.array([1.0, 6.0, 1.5, 2.0]) + rng.uniform(0, 2, (3000, 4))
    chosen, prices = Allocator(gains, costs, [None, 40, 300, None]).allocate(800.0)
    assert worth_of(chosen, costs) <= 800.0
    assert worth_of(chosen, gains) > 0.995 * prices.bound
    more = Allocator(gains, costs, [None, 40, 300, None]).prices(801.0).bound
    assert more - prices.bound == pytest.approx(prices.money, rel=0.5)


def test_nobody_and_nothing_that_pays() -> None:
    nobody, _ = Allocator(np.empty((0, 2)), np.empty((0, 2)), [None, None]).allocate(10.0)
    assert len(nobody) == 0
    losing, prices = Allocator(np.full((3, 1), -1.0), np.ones((3, 1)), [None]).allocate(10.0)
    assert losing.tolist() == [NONE] * 3
    assert prices.money == 0.0
