"""Money in two arms: by hand, and how often a campaign that changes nothing is said to have changed something."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from churnkit.experiments import difference_of_means, difference_of_spend
from churnkit.experiments.spend import cap_of, pooled_spread


def test_spread_and_skewness_by_hand() -> None:
    """0 0 3 and 1: mean 1, squares 1 1 4 0, cubes -1 -1 8 0.

    Variance 6 / 3 = 2, error sqrt(2 (1/3 + 1/1)); skewness 1.5 / 1.5^1.5 of one, times (1/9 - 1) / (4/3)^1.5.
    """
    error, skewness = pooled_spread(np.array([0.0, 0, 3]), np.array([1.0]))
    assert error == pytest.approx(math.sqrt(8 / 3))
    assert skewness == pytest.approx(1.5**-0.5 * (1 / 9 - 1) / (4 / 3) ** 1.5)


def test_bounds_by_hand() -> None:
    """Equal arms do not lean: Student's interval with the spread of both together."""
    one, base = np.array([1.0, 2, 6]), np.array([0.0, 1, 2])
    found = difference_of_spend(one, base, alpha=0.05)
    error = math.sqrt(np.concatenate([one, base]).var(ddof=1) * 2 / 3)
    half = float(stats.t.ppf(0.975, 4)) * error
    assert (found.value, found.low, found.high) == pytest.approx((2, 2 - half, 2 + half))


def test_bounds_lean_towards_more_where_the_small_arm_is_held_out() -> None:
    spent = np.concatenate([np.zeros(60), np.linspace(1, 40, 40)])
    one, base = np.tile(spent, 9), spent
    found = difference_of_spend(one, base, alpha=0.05)
    assert found.value == pytest.approx(0)
    assert found.high > -found.low > 0
    turned = difference_of_spend(base, one, alpha=0.05)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_bounds_lean_by_half_their_distance_at_most() -> None:
    """Two held out and one who bought among 200: the estimate stays inside."""
    one, base = np.append(np.zeros(197), 1000.0), np.zeros(2)
    found = difference_of_spend(one, base, alpha=0.05)
    down, up = found.value - found.low, found.high - found.value
    assert up / down == pytest.approx(3)


def test_arms_that_spent_the_same_have_no_width() -> None:
    found = difference_of_spend(np.zeros(5), np.zeros(2), alpha=0.05)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_cap_is_a_quantile_of_those_who_bought() -> None:
    assert cap_of(np.array([0.0, -5, 0, 10, 20]), 0.5) == 15
    assert cap_of(np.array([0.0, -5]), 0.99) == 0


def test_no_effect_is_called_one_as_seldom_as_promised() -> None:
    """500 shops with lognormal spend, a tenth of 1,000 held out, nothing changed: 2.5 % on each side are due.

    More than 24 of 500 on a side come by chance in 1 of 500 cases. The formula of each arm's own spread fails that.
    """
    rng = np.random.default_rng(12)
    false = {"worked": 0, "harmed": 0, "worked, each arm's own": 0}
    for _ in range(500):
        spent = np.where(rng.random(1000) < 0.3, rng.lognormal(3.5, 1.5, 1000), 0.0)
        spent = np.minimum(spent, cap_of(spent, 0.99))
        found = difference_of_spend(spent[100:], spent[:100], alpha=0.05)
        own = difference_of_means(spent[100:], spent[:100]).interval
        false["worked"] += found.low > 0
        false["harmed"] += found.high < 0
        false["worked, each arm's own"] += own.low > 0
    assert false["worked"] <= 24
    assert false["harmed"] <= 24
    assert false["worked, each arm's own"] > 24
