"""A shop that was closed for a while: what its last year says of the next one, and how sure that is."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pandas as pd

from churnkit.clv.year.known import YEAR_DAYS

# A month without a single order is a shop that was closed, or an export that lacks it.
CLOSED_DAYS = 30


def silences(by_day: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
    """Stretches of ``CLOSED_DAYS`` or more without an event before ``as_of``: ``start``, ``end`` (not in it), by time.

    ``by_day`` as :func:`churnkit.clv.revenue.revenue_by_day` gives it.
    """
    day = by_day.loc[by_day["day"] < as_of, "day"]
    after = pd.concat([day.iloc[1:], pd.Series([pd.Timestamp(as_of)])]).to_numpy()
    found = pd.DataFrame({"start": day.to_numpy() + pd.Timedelta(days=1), "end": after})
    long = found["end"] - found["start"] >= timedelta(days=CLOSED_DAYS)
    return found[long].reset_index(drop=True)


def pause_days(by_day: pd.DataFrame, as_of: datetime) -> int:
    """Days of the last 365 before ``as_of`` on which the shop was closed for ``CLOSED_DAYS`` in a row or more; 0 for none.

    Where the two years before had another silence it is the shop's season, and no pause. Without a year of history
    nothing is said.
    """
    day = by_day.loc[by_day["day"] < as_of, "day"]
    year = timedelta(days=YEAR_DAYS)
    if day.empty or day.iloc[0] > as_of - year:
        return 0
    found = silences(by_day, as_of)
    inside = (found["end"] - found["start"].clip(lower=pd.Timestamp(as_of - year))).dt.days
    now = inside >= CLOSED_DAYS
    earlier = found[~now & (found["end"] > as_of - 3 * year)]
    return 0 if len(earlier) else int(inside[now].sum())


def was_closed(by_day: pd.DataFrame, start: datetime, end: datetime) -> bool:
    """Whether ``[start, end)`` holds ``CLOSED_DAYS`` in a row without an event."""
    found = silences(by_day, end)
    return bool(
        (found["end"] - found["start"].clip(lower=pd.Timestamp(start)) >= timedelta(days=CLOSED_DAYS)).any()
    )


def over_last_year(pause: int) -> float:
    """What the next year brings for each unit of the last one: half-way between 1 and a year at the open days' pace.

    Customers who did not come back, and a shop that closes again, speak for the one; the other is a year as it was meant.
    """
    return math.sqrt(YEAR_DAYS / max(YEAR_DAYS - pause, 1))


def spread_after(pause: int, usual: float) -> float:
    """Standard deviation of log(actual / forecast): the two readings lie one further deviation off on either side."""
    return math.hypot(usual, math.log(over_last_year(pause)))
