"""How many sets a family is given, which are given up, and what is kept of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from churnkit.config import SEARCHES, TournamentSettings
from churnkit.tournament.candidates import CANDIDATES, candidate_named, fit_candidate
from churnkit.tournament.effort import effort_seconds, steps_of
from churnkit.tournament.entrants import FoldData, Validation
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.progress import silent
from churnkit.tournament.tuning import MAX_TRIALS, MIN_TRIALS, Tuned, validate_candidates


def folds(rows: int = 250, count: int = 4) -> tuple[list[FoldData], Validation]:
    rng = np.random.default_rng(4)
    prepared, outcomes = [], []
    for _fold in range(count):
        x = rng.normal(size=(2 * rows, 5))
        y = (rng.random(2 * rows) < expit(1.5 * x[:, 0] - x[:, 1])).astype(float)
        stops = np.arange(rows) % 7 == 0
        prepared.append(FoldData(x[:rows], y[:rows], stops, x[rows:], Preparation([], 0)))
        outcomes.append(y[rows:])
    return prepared, Validation(
        np.arange(rows * count), np.concatenate(outcomes), np.repeat(np.arange(count), rows)
    )


def tuned(**settings) -> Tuned:
    prepared, validation = folds()
    return validate_candidates(prepared, validation, TournamentSettings(jobs=1, **settings), silent)


@pytest.fixture(scope="module")
def small() -> Tuned:
    """With the least budget that is no quick look, on outcomes that are linear in log-odds."""
    return tuned(budget_seconds=30.0)


def test_who_cannot_win_keeps_its_default_and_the_others_have_three_sets_at_least(small: Tuned) -> None:
    counts = small.trials.groupby("candidate").size()
    assert set(counts.index) == {one.name for one in CANDIDATES}
    assert counts["random_forest"] == counts["lightgbm"] == 1, "far behind a line that is right"
    assert MIN_TRIALS <= counts["logistic_regression"] <= MAX_TRIALS
    first = small.trials.groupby("candidate").first()
    assert (first["trial"] == 0).all()
    assert first.loc["logistic_regression", "params"] == "C=0.01"
    assert dict(counts) == {one.name: one.trials for one in small.entrants}


def test_tuning_that_does_not_pay_ends_after_three_sets() -> None:
    """Noise is as well told by the default as by any other set."""
    prepared, validation = folds(250)
    rng = np.random.default_rng(9)
    for one in prepared:
        one.y_train[:] = rng.random(len(one.y_train)) < 0.5
    noise = Validation(
        validation.rows, (rng.random(len(validation.rows)) < 0.5).astype(float), validation.fold
    )
    found = validate_candidates(prepared, noise, TournamentSettings(jobs=1, budget_seconds=600.0), silent)
    assert found.trials.groupby("candidate").size().max() == MIN_TRIALS


def test_the_set_with_the_lowest_log_loss_is_the_chosen_one(small: Tuned) -> None:
    for _name, trials in small.trials.groupby("candidate"):
        chosen = trials[trials["outcome"] == "chosen"]
        assert len(chosen) == 1
        assert chosen["log_loss"].iloc[0] == trials["log_loss"].min()


def test_a_set_that_is_far_behind_is_given_up_after_two_folds(small: Tuned) -> None:
    given_up = small.trials[small.trials["outcome"] == "given up"]
    assert len(given_up) > 0
    assert (given_up["folds"] == 2).all()
    assert given_up["log_loss"].isna().all()
    assert (small.trials.loc[small.trials["outcome"] != "given up", "folds"] == 4).all()


def test_a_quick_look_may_have_the_default_alone() -> None:
    counts = tuned(budget_seconds=0.01).trials.groupby("candidate").size()
    assert (counts == 1).all()


@pytest.mark.parametrize("search", [one for one in SEARCHES if one != "random"])
def test_other_searches_tune_and_repeat_themselves(search) -> None:
    if search == "optuna":
        pytest.importorskip("optuna", reason="needs pip install optuna")
    first, again = (tuned(budget_seconds=2.0, search=search) for _ in range(2))
    columns = ["candidate", "trial", "params", "log_loss", "folds", "outcome"]
    assert first.trials[columns].equals(again.trials[columns])
    assert first.trials.groupby("candidate").size()["logistic_regression"] > 1


def test_those_on_demand_are_tuned_when_asked_for() -> None:
    found = tuned(budget_seconds=1.0, extras=("decision_tree", "small_network"))
    names = [one.name for one in found.entrants]
    assert names[-2:] == ["decision_tree", "small_network"]
    assert all(np.isfinite(one.margin).all() for one in found.entrants)


def test_effort_is_counted_from_the_fit_and_grows_with_the_data() -> None:
    prepared, _ = folds(count=1)
    data = prepared[0]
    for name in ("logistic_regression", "lightgbm", "random_forest"):
        candidate = candidate_named(name)
        fitted = fit_candidate(
            candidate,
            candidate.default,
            data.x_train,
            data.y_train,
            data.stop_rows,
            imbalance="class_weight",
            seed=1,
        )
        steps = steps_of(fitted)
        assert steps > 1
        effort = effort_seconds(candidate, fitted, (1000, 10))
        assert effort == pytest.approx(
            steps * (candidate.milliseconds_per_step * 1e-3 + candidate.nanoseconds_per_cell * 1e-5)
        )
        assert effort_seconds(candidate, fitted, (2000, 10)) > effort
    forest = candidate_named("random_forest")
    assert effort_seconds(forest, fitted, (10**6, 10)) == effort_seconds(forest, fitted, (12_000, 10))
