"""Power by every result that two arms can have; sizes and detectable rates on and beside the bar of 80 %."""

from __future__ import annotations

import math

import pytest

from churnkit.errors import SettingsError
from churnkit.experiments import Sizes, detectable_rate, difference_of_proportions, power_of, sizes


def chance(bought: int, count: int, rate: float) -> float:
    return math.comb(count, bought) * rate**bought * (1 - rate) ** (count - bought)


def by_every_result(base: float, target: float, treated: int, held_out: int, alpha: float) -> float:
    """Probability of the results whose interval lies above 0."""
    return sum(
        chance(x, treated, target) * chance(y, held_out, base)
        for x in range(treated + 1)
        for y in range(held_out + 1)
        if difference_of_proportions(x, treated, y, held_out, alpha).low > 0
    )


@pytest.mark.parametrize(
    ("base", "target", "treated", "held_out", "alpha"),
    [
        (0.05, 0.3, 60, 12, 0.05),
        (0.4, 0.7, 25, 25, 0.05),
        (0.4, 0.7, 25, 25, 0.01),
        (0.0, 0.2, 30, 9, 0.05),
        (0.3, 1.0, 4, 4, 0.05),
        (0.5, 0.5, 20, 20, 0.05),
        (1.0, 1.0, 20, 20, 0.05),
        (0.5, 0.9, 1, 1, 0.05),
    ],
)
def test_power_is_the_chance_of_the_results_that_show_it(base, target, treated, held_out, alpha) -> None:
    expected = by_every_result(base, target, treated, held_out, alpha)
    assert power_of(base, target, treated, held_out, alpha=alpha) == pytest.approx(expected, abs=1e-9)
    # A fall of those who stay away is the same.
    mirrored = power_of(1 - base, 1 - target, treated, held_out, alpha=alpha)
    assert base == target or mirrored == pytest.approx(expected, abs=1e-9)


def test_large_arms_come_to_the_normal_formula() -> None:
    """0.02 is 2.80152 standard errors sqrt((0.09 + 0.1056) / 3839), and 0.84156 beyond 1.95996 has probability 0.8000."""
    assert power_of(0.10, 0.12, 3839, 3839) == pytest.approx(0.8, abs=5e-4)
    assert power_of(0.10, 0.10, 5000, 5000) == pytest.approx(0.025, abs=5e-4)


def test_the_usual_formula_promises_too_much_of_a_small_holdout() -> None:
    """(1.95996 + 0.84162)^2 x (0.0475 / 0.1 + 0.0736 / 0.9) / 0.0009 = 4,856 in all, of whom 486 held out."""
    assert power_of(0.05, 0.08, 4370, 486) == pytest.approx(0.685, abs=1e-3)
    found = sizes(0.05, 0.08, 0.1)
    assert found == Sizes(5608, 623)


@pytest.mark.parametrize(
    ("base", "target", "share"),
    [
        (0.05, 0.08, 0.1),
        (0.08, 0.05, 0.1),
        (0.1, 0.12, 0.5),
        (0.3, 0.4, 0.15),
        (0.0, 0.1, 0.5),
        (0.5, 0.9, 0.15),
    ],
)
def test_planned_sizes_reach_the_power_and_one_customer_less_does_not(base, target, share) -> None:
    found = sizes(base, target, share)
    assert found.held_out == pytest.approx(found.total * share, abs=0.5)
    less = Sizes.of(found.total - 1, share)
    assert power_of(base, target, less.treated, less.held_out) < 0.8
    assert power_of(base, target, found.treated, found.held_out) >= 0.8


@pytest.mark.parametrize(("base", "treated", "held_out"), [(0.05, 5608, 623), (0.3, 90, 16), (0.0, 100, 100)])
def test_the_detectable_rate_has_the_power_and_a_little_less_does_not(base, treated, held_out) -> None:
    rate = detectable_rate(base, treated, held_out)
    assert rate is not None
    assert power_of(base, rate, treated, held_out) >= 0.8
    assert power_of(base, rate - 2e-6, treated, held_out) < 0.8


def test_what_sizes_plan_for_they_detect() -> None:
    found = sizes(0.05, 0.08, 0.1)
    assert detectable_rate(0.05, found.treated, found.held_out) == pytest.approx(0.08, abs=1e-4)


def test_tiny_arms_detect_nothing() -> None:
    assert detectable_rate(0.5, 4, 4) is None
    # With one in each arm no rate can be told from any other.
    assert detectable_rate(0.5, 1, 1) is None


def test_an_effect_beyond_all_shops_has_a_size_by_the_formula() -> None:
    """7.84888 x 0.5 / 0.0001^2 / 2 in each arm."""
    assert sizes(0.5, 0.5001, 0.5).total == pytest.approx(7.84888 * 1e8, rel=1e-4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sizes(0.1, 0.1, 0.5), "must differ"),
        (lambda: sizes(-0.1, 0.1, 0.5), "base rate must be between 0 and 1"),
        (lambda: sizes(0.1, 1.5, 0.5), "target rate must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.5, power=1.0), "power must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.5, alpha=0.0), "alpha must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.0), "share held out"),
        (lambda: power_of(0.1, 1.2, 10, 10), "target rate must be between 0 and 1"),
        (lambda: power_of(0.1, 0.2, 10, 0), "found 10 and 0"),
        (lambda: detectable_rate(0.5, 0, 1), "found 0 and 1"),
        (lambda: detectable_rate(0.5, 1, 0), "found 1 and 0"),
    ],
)
def test_impossible_plans_are_refused(call, message) -> None:
    with pytest.raises(SettingsError, match=message):
        call()
