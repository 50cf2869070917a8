"""What windows missed that were over by the day of a refresh: those of the run that trained, and the one before today."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from churnkit.results.folders import Results
from churnkit.services.score.scorer import Scorer
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.past_notes import Missed, missed, past_notes
from churnkit.windows import CutoffPlan

_ARRAYS = ("p_churn", "churned", "expected_spend", "actual_spend", "recency_days")


class WindowBefore(NamedTuple):
    """The window that ends today: probabilities (n,) of its rows, and what they missed (None where that run told it)."""

    p_churn: np.ndarray
    missed: Missed | None


def window_before(trained: Results, scorer: Scorer, before: pd.DataFrame) -> WindowBefore:
    """What was forecast at that date where the model's own run did; elsewhere what the model says of it, at its level.

    ``before`` are its panel rows, none in a history that is too short.
    """
    if before.empty:
        return WindowBefore(np.empty(0), None)
    past = trained.past
    then = past[past["cutoff"] == before["cutoff"].iloc[0]].set_index("customer_id")["p_churn"]
    if len(then):
        found: np.ndarray = before["customer_id"].map(then).to_numpy(dtype=float)
        if np.isfinite(found).all():
            return WindowBefore(found, None)
    date = before["cutoff"].iloc[0].to_pydatetime()
    at_date, _steps = scorer.at(date, before)
    learned = at_date.learned
    p_churn = learned.model.p_churn(before)
    if len(then) or before["churned"].isna().any():
        return WindowBefore(p_churn, None)
    outcome = PastOutcome(
        date,
        p_churn,
        before["churned"].to_numpy(dtype=float),
        learned.value_model.expected_spend(before, p_churn),
        before["spend_next"].to_numpy(dtype=float),
        before["recency_days"].to_numpy(dtype=float),
        Stakes(np.zeros(len(before)), 0.0, 0.0),
    )
    return WindowBefore(p_churn, missed(outcome))


def notes_of(trained: Results, before: WindowBefore, plan: CutoffPlan) -> tuple[str, ...]:
    """Sentences on what past windows missed, as an analysis of this date has them (``tournament.past_notes``)."""
    windows = [
        missed(
            PastOutcome(
                pd.Timestamp(rows["cutoff"].iloc[0]).to_pydatetime(),
                stakes=Stakes(np.zeros(len(rows)), 0.0, 0.0),
                **{name: rows[name].to_numpy(dtype=float) for name in _ARRAYS},
            )
        )
        for _cutoff, rows in trained.past.groupby("cutoff")
    ]
    if before.missed is not None:
        windows.append(before.missed)
    return past_notes(windows, plan.scoring, plan.history_start, plan.horizon_days, plan.step_days)
