"""Measures with intervals, and the ranking under other weights, from the validation customers that a run kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.config import ScoreWeights, TournamentSettings
from churnkit.results.found import Found, Missing
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.rows import rows_of
from churnkit.services.decide.measure_views import (
    Remeasured,
    gate_of,
    model_measures,
    ranking_under,
    remeasured,
    training_words,
    weights_words,
)
from churnkit.tournament.calibration import Calibration, Platt
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.selection import leaderboard
from churnkit.tournament.validated import validation_frame

CUSTOMERS, HORIZON_DAYS = 400, 60


def again(results: Any) -> Remeasured:
    found = remeasured(results)
    assert isinstance(found, Found)
    return found.value


def some(**parts: object) -> Any:
    """As much of ``Results`` as a view reads."""
    return SimpleNamespace(**parts)


@pytest.fixture(scope="module")
def results() -> Any:
    """As much of ``Results`` as the views read: a good model, a noisy one and a rule, measured by the tournament's code."""
    rng = np.random.default_rng(4)
    truth = rng.normal(0, 1.6, CUSTOMERS)
    churned = (rng.random(CUSTOMERS) < 1 / (1 + np.exp(-truth))).astype(float)
    validation = Validation(np.arange(CUSTOMERS), churned, np.arange(CUSTOMERS) % 4)
    stakes = Stakes(rng.gamma(2.0, 40.0, CUSTOMERS), 4.0, 0.3)
    said = {"xgboost": (truth, "model"), "svm": (truth + rng.normal(0, 1, CUSTOMERS), "model")}
    said["base_rate"] = (np.zeros(CUSTOMERS), "baseline")
    entrants = {
        name: Entrant(name, kind, Calibration(margin, Platt(), "none"), fit_seconds=2.5)
        for name, (margin, kind) in said.items()
    }
    settings = TournamentSettings()
    board = leaderboard(list(entrants.values()), validation, stakes, settings)
    recency = np.where(np.arange(CUSTOMERS) < 300, 10.0, 99.0)
    return SimpleNamespace(
        leaderboard=rows_of(LeaderboardRow, board.round(6)),
        validation=validation_frame(entrants, validation, stakes, recency),
        horizon_days=HORIZON_DAYS,
        summary=SimpleNamespace(settings=SimpleNamespace(tournament=settings)),
    )


def test_every_measure_is_that_of_the_leaderboard_inside_its_interval(results: Any) -> None:
    found = again(results)
    for row in results.leaderboard:
        for name, around in found.intervals[row.candidate].items():
            if name != "roc_auc_active":
                assert around.value == pytest.approx(getattr(row, name), abs=2e-5), (row.candidate, name)
            assert around.low <= around.value <= around.high
    auc = found.intervals["xgboost"]["roc_auc"]
    assert 0.02 < auc.high - auc.low < 0.15
    assert found.intervals["base_rate"]["roc_auc"].low == pytest.approx(0.5)


def test_the_active_have_an_auc_of_their_own(results: Any) -> None:
    intervals = again(results).intervals["xgboost"]
    assert intervals["roc_auc_active"].value != intervals["roc_auc"].value
    assert (
        intervals["roc_auc_active"].high - intervals["roc_auc_active"].low
        > intervals["roc_auc"].high - intervals["roc_auc"].low
    )


def test_one_model_with_its_folds(results: Any) -> None:
    table = model_measures(results, "xgboost", again(results)).set_index("name")
    f1 = table.loc["F1"]
    assert f1["worst"] < f1["value"] < f1["best"]
    assert f1["spread"] == pytest.approx(results.leaderboard[0].f1_sd, abs=1e-5)
    assert " to " in f1["words"]
    assert np.isnan(f1["test"])


def test_the_same_weights_give_the_same_ranking(results: Any) -> None:
    by_fold = again(results).by_fold
    found = ranking_under(results, by_fold, ScoreWeights())
    assert found.winner == next(row.candidate for row in results.leaderboard if row.is_champion)
    assert found.table["score"].tolist() == pytest.approx(
        [row.score for row in results.leaderboard], abs=1e-5
    )
    assert found.table["verdict"].tolist() == [row.verdict for row in results.leaderboard]
    assert found.table["name"].iloc[0].startswith("★ ")
    gates = found.table.set_index("name")["gate"]
    assert gates["Everybody alike"] == "simple rule"
    assert gates["★ XGBoost"] == "passes"


def test_other_weights_give_other_scores(results: Any) -> None:
    recall = ScoreWeights(f1=0.0, recall=1.0, profit=0.0, stability=0.0)
    table = ranking_under(results, {}, recall).table
    assert table["score"].tolist() == pytest.approx(table["recall"].tolist())


def test_who_stepped_aside_has_no_place_to_win(results: Any) -> None:
    aside = LeaderboardRow(
        candidate="lightgbm", kind="model", is_champion=False, verdict="stepped aside: out of memory"
    )
    with_it = some(**{**vars(results), "leaderboard": (*results.leaderboard, aside)})
    table = ranking_under(with_it, again(results).by_fold, ScoreWeights()).table
    assert table["name"].tolist()[-1] == "LightGBM"
    assert table["gate"].tolist()[-1] == "stepped aside"
    assert gate_of(with_it) == gate_of(results)


def test_the_gate_names_its_bars(results: Any) -> None:
    gate = gate_of(results)
    assert gate is not None
    assert gate.best_rule == "Everybody alike"
    assert gate.best_rule_loss == pytest.approx(np.log(2), abs=0.01)
    assert "at most 1\u202f% above" in gate.words
    assert gate_of(some(leaderboard=())) is None


def test_an_earlier_run_says_what_is_missing(results: Any) -> None:
    earlier = some(leaderboard=results.leaderboard, validation=None)
    found = remeasured(earlier)
    assert isinstance(found, Missing)
    assert "Start it again" in found.reason
    nobody = remeasured(some(leaderboard=(), validation=None))
    assert isinstance(nobody, Missing)
    assert "No model competed" in nobody.reason


def test_words() -> None:
    assert weights_words(ScoreWeights(f1=1, recall=1, profit=2, stability=0)).replace("\u202f", " ") == (
        "25 % F1, 25 % recall, 50 % profit share, 0 % stability"
    )
    row = LeaderboardRow(candidate="svm", kind="model", is_champion=False, verdict="")
    assert training_words(row) == ""
    table = pd.DataFrame({"fit_seconds": [12.34], "trials": [5], "params": ["C=1"]})
    (row,) = rows_of(
        LeaderboardRow, table.assign(candidate="svm", kind="model", is_champion=False, verdict="")
    )
    assert (
        training_words(row)
        == "Training took 12.3 seconds, added up over all fits, 5 sets of parameters tried. Chosen: C=1."
    )
