"""Tables of the models page: what the leaderboard, past dates and versions say, in the words of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.results.folders import Results
from churnkit.text.figures import day
from churnkit.tournament.names import model_label, model_meaning

if TYPE_CHECKING:
    from churnkit.store import Run

_KINDS = {"baseline": "simple rule", "model": "model", "blend": "blend of models"}
_FIGURES = (
    "score",
    "test_roc_auc",
    "test_log_loss",
    "test_ece",
    "roc_auc",
    "log_loss",
    "ece",
    "f1",
    "f1_everybody",
    "recall",
    "precision",
    "lift_at_20",
    "profit_share",
)


def leaderboard_view(results: Results) -> pd.DataFrame:
    """One row per model and rule: ``name``, with a star for the champion, who is first, ``kind``, figures, ``verdict``
    and ``about``, what it does."""
    board = results.leaderboard
    names = [model_label(str(name)) for name in board["candidate"]]
    table = pd.DataFrame(
        {
            "name": [f"★ {n}" if best else n for n, best in zip(names, board["is_champion"], strict=True)],
            "kind": [_KINDS.get(str(kind), str(kind)) for kind in board["kind"]],
        }
    )
    for name in _FIGURES:
        table[name] = board[name].astype(float) if name in board.columns else float("nan")
    table["verdict"] = list(board["verdict"])
    table["about"] = [model_meaning(str(name)).capitalize() for name in board["candidate"]]
    return table


def champion_members(results: Results) -> list[str]:
    """Names of the models in the champion's blend; empty where it is no blend."""
    board = results.leaderboard
    members = str(board["members"].iloc[0]) if len(board) and "members" in board.columns else ""
    return [model_label(name) for name in members.split(" + ") if name]


def past_dates(results: Results) -> list[str]:
    """Past cutoffs that were forecast, ISO text, latest first."""
    return [
        pd.Timestamp(cutoff).isoformat()
        for cutoff in sorted(results.backtest["cutoff"].unique(), reverse=True)
    ]


def deciles_at(results: Results, cutoff: str) -> pd.DataFrame:
    """Rows of the backtest at one past cutoff, riskiest tenth first."""
    table = results.backtest
    return table[table["cutoff"] == datetime.fromisoformat(cutoff)].sort_values("decile", ignore_index=True)


def backtest_view(results: Results) -> pd.DataFrame:
    """One row per past cutoff: people, ranking, level and money, oldest first."""
    rows = pd.DataFrame(results.evidence["backtest"] or [])
    return rows.assign(cutoff=[day(cutoff) for cutoff in rows["cutoff"]]) if len(rows) else rows


def versions_view(runs: Sequence[Run], current: str | None) -> pd.DataFrame:
    """One row per version, in the order given: ``on_screen`` (mark), ``made``, ``champion``, threshold and figures."""
    return pd.DataFrame(
        {
            "on_screen": ["●" if run.run_id == current else "" for run in runs],
            "made": [run.finished_at for run in runs],
            "champion": [model_label(run.champion) for run in runs],
            "threshold_days": [run.horizon_days for run in runs],
            "customers": [run.summary.customers for run in runs],
            "mean_p_churn": [run.summary.mean_p_churn for run in runs],
            "test_roc_auc": [run.summary.test_roc_auc for run in runs],
            "test_log_loss": [run.summary.test_log_loss for run in runs],
            "test_ece": [run.summary.test_ece for run in runs],
        }
    )
