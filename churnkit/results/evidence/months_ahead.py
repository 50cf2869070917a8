"""The next months of the customers who are there now."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MonthAhead:
    """A calendar month such as "2012-01", without and with the recommended campaign.

    Attributes
    ----------
    active_customers, active_with_action
        Expected at its end: with a purchase within the threshold.
    revenue, revenue_low, revenue_high, revenue_with_action
        Money within it, and the 80 % interval of the first.
    """

    month: str
    active_customers: float
    revenue: float
    revenue_low: float
    revenue_high: float
    active_with_action: float
    revenue_with_action: float


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The months in order, customers active now, all that in words, and the sentences it rests on."""

    months: tuple[MonthAhead, ...]
    active_now: int
    words: str
    assumptions: tuple[str, ...]
