"""Where the money comes from and where it goes: last year beside the next one, and what of it is at risk."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.results.found import Found, Missing
from churnkit.text.kinds import Kind


@dataclass(frozen=True, kw_only=True)
class MoneyFigure:
    """An amount of money, its 80 % interval (None where there is none), how it is known, and what it is in words."""

    value: float
    low: float | None
    high: float | None
    kind: Kind
    words: str


@dataclass(frozen=True, kw_only=True)
class MoneyStrip:
    """Revenue net of returns, side by side.

    Attributes
    ----------
    days
        How many days the past revenue covers: 365, or fewer where the history is shorter.
    revenue, revenue_active
        Of those days: of all customers, and of those who are active today.
    forecast, forecast_lapsed
        Revenue of the next 365 days of the customers who are active today, and of those who have lapsed; customers
        who will be new are in neither.
    at_risk
        p_churn x (value if kept - value if lost) of the active, after margin.
    margin
        Share of revenue that is profit, as it was assumed.
    """

    days: int
    revenue: MoneyFigure
    revenue_active: MoneyFigure
    forecast: MoneyFigure
    forecast_lapsed: MoneyFigure
    at_risk: Found[MoneyFigure] | Missing
    margin: float
