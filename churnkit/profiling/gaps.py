"""Days between purchases, and how likely a purchase is to be followed by another.

Every purchase day of a customer opens a spell. It ends with the customer's next purchase day, or is still
open at the end of the history. Gaps that did end are the short ones: a customer silent since half a year has
told us that this gap exceeds 180 days, and leaving it out makes every shop look faster than it is. Open
spells therefore count as censored in a Kaplan-Meier curve over all spells, the estimator of Pena, Strawderman
and Hollander (2001, JASA 96, 1299-1315) for recurrent gaps. A frequent buyer counts with each gap: the curve
speaks of purchases, not of customers ("of 100 purchases, so many are followed by another within t days").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.results.profile import GapBar, GapDistribution, GapQuantiles

MIN_AT_RISK = 30
FEW_AT_RISK = 5
YEAR_DAYS = 365
YEAR_SLACK_DAYS = 30
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
HISTOGRAM_EDGES_DAYS = (1, 8, 15, 31, 46, 61, 91, 121, 181, 271, 366)


def spells(days: ir.Table, end: date) -> ir.Table:
    """Spells counted by length: ``gap_days`` (1 or more), ``closed`` (another purchase followed), ``spells``.

    An open spell runs to ``end``, the first day after the history; there is one per customer.
    """
    by_day = ibis.window(group_by="customer_id", order_by="day")
    following = days.mutate(next_day=_.day.lead().over(by_day))
    until = ibis.coalesce(following.next_day, ibis.literal(end))
    lengths = following.mutate(gap_days=until.delta(following.day, unit="day"), closed=_.next_day.notnull())
    return lengths.group_by("gap_days", "closed").aggregate(spells=_.count())


def lifetimes(days: ir.Table, end: date) -> ir.Table:
    """Customers counted by ``tenure_days`` and ``recency_days``: from first and last purchase to ``end``."""
    spans = days.group_by("customer_id").aggregate(first_day=_.day.min(), last_day=_.day.max())
    until = ibis.literal(end)
    ages = spans.mutate(
        tenure_days=until.delta(spans.first_day, unit="day"),
        recency_days=until.delta(spans.last_day, unit="day"),
    )
    return ages.group_by("tenure_days", "recency_days").aggregate(customers=_.count())


@dataclass(frozen=True)
class ReturnCurve:
    """Kaplan-Meier curve of the days to the next purchase.

    Attributes
    ----------
    silent
        ``silent[t]``: share of purchases not followed by another within t days, t = 0 .. ``support_days``.
    pauses
        ``pauses[t]``: spells that lasted longer than t days, over or not.
    closed_spells
        Number of gaps that ended.
    """

    silent: np.ndarray
    pauses: np.ndarray
    closed_spells: int

    @property
    def support_days(self) -> int:
        """The last day that enough spells reached for the curve to be trusted."""
        return len(self.silent) - 1

    @property
    def told_days(self) -> int:
        """The longest silence after which returns were watched for at least half as long again."""
        return self.support_days * 2 // 3

    def silent_at(self, days: int) -> float | None:
        """Share of purchases still without a follower after ``days``; None beyond the curve's support."""
        return float(self.silent[days]) if days <= self.support_days else None

    def late_return_share(self, days: int) -> float | None:
        """Of the pauses longer than ``days``, the share that a purchase ended: 1 - S(support) / S(days).

        It answers "of the customers whom I would call lost after so many days, how many come back anyhow?" as of
        the day on which they are called so: every pause counts, whoever made it, for as long as it was watched. What
        comes back after the end of the curve is not seen, so it is a lower bound. None beyond ``told_days``,
        where it would tend to 0 for want of time to come back.
        """
        if days > self.told_days or not self.silent[days]:
            return None
        return 1.0 - float(self.silent[-1] / self.silent[days])

    def returned_part(self, days: int) -> float:
        """Of the purchases ever followed by another, the share followed within ``days``."""
        ever = 1.0 - float(self.silent[-1])
        return (1.0 - float(self.silent[days])) / ever if ever else 1.0

    def yearly_part(self, days: int) -> float:
        """Of those who come back after ``days`` of silence, the share that does so a year after the purchase.

        A year is ``YEAR_DAYS``, give or take ``YEAR_SLACK_DAYS``; 0 where that is no later or not watched.
        """
        first, last = YEAR_DAYS - YEAR_SLACK_DAYS, YEAR_DAYS + YEAR_SLACK_DAYS
        later = self.silent[min(days, self.support_days)] - self.silent[-1]
        if days >= first or last > self.support_days or not later:
            return 0.0
        return float((self.silent[first - 1] - self.silent[last]) / later)


def return_curve(counts: pd.DataFrame) -> ReturnCurve:
    """Kaplan-Meier curve from counted spells (columns ``gap_days``, ``closed``, ``spells``).

    S(t) is the product over u <= t of 1 - closed(u) / at_risk(u), at_risk(u) being the spells of u days or
    more. The curve ends with the last day that ``MIN_AT_RISK`` spells reach, in a small shop as many as a quarter of
    its customers but no fewer than ``FEW_AT_RISK``; with fewer spells it is the single point S(0) = 1.
    """
    days = counts["gap_days"].to_numpy(dtype=int)
    size = counts["spells"].to_numpy(dtype=float)
    closed = counts["closed"].to_numpy(dtype=bool)
    length = int(days.max(initial=0)) + 1
    events = np.bincount(days[closed], weights=size[closed], minlength=length)
    at_risk = np.bincount(days, weights=size, minlength=length + 1)[::-1].cumsum()[::-1]
    customers = int(size[~closed].sum())
    reached = np.flatnonzero(at_risk >= min(MIN_AT_RISK, max(FEW_AT_RISK, customers // 4)))
    support = int(reached[-1]) if reached.size else 0
    hazard = events[: support + 1] / np.maximum(at_risk[: support + 1], 1.0)
    return ReturnCurve(np.cumprod(1.0 - hazard), at_risk[1 : support + 2].astype(int), int(events.sum()))


def gap_distribution(counts: pd.DataFrame) -> GapDistribution:
    """Closed gaps described.

    Quantiles are the least number of days that the share of gaps reaches (no interpolation between days).
    """
    closed = counts[counts["closed"]].groupby("gap_days")["spells"].sum().sort_index()
    total = int(closed.sum())
    if total == 0:
        return GapDistribution(count=0, mean_days=None, quantiles_days=None, histogram=())
    days = closed.index.to_numpy(dtype=int)
    size = closed.to_numpy(dtype=float)
    cumulative = size.cumsum() / total
    quantiles = {
        f"p{round(q * 100):02d}": int(days[np.searchsorted(cumulative, q - 1e-12)]) for q in QUANTILES
    }
    histogram = []
    for low, high in zip(HISTOGRAM_EDGES_DAYS, (*HISTOGRAM_EDGES_DAYS[1:], None), strict=True):
        inside = (days >= low) & ((days < high) if high is not None else True)
        gaps = int(size[inside].sum())
        last_day = high - 1 if high is not None else None
        histogram.append(GapBar(from_days=low, to_days=last_day, gaps=gaps, share=gaps / total))
    return GapDistribution(
        count=total,
        mean_days=float((days * size).sum() / total),
        quantiles_days=GapQuantiles(**quantiles),
        histogram=tuple(histogram),
    )
