"""A shop that was closed for a while: what its last year says of the next one, and how sure that is."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import pandas as pd

from churnkit.clv.year.known import YEAR_DAYS

# A month without a single order is a shop that was closed, or an export that lacks it.
CLOSED_DAYS = 30


def longest_silence(by_day: pd.DataFrame, as_of: datetime, within_days: int = YEAR_DAYS) -> int:
    """The most of the days before ``as_of`` that followed each other without an event; 0 where not all are known.

    ``by_day`` as :func:`churnkit.clv.revenue.revenue_by_day` gives it.
    """
    start = as_of - timedelta(days=within_days)
    past = by_day.loc[by_day["day"] < as_of, "day"]
    if past.empty or past.iloc[0] > start:
        return 0
    days = pd.Series([pd.Timestamp(start) - timedelta(days=1), *past[past >= start], pd.Timestamp(as_of)])
    return int(days.diff().dt.days.max()) - 1


def pause_days(by_day: pd.DataFrame, as_of: datetime) -> int:
    """Days in a row for which the shop was closed in the year before ``as_of``; 0 for none.

    A silence that the year before had too is the shop's season, and no pause.
    """
    silence = longest_silence(by_day, as_of)
    again = longest_silence(by_day, as_of - timedelta(days=YEAR_DAYS))
    return silence if silence >= CLOSED_DAYS > again else 0


def over_last_year(pause: int) -> float:
    """What the next year brings for each unit of the last one: half-way between 1 and a year at the open days' pace.

    Customers who did not come back, and a shop that closes again, speak for the one; the other is a year as it was meant.
    """
    return math.sqrt(YEAR_DAYS / max(YEAR_DAYS - pause, 1))


def least_spread(pause: int, usual: float) -> float:
    """Standard deviation of log(actual / forecast): the two readings lie one further deviation off on either side."""
    return math.hypot(usual, math.log(over_last_year(pause)))
