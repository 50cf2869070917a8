"""Churners and stayers for every threshold in days: what a slider shows while it moves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.profiling.gaps import return_curve
from churnkit.results.look_facts import BalanceByDay

LONGEST_DAYS = 730


def balance_by_day(
    lifetimes: pd.DataFrame, spells: pd.DataFrame, longest_days: int = LONGEST_DAYS
) -> BalanceByDay:
    """What each threshold from 1 day to the length of the history, at most ``longest_days``, would mean.

    Parameters
    ----------
    lifetimes
        Columns ``tenure_days``, ``recency_days``, ``customers``.
    spells
        Columns ``gap_days``, ``closed``, ``spells``.
    """
    size = lifetimes["customers"].to_numpy(dtype=int)
    tenure = lifetimes["tenure_days"].to_numpy(dtype=int)
    recency = lifetimes["recency_days"].to_numpy(dtype=int)
    longest = max(1, min(int(tenure.max(initial=1)), longest_days))
    days = np.arange(1, longest + 1)
    known, silent = _beyond(tenure, size, days), _beyond(recency, size, days)
    share = np.divide(silent, known, out=np.full(len(days), np.nan), where=known > 0)
    curve = return_curve(spells)
    return BalanceByDay(
        days=tuple(days.tolist()),
        known_customers=tuple(known.tolist()),
        churn_share=tuple(None if np.isnan(value) else float(value) for value in share),
        lapsed_share=tuple((silent / max(1, int(size.sum()))).tolist()),
        returned_after_share=tuple(curve.late_return_share(day) for day in days.tolist()),
    )


def _beyond(values: np.ndarray, size: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Number of customers whose value exceeds each of ``days``."""
    at_least = np.bincount(values, weights=size, minlength=int(days[-1]) + 2)[::-1].cumsum()[::-1]
    beyond: np.ndarray = at_least[days + 1].astype(int)
    return beyond
