"""What validation proves: leads and gains with their errors, at the churn rate of each date, and the AUC inside dates."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from churnkit import metrics
from churnkit.tournament.calibration import Calibration, Platt
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.signal import MIN_ROWS_TO_CHOOSE, auc_within, standings


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


def test_chance_is_taken_for_a_signal_in_one_shop_of_twenty_at_most() -> None:
    rng, rows, mistaken = np.random.default_rng(1), 200, 0
    for _shop in range(60):
        noise, fold = 0.2 * rng.normal(size=rows), np.arange(rows) % 3
        validation = Validation(np.arange(rows), (rng.random(rows) < 0.4).astype(float), fold)
        found = standings([entrant("base_rate", 0 * noise), entrant("blend", noise)], validation)
        one = found.set_index("candidate").loc["blend"]
        mistaken += bool(one["gain"] > one["gain_error"] and one["roc_auc_low"] > 0.5)
    assert mistaken <= 3
