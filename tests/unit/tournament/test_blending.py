"""Blends: who is in them, what each counts, and the level that they keep."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from churnkit import metrics
from churnkit.config import TournamentSettings
from churnkit.tournament.blending import blend, blends, stack_weights, weights_by_worth
from churnkit.tournament.calibration import Calibration, Platt
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.margins import to_probability

ROWS = 4000
ASKED = TournamentSettings(extras=("weighted_blend", "stacking"))


def entrant(name: str, margin: np.ndarray, kind: str = "model") -> Entrant:
    return Entrant(name, kind, Calibration(margin, Platt(), "none"))


@pytest.fixture(scope="module")
def outcome() -> tuple[np.ndarray, Validation]:
    """Log-odds that are right, and what followed."""
    rng = np.random.default_rng(8)
    right = rng.normal(-0.5, 1.2, ROWS)
    churned = (rng.random(ROWS) < expit(right)).astype(float)
    return right, Validation(np.arange(ROWS), churned, np.arange(ROWS) % 5)


def test_weights_follow_what_a_member_is_worth(outcome: tuple[np.ndarray, Validation]) -> None:
    right, validation = outcome
    noise = np.random.default_rng(1).normal(size=ROWS)
    weights = weights_by_worth(np.column_stack([right, right + noise, 5 * noise]), validation.churned)
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > weights[1] > weights[2] == 0
    same = weights_by_worth(np.column_stack([5 * noise, -5 * noise]), validation.churned)
    assert same == pytest.approx([0.5, 0.5])


def test_a_stack_gives_the_say_to_the_one_that_is_right(outcome: tuple[np.ndarray, Validation]) -> None:
    right, validation = outcome
    noise = np.random.default_rng(2).normal(size=ROWS)
    weights = stack_weights(np.column_stack([right, noise, -right]), validation.churned)
    assert (weights >= 0).all()
    assert weights[0] == pytest.approx(1, abs=0.15)
    assert weights[2] == pytest.approx(0, abs=0.05)


def test_those_asked_for_compete_with_weights_that_give_their_log_odds(
    outcome: tuple[np.ndarray, Validation],
) -> None:
    right, validation = outcome
    rng = np.random.default_rng(3)
    models = [
        entrant("logistic_regression", right + rng.normal(size=ROWS)),
        entrant("xgboost", right + rng.normal(size=ROWS)),
        entrant("random_forest", right + 2 * rng.normal(size=ROWS)),
    ]
    baselines = [entrant("mbg_nbd", right + 3 * rng.normal(size=ROWS), "baseline")]
    plain, weighted, stacked = blends(models, baselines, validation, ASKED)
    assert [one.name for one in (plain, weighted, stacked)] == ["blend", "weighted_blend", "stacking"]
    everybody = {one.name: one.margin for one in (*models, *baselines)}
    level = np.mean(list(everybody.values()))
    for one in (weighted, stacked):
        parts = np.column_stack([everybody[name] for name in one.members])
        again = parts @ np.array(one.weights) + one.shift
        assert again.mean() == pytest.approx(level), "the level of the plain average"
        # Cross-fitted weights differ from the final ones by little.
        assert np.abs(again - one.margin).mean() < 0.1
        assert dict(one.params) == pytest.approx(dict(zip(one.members, one.weights, strict=True)))
    losses = {
        e.name: metrics.log_loss(validation.churned, to_probability(e.margin)) for e in (stacked, *models)
    }
    assert min(losses, key=lambda name: losses[name]) == "stacking"


def test_nobody_asked_nobody_added(outcome: tuple[np.ndarray, Validation]) -> None:
    right, validation = outcome
    models = [entrant("logistic_regression", right), entrant("lightgbm", right)]
    baselines = [entrant("mbg_nbd", right, "baseline")]
    assert [one.name for one in blends(models, baselines, validation, TournamentSettings())] == ["blend"]


@pytest.mark.parametrize("missing", ["logistic_regression", "lightgbm"])
def test_without_its_members_there_is_no_blend(outcome: tuple[np.ndarray, Validation], missing: str) -> None:
    right, validation = outcome
    there = [
        entrant(name, right) for name in ("logistic_regression", "lightgbm", "mbg_nbd") if name != missing
    ]
    assert blend(there, validation) is None
