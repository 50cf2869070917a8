"""How the value of a year was forecast, and how such forecasts did at earlier dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

YearBasis = Literal["learned", "seasonal", "last_year"]
"""What a year rests on: whole years seen, a shorter stretch and the shop's own months, or a stretch of less than a year's
history."""


@dataclass(frozen=True, kw_only=True)
class YearShares:
    """Spend of the year as a sum of parts, each 0 or more.

    Attributes
    ----------
    pace, own
        Shares of the spend per horizon that buyers are forecast to have, carried over the year, and of the customer's
        own net spend so far, carried likewise.
    base
        Money that everybody brings.
    """

    pace: float
    own: float
    base: float


@dataclass(frozen=True, kw_only=True)
class YearRule:
    """All that values a customer: the parameters of :class:`churnkit.clv.YearModel`.

    Attributes
    ----------
    days
        Length of the stretch that is valued, 365 but in tests.
    horizon_days
        Of "buys within the horizon".
    own_days
        Length of the window of the customer's own net spend, one of the panel's.
    kept, lost
        Of a customer who buys within the horizon; of one who does not, where the sum is taken times min(1, 2 (1 - p_churn)).
    level
        Factor on both.
    newcomer
        Most that a customer without net spend can bring if kept, in money.
    edges, low, high
        Upper edges of value bins, and the 10 % and 90 % quantiles of actual / forecast in each.
    spread
        Standard deviation of the logarithm of a total's miss.
    """

    days: int
    horizon_days: int
    own_days: int
    kept: YearShares
    lost: YearShares
    level: float
    newcomer: float
    edges: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    spread: float


@dataclass(frozen=True, kw_only=True)
class YearBacktest:
    """A forecast made at ``cutoff`` with what was known then, and what came in the ``days`` after it. Net revenue.

    Attributes
    ----------
    customers
        All with a purchase before the cutoff (of a sample, where the panel is one).
    basis
        What the forecast of then rested on.
    mae, mae_repeat
        Mean absolute error for each customer: of the forecast, and of repeating the net spend of as many days before.
    total_repeat
        Total of that repetition.
    inside
        Share of customers whose spend lay inside their 80 % interval.
    """

    cutoff: datetime
    days: int
    customers: int
    basis: YearBasis
    forecast: float
    actual: float
    total_repeat: float
    mae: float
    mae_repeat: float
    inside: float

    @property
    def ratio(self) -> float:
        """Forecast over actual; NaN where nothing came."""
        return self.forecast / self.actual if self.actual > 0 else float("nan")


@dataclass(frozen=True, kw_only=True)
class YearForecast:
    """The value of the 365 days after the scoring date.

    Attributes
    ----------
    words
        How it was learned, in a sentence or two.
    notes
        What a reader must know beside it, in sentences.
    learned_at, learned_days
        Dates whose customers it was learned from, ascending, and how many days after them were looked at.
    scale
        Factor on the sum of parts, calibration of the total included.
    total, total_low, total_high
        Net revenue of today's customers in the 365 days to come and its 80 % interval, before margin and discounting.
    backtests
        Longest stretch first; empty where the history is too short for any.
    """

    basis: YearBasis
    words: str
    notes: tuple[str, ...]
    learned_at: tuple[datetime, ...]
    learned_days: int
    scale: float
    total: float
    total_low: float
    total_high: float
    backtests: tuple[YearBacktest, ...]
    rule: YearRule
