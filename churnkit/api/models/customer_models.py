"""Customers, as routes say them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from churnkit.api.models.figures import Answer, Currency, Figure, Instant, Share
from churnkit.api.models.results_models import TierName


class CustomerRow(Answer):
    """One customer of a list; money in the currency of the answer."""

    customer_id: str
    rank: int | None = Field(description="Place in the worklist, from 1 on.")
    status: Literal["active", "lapsed"] | None
    p_churn: Share = Field(description="Probability of no purchase within the churn threshold.")
    risk_tier: TierName | None = Field(description="Null for the lapsed, and where nothing is proven.")
    clv: Figure = Field(description="Expected spend of the next 365 days.")
    value_at_risk: Figure
    last_purchase_at: Instant | None
    recency_days: int
    order_count: int
    monetary_total: Figure
    segment: str | None
    reason: str | None = Field(description="The strongest reason in words.")


class CustomerPage(Answer):
    """A page of the customers that match."""

    analysis_id: str
    run_id: str
    currency: Currency
    items: list[CustomerRow]
    total: int = Field(description="How many match.")
    next: str | None = Field(description="Pass it as `after` for the next page; null on the last one.")
    value_at_risk: Figure = Field(description="Of all that match; null where nothing is proven.")
    expected_leavers: Figure = Field(description="Of the active ones that match.")


class ReasonFactor(Answer):
    """A feature that raises a customer's risk."""

    factor: str = Field(examples=["Days since the last purchase"])
    feature: str = Field(examples=["recency_days"])
    impact: float = Field(description="Log-odds against the shop's mean customer.")


class ThemeFact(Answer):
    """One fact of a theme, with the customer's figure and the typical one as they are read."""

    fact: str
    own: str
    typical: str
    push: Figure = Field(description="Log-odds.")


class ReasonTheme(Answer):
    """What a theme adds to a customer's log-odds of leaving."""

    label: str
    push: Figure
    words: str
    facts: list[ThemeFact]


class CustomerAnswer(Answer):
    """Everything that an analysis knows of one customer; money in its currency, null where a figure does not apply."""

    analysis_id: str
    run_id: str
    currency: Currency
    customer_id: str
    p_churn: Share
    p_alive: Share
    status: Literal["active", "lapsed"] | None
    rank: int | None
    risk_tier: TierName | None
    recency_days: int
    order_count: int
    monetary_total: Figure
    expected_orders: Figure
    expected_spend: Figure
    expected_spend_low: Figure
    expected_spend_high: Figure
    clv: Figure
    clv_low: Figure
    clv_high: Figure
    clv_if_kept: Figure
    clv_if_lost: Figure
    value_at_risk: Figure
    spend_last_year: Figure
    expected_next_order: Instant | None
    mean_order_value: Figure
    gap_mean_days: Figure
    overdue_ratio: Figure
    segment: str | None
    first_purchase_at: Instant | None
    last_purchase_at: Instant | None
    p_churn_before: Share
    risk_tier_before: TierName | None
    p_churn_if_bought: Share
    reasons: tuple[str, ...] = Field(description="In words, strongest first.")
    factors: list[ReasonFactor] | None = Field(description="With `explain`: what raises the risk most.")
    themes: list[ReasonTheme] | None = Field(
        description="With `explain`: what adds up to the probability, theme by theme."
    )
