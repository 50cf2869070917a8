"""From the parameters of a year to the value of each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.clv.bands import Bands
from churnkit.clv.year.shares import combine
from churnkit.config import Money
from churnkit.results.year_forecast import YearBacktest, YearBasis, YearForecast, YearRule

MOST_TIMES_OWN = 3.0
"""A year brings at most this many times all that a customer brought so far, net of returns, beside a newcomer's share."""
_MONTHS = np.arange(12) + 0.5


@dataclass(frozen=True)
class YearValue:
    """What the next 365 days of customers bring: money after margin, discounted where a rate is set, shape (n,) each.

    Attributes
    ----------
    clv, clv_low, clv_high
        Expected, and the 80 % interval of each customer's own.
    clv_if_kept, clv_if_lost
        Of a customer who buys within the horizon, and of one who does not (and may come back later); clv is their
        mean, weighted with 1 - p_churn and p_churn. 0 <= lost <= kept.
    """

    clv: np.ndarray
    clv_low: np.ndarray
    clv_high: np.ndarray
    clv_if_kept: np.ndarray
    clv_if_lost: np.ndarray


@dataclass(frozen=True)
class PastYear:
    """A test of the year at an earlier date, customer by customer; money, arrays of shape (n,).

    Attributes
    ----------
    forecast, actual
        Made with what was known at the cutoff, and what came in the ``days`` after it.
    repeat
        Net spend of as many days before it.
    recency_days
        Silence at the cutoff.
    """

    cutoff: datetime
    days: int
    forecast: np.ndarray
    actual: np.ndarray
    repeat: np.ndarray
    recency_days: np.ndarray


@dataclass(frozen=True)
class YearModel:
    """Values customers by the parameters in ``forecast``, which is also what is stored and shown.

    ``tests`` are its backtests customer by customer; empty in a model that was read again.
    """

    forecast: YearForecast
    tests: tuple[PastYear, ...] = ()

    @property
    def basis(self) -> YearBasis:
        """What the year rests on."""
        return self.forecast.basis

    @property
    def words(self) -> str:
        """How it was learned, in a sentence or two."""
        return self.forecast.words

    @property
    def scale(self) -> float:
        """Factor on the sum of parts."""
        return self.forecast.scale

    @property
    def backtests(self) -> tuple[YearBacktest, ...]:
        """Such forecasts at earlier dates, and what came."""
        return self.forecast.backtests

    def values(
        self,
        rows: pd.DataFrame,
        p_churn: np.ndarray,
        spend_if_buying: np.ndarray,
        money: Money,
    ) -> YearValue:
        """The year of customers.

        Parameters
        ----------
        rows
            Panel rows.
        p_churn
            Probability of no purchase within the horizon, shape (n,).
        spend_if_buying
            Net spend within the horizon given a purchase, in money before margin, shape (n,).
        """
        kept, lost = stretch_values(self.forecast.rule, rows, p_churn, spend_if_buying)
        factor = money.margin * discount_factor(money)
        kept, lost = kept * factor, lost * factor
        clv = (1 - p_churn) * kept + p_churn * lost
        low, high = stretch_interval(self.forecast.rule, clv / factor)
        return YearValue(clv, low * factor, high * factor, kept, lost)


def discount_factor(money: Money) -> float:
    """What a year's spend is worth today: twelve equal months, each at its middle; 1 without a rate.

    One factor for all customers, so that a changed rate or margin multiplies values.
    """
    return float(np.mean((1 + money.annual_discount_rate) ** (-_MONTHS / 12)))


def stretch_values(
    rule: YearRule, rows: pd.DataFrame, p_churn: np.ndarray, spend_if_buying: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Net revenue of the rule's days if kept and if lost, money before margin, shape (n,); 0 <= lost <= kept.

    Who is lost buys nothing within the horizon, so at most what kept customers bring in the days after it; nothing where
    the horizon is as long. Kept is at most ``MOST_TIMES_OWN`` times the customer's net spend so far and a share of a
    newcomer's value, which shrinks with the days that the customer has been known: whoever has brought nothing in a year
    is no newcomer.
    """
    pace = spend_if_buying * rule.days / rule.horizon_days
    own = own_spend(rows, rule.own_days) * rule.days / rule.own_days
    kept = rule.level * combine(rule.kept, pace, own, 1.0)
    lost = rule.level * combine(rule.lost, pace, own, return_weight(p_churn))
    kept = np.clip(kept, 0.0, most_if_kept(rule, rows))
    days_after = max(0.0, 1.0 - rule.horizon_days / rule.days)
    return kept, np.clip(lost, 0.0, days_after * kept)


def return_weight(p_churn: np.ndarray) -> np.ndarray:
    """How the return of a customer who let the horizon pass goes with the forecast: min(1, 2 (1 - p)), shape (n,).

    Of those who were more likely than not to buy and then fell silent, about as many come back whatever their forecast;
    of those who were given up already, in proportion to the chance that they had.
    """
    weight: np.ndarray = np.minimum(1.0, 2.0 * (1.0 - p_churn))
    return weight


def most_if_kept(rule: YearRule, rows: pd.DataFrame) -> np.ndarray:
    """The most that a customer is taken to bring in the rule's days, money before margin, shape (n,)."""
    net = np.clip(rows["monetary_total"].to_numpy(dtype=float), 0.0, None)
    unknown = rule.horizon_days / (rule.horizon_days + rows["tenure_days"].to_numpy(dtype=float))
    most: np.ndarray = MOST_TIMES_OWN * net + rule.newcomer * unknown
    return most


def stretch_interval(rule: YearRule, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """80 % interval of each customer's own net revenue in the rule's days; both shape (n,).

    What like customers brought around their forecast, wider by one standard deviation of how totals are missed.
    """
    bands = Bands(np.array(rule.edges), np.array(rule.low), np.array(rule.high))
    low, high = bands.interval(expected)
    return low * np.exp(-rule.spread), high * np.exp(rule.spread)


def own_spend(rows: pd.DataFrame, own_days: int) -> np.ndarray:
    """Net spend of the last ``own_days`` days, 0 at least; all of the history where the panel knows no such window."""
    total = rows["monetary_total"].to_numpy(dtype=float)
    name = f"spend_{own_days}d"
    if name in rows.columns:
        recent = rows[name].to_numpy(dtype=float)
        total = np.where(np.isnan(recent), total, recent)
    own: np.ndarray = np.clip(total, 0.0, None)
    return own
