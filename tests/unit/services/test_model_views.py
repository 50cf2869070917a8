"""Tables of the models page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.run_figures import RunFigures
from churnkit.services.decide.model_views import (
    champion_members,
    deciles_at,
    leaderboard_view,
    past_dates,
    quality_view,
    versions_view,
)
from churnkit.store import Run
from tests.made_evidence import bare_evidence, made_evidence


def results(**parts: object) -> Any:
    """As much of ``Results`` as a view reads."""
    return SimpleNamespace(**parts)


BOARD = (
    LeaderboardRow(
        candidate="blend",
        kind="blend",
        is_champion=True,
        score=0.7,
        members="xgboost + mbg_nbd",
        verdict="wins by its score",
    ),
    LeaderboardRow(
        candidate="mbg_nbd",
        kind="baseline",
        is_champion=False,
        score=0.6,
        verdict="simple rule: the bar to clear",
    ),
)


def test_leaderboard() -> None:
    table = leaderboard_view(results(leaderboard=BOARD))
    assert table["name"].tolist() == ["★ Blend", "Purchase process (MBG/NBD)"]
    assert table["kind"].tolist() == ["blend of models", "simple rule"]
    assert table["score"].tolist() == [0.7, 0.6]
    # A figure that this leaderboard lacks is a column all the same.
    assert table["test_roc_auc"].isna().all()


def test_members_of_the_champion() -> None:
    assert champion_members(results(leaderboard=BOARD)) == ["XGBoost", "Purchase process (MBG/NBD)"]
    assert champion_members(results(leaderboard=BOARD[1:])) == []
    assert champion_members(results(leaderboard=())) == []


def test_past_dates_and_deciles() -> None:
    dates = pd.to_datetime(["2026-01-01"] * 20 + ["2026-02-01"])
    table = pd.DataFrame({"cutoff": dates, "decile": 1})
    past = pd.DataFrame(
        {
            "cutoff": dates,
            "p_churn": np.linspace(0, 1, 21),
            "churned": [0.0] * 10 + [1.0] * 11,
            "recency_days": [30.0] * 10 + [31.0] * 11,
        }
    )
    found = results(backtest=table, past=past, horizon_days=30)
    assert past_dates(found) == ["2026-02-01T00:00:00", "2026-01-01T00:00:00"]
    everybody = deciles_at(found, "2026-01-01T00:00:00", active=False)
    assert everybody["customers"].tolist() == [2] * 10
    assert everybody["actual_churners"].tolist() == [2] * 5 + [0] * 5
    assert everybody["expected_churners"].iloc[0] == pytest.approx(0.95 + 0.90)
    active = deciles_at(found, "2026-01-01T00:00:00", active=True)
    assert (active["customers"].sum(), active["actual_churners"].sum()) == (10, 0)


def test_quality_of_both_and_of_what_there_is() -> None:
    table = quality_view(results(evidence=made_evidence()))
    assert table["population"].tolist() == ["Active", "All"]
    assert table["customers"].tolist() == [400, 900]
    assert quality_view(results(evidence=bare_evidence("Too short."))).empty


def test_versions() -> None:
    runs = [
        Run(
            run_id=name,
            session_id="s",
            model_id=None,
            horizon_days=60,
            champion="xgboost",
            summary=RunFigures(customers=10, mean_p_churn=0.4),
            finished_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for name in "ab"
    ]
    trained = replace(runs[0], model_id="m", summary=replace(runs[0].summary, cutoff=datetime(2025, 12, 31)))
    runs = [trained, replace(runs[1], kind="refresh", trained_by="a", model_id="m")]
    table = versions_view(runs, "b", runs, {"a": 0.25})
    assert table["origin"].tolist() == ["Models trained", "Scored by the model of 31 Dec 2025"]
    by_rule = replace(runs[1], model_id=None, summary=replace(runs[1].summary, method="rules"))
    assert versions_view([by_rule], "b", runs, {})["origin"].tolist() == [
        "Scored by a rule: the model could not"
    ]
    assert table["on_screen"].tolist() == ["", "●"]
    # Of the active, as Home says it; the 40 % that the store keeps are of all.
    assert table["mean_p_churn"].tolist()[0] == 0.25 and table["mean_p_churn"].isna().tolist()[1]
    assert table["champion"].tolist() == ["XGBoost", "XGBoost"]
    assert table["test_roc_auc"].isna().all()
    assert versions_view([], None, [], {}).empty
