"""What must hold of levels, calibration, blends and candidates for all inputs, and of a tournament run twice."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from churnkit import metrics
from churnkit.config import Imbalance, Money, TournamentSettings
from churnkit.tournament.blending import blend
from churnkit.tournament.calibration import MIN_PLATT_ROWS, Calibration, Platt, calibrate, fit_platt
from churnkit.tournament.candidates import CANDIDATES, ON_DEMAND, Candidate, Fitted, fit_candidate
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.knockout import Tournament, run_tournament
from churnkit.tournament.level import LevelRule, PastPrediction, fit_level_rule
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability
from churnkit.tournament.residuals import process_residuals
from churnkit.windows import CutoffPlan, plan_cutoffs

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=40)
PLAN = plan_cutoffs(datetime(2022, 1, 1), datetime(2025, 1, 1), 60)
TEST = PLAN.labelled[-1]

log_odds = st.floats(-8, 8)
probabilities = st.floats(0.01, 0.99)
customers = st.lists(st.tuples(log_odds, probabilities, st.integers(0, 1)), min_size=1, max_size=40).map(
    lambda rows: tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True))
)
weights = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


@EXAMPLES
@given(customers, st.floats(0.001, 0.999))
def test_the_shift_to_a_mean_reaches_it(rows, mean) -> None:
    margin, _, _ = rows
    assert expit(margin + shift_to_mean(margin, mean)).mean() == pytest.approx(mean, abs=1e-9)


@EXAMPLES
@given(customers, weights)
def test_a_level_shift_moves_the_mean_towards_the_process_and_not_past_it(rows, weight) -> None:
    margin, process, _ = rows
    shift = LevelRule(PLAN, {}, weight).forecast(TEST, margin, process).shift
    before, after, target = expit(margin).mean(), expit(margin + shift).mean(), process.mean()
    assert (after - before) * (target - before) >= -1e-9
    assert abs(target - after) <= abs(target - before) + 1e-9
    if weight == 0:
        assert shift == 0
    if weight == 1:
        assert after == pytest.approx(target, abs=1e-9)


@EXAMPLES
@given(customers)
def test_a_larger_weight_moves_further(rows) -> None:
    margin, process, _ = rows
    shifts = [abs(LevelRule(PLAN, {}, w).forecast(TEST, margin, process).shift) for w in (0, 0.25, 0.5, 1)]
    assert shifts == sorted(shifts)


@EXAMPLES
@given(customers)
def test_customers_whom_the_process_does_not_know_do_not_move_the_level(rows) -> None:
    margin, process, _ = rows
    rule = LevelRule(PLAN, {}, 1.0)
    unknown = np.full(len(process), np.nan)
    assert rule.forecast(TEST, margin, unknown).shift == 0
    both = rule.forecast(TEST, np.append(margin, margin + 3), np.append(process, unknown))
    assert both.shift == rule.forecast(TEST, margin, process).shift


@EXAMPLES
@given(st.lists(st.floats(-2, 2), min_size=len(PLAN.labelled), max_size=len(PLAN.labelled)), st.data())
def test_the_residual_is_drawn_to_nought_and_knows_no_later_window(values, data) -> None:
    cutoff = data.draw(st.sampled_from(PLAN.all))
    residuals = dict(zip(PLAN.labelled, values, strict=True))
    expected, season = LevelRule(PLAN, residuals).expected_residual(cutoff)
    known = [residuals[c] for c in PLAN.known_before(cutoff)]
    assert abs(expected) <= max(map(abs, known), default=0.0)
    assert season is None or season.residual == pytest.approx(
        min(known, key=lambda value: abs(value - season.residual))
    )
    meddled = {c: value + (c not in PLAN.known_before(cutoff)) for c, value in residuals.items()}
    assert LevelRule(PLAN, meddled).expected_residual(cutoff) == (expected, season)


def test_last_years_residual_is_that_of_the_same_season() -> None:
    residuals = dict.fromkeys(PLAN.labelled, 0.0)
    year_ago = min(PLAN.labelled, key=lambda c: abs(c - (TEST - timedelta(days=365))))
    residuals[year_ago] = 1.0
    expected, season = LevelRule(PLAN, residuals).expected_residual(TEST)
    assert season is not None and season.residual == 1.0 and season.years == 1
    assert 0.5 <= expected < 0.55, "about half of last year's, and its small part in the mean of all windows"
    residuals[year_ago - timedelta(days=PLAN.step_days)] = 9.0
    again = LevelRule(PLAN, residuals).expected_residual(TEST)[1]
    assert again is not None and again.residual == 1.0


@EXAMPLES
@given(customers)
def test_process_residuals_correct_the_process_to_the_churn_rate(rows) -> None:
    _, process, churned = rows
    assume(0.001 <= churned.mean() <= 0.999)
    panel = pd.DataFrame(
        {"cutoff": pd.Timestamp(TEST), "churned": churned, "btyd_p_no_purchase": process}
    ).astype({"cutoff": "datetime64[us]"})
    residuals = process_residuals(panel)
    assert list(residuals) == [TEST]
    assert expit(to_logit(process) + residuals[TEST]).mean() == pytest.approx(churned.mean(), abs=1e-9)


def past_predictions(process_is_right: bool) -> list[PastPrediction]:
    """Models that say 60 % in a shop where they are right, and the process at 30 %, or nearly the process is, at 52 %."""
    rng = np.random.default_rng(1)
    process, rate = (0.52, 0.5) if process_is_right else (0.3, 0.6)
    return [
        PastPrediction(
            cutoff, np.full(400, to_logit(0.6)), np.full(400, process), (rng.random(400) < rate).astype(float)
        )
        for cutoff in PLAN.labelled[-6:]
    ]


def test_the_weight_of_the_process_is_learned_from_past_windows() -> None:
    assert fit_level_rule(PLAN, {}, past_predictions(process_is_right=False)).process_weight == 0.0
    assert fit_level_rule(PLAN, {}, past_predictions(process_is_right=True)).process_weight == 1.0
    assert fit_level_rule(PLAN, {}, []).process_weight == 0.75


def test_a_single_window_does_not_outvote_the_others() -> None:
    harmed = past_predictions(process_is_right=False)
    # By far the largest miss: nobody left, where the models said 60 %.
    season = replace(harmed[0], churned=np.zeros(400))
    assert fit_level_rule(PLAN, {}, [season, *harmed[1:]]).process_weight == 0.0


@EXAMPLES
@given(customers)
def test_platt_scaling_never_turns_the_order_round(rows) -> None:
    margin, _, churned = rows
    platt = fit_platt(margin, churned)
    assert platt.slope >= 0 and math.isfinite(platt.intercept)
    assert (np.diff(platt.apply(np.sort(margin))) >= 0).all()


@EXAMPLES
@given(customers, st.integers(2, 5))
def test_with_few_rows_log_odds_are_kept_as_they_are(rows, folds) -> None:
    margin, _, churned = rows
    assert len(margin) < MIN_PLATT_ROWS
    calibrated = calibrate(margin, churned, np.arange(len(margin)) % folds, native_odds=True)
    assert calibrated.method == "none" and calibrated.scaling == Platt()
    assert (calibrated.margin == margin).all()


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_platt_scaling_mends_a_wrong_scale_and_leaves_the_level_alone(factor: float) -> None:
    rng = np.random.default_rng(2)
    truth = rng.normal(0.3, 1.5, 4000)
    churned = (rng.random(4000) < expit(truth)).astype(float)
    margin, fold = factor * truth, np.arange(4000) % 5
    calibrated = calibrate(margin, churned, fold, native_odds=True)
    if factor == 1.0:
        assert calibrated.method == "none"
        return
    assert calibrated.method == "platt"
    assert isinstance(calibrated.scaling, Platt)
    assert calibrated.scaling.slope == pytest.approx(1 / factor, rel=0.15)
    assert calibrated.scaling.apply(margin).mean() == pytest.approx(margin.mean())
    loss = metrics.log_loss(churned, to_probability(calibrated.margin))
    assert loss < metrics.log_loss(churned, to_probability(margin)) * 0.99


def test_margins_that_are_no_log_odds_get_the_level_too() -> None:
    rng = np.random.default_rng(3)
    truth = rng.normal(-1.0, 1.0, 3000)
    churned = (rng.random(3000) < expit(truth)).astype(float)
    distance = 0.2 * truth + 5.0
    calibrated = calibrate(distance, churned, np.arange(3000) % 5, native_odds=False)
    assert expit(calibrated.scaling.apply(distance)).mean() == pytest.approx(churned.mean(), abs=0.005)
    assert metrics.ece(churned, to_probability(calibrated.margin)) < 0.03


def test_each_fold_is_calibrated_by_the_others() -> None:
    """A row's own outcome has no say in its calibrated log-odds."""
    rng = np.random.default_rng(4)
    margin, fold = rng.normal(size=1000) * 3, np.arange(1000) % 4
    churned = (rng.random(1000) < expit(margin / 3)).astype(float)
    before = calibrate(margin, churned, fold, native_odds=False).margin
    flipped = np.where(fold == 2, 1 - churned, churned)
    after = calibrate(margin, flipped, fold, native_odds=False).margin
    assert (before[fold == 2] == after[fold == 2]).all()
    assert (before[fold != 2] != after[fold != 2]).all()


