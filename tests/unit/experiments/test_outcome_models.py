"""Outcome models of the arms: the forecast's own models, calibrated, and what they make of made campaigns."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from churnkit import metrics
from churnkit.experiments.uplift import cross_fit, qini_curve
from churnkit.experiments.uplift.outcome_learners import is_purchase
from churnkit.experiments.uplift.outcome_model import fit_chance, fit_spend

FEATURES = 12


def customers(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Features, and true log-odds of buying."""
    values = np.random.default_rng(seed).normal(size=(count, FEATURES))
    return values, -0.8 + values[:, 0] + 0.6 * values[:, 1]


def made_campaign(
    seed: int, count: int, added: str
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features, who was contacted, spend, true effect, and the log-odds that a forecast gave.

    ``added`` to the log-odds by a contact: ``nothing``, ``the same`` for all, or ``by taste``, the fourth feature.
    """
    rng = np.random.default_rng(seed)
    values, odds = customers(seed, count)
    effect = {
        "nothing": np.zeros(count),
        "the same": np.full(count, 0.5),
        "by taste": np.where(values[:, 3] > 0, 1.4, -0.2),
    }[added]
    treated = rng.random(count) < 0.7
    money = 30 * np.exp(0.5 * values[:, 4])
    bought = rng.random(count) < expit(odds + treated * effect)
    spend = bought * money * rng.lognormal(-0.08, 0.4, count)
    true = (expit(odds + effect) - expit(odds)) * money
    names = [f"f{n}" for n in range(FEATURES)]
    return pd.DataFrame(values, columns=names), treated, spend, true, odds + rng.normal(0, 0.4, count)


def test_a_chance_is_calibrated_on_customers_left_out() -> None:
    values, odds = customers(1, 1500)
    bought = np.random.default_rng(2).random(1500) < expit(odds)
    found = fit_chance(values, bought, odds + 1.0, seed=1)
    assert found.left_out.mean() == pytest.approx(bought.mean(), abs=1e-6), (
        "a forecast off in level is set right"
    )
    new, true = customers(3, 1500)
    assert np.abs(found.of(new, true + 1.0) - expit(true)).mean() < 0.03
    without = fit_chance(values, bought, None, seed=1)
    assert metrics.ece(bought.astype(float), without.left_out) < 0.05
    assert len(without.members) == 1 and len(found.weights) == 2


def test_a_few_buyers_leave_the_forecast_and_the_level() -> None:
    values, odds = customers(4, 60)
    bought = np.zeros(60, dtype=bool)
    bought[:6] = True
    found = fit_chance(values, bought, odds, seed=1)
    assert found.members == () and np.corrcoef(logit(found.left_out), odds)[0, 1] == pytest.approx(1.0)
    assert found.left_out.mean() == pytest.approx(0.1, abs=1e-6)
    plain = fit_chance(values, bought, None, seed=1)
    assert plain.of(values, None) == pytest.approx(6.5 / 61)


def test_spend_of_buyers_keeps_the_level_of_an_arm_that_has_many() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(size=(2000, 2))
    treated = rng.random(2000) < 0.5
    spend = np.exp(3 + 0.5 * values[:, 0]) * np.where(treated, 0.8, 1.0)
    found = fit_spend(values, spend, treated)
    for arm in (True, False):
        rows = treated == arm
        assert found.of(values[rows], contacted=arm).mean() == pytest.approx(spend[rows].mean(), rel=0.02)
    ones = fit_spend(values, np.ones(2000), treated)
    assert ones.of(values, contacted=True) == pytest.approx(1.0)


def test_what_is_no_purchase_is_left_to_regression() -> None:
    treated = np.arange(200) % 2 == 0
    assert is_purchase(np.where(np.arange(200) % 3 == 0, 20.0, 0.0), treated)
    assert not is_purchase(np.full(200, 5.0), treated)
    assert not is_purchase(np.where(treated, 20.0, 0.0), treated), "nobody of an arm"


def test_no_effect_is_not_told_as_a_ranking_that_helps() -> None:
    told = 0
    for seed in range(5):
        features, treated, spend, _, known = made_campaign(seed, 500, "nothing")
        found = cross_fit(
            features, treated, spend, treated_share=0.7, learner="two_model", folds=3, known=known
        )
        told += qini_curve(found.rank, treated, spend, cross_fitted=True, resamples=60).beats_random
    assert told == 0


@pytest.mark.parametrize(("added", "least"), [("the same", 0.4), ("by taste", 0.35)])
def test_a_ranking_recovers_the_true_effects_better_than_regression(added: str, least: float) -> None:
    """With the same effect on everybody's odds, whoever may go either way is moved most: a calibrated model knows it."""
    correlations = []
    for seed in range(3):
        features, treated, spend, true, known = made_campaign(20 + seed, 900, added)
        ranks = [
            cross_fit(
                features,
                treated,
                spend,
                treated_share=0.7,
                learner="two_model",
                kind=kind,
                folds=3,
                known=known,
            ).rank
            for kind in ("calibrated", "linear")
        ]
        correlations.append([np.corrcoef(rank, true)[0, 1] for rank in ranks])
    calibrated, linear = np.mean(correlations, axis=0)
    assert calibrated > least and calibrated > linear


def test_the_forecast_is_used_and_no_customer_is_seen_by_his_own_model() -> None:
    features, treated, spend, _, known = made_campaign(40, 600, "by taste")
    fit = partial(cross_fit, features, treated, treated_share=0.7, learner="two_model", folds=2)
    found = fit(spend, known=known)
    assert not np.allclose(found.uplift, fit(spend, known=None).uplift)
    one = int(np.flatnonzero(spend > 0)[0])
    changed = spend.copy()
    changed[one] *= 50
    again = fit(changed, known=known)
    mates = found.fold == found.fold[one]
    assert again.uplift[mates].tolist() == found.uplift[mates].tolist()
    assert not np.allclose(again.uplift[~mates], found.uplift[~mates])
