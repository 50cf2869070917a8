"""Intervals against published numbers, hand-computed ones and other packages."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from churnkit.errors import DataError
from churnkit.experiments import difference_of_means, difference_of_proportions, ratio_of_proportions, wilson
from churnkit.results.interval import Interval

# Newcombe (1998), table II, method 10.
NEWCOMBE = [
    ((56, 70, 48, 80), 0.2000, 0.0524, 0.3339),
    ((9, 10, 3, 10), 0.6000, 0.1705, 0.8090),
    ((5, 56, 0, 29), 0.0893, -0.0381, 0.1926),
    ((0, 10, 0, 10), 0.0, -0.2775, 0.2775),
    ((10, 10, 0, 10), 1.0, 0.6075, 1.0),
]


@pytest.mark.parametrize(("counts", "value", "low", "high"), NEWCOMBE)
def test_difference_of_proportions_is_newcombes(counts, value, low, high) -> None:
    found = difference_of_proportions(*counts)
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=5e-5)


@pytest.mark.parametrize("counts", [(3, 50, 9, 40), (120, 850, 10, 150), (1, 2, 0, 3)])
def test_difference_of_proportions_equals_statsmodels(counts: tuple[int, int, int, int]) -> None:
    found = difference_of_proportions(*counts, alpha=0.1)
    assert (found.low, found.high) == pytest.approx(
        confint_proportions_2indep(*counts, method="newcomb", alpha=0.1)
    )


@pytest.mark.parametrize(("successes", "count"), [(0, 7), (7, 7), (3, 11), (500, 1000)])
def test_wilson_equals_statsmodels_and_stays_inside(successes, count) -> None:
    found = wilson(successes, count)
    assert (found.low, found.high) == pytest.approx(
        proportion_confint(successes, count, method="wilson"), abs=1e-12
    )
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_ratio_of_proportions_by_hand() -> None:
    """7 of 34 against 1 of 34: Wilson gives 0.103511 to 0.367963 and 0.005210 to 0.149174.

    With p1 p2 = 0.0060554: down = sqrt(0.0060554^2 - 0.0319056 x -0.0134782) = 0.0216041; low = 0.0319056 /
    (0.0060554 + 0.0216041); up = sqrt(0.0060554^2 - 0.0161268 x 0.0002793) = 0.0056713; high = (0.0060554 +
    0.0056713) / 0.0002793.
    """
    found = ratio_of_proportions(7, 34, 1, 34)
    assert found is not None
    assert found.value == pytest.approx(7.0)
    assert found.low == pytest.approx(1.1537, abs=5e-4)
    assert found.high == pytest.approx(41.98, abs=0.05)


def test_ratio_of_proportions_at_the_ends() -> None:
    assert ratio_of_proportions(5, 10, 0, 10) is None
    found = ratio_of_proportions(0, 16, 15, 72)
    assert found is not None
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(1.0018, abs=5e-4)
    same = ratio_of_proportions(30, 30, 40, 40)
    assert same is not None
    assert same.low < 1 < same.high < 1.2


def test_ratio_keeps_its_level() -> None:
    """2,000 draws of 0.5 of 80 against 0.6 of 40: at least 93 % of the intervals hold the true ratio."""
    rng = np.random.default_rng(5)
    one, base = rng.binomial(80, 0.5, 2000), rng.binomial(40, 0.6, 2000)
    found = [ratio_of_proportions(int(a), 80, int(b), 40) for a, b in zip(one, base, strict=True)]
    held = [i is not None and i.low <= 0.5 / 0.6 <= i.high for i in found]
    assert 0.93 <= np.mean(held) <= 0.975


def test_difference_of_means_by_hand() -> None:
    """Means 2.5 and 4, variances 5/3 and 4: error sqrt(5/12 + 4/3) = 1.3229, freedom 3.0625 / 0.94676 = 3.2347."""
    found = difference_of_means([1, 2, 3, 4], [2, 4, 6])
    assert found.interval.value == -1.5
    assert found.standard_error == pytest.approx(1.322876, abs=1e-6)
    assert found.degrees_of_freedom == pytest.approx(3.2347, abs=1e-4)
    other = stats.ttest_ind([1, 2, 3, 4], [2, 4, 6], equal_var=False)
    low, high = other.confidence_interval()
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high))
    assert found.p_value == pytest.approx(other.pvalue)


def test_arms_without_spread() -> None:
    found = difference_of_means([0, 0, 0], [0, 0])
    assert (found.interval, found.p_value) == (Interval(0, 0, 0), 1.0)
    assert math.isinf(found.degrees_of_freedom)
    assert difference_of_means([1, 1], [0, 0]).p_value == 0.0


@pytest.mark.parametrize(
    ("one", "two", "message"),
    [([1.0], [1.0, 2.0], "2 customers or more, found 1"), ([1.0, np.nan], [1.0, 2.0], "1 of 2 are not")],
)
def test_arms_that_cannot_be_compared(one, two, message) -> None:
    with pytest.raises(DataError, match=message):
        difference_of_means(one, two)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(DataError, match="found 3 of 2"):
        wilson(3, 2)
    with pytest.raises(DataError, match="found 0 of 0"):
        ratio_of_proportions(1, 2, 0, 0)


def test_interval_times() -> None:
    assert Interval(1, 0, 3).times(-2, 1) == Interval(-1, -5, 1)
    assert Interval(1, 0.5, 2).excludes_zero
    assert Interval(-1, -2, -0.5).excludes_zero
    assert not Interval(0, -1, 1).excludes_zero


def test_one_customer_and_one_success_have_an_interval() -> None:
    # z^2 = 3.8415: of one without a success up to z^2 / (1 + z^2).
    found = wilson(0, 1)
    assert (found.low, found.high) == pytest.approx((0, 0.793), abs=1e-3)
    with pytest.raises(DataError):
        wilson(0, 0)
    ratio = ratio_of_proportions(1, 10, 5, 10)
    assert ratio is not None
    assert 0 < ratio.low < 0.2 < ratio.high
