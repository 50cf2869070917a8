"""A candidate that raises steps aside with its reason, wherever it fails; if all do, the best simple rule scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from xgboost.core import XGBoostError

from churnkit.config import Money, TournamentSettings
from churnkit.tournament import tuning
from churnkit.tournament.baselines import BASELINES
from churnkit.tournament.candidates import CANDIDATES, Fitted, fit_candidate
from churnkit.tournament.knockout import Tournament, run_tournament
from churnkit.windows import CutoffPlan

QUICK = TournamentSettings(budget_seconds=1.0, seed=5, jobs=1)
Fit = Callable[..., Fitted]


@pytest.fixture
def shop(simulated_panel) -> tuple[pd.DataFrame, CutoffPlan]:
    panel: tuple[pd.DataFrame, CutoffPlan] = simulated_panel(1, 250)
    return panel


def failing(*names: str, error: Exception) -> Fit:
    def fit(candidate, *args, **named) -> Fitted:
        if candidate.name in names:
            raise error
        return fit_candidate(candidate, *args, **named)

    return fit


def run(shop: tuple[pd.DataFrame, CutoffPlan]) -> Tournament:
    return run_tournament(*shop, QUICK, Money())


def test_one_that_cannot_be_tuned_is_named_with_its_reason(
    shop: tuple[pd.DataFrame, CutoffPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = XGBoostError("[12:00:00] gbtree.cc:1: Check failed: no room\nStack trace:\n  [bt] (0)")
    monkeypatch.setattr(tuning, "fit_candidate", failing("xgboost", error=broken))
    found = run(shop)
    rows = {row["candidate"]: row for row in found.leaderboard.to_dict("records")}
    assert rows["xgboost"]["verdict"] == (
        "stepped aside: XGBoostError: [12:00:00] gbtree.cc:1: Check failed: no room"
    )
    assert not rows["xgboost"]["eligible"]
    assert np.isnan(rows["xgboost"]["log_loss"])
    assert list(rows)[-1] == "xgboost"
    assert "xgboost" not in rows["blend"]["members"]
    assert any(note.startswith("XGBoost could not be fitted and took no part") for note in found.notes)
    assert found.trials.set_index("candidate").loc["xgboost", "outcome"] == "failed"


def test_one_that_gives_no_number_steps_aside(
    shop: tuple[pd.DataFrame, CutoffPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Fitted.margin

    def margin(self: Fitted, matrix: np.ndarray) -> np.ndarray:
        return np.full(len(matrix), np.nan) if self.name == "svm" else real(self, matrix)

    monkeypatch.setattr(Fitted, "margin", margin)
    verdicts = run(shop).leaderboard.set_index("candidate")["verdict"]
    assert "no finite answer" in str(verdicts["svm"])


def test_if_all_fail_the_best_rule_scores(
    shop: tuple[pd.DataFrame, CutoffPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = [one.name for one in CANDIDATES]
    monkeypatch.setattr(tuning, "fit_candidate", failing(*everybody, error=MemoryError()))
    found = run(shop)
    assert found.champion["candidate"] in BASELINES
    assert set(everybody) <= set(found.leaderboard["candidate"])
    panel, plan = shop
    p_churn = found.model.p_churn(panel[panel["cutoff"] == plan.scoring])
    assert ((p_churn > 0) & (p_churn < 1)).all()


def test_a_champion_that_cannot_be_fitted_again_leaves_the_field_to_the_others(
    shop: tuple[pd.DataFrame, CutoffPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run(shop)
    needed = str(before.champion["members"] or before.champion["candidate"]).split(" + ")
    learned = [name for name in needed if name not in BASELINES]
    monkeypatch.setattr(
        "churnkit.tournament.refits.fit_candidate", failing(*learned, error=ValueError("too few rows"))
    )
    found = run(shop)
    board = found.leaderboard.set_index("candidate")
    assert found.champion["candidate"] != before.champion["candidate"]
    assert board.loc[learned[0], "verdict"] == "stepped aside: ValueError: too few rows"
    assert len(found.leaderboard["candidate"]) == found.leaderboard["candidate"].nunique()


def test_a_mistake_of_ours_is_no_candidates_failure(
    shop: tuple[pd.DataFrame, CutoffPlan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "fit_candidate", failing("svm", error=TypeError("missing argument")))
    with pytest.raises(TypeError):
        run(shop)
