"""Everybody is tested on the untouched window, on equal terms, and none of it has a say in who wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Money, TournamentSettings
from churnkit.tournament import refits
from churnkit.tournament.candidates import Fitted, fit_candidate
from churnkit.tournament.knockout import Tournament, run_tournament
from churnkit.windows import CutoffPlan

Shop = tuple[pd.DataFrame, CutoffPlan]
QUICK = TournamentSettings(budget_seconds=1.0, seed=5, jobs=1)
FIGURES = ["test_roc_auc", "test_roc_auc_active", "test_log_loss", "test_ece", "test_f1"]


@pytest.fixture(scope="module")
def shop(simulated_panel: Callable[[int, int], Shop]) -> Shop:
    return simulated_panel(1, 250)


@pytest.fixture(scope="module")
def found(shop: Shop) -> Tournament:
    return run_tournament(*shop, QUICK, Money())


def chosen_by(found: Tournament) -> pd.DataFrame:
    """The leaderboard without the test and without what a clock says."""
    board = found.leaderboard
    return board[[c for c in board if not str(c).startswith("test_") and c != "fit_seconds"]]


def test_everybody_has_figures_of_the_test(found: Tournament) -> None:
    board = found.leaderboard.set_index("candidate")
    assert len(board) == 10
    assert np.isfinite(board[FIGURES].to_numpy(dtype=float)).all()
    assert board["test_customers"].nunique() == 1
    models = board[board["kind"] != "baseline"]
    assert models["test_roc_auc"].nunique() == len(models)


def test_the_champions_figures_are_those_of_its_model(shop: Shop, found: Tournament) -> None:
    panel, plan = shop
    rows = panel[panel["cutoff"] == plan.test]
    assert found.test_model is not None
    p = found.test_model.p_churn(rows)
    loss = -np.mean(np.log(np.where(rows["churned"] == 1, p, 1 - p)))
    assert found.champion["test_log_loss"] == pytest.approx(loss)


def test_what_came_in_the_test_window_does_not_choose_the_champion(shop: Shop, found: Tournament) -> None:
    panel, plan = shop
    tested = panel["cutoff"] == plan.test
    turned = panel.assign(churned=panel["churned"].where(~tested, 1 - panel["churned"]))
    other = run_tournament(turned, plan, QUICK, Money())
    pd.testing.assert_frame_equal(chosen_by(other), chosen_by(found), check_exact=True)
    assert (other.leaderboard["test_log_loss"] != found.leaderboard["test_log_loss"]).any()


def test_a_loser_that_cannot_be_fitted_again_lacks_the_test_and_nothing_else(
    shop: Shop, found: Tournament, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = str(found.champion["members"] or found.champion["candidate"])
    assert "random_forest" not in needed

    def fit(candidate, *args, **named) -> Fitted:
        if candidate.name == "random_forest":
            raise MemoryError
        return fit_candidate(candidate, *args, **named)

    monkeypatch.setattr(refits, "fit_candidate", fit)
    other = run_tournament(*shop, QUICK, Money())
    pd.testing.assert_frame_equal(chosen_by(other), chosen_by(found), check_exact=True)
    board = other.leaderboard.set_index("candidate")
    assert board.index[board["test_roc_auc"].isna()].tolist() == ["random_forest"]


def test_losers_are_fitted_as_a_champion_would_be(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[refits.Refits, pd.DataFrame, int, dict]] = []
    real = refits.Refits.fit_all

    def fit_all(self: refits.Refits, train: pd.DataFrame, max_rows: int, champion: object) -> dict:
        models = real(self, train, max_rows, champion)  # type: ignore[arg-type]
        kept.append((self, train, max_rows, models))
        return models

    monkeypatch.setattr(refits.Refits, "fit_all", fit_all)
    run_tournament(*shop, QUICK, Money())
    ((made, train, max_rows, models),) = kept
    assert len(models) == 5
    rows = shop[0][shop[0]["cutoff"] == shop[1].test]
    for name in ("blend", "svm", "logistic_regression", "xgboost"):
        if name != made.champion:
            alone = replace(made, champion=name).fit(train, max_rows)
            np.testing.assert_allclose(models[name].margin(rows), alone.margin(rows), rtol=1e-9)