def entrant(name: str, margin: np.ndarray) -> Entrant:
    return Entrant(name, "model", Calibration(margin, Platt(), "none"))


@EXAMPLES
@given(customers)
def test_the_blend_has_fixed_shares_whatever_came(rows) -> None:
    margin, process, churned = rows
    perfect = 100 * (2 * churned - 1)
    parts = {
        "logistic_regression": margin,
        "random_forest": perfect,
        "xgboost": to_logit(process),
        "lightgbm": -margin,
        "svm": perfect,
        "base_rate": perfect,
        "mbg_nbd": margin - 1,
    }
    validation = Validation(np.arange(len(churned)), churned, np.arange(len(churned)) % 2)
    blended = blend([entrant(name, values) for name, values in parts.items()], validation)
    assert blended is not None
    shares = dict(zip(blended.members, blended.weights, strict=True))
    fixed = {"logistic_regression": 0.4, "xgboost": 0.2, "lightgbm": 0.2, "mbg_nbd": 0.2}
    assert shares == pytest.approx(fixed), "the log-odds of the others do not add up"
    np.testing.assert_allclose(blended.margin, sum(share * parts[name] for name, share in shares.items()))
    alone = blend([entrant(name, parts[name]) for name in ("logistic_regression", "lightgbm")], validation)
    assert alone is not None
    np.testing.assert_allclose(alone.margin, np.zeros(len(churned)), atol=1e-12)


