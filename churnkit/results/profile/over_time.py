"""What the profile says of orders and money over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from churnkit.results.codec import keyed

Measured = Literal["measured", "skipped"]


@dataclass(frozen=True, kw_only=True)
class DayStatistics:
    """Orders a day, over every calendar day of the history."""

    days: int
    days_with_orders: int
    mean_orders: float
    median_orders: float
    max_orders: int
    busiest_day: date


@dataclass(frozen=True, kw_only=True)
class WeekOrders:
    """Orders of a whole week, Monday to Sunday."""

    week_start: date
    orders: int


@dataclass(frozen=True, kw_only=True)
class MonthOrders:
    """Orders and money of a month, ``2011-12``; ``complete``: not cut at either end of the history.

    ``new_orders`` are customers' first ones, ``returning_orders`` the others.
    """

    month: str
    orders: int
    new_orders: int
    returning_orders: int
    gross: float
    refunded: float
    net: float
    complete: bool


@dataclass(frozen=True, kw_only=True)
class WeekdayOrders:
    """Orders and gross revenue of a weekday; the mean is None where no such day lies in the history."""

    weekday: str
    orders: int
    share: float
    mean_orders_per_day: float | None
    gross: float


@dataclass(frozen=True, kw_only=True)
class HourOrders:
    """Orders of an hour, 0 to 23."""

    hour: int
    orders: int


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """Strength of a rhythm and of the trend beside it, 0 to 1; None where too little history was there."""

    status: Measured
    period: Literal["week", "year"]
    f_trend: float | None
    f_seasonal: float | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Seasonality:
    """The weekly and the yearly rhythm."""

    weekly: Rhythm
    yearly: Rhythm


@dataclass(frozen=True, kw_only=True)
class Trend:
    """Change of orders a week per month as a share of their mean, with its 95 % interval ``low`` to ``high``.

    ``direction`` is ``unclear`` where the interval holds zero. All are None where too little history was there.
    """

    status: Measured
    direction: Literal["rising", "falling", "unclear"] | None
    share_per_month: float | None
    low: float | None
    high: float | None
    words: str


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Days without any order, both ends included."""

    from_: date = field(metadata=keyed("from"))
    to: date
    days: int


@dataclass(frozen=True, kw_only=True)
class Burst:
    """A day with far more orders than usual, and their share of all."""

    day: date
    orders: int
    share: float


@dataclass(frozen=True, kw_only=True)
class TimeStatistics:
    """Orders and money over time.

    Attributes
    ----------
    per_week
        Whole weeks, the last ten years of them.
    per_hour
        None where the export has no times of day.
    silences, bursts
        The longest and the largest, ten of each at most.
    """

    per_day: DayStatistics
    per_week: tuple[WeekOrders, ...]
    per_month: tuple[MonthOrders, ...]
    per_weekday: tuple[WeekdayOrders, ...]
    per_hour: tuple[HourOrders, ...] | None
    seasonality: Seasonality
    trend: Trend
    silences: tuple[Silence, ...]
    bursts: tuple[Burst, ...]
