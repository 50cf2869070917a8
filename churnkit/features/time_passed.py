"""Panel rows as they would be if the last purchase were longer ago, or shorter: what follows from it moves along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.btyd import GammaGamma, MbgNbd
from churnkit.features.one_more_order import ranks_among
from churnkit.features.panel import DECAY_DAYS, TREND_DAYS, WINDOWS_DAYS
from churnkit.features.purchase_process import (
    PURCHASE_PROCESS_COLUMNS,
    describe_with,
    fit_order_value,
    fit_process,
)

SAME_AS_RECENCY = re.compile(
    r"recency_days_rank|recency_tenure_ratio|missed_orders|overdue_(last_|max_)?ratio|p_alive|btyd_p_no_purchase"
)
"""Features that say how long ago the last purchase was, in other words: none of them can change alone."""

# Column, what it is divided by; both move or one of them does.
_RATIOS = {
    "overdue_ratio": "gap_mean_days",
    "overdue_last_ratio": "gap_last_days",
    "overdue_max_ratio": "gap_max_days",
    "recency_tenure_ratio": "tenure_days",
}
# What counts to the end of a window, and what the customer has in all.
_TOTALS = {"orders": "order_count", "spend": "monetary_total", "lines": "line_count"}
_MONTH_DAYS = 30


@dataclass(frozen=True)
class TimePassed:
    """Moves the whole history of a shop's customers, each as if nothing had happened since.

    Attributes
    ----------
    at_cutoff
        Panel rows of all customers of one cutoff, as they are: whom ranks are among.
    process, order_value
        The purchase process of these customers, None where it could not be fitted or is not asked for.
    horizon_days
        Days that the purchase process looks ahead.
    """

    at_cutoff: pd.DataFrame
    process: MbgNbd | None
    order_value: GammaGamma | None
    horizon_days: int

    @classmethod
    def of(cls, at_cutoff: pd.DataFrame, horizon_days: int) -> TimePassed:
        """For the customers of one cutoff."""
        asked = bool({*PURCHASE_PROCESS_COLUMNS} & {*at_cutoff.columns})
        process = fit_process(at_cutoff) if asked else None
        order_value = fit_order_value(at_cutoff) if asked else None
        return cls(at_cutoff, process, order_value, horizon_days)

    def rows(self, rows: pd.DataFrame, recency_days: float | np.ndarray) -> pd.DataFrame:
        """``rows`` as if every customer had last bought ``recency_days`` days ago; one number for all, or shape (n,).

        The orders, what they were worth and the gaps between them stay; all of them move by the same number of days. So
        ``recency_days``, ``tenure_days``, ratios and paces over them, ranks, the purchase process and faded sums follow
        by their definitions. What lies in a window is known at the windows' own ends only, between them it is taken to be
        spread evenly: exact where a customer stays as he is and where the last purchase leaves a window. Months with a
        purchase, returns and products stay.
        """
        moved = rows.copy()
        recency = rows["recency_days"].to_numpy(dtype=float)
        now = np.broadcast_to(np.asarray(recency_days, dtype=float), recency.shape)
        by_days = now - recency
        moved["recency_days"] = now
        if "tenure_days" in rows:
            moved["tenure_days"] = rows["tenure_days"].to_numpy(dtype=float) + by_days
        for column, values in _in_windows(rows, by_days).items():
            moved[column] = np.where(by_days == 0, rows[column].to_numpy(dtype=float), values)
        for column, below in _RATIOS.items():
            if column in rows and below in rows:
                moved[column] = _over(moved["recency_days"], moved[below])
        _paces(moved)
        for days in DECAY_DAYS:
            for column in (f"orders_decay_{days}d", f"spend_decay_{days}d"):
                if column in rows:
                    moved[column] = rows[column].to_numpy(dtype=float) * np.exp(-by_days / days)
        _pace_of_spend(moved)
        return self._beside_others(moved)

    def _beside_others(self, moved: pd.DataFrame) -> pd.DataFrame:
        if "recency_days_rank" in moved:
            ranked = ranks_among(moved, self.at_cutoff)["recency_days_rank"]
            moved = moved.assign(recency_days_rank=ranked.to_numpy())
        if self.process is None:
            return moved
        described = describe_with(moved, self.process, self.order_value, self.horizon_days)
        known = [name for name in described.columns if name in moved]
        return moved.assign(**{name: described[name] for name in known})


def _over(part: pd.Series, whole: pd.Series) -> np.ndarray:
    """A share or ratio, NaN over 0."""
    divisor = whole.to_numpy(dtype=float)
    ratio: np.ndarray = part.to_numpy(dtype=float) / np.where(divisor == 0, np.nan, divisor)
    return ratio


def _pace_of_spend(moved: pd.DataFrame) -> None:
    """``spend_pace_change`` of the faded sums, as the panel has it."""
    if not {"spend_pace_change", "spend_decay_30d", "spend_decay_180d"} <= {*moved.columns}:
        return
    fast, slow = moved["spend_decay_30d"] / 30.0, moved["spend_decay_180d"] / 180.0
    change = pd.Series(_over(fast - slow, fast + slow), index=moved.index)
    moved["spend_pace_change"] = change.fillna(-1.0)


def _paces(moved: pd.DataFrame) -> None:
    """What a customer does a month, over the time that has now passed."""
    if "tenure_days" not in moved:
        return
    span = moved["tenure_days"] + _MONTH_DAYS
    for pace, total in (
        ("orders_per_month", "order_count"),
        ("spend_per_month", "monetary_total"),
        ("active_month_share", "months_active"),
    ):
        if pace in moved and total in moved:
            moved[pace] = moved[total] * float(_MONTH_DAYS) / span
    if "missed_orders" in moved and "order_count" in moved:
        moved["missed_orders"] = moved["recency_days"] * moved["order_count"] / span


def _in_windows(rows: pd.DataFrame, by_days: np.ndarray) -> dict[str, np.ndarray]:
    """Windows and trends after all ages have grown by ``by_days``; missing where they were."""
    found: dict[str, np.ndarray] = {}
    for what in _TOTALS:
        windows = [days for days in WINDOWS_DAYS if f"{what}_{days}d" in rows]
        trends = [days for days in TREND_DAYS if f"{what}_trend_{days}d" in rows]
        if not windows or not {"recency_days", "tenure_days", _TOTALS[what]} <= {*rows.columns}:
            continue
        ends = sorted({*windows, *trends, *(2 * days for days in trends)})
        within = _within(rows, what, windows, trends, ends, by_days)
        for days in windows:
            name = f"{what}_{days}d"
            found[name] = np.where(rows[name].isna(), np.nan, within[days])
        for days in trends:
            name = f"{what}_trend_{days}d"
            found[name] = np.where(rows[name].isna(), np.nan, _trend(within[days], within[2 * days]))
    return found


def _trend(recent: np.ndarray, both: np.ndarray) -> np.ndarray:
    before = both - recent
    size = np.abs(recent) + np.abs(before)
    change: np.ndarray = (recent - before) / np.where(size == 0, np.nan, size)
    return change


def _within(
    rows: pd.DataFrame,
    what: str,
    windows: Sequence[int],
    trends: Sequence[int],
    ends: Sequence[int],
    by_days: np.ndarray,
) -> Mapping[int, np.ndarray]:
    """What now lies within ``ends`` days, by end: known at the old ends, at the last purchase and in all."""
    recency, tenure = (rows[name].to_numpy(dtype=float) for name in ("recency_days", "tenure_days"))
    total = rows[_TOTALS[what]].to_numpy(dtype=float)
    known = {days: rows[f"{what}_{days}d"].to_numpy(dtype=float) for days in windows}
    for days in trends:
        known.setdefault(
            2 * days, _both(known.get(days), rows[f"{what}_trend_{days}d"].to_numpy(dtype=float))
        )
    ages = np.array(sorted(known), dtype=float)
    inside = np.array([known[int(age)] for age in ages])
    counted = what != "spend"
    there = np.isfinite(inside) & (ages[:, None] >= recency) & (ages[:, None] < tenure)
    # What is inside at the last purchase: one of what is counted, at most what is known of any end after it.
    first = np.where(there, inside, np.inf).min(axis=0, initial=np.inf)
    first = np.minimum(np.minimum(first, total), 1.0 if counted else np.inf)
    x, y = [recency - 1, recency], [np.zeros(len(rows)), first]
    for k, age in enumerate(ages):
        # Where an end tells nothing the point before it stands once more.
        x.append(np.where(there[k], age, x[-1]))
        y.append(np.where(there[k], inside[k], y[-1]))
    points = np.array([*x, np.maximum(tenure, recency)]), np.array([*y, total])
    result = _between(*points, np.array(ends, dtype=float)[:, None] - by_days)
    return dict(zip(ends, np.rint(result) if counted else result, strict=True))


def _between(x: np.ndarray, y: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Straight lines between points (points, n), ``x`` rising, at some places of each customer, shape (places, n).

    Of two points at one place the latter counts, and beyond the outer ones the line is level: ``numpy.interp`` of every
    customer.
    """
    y = y.copy()
    for k in reversed(range(len(x) - 1)):
        y[k] = np.where(x[k] == x[k + 1], y[k + 1], y[k])
    found: np.ndarray = np.where(at < x[0], y[0], y[-1])
    for k in range(len(x) - 1):
        width = x[k + 1] - x[k]
        slope = (y[k + 1] - y[k]) / np.where(width > 0, width, 1.0)
        inside = (at >= x[k]) & (at < x[k + 1])
        found = np.where(inside, slope * (at - x[k]) + y[k], found)
    return found


def _both(recent: np.ndarray | None, trend: np.ndarray) -> np.ndarray:
    """What lies in a window and the one before it, from the window and the trend of the two; NaN for nothing recent."""
    if recent is None:
        return np.full(len(trend), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        both: np.ndarray = np.where((trend > -1) & (recent != 0), recent * 2 / (1 + trend), np.nan)
    return both
