"""What validation proves: leads and gains with their errors, at the churn rate of each date, and the AUC inside dates."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from churnkit import metrics
from churnkit.tournament.calibration import Calibration, Platt
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.level import PastPrediction
from churnkit.tournament.signal import (
    MIN_ROWS_TO_CHOOSE,
    PastSignal,
    auc_within,
    past_signal,
    standings,
    tells_apart,
)


def entrant(name: str, margin: np.ndarray) -> Entrant:
    return Entrant(name, "model", Calibration(margin, Platt(), "none"))


def drawn(rows: int) -> tuple[np.ndarray, Validation]:
    """Log-odds that are right but for the level of the second date, and what followed."""
    rng = np.random.default_rng(5)
    margin, fold = rng.normal(size=rows), np.arange(rows) % 2
    churned = (rng.random(rows) < expit(margin + fold)).astype(float)
    return margin, Validation(np.arange(rows), churned, fold)


def test_a_wrong_level_costs_no_gain_and_noise_has_none() -> None:
    margin, validation = drawn(4000)
    noise = np.random.default_rng(6).normal(size=len(margin))
    entrants = [
        entrant("base_rate", np.zeros(len(margin))),
        entrant("blend", margin),
        entrant("high", margin + 2.0),
        entrant("noise", noise),
    ]
    found = standings(entrants, validation).set_index("candidate").astype(float).to_dict("index")
    blend = found["blend"]
    assert blend["gain"] > 5 * blend["gain_error"]
    assert found["high"]["gain"] == pytest.approx(blend["gain"], abs=1e-6)
    assert abs(found["high"]["lead"]) < 1e-6
    assert found["noise"]["gain"] < 0 and found["noise"]["roc_auc_low"] < 0.5
    assert found["base_rate"]["gain"] == 0 and found["base_rate"]["roc_auc_low"] == 0.5
    right = [
        metrics.log_loss(validation.churned[k], expit(margin[k] + level)) for k, level in _dates(validation)
    ]
    even = [
        metrics.log_loss(y, np.full(len(y), y.mean()))
        for y in (validation.churned[k] for k, _ in _dates(validation))
    ]
    assert blend["gain"] == pytest.approx(np.mean(even) - np.mean(right), abs=0.003)


def _dates(validation: Validation) -> list[tuple[np.ndarray, float]]:
    return [(validation.fold == k, float(k)) for k in (0, 1)]


def test_few_rows_choose_nobody_over_the_blend() -> None:
    margin, validation = drawn(MIN_ROWS_TO_CHOOSE - 1)
    worse = entrant("blend", -margin)
    found = standings([entrant("base_rate", 0 * margin), worse, entrant("right", margin)], validation)
    assert found["lead"].isna().all()
    assert found["gain"].notna().all()


def test_pairs_are_counted_inside_a_date() -> None:
    """All of the second date are riskier and leave more often, which orders nobody inside either."""
    rng = np.random.default_rng(2)
    dates = [
        ((rng.random(3000) < rate).astype(float), rng.normal(size=3000) + 5 * rate) for rate in (0.2, 0.8)
    ]
    auc, error = auc_within(dates)
    assert abs(auc - 0.5) < 3 * error < 0.05
    assert metrics.roc_auc(*(np.concatenate(one) for one in zip(*dates, strict=True))) > 0.7
    assert np.isnan(auc_within([(np.ones(4), np.arange(4.0))])[0])


def past_of(margins: np.ndarray, churned: np.ndarray) -> list[PastPrediction]:
    """Dates of the same customers, rows of (dates, customers)."""
    day = datetime(2026, 1, 1)
    return [
        PastPrediction(day + timedelta(days=30 * k), margin, np.full(len(margin), 0.5), left)
        for k, (margin, left) in enumerate(zip(margins, churned, strict=True))
    ]


def signal_of(margins: np.ndarray, churned: np.ndarray) -> PastSignal:
    found = past_signal(past_of(margins, churned), [np.arange(margins.shape[1])] * len(margins))
    assert found is not None
    return found


def test_chance_is_taken_for_a_signal_in_one_shop_of_forty_at_most() -> None:
    """Also where a customer's windows overlap: the same guess and the same outcome, six times."""
    rng, mistaken = np.random.default_rng(1), 0
    for _shop in range(200):
        noise, left = 0.05 * rng.normal(size=150), (rng.random(150) < 0.4).astype(float)
        mistaken += signal_of(np.tile(noise, (6, 1)), np.tile(left, (6, 1))).orders
    assert mistaken <= 8


def test_a_weak_signal_is_found_in_many_dates_and_not_in_one() -> None:
    rng = np.random.default_rng(4)
    margins = 0.5 * rng.normal(size=(12, 200))
    churned = (rng.random(margins.shape) < expit(margins)).astype(float)
    every = signal_of(margins, churned)
    assert every.orders and every.is_worth_more and 0.6 < every.auc < 0.68
    assert not signal_of(margins[:1], churned[:1]).is_worth_more
    # Another level at every date orders nobody otherwise.
    moved = signal_of(margins + np.arange(12)[:, None], churned)
    assert (moved.gain, moved.auc) == pytest.approx((every.gain, every.auc), abs=1e-6)


def test_the_errors_of_past_dates_are_those_of_one_draw_a_customer() -> None:
    rng = np.random.default_rng(7)
    margin, left = rng.normal(size=300), (rng.random(300) < 0.5).astype(float)
    once = signal_of(margin[None], left[None])
    thrice = signal_of(np.tile(margin, (3, 1)), np.tile(left, (3, 1)))
    assert (thrice.gain_error, thrice.auc_error) == pytest.approx((once.gain_error, once.auc_error))
    assert once.auc_error == pytest.approx(np.sqrt(metrics.roc_auc_variance(left, margin)), rel=0.01)
    assert once.auc == pytest.approx(metrics.roc_auc(left, margin))


@pytest.mark.parametrize(
    ("gain", "auc", "tells"), [(0.0197, 0.5197, True), (0.0195, 0.6, False), (0.1, 0.5195, False)]
)
def test_both_must_be_beyond_their_errors(gain: float, auc: float, tells: bool) -> None:
    worthless = pd.Series({"gain": -1.0, "gain_error": 0.1, "roc_auc_low": 0.2})
    assert tells_apart(PastSignal(gain, 0.01, auc, 0.01), worthless) is tells


def test_probabilities_that_were_too_sure_at_first_may_show_their_worth_in_validation() -> None:
    too_sure = PastSignal(-0.04, 0.02, 0.74, 0.02)
    assert tells_apart(too_sure, pd.Series({"gain": 0.09, "gain_error": 0.01, "roc_auc_low": 0.7}))
    in_no_order = PastSignal(0.04, 0.01, 0.52, 0.02)
    assert not tells_apart(in_no_order, pd.Series({"gain": 0.09, "gain_error": 0.01, "roc_auc_low": 0.7}))


@pytest.mark.parametrize(
    ("gain", "low", "tells"), [(0.0197, 0.501, True), (0.0195, 0.6, False), (0.1, 0.5, False)]
)
def test_without_a_past_date_validation_decides(gain: float, low: float, tells: bool) -> None:
    assert past_signal(past_of(np.zeros((1, 5)), np.ones((1, 5))), [np.arange(5)]) is None
    assert tells_apart(None, pd.Series({"gain": gain, "gain_error": 0.01, "roc_auc_low": low})) is tells
