"""A shop that was closed for a while: what its last year says of the next one, and how sure that is."""

from __future__ import annotations

import itertools
import math
from datetime import datetime, timedelta

import pandas as pd

from churnkit.clv.year.known import YEAR_DAYS

# A month without a single order is a shop that was closed, or an export that lacks it.
CLOSED_DAYS = 30
_DAY = timedelta(days=1)


def silences(by_day: pd.DataFrame, as_of: datetime) -> list[tuple[datetime, datetime]]:
    """Stretches ``[start, end)`` of ``CLOSED_DAYS`` or more without an event before ``as_of``, by time.

    ``by_day`` as :func:`churnkit.clv.revenue.revenue_by_day` gives it.
    """
    known = by_day.loc[by_day["day"] < as_of, "day"].dt.to_pydatetime().tolist()
    pairs = itertools.pairwise([*known, as_of])
    return [(day + _DAY, after) for day, after in pairs if (after - day).days > CLOSED_DAYS]


def pause_days(by_day: pd.DataFrame, as_of: datetime) -> int:
    """Days of the last 365 before ``as_of`` on which the shop was closed for ``CLOSED_DAYS`` in a row or more; 0 for none.

    Where the two years before had another silence it is the shop's season, and no pause. Without a year of history
    nothing is said.
    """
    day, year_ago = by_day["day"], as_of - YEAR_DAYS * _DAY
    if day.empty or day.iloc[0] > year_ago:
        return 0
    inside = {end: (end - max(start, year_ago)).days for start, end in silences(by_day, as_of)}
    recent = [length for length in inside.values() if length >= CLOSED_DAYS]
    seasonal = any(
        length < CLOSED_DAYS and end > year_ago - 2 * YEAR_DAYS * _DAY for end, length in inside.items()
    )
    return 0 if seasonal else sum(recent)


def was_closed(by_day: pd.DataFrame, start: datetime, end: datetime) -> bool:
    """Whether ``[start, end)`` holds ``CLOSED_DAYS`` in a row without an event."""
    return any((until - max(since, start)).days >= CLOSED_DAYS for since, until in silences(by_day, end))


def over_last_year(pause: int) -> float:
    """What the next year brings for each unit of the last one: half-way between 1 and a year at the open days' pace.

    Customers who did not come back, and a shop that closes again, speak for the one; the other is a year as it was meant.
    """
    return math.sqrt(YEAR_DAYS / max(YEAR_DAYS - pause, 1))


def spread_after(pause: int, usual: float) -> float:
    """Standard deviation of log(actual / forecast): the two readings lie one further deviation off on either side."""
    return math.hypot(usual, math.log(over_last_year(pause)))
