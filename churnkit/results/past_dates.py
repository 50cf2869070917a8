"""How the champion would have done at one earlier date; several documents tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class PastDate:
    """What was forecast at a past cutoff with what was known then, and what came. Money in the file's currency.

    Attributes
    ----------
    customers
        Customers with a purchase before the cutoff.
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
        Of contacting all customers.
    """

    cutoff: datetime
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
