"""Days that stand out: silences longer than a shop's rhythm explains, and bursts of orders."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from churnkit.results.profile import Burst, Silence

SILENT_RUN_DAYS = 7
BURST_TIMES_MEDIAN = 10
BURST_MIN_ORDERS = 10
BURST_SHARE = 0.20
BURST_MIN_HISTORY_DAYS = 60


def silent_runs(orders: pd.Series) -> list[Silence]:
    """Runs of days without any order that are longer than the shop's own rhythm explains.

    With orders on a share p of n days, independent days would bring a longest silence of about
    ln(n p) / -ln(1 - p) days; a run counts if it is more than twice that and more than a week.
    """
    active = orders.to_numpy() > 0
    share = float(active.mean())
    if share in (0.0, 1.0):
        return []
    expected = math.log(max(2.0, len(active) * share)) / -math.log1p(-share)
    limit = max(SILENT_RUN_DAYS, 2.0 * expected)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], active, [True])).astype(int)))
    dates = pd.DatetimeIndex(orders.index).date
    return [
        Silence(from_=dates[start], to=dates[stop - 1], days=int(stop - start))
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start > limit
    ]


def burst_days(orders: pd.Series) -> list[Burst]:
    """Days of at least ten orders with over ten times the median day with orders, or a fifth of all."""
    active = orders[orders > 0]
    total = int(active.sum())
    long_enough = len(orders) >= BURST_MIN_HISTORY_DAYS
    limit = max(BURST_MIN_ORDERS, BURST_TIMES_MEDIAN * float(active.median()))
    return [
        Burst(day=day, orders=int(count), share=int(count) / total)
        for day, count in by_day(active)
        if count > limit or (long_enough and count >= BURST_MIN_ORDERS and count > BURST_SHARE * total)
    ]


def by_day(orders: pd.Series) -> Iterator[tuple[date, int]]:
    """Each calendar day and its value."""
    return zip(pd.DatetimeIndex(orders.index).date, orders, strict=True)
