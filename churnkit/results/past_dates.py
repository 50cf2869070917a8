"""How the champion would have done at one earlier date; several documents tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from churnkit.results.codec import JsonObject


@dataclass(frozen=True, kw_only=True)
class PastFigures:
    """What was forecast for some customers with what was known then, and what came. Money in the file's currency.

    Attributes
    ----------
    customers
        How many there were.
    roc_auc
        None where all of them left or all stayed.
    log_loss, log_loss_of_base_rate
        Nats a customer; of the forecast, and of giving everybody the rate that came.
    ece
        Expected calibration error, a share.
    expected_churn_rate, actual_churn_rate
        Mean forecast, and the share who left.
    contacted
        Customers whose expected gain exceeded the cost of a contact, decided then.
    profit_chosen, profit_random, profit_recency
        Of contacting these, as many at random, and as many of the longest silent.
    profit_everybody
        Of contacting all of them.
    """

    customers: int
    roc_auc: float | None
    log_loss: float
    log_loss_of_base_rate: float
    ece: float
    expected_churn_rate: float
    actual_churn_rate: float
    expected_spend: float
    actual_spend: float
    contacted: int
    profit_chosen: float
    profit_random: float
    profit_recency: float
    profit_everybody: float


@dataclass(frozen=True, kw_only=True)
class PastDate(PastFigures):
    """A past cutoff: the figures of all customers with a purchase before it, and of those active at it.

    Attributes
    ----------
    active
        Of customers silent no longer than the threshold; None where there were none, or where an earlier version of
        the program did not look at them apart.
    """

    cutoff: datetime
    active: PastFigures | None


def active_dates(past: Sequence[PastDate]) -> tuple[PastDate, ...]:
    """The same dates with the figures of the active in the place of those of all; those without any left out."""
    return tuple(
        PastDate(cutoff=one.cutoff, active=one.active, **vars(one.active)) for one in past if one.active
    )


def without_active(backtest: list[JsonObject]) -> list[JsonObject]:
    """Past dates as a version kept them that looked at all customers only, as the present one does."""
    return [{**one, "active": None} for one in backtest]
