"""From a stretch of days that was seen to a longer one: who drops out on the way, and which season it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from churnkit.btyd import MbgNbd
from churnkit.clv.year.known import YEAR_DAYS
from churnkit.features.purchase_process import histories

# Repeat purchases that a season must outweigh: a few dozen orders tell of no season.
_PRIOR_PURCHASES = 100.0
_LEAST_SEASON, _MOST_SEASON = 1 / 3, 3.0


def thinning(process: MbgNbd | None, rows: pd.DataFrame, seen_days: int, days: int) -> float:
    """Purchases a day over ``days`` ahead against those over ``seen_days``, by the process; 0..1, 1 without one."""
    if process is None or days <= seen_days:
        return 1.0
    known = histories(rows)
    money = np.clip(rows["monetary_mean"].to_numpy(dtype=float), 0.0, None)
    longer = float((money * process.expected_orders(days, *known)).sum()) / days
    shorter = float((money * process.expected_orders(seen_days, *known)).sum()) / seen_days
    return float(np.clip(longer / shorter, 0.0, 1.0)) if shorter > 0 else 1.0


def season(
    process: MbgNbd | None, by_day: pd.DataFrame, seen_from: datetime, seen_until: datetime, as_of: datetime
) -> float:
    """Level of the shop's last 365 days against that of ``[seen_from, seen_until)``; 1 without a year of history.

    The lower of two readings. Of net revenue a day: in a shop that gains customers it takes growth for a season, which
    is careful. Of repeat purchases over those that the purchase process expects of the customers who had come by then:
    in a shop that gains no new ones revenue falls with the customers, and no season is to blame.

    Parameters
    ----------
    by_day
        As :func:`churnkit.clv.revenue.revenue_by_day` gives it.
    """
    past = by_day[by_day["day"] < as_of]
    if past.empty or past["day"].iloc[0] > as_of - timedelta(days=YEAR_DAYS):
        return 1.0
    first = past["day"].iloc[0]
    size = (as_of - first).days
    position = (past["day"] - first).dt.days.to_numpy()
    daily = np.zeros((3, size))
    daily[:, position] = past[["net", "newcomers", "repeats"]].to_numpy(dtype=float).T
    net, newcomers, repeats = daily
    span, year = slice((seen_from - first).days, (seen_until - first).days), slice(size - YEAR_DAYS, size)
    readings = []
    if net[span].mean() > 0:
        readings.append(float(net[year].mean() / net[span].mean()))
    if process is not None:
        expected = _expected_repeats(process, newcomers)
        readings.append(_level(repeats[year], expected[year]) / _level(repeats[span], expected[span]))
    return float(np.clip(min(readings, default=1.0), _LEAST_SEASON, _MOST_SEASON))


def _expected_repeats(process: MbgNbd, newcomers: np.ndarray) -> np.ndarray:
    """Repeat purchases of each day that the process expects of all who came before it, shape (days,)."""
    ages = np.arange(len(newcomers) + 1)
    each = np.array([process.expected_orders(float(age), 0, 0, 0)[0] for age in ages])
    expected: np.ndarray = np.convolve(newcomers, np.diff(each))[: len(newcomers)]
    return expected


def _level(repeats: np.ndarray, expected: np.ndarray) -> float:
    return float((repeats.sum() + _PRIOR_PURCHASES) / (expected.sum() + _PRIOR_PURCHASES))
