"""Sample ratio, CUPED and the interval for many looks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from churnkit.errors import DataError, SettingsError
from churnkit.experiments import (
    SampleRatioMismatch,
    conversion_information,
    cuped,
    difference_of_spend,
    safe_factor,
    safe_interval,
    sample_ratio,
)
from churnkit.experiments.cuped import too_few
from churnkit.experiments.sample_ratio import blocks, ratio_words, require_ratio

HALVES = {"treatment": 0.5, "holdout": 0.5}


def test_chi_square_by_hand() -> None:
    """5,050 and 4,950 of 10,000: 2 x 50^2 / 5,000 = 1, p = 0.3173."""
    found = sample_ratio({"treatment": 5050, "holdout": 4950}, HALVES)
    assert found.p_value == pytest.approx(0.317311, abs=1e-6)
    assert not blocks(found)
    require_ratio(found)
    assert "within chance" in ratio_words(found)


def test_three_arms_equal_scipy() -> None:
    found = sample_ratio({"a": 210, "b": 190, "c": 100}, {"a": 0.4, "b": 0.4, "c": 0.2})
    assert found.p_value == pytest.approx(stats.chisquare([210, 190, 100], [200, 200, 100]).pvalue)


def test_sixty_to_forty_of_ten_thousand_blocks() -> None:
    found = sample_ratio({"treatment": 6000, "holdout": 4000}, HALVES)
    assert blocks(found)
    with pytest.raises(SampleRatioMismatch, match=r"6,000 contacted where 5,000 were due.*cannot be chance"):
        require_ratio(found)


@pytest.mark.parametrize(
    ("observed", "shares"),
    [
        ({"treatment": 0, "holdout": 0}, HALVES),
        ({"treatment": 5}, HALVES),
        ({"treatment": 5, "holdout": 0}, {"treatment": 1.0, "holdout": 0.0}),
        ({"treatment": 5, "holdout": 5}, {"treatment": 0.5, "holdout": 0.4}),
    ],
)
def test_ratio_needs_arms_and_shares(observed, shares) -> None:
    with pytest.raises(DataError):
        sample_ratio(observed, shares)


def test_cuped_takes_out_all_that_was_known() -> None:
    """Y = 2 X + 3 T in every pair: theta 2, the effect is 3, and its own spread 2.25 of 4 x 26/9 + 2.25 is left."""
    before = np.array([1.0, 1.0, 2.0, 2.0, 5.0, 5.0])
    treated = np.array([True, False] * 3)
    found = cuped(2 * before + 3 * treated, before, treated)
    assert found.theta == pytest.approx(2.0)
    assert found.effect.value == pytest.approx(3.0)
    assert found.variance_reduction == pytest.approx(1 - 2.25 / (4 * 26 / 9 + 2.25))


def test_cuped_by_hand() -> None:
    """X = 1 2 3 4 (mean 2.5), Y = 1 3 2 6: theta = (1.5 x 2 + 0.5 x 0 - 0.5 x 1 + 1.5 x 3) / 5 = 7 / 5.

    Y - 1.4 (X - 2.5) = 3.1, 3.7, 1.3, 3.9; treated are the first and the last: 3.5 - 2.5 = 1.
    """
    found = cuped([1, 3, 2, 6], [1, 2, 3, 4], [True, False, False, True])
    assert found.theta == pytest.approx(1.4)
    assert found.effect.value == pytest.approx(1.0)


def test_cuped_reduces_the_variance_by_the_squared_correlation() -> None:
    rng = np.random.default_rng(4)
    before = rng.normal(size=20_000)
    treated = rng.random(20_000) < 0.5
    result = 0.8 * before + 0.6 * rng.normal(size=20_000) + 0.05 * treated
    found = cuped(result, before, treated)
    assert found.variance_reduction == pytest.approx(0.64, abs=0.02)
    plain = difference_of_spend(result[treated], result[~treated], alpha=0.05)
    width, before_it = found.effect.high - found.effect.low, plain.high - plain.low
    assert width == pytest.approx(0.6 * before_it, rel=0.03)
    assert found.effect.low < 0.05 < found.effect.high


def test_cuped_on_a_constant_changes_nothing() -> None:
    found = cuped([1, 2, 3, 5], [7, 7, 7, 7], [True, False, True, False])
    assert (found.theta, found.variance_reduction) == (0.0, 0.0)
    assert found.effect == difference_of_spend([1, 3], [2, 5], alpha=0.05)


def test_cuped_needs_matching_rows() -> None:
    with pytest.raises(DataError, match="3 results, 2 covariates"):
        cuped([1, 2, 3], [1, 2], [True, False, True])


def test_safe_factor_by_hand() -> None:
    """x = 5.99146 + ln 6.99146 = 7.93615; sqrt((1 + 1 / 7.93615)(ln 8.93615 + 5.99146)) = 3.03521."""
    assert safe_factor(1.0) == pytest.approx(3.03521, abs=1e-5)


def test_safe_interval_is_wider_the_earlier_the_look() -> None:
    factors = [safe_factor(x) for x in (0.05, 0.2, 0.5, 1.0)]
    assert factors == sorted(factors, reverse=True)
    assert min(factors) > 1.96
    found = safe_interval(2.0, 0.5, 1.0)
    assert (found.low, found.high) == pytest.approx((2 - 0.5 * 3.03521, 2 + 0.5 * 3.03521), abs=1e-5)


def test_information_of_conversion_is_in_odds() -> None:
    assert conversion_information(0.2, 0.5) == pytest.approx(0.25)
    assert conversion_information(0.0, 0.5) > 0
    assert math.isfinite(conversion_information(1.0, 1.0))


@pytest.mark.parametrize(("information", "alpha"), [(0.0, 0.05), (1.0, 0.0), (1.0, 1.0)])
def test_impossible_looks_are_refused(information, alpha) -> None:
    with pytest.raises(SettingsError):
        safe_factor(information, alpha)


def test_brownian_motion_seldom_leaves_the_safe_interval() -> None:
    """2,000 paths looked at 200 times: at most 5 % leave it (fixed intervals: more than a third)."""
    rng = np.random.default_rng(6)
    time = np.arange(1, 201) / 200
    paths = np.cumsum(rng.normal(size=(2000, 200)), axis=1) * math.sqrt(1 / 200)
    standard = np.abs(paths) / np.sqrt(time)
    factors = np.array([safe_factor(t) for t in time])
    assert (standard > factors).any(axis=1).mean() <= 0.05
    assert (standard > 1.96).any(axis=1).mean() > 1 / 3


def test_cuped_of_a_result_without_spread_saves_nothing() -> None:
    assert cuped([1, 1, 1, 1], [1, 2, 3, 4], [True, False, True, False]).variance_reduction == 0.0


def bought(buyers: int, count: int) -> np.ndarray:
    return np.arange(count) < buyers


@pytest.mark.parametrize(
    ("buyers", "others_too", "words"),
    [
        (9, True, "10 customers who bought, and those left out for comparison have 9"),
        (10, True, ""),
        (30, True, ""),
        (31, True, "10 customers who did not buy, and those left out for comparison have 9"),
        (31, False, ""),
    ],
)
def test_earlier_behaviour_is_left_out_below_ten_of_a_kind(buyers: int, others_too: bool, words: str) -> None:
    both = np.concatenate([bought(50, 100), bought(buyers, 40)])
    found = too_few(both, np.arange(140) < 100, others_too=others_too)
    assert (found is None) if not words else (found is not None and words in found.reason)
