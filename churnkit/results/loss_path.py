"""How today's active customers become fewer month by month, and what is lost with them: worked out when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class MonthLost:
    """A calendar month ahead such as "2012-01", without action; returning customers count as active again.

    Attributes
    ----------
    active_customers
        Of those active today, expected to be active at its end.
    churn_rate
        Share (0 to 1) of those active at its beginning by which they are fewer at its end.
    left_share
        Share (0 to 1) of those active today who are not active at its end.
    loss, cumulative
        Money lost within it, and from today to its end, with those who leave; NaN where nothing proves the forecast.
    cumulative_low, cumulative_high
        80 % interval; NaN where there is none.
    """

    month: str
    active_customers: float
    churn_rate: float
    left_share: float
    loss: float
    cumulative: float
    cumulative_low: float
    cumulative_high: float


@dataclass(frozen=True, kw_only=True)
class LossPath:
    """The months in order, how many customers they begin with, and all that in words.

    ``no_money`` says why no money is said to be lost; None where it is.
    """

    months: tuple[MonthLost, ...]
    active_now: int
    no_money: str | None
    words: tuple[str, ...]
