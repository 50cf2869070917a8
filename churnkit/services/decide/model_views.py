"""Tables of the models page: what the leaderboard, past dates and versions say, in the words of the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.results.leaderboard import Competitor, LeaderboardRow
from churnkit.results.quality import QualityLine, quality_lines
from churnkit.results.rows import frame_of
from churnkit.services.decide.run_words import origin
from churnkit.tournament.backtest import tenths
from churnkit.tournament.names import model_label, model_meaning

if TYPE_CHECKING:
    from churnkit.store import Run

_KINDS: Mapping[Competitor, str] = {"baseline": "simple rule", "model": "model", "blend": "blend of models"}


def leaderboard_view(results: Results) -> pd.DataFrame:
    """One row per model and rule: ``name``, with a star for the champion, who is first, ``kind``, figures, ``verdict``
    and ``about``, what it does."""
    rows = results.leaderboard
    names = [model_label(row.candidate) for row in rows]
    return frame_of(LeaderboardRow, rows).assign(
        name=[f"★ {name}" if row.is_champion else name for name, row in zip(names, rows, strict=True)],
        kind=[_KINDS[row.kind] for row in rows],
        about=[model_meaning(row.candidate).capitalize() for row in rows],
    )


def champion_members(results: Results) -> list[str]:
    """Names of the models in the champion's blend; empty where it is no blend."""
    rows = results.leaderboard
    return [model_label(name) for name in rows[0].members.split(" + ") if name] if rows else []


def past_dates(results: Results) -> list[str]:
    """Past cutoffs that were forecast, ISO text, latest first."""
    return [
        pd.Timestamp(cutoff).isoformat()
        for cutoff in sorted(results.backtest["cutoff"].unique(), reverse=True)
    ]


def deciles_at(results: Results, cutoff: str, *, active: bool) -> pd.DataFrame:
    """Leavers expected and found at one past cutoff by tenth of the customers, riskiest first: of the active or of all.

    Columns: ``decile``, ``customers``, ``expected_churners``, ``actual_churners``.
    """
    past = results.past
    rows = past[past["cutoff"] == datetime.fromisoformat(cutoff)]
    if active:
        rows = rows[rows["recency_days"] <= results.horizon_days]
    return tenths(rows["p_churn"].to_numpy(dtype=float), rows["churned"].to_numpy(dtype=float))


def quality_view(results: Results) -> pd.DataFrame:
    """One row per population, the active first: figures of ``results.quality`` and ``population``."""
    return frame_of(QualityLine, quality_lines(results.evidence.trust.quality))


def versions_view(
    shown: Sequence[Run], current: str | None, runs: Sequence[Run], leaving: Mapping[str, float]
) -> pd.DataFrame:
    """One row per version, in the order given: ``on_screen`` (mark), ``made``, ``champion``, threshold and figures.

    Parameters
    ----------
    runs
        All versions, among which that stands whose model scored another.
    leaving
        By run: the share of its active customers that is expected to leave, as :func:`share_leaving` has it; versions
        that have none are left out.
    """
    return pd.DataFrame(
        {
            "on_screen": ["●" if run.run_id == current else "" for run in shown],
            "made": [run.finished_at for run in shown],
            "origin": [origin(run, runs) for run in shown],
            "scored_on": [run.summary.cutoff for run in shown],
            "champion": [model_label(run.champion) for run in shown],
            "threshold_days": [run.horizon_days for run in shown],
            "customers": [run.summary.customers for run in shown],
            "mean_p_churn": [leaving.get(run.run_id) for run in shown],
            "test_roc_auc_active": [run.summary.test_roc_auc_active for run in shown],
            "test_roc_auc": [run.summary.test_roc_auc for run in shown],
            "test_log_loss": [run.summary.test_log_loss for run in shown],
            "test_ece": [run.summary.test_ece for run in shown],
        }
    )


def share_leaving(folder: Path) -> float | None:
    """The share of a version's active customers that is expected to leave, as Home says it; None where it has none.

    What the store keeps of a version is of all customers, most of whom have left long ago.
    """
    try:
        return Results(folder).summary.customers.active.mean_p_churn
    except DataError:
        return None
