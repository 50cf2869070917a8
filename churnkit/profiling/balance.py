"""Churners and stayers for every threshold in days: what a slider shows while it moves."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

LONGEST_DAYS = 730


def balance_by_day(lifetimes: pd.DataFrame, longest_days: int = LONGEST_DAYS) -> dict[str, Any]:
    """What each threshold from 1 day to the length of the history, at most ``longest_days``, would mean.

    Parameters
    ----------
    lifetimes
        Columns ``tenure_days``, ``recency_days``, ``customers``.

    Returns
    -------
    dict
        Equally long lists: ``days``; ``known_customers``, with a purchase more than so many days ago; ``churn_share``,
        the share of them without a purchase since (None where nobody was known); ``lapsed_share``, the share of all
        customers who have been silent for longer.
    """
    size = lifetimes["customers"].to_numpy(dtype=int)
    tenure = lifetimes["tenure_days"].to_numpy(dtype=int)
    recency = lifetimes["recency_days"].to_numpy(dtype=int)
    longest = max(1, min(int(tenure.max(initial=1)), longest_days))
    days = np.arange(1, longest + 1)
    known, silent = _beyond(tenure, size, days), _beyond(recency, size, days)
    share = np.divide(silent, known, out=np.full(len(days), np.nan), where=known > 0)
    return {
        "days": days.tolist(),
        "known_customers": known.tolist(),
        "churn_share": [None if np.isnan(value) else float(value) for value in share],
        "lapsed_share": (silent / max(1, int(size.sum()))).tolist(),
    }


def _beyond(values: np.ndarray, size: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Number of customers whose value exceeds each of ``days``."""
    at_least = np.bincount(values, weights=size, minlength=int(days[-1]) + 2)[::-1].cumsum()[::-1]
    beyond: np.ndarray = at_least[days + 1].astype(int)
    return beyond
