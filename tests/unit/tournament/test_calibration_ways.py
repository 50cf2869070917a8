"""None, Platt, temperature, isotonic: what each mends, and when which is chosen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from churnkit import metrics
from churnkit.tournament.calibration import (
    MIN_ISOTONIC_ROWS,
    Isotonic,
    calibrate_all_ways,
    fit_isotonic,
    fit_temperature,
)
from churnkit.tournament.margins import to_probability


def drawn(margin: np.ndarray, seed: int = 3) -> np.ndarray:
    return (np.random.default_rng(seed).random(len(margin)) < expit(margin)).astype(float)


def truth(rows: int) -> np.ndarray:
    return np.random.default_rng(1).normal(0.0, 1.5, rows)


def test_temperature_divides_by_what_the_log_odds_were_multiplied_with() -> None:
    margin = truth(20_000)
    scaling = fit_temperature(2.5 * margin, drawn(margin))
    assert scaling.slope == pytest.approx(1 / 2.5, rel=0.05)
    assert scaling.intercept == 0.0


def test_an_isotonic_curve_rises_and_gives_the_rates_of_its_steps() -> None:
    margin = np.r_[np.full(50, -2.0), np.full(50, 1.0)]
    churned = np.r_[np.ones(10), np.zeros(40), np.ones(40), np.zeros(10)]
    curve = fit_isotonic(margin, churned)
    assert curve.margins == (-2.0, 1.0)
    # One imaginary row of either outcome: 11 of 52 and 41 of 52.
    assert expit(curve.odds) == pytest.approx([11 / 52, 41 / 52])
    between = curve.apply(np.array([-9.0, -0.5, 9.0]))
    assert between == pytest.approx([curve.odds[0], np.mean(curve.odds), curve.odds[1]])
    assert curve.shifted(0.5).odds == pytest.approx([one + 0.5 for one in curve.odds])


def test_a_bent_scale_is_mended_by_the_isotonic_curve_and_by_no_line() -> None:
    right = truth(6000)
    bent = np.where(right > 0, 6 * right, 0.3 * right)
    churned = drawn(right)
    found = calibrate_all_ways(bent, churned, np.arange(6000) % 5, native_odds=True)
    assert found.method == "isotonic"
    assert isinstance(found.scaling, Isotonic)
    losses = {
        name: metrics.log_loss(churned, to_probability(margin)) for name, margin in found.options.items()
    }
    assert set(losses) == {"none", "platt", "temperature", "isotonic"}
    assert losses["isotonic"] < 0.99 * min(losses["none"], losses["platt"], losses["temperature"])
    assert (found.margin == found.options["isotonic"]).all()
    assert found.scaling.apply(bent).mean() == pytest.approx(bent.mean()), "the level is another step's"


def test_log_odds_that_are_right_stay() -> None:
    margin = truth(6000)
    found = calibrate_all_ways(margin, drawn(margin), np.arange(6000) % 5, native_odds=True)
    assert found.method == "none"
    assert (found.margin == margin).all()


@pytest.mark.parametrize(
    ("rows", "is_tried"), [(MIN_ISOTONIC_ROWS - 1, False), (2 * MIN_ISOTONIC_ROWS, True)]
)
def test_few_rows_are_left_to_a_line(rows: int, is_tried: bool) -> None:
    right = truth(rows)
    bent = np.where(right > 0, 9 * right, 0.1 * right)
    found = calibrate_all_ways(bent, drawn(right), np.arange(rows) % 5, native_odds=True)
    assert (found.method == "isotonic") is is_tried


def test_no_outcome_has_a_say_in_its_own_calibration() -> None:
    margin, fold = 3 * truth(4000), np.arange(4000) % 4
    churned = drawn(margin / 3)
    flipped = np.where(fold == 2, 1 - churned, churned)
    before = calibrate_all_ways(margin, churned, fold, native_odds=True).options
    after = calibrate_all_ways(margin, flipped, fold, native_odds=True).options
    for name in ("platt", "temperature", "isotonic"):
        assert (before[name][fold == 2] == after[name][fold == 2]).all()
        assert (before[name][fold != 2] != after[name][fold != 2]).any()


def test_margins_on_a_scale_of_their_own_have_no_none() -> None:
    right = truth(3000)
    found = calibrate_all_ways(0.2 * right + 5, drawn(right), np.arange(3000) % 5, native_odds=False)
    assert set(found.options) == {"platt", "isotonic"}
