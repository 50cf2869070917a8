"""Figures of past forecasts by hand: ten customers a window, eight of them active."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import numpy as np
import pytest

from churnkit import metrics
from churnkit.results.found import Found, Missing
from churnkit.results.quality import Quality
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.quality import quality, quality_by_status

HORIZON = 30
START = datetime(2026, 1, 1)
LEFT = (1.0, 1, 0, 1, 0, 0, 1, 0, 0, 0)


def ten(cutoff: datetime = START, churned: tuple[float, ...] = LEFT) -> PastOutcome:
    """Two of the ten called riskiest left, one of the two longest silent; four in all."""
    return PastOutcome(
        cutoff,
        np.array([0.9, 0.8, 0.5, 0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2]),
        np.array(churned),
        np.full(10, 2.0),
        np.full(10, 3.0),
        np.array([5.0, 90, 100, 30, 5, 6, 7, 8, 9, 10]),
        Stakes(np.ones(10), 0.1, 0.5),
    )


def of_all(past: list[PastOutcome]) -> Quality:
    found = quality_by_status(past, HORIZON).all
    assert isinstance(found, Found)
    return found.value


def of_active(past: list[PastOutcome]) -> Quality:
    found = quality_by_status(past, HORIZON).active
    assert isinstance(found, Found)
    return found.value


def test_all_by_hand() -> None:
    found = of_all([ten()])
    shares = (found.left_among_riskiest, found.left_among_longest_silent, found.actual_churn_rate)
    assert (found.windows, found.customers, found.churned, *shares) == (1, 10, 4, 1.0, 0.5, 0.4)
    # Those who left stand above 6, 6, 5 and 3.5 of the six who stayed.
    assert found.roc_auc == pytest.approx(20.5 / 24)
    below, above = np.array([6, 6, 5, 3.5]) / 6, np.array([2.5, 2.5, 3.5, 4, 4, 4]) / 4
    spread = math.sqrt(below.var(ddof=1) / 4 + above.var(ddof=1) / 6)
    assert found.roc_auc_low == pytest.approx(20.5 / 24 - 1.959964 * spread)
    # Expected 4.8 of ten, four left.
    assert found.level_miss == pytest.approx(0.08)
    assert found.log_loss_of_base_rate == pytest.approx(-0.4 * math.log(0.4) - 0.6 * math.log(0.6))
    assert (found.expected_spend, found.actual_spend) == (20, 30)
    assert found.lift_at_20 == pytest.approx(2.5)


def test_the_active_are_silent_no_longer_than_the_threshold() -> None:
    found = of_active([ten()])
    # Without the two of 90 and 100 days; 30 days are not longer than 30.
    assert (found.windows, found.customers, found.churned) == (1, 8, 3)
    assert found.actual_churn_rate == pytest.approx(3 / 8)
    assert found.expected_churn_rate == pytest.approx((0.9 + 0.5 + 0.5 + 0.4 + 0.4 + 0.3 + 0.3 + 0.2) / 8)
    assert found.expected_spend == 16


def test_windows_that_overlap_count_once() -> None:
    assert of_all([ten(START + timedelta(days=15 * k)) for k in range(5)]).windows == 3
    assert of_all([ten(START + timedelta(days=30 * k)) for k in range(9)]).windows == 6


def test_pairs_lie_within_a_date() -> None:
    later = ten(START + timedelta(days=30), churned=tuple(1 - left for left in LEFT))
    found = of_all([ten(), later])
    assert found.roc_auc == pytest.approx((20.5 + 24 - 20.5) / 48)
    assert found.level_miss == pytest.approx((0.08 + 0.12) / 2)


def test_a_window_where_all_left_tells_of_the_level_alone() -> None:
    gone = ten(START + timedelta(days=30), churned=(1.0,) * 10)
    assert isinstance(quality_by_status([gone], HORIZON).all, Missing)
    assert quality_by_status([], HORIZON).active == quality([], "active customers")
    both = of_all([ten(), gone])
    assert (both.windows, both.roc_auc) == (2, pytest.approx(20.5 / 24))
    assert both.actual_churn_rate == pytest.approx(0.7)


def test_a_single_leaver_has_the_spread_of_chance() -> None:
    found = of_all([ten(churned=(1.0,) + (0.0,) * 9)])
    assert found.roc_auc == 1
    assert found.roc_auc_low == pytest.approx(1 - 1.959964 * math.sqrt(11 / (12 * 9)))


def test_variance_of_an_auc_covers_it() -> None:
    """Of 400 samples from two normals, the 95 % interval holds the true area in 95 %."""
    rng = np.random.default_rng(7)
    truth, held = 0.5 * (1 + math.erf(0.8 / 2)), 0
    for _ in range(400):
        y = np.repeat([1.0, 0.0], [60, 140])
        score = rng.normal(0.8 * y, 1.0)
        held += abs(metrics.roc_auc(y, score) - truth) < 1.96 * math.sqrt(metrics.roc_auc_variance(y, score))
    assert 0.92 < held / 400 < 0.98