def learnable(rate: float, rows: int = 1500, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Six features, one constant, one all missing, one with gaps; churn depends on the first two."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 6))
    score = 1.5 * matrix[:, 0] - matrix[:, 1]
    churned = (rng.random(rows) < expit(score + shift_to_mean(score, rate))).astype(float)
    matrix[:, 3] = 7.0
    matrix[:, 4] = np.nan
    matrix[rng.random(rows) < 0.3, 5] = np.nan
    return matrix, churned


def fit(candidate: Candidate, imbalance: Imbalance, matrix: np.ndarray, churned: np.ndarray) -> Fitted:
    stop_rows = np.arange(len(churned)) % 7 == 0
    return fit_candidate(
        candidate, candidate.default, matrix, churned, stop_rows, imbalance=imbalance, seed=1
    )


@pytest.mark.parametrize("imbalance", ["class_weight", "none", "smote", "undersample"])
@pytest.mark.parametrize("candidate", (*CANDIDATES, *ON_DEMAND), ids=lambda c: c.name)
def test_rebalancing_does_not_show_in_the_probabilities(candidate: Candidate, imbalance: Imbalance) -> None:
    # Undersampling leaves a sixth of the rows to learn from.
    near = 0.07 if imbalance == "undersample" else 0.035
    for rate in (0.08, 0.85):
        matrix, churned = learnable(rate, rows=6000 if imbalance == "undersample" else 1500)
        margin = fit(candidate, imbalance, matrix, churned).margin(matrix)
        assert metrics.roc_auc(churned, margin) > 0.7
        if candidate.native_odds:
            assert to_probability(margin).mean() == pytest.approx(churned.mean(), abs=near)


@pytest.mark.parametrize("candidate", (*CANDIDATES, *ON_DEMAND), ids=lambda c: c.name)
def test_columns_that_say_nothing_and_values_never_seen_are_no_failure(candidate: Candidate) -> None:
    """Constant and empty columns in training; gaps, other values and absurd ones afterwards. Twice the same."""
    matrix, churned = learnable(0.4, rows=300)
    matrix[:, 5] = 0.0
    fitted, again = (fit(candidate, "class_weight", matrix, churned) for _ in range(2))
    assert (fitted.margin(matrix) == again.margin(matrix)).all()
    unseen = np.vstack([np.full(6, np.nan), np.arange(6.0), np.full(6, 1e12), np.full(6, -1e12)])
    assert np.isfinite(fitted.margin(unseen)).all()


SimulatedPanel = Callable[[int, int], tuple[pd.DataFrame, CutoffPlan]]


def run(rows: pd.DataFrame, plan: CutoffPlan, *, jobs: int = 1) -> Tournament:
    settings_ = TournamentSettings(budget_seconds=2.0, seed=5, jobs=jobs)
    return run_tournament(rows, plan, settings_, Money())


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tournament_in_any_order_of_rows(
    simulated_panel: SimulatedPanel,
) -> None:
    rows, plan = simulated_panel(3, 250)
    scored = rows[rows["cutoff"] == plan.scoring]
    first = run(rows, plan)
    shuffled = rows.sample(frac=1, random_state=0, ignore_index=True)
    for other in (run(rows, plan), run(shuffled, plan, jobs=2)):
        pd.testing.assert_frame_equal(
            other.leaderboard.drop(columns="fit_seconds"),
            first.leaderboard.drop(columns="fit_seconds"),
            check_exact=True,
        )
        # Their mean, which sets the level, adds up in another order.
        np.testing.assert_allclose(other.model.p_churn(scored), first.model.p_churn(scored), rtol=1e-12)
    p_churn = first.model.p_churn(scored)
    assert ((p_churn > 0) & (p_churn < 1)).all()
    board = first.leaderboard
    assert board["is_champion"].tolist() == [True] + [False] * (len(board) - 1)
    assert {c.name for c in CANDIDATES} | {"blend", "base_rate"} <= set(board["candidate"])
