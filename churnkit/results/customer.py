"""One customer of a finished run: a row of ``customers.parquet``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, Self

from churnkit.text.respelling import respelled

Tier = Literal["high", "medium", "low"]
Status = Literal["active", "lapsed"]


@dataclass(frozen=True, kw_only=True)
class Customer:
    """What an analysis knows of one customer; None where a figure does not apply. Money in the analysis' currency.

    Attributes
    ----------
    p_churn, p_alive
        Probabilities in [0, 1]; ``p_alive`` is None where no purchase process could be fitted, or where it does not
        tell the gone from the slow.
    recency_days
        Days since the last purchase at the cutoff.
    expected_orders, expected_spend, expected_spend_low, expected_spend_high
        Within the horizon, with the ends of the 80 % interval.
    status
        Active: silent for the churn threshold at most.
    risk_tier
        None for the lapsed, and for everybody where nothing is proven.
    rank
        Place in the worklist, from 1 on.
    clv, clv_low, clv_high
        Value of the next 365 days with the ends of the 80 % interval.
    clv_if_kept, clv_if_lost, value_at_risk
        The same if the customer buys within the horizon, and if not; ``p_churn`` times the difference, for the active.
    spend_last_year
        Net spend of the 365 days before the cutoff.
    expected_next_order
        The day by which a purchase has come with probability 1/2; None where that is more than a year ahead.
    overdue_ratio
        Days since the last purchase in units of the usual gap.
    p_churn_before, risk_tier_before
        The forecast one horizon earlier, made with what was known then.
    p_churn_if_bought
        If the customer had just placed one more usual order.
    factor_1, factor_2, factor_3
        Reasons in words, strongest first.
    """

    customer_id: str
    p_churn: float
    p_alive: float | None
    status: Status | None
    rank: int | None
    risk_tier: Tier | None
    recency_days: int
    order_count: int
    monetary_total: float
    expected_orders: float | None
    expected_spend: float | None
    expected_spend_low: float | None
    expected_spend_high: float | None
    clv: float | None
    clv_low: float | None
    clv_high: float | None
    clv_if_kept: float | None
    clv_if_lost: float | None
    spend_last_year: float | None
    expected_next_order: datetime | None
    value_at_risk: float | None
    mean_order_value: float | None
    gap_mean_days: float | None
    overdue_ratio: float | None
    segment: str | None
    first_purchase_at: datetime | None
    last_purchase_at: datetime | None
    p_churn_before: float | None
    risk_tier_before: Tier | None
    p_churn_if_bought: float | None
    factor_1: str | None
    factor_2: str | None
    factor_3: str | None

    @property
    def reasons(self) -> tuple[str, ...]:
        """The factors that there are, strongest first."""
        return tuple(respelled(text) for text in (self.factor_1, self.factor_2, self.factor_3) if text)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """The customer of a row: NaN and a column that an older run lacks are None, other columns are left aside."""
        return cls(**{name: _known(row.get(name)) for name in _COLUMNS})


_COLUMNS = tuple(field.name for field in fields(Customer))


def _known(value: Any) -> Any:
    return None if value is None or value != value else value
