"""Forecasts on demand: what is asked, and what is answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from churnkit.api.models.customer_models import ReasonFactor
from churnkit.api.models.figures import Answer, Currency, Figure, Share
from churnkit.api.models.given_times import ShopTime
from churnkit.api.models.results_models import TierName

MOST_IDS = 10_000
MOST_ORDERS = 5_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

Method = Literal["stored", "model", "features", "orders", "rule"]
CustomerIdText = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
ModelId = Annotated[
    str | None,
    Field(description="One of the models of the run; its champion unless given.", max_length=64),
]
RunIdText = Annotated[
    str | None, Field(description="One of the analysis' runs; the current one unless given.", max_length=64)
]
Money = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


def _within_reason(at: datetime) -> datetime:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"the year must lie between {_FIRST_YEAR} and {_LAST_YEAR}")
    return at


class OrderLine(BaseModel):
    """A line of an order; a negative amount is a return."""

    model_config = ConfigDict(extra="forbid")

    ordered_at: Annotated[ShopTime, AfterValidator(_within_reason)] = Field(
        description="Before the date of the analysis.", examples=["2011-10-03T10:30:00"]
    )
    amount: Money = Field(description="In the currency of the analysis.", examples=[49.9])
    order_id: Name | None = Field(
        default=None, description="Lines of one order share it; alone, a line is an order."
    )
    product_id: Name | None = None
    category: Name | None = None
    quantity: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None = None
    discount: Money | None = None


class PredictBody(BaseModel):
    """Whom to ask about: a customer of the analysis, as it is or with other figures, or somebody with some orders."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"customer_id": "17850", "explain": True},
                {"customer_id": "17850", "features": {"recency_days": 3, "order_count": 5}},
                {"orders": [{"ordered_at": "2011-10-03T10:30:00", "amount": 49.9}]},
            ]
        },
    )

    customer_id: CustomerIdText | None = None
    features: (
        Annotated[dict[str, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=100)] | None
    ) = Field(
        default=None,
        description="Figures of the customer at other values, by their names in the data dictionary.",
    )
    orders: Annotated[list[OrderLine], Field(min_length=1, max_length=MOST_ORDERS)] | None = Field(
        default=None, description="All orders of somebody who is no customer of the analysis."
    )
    explain: bool = Field(
        False, description="With reasons and factors; those of stored forecasts come always."
    )
    model_id: ModelId = None
    run_id: RunIdText = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.customer_id is None) == (self.orders is None):
            raise ValueError("give either customer_id or orders")
        if self.orders is not None and self.features is not None:
            raise ValueError("features go with customer_id alone: orders say everything themselves")
        return self


class Forecast(Answer):
    """What is forecast of one customer; money in the currency of the analysis."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "analysis_id": "6eaf8284b1504b09badf5408361f984b",
                    "run_id": "b323d6ed1a6a4fe189c7f60d16d281fc",
                    "currency": "GBP",
                    "customer_id": "17850",
                    "method": "stored",
                    "model": "blend",
                    "horizon_days": 105,
                    "p_churn": 0.31,
                    "p_churn_before": None,
                    "status": "active",
                    "risk_tier": "low",
                    "expected_spend": 410.2,
                    "clv": 1290.5,
                    "reasons": ["Ordered 34 times so far, more than most."],
                    "factors": [],
                    "warnings": [],
                }
            ]
        },
    )

    analysis_id: str
    run_id: str
    currency: Currency
    customer_id: str | None = Field(description="Null for somebody known by orders alone.")
    method: Method = Field(
        description="`stored`: the analysis' own forecast; `model`: another model asked about the same figures;"
        " `features`: asked with other figures; `orders`: described from orders first; `rule`: there was no model to"
        " ask, so the shop's own return curve answered."
    )
    model: str = Field(description="Name of what answered.")
    horizon_days: int
    p_churn: Share
    p_churn_before: Share = Field(description="With `features`: as the customer is.")
    status: Literal["active", "lapsed"] | None
    risk_tier: TierName | None
    expected_spend: Figure = Field(
        description="Within the horizon; null where only a probability was asked for."
    )
    clv: Figure = Field(description="Of the next 365 days; null likewise.")
    reasons: list[str]
    factors: list[ReasonFactor]
    warnings: list[str]


class BatchBody(BaseModel):
    """Many customers of an analysis at once."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"customer_ids": ["17850", "12583"]}]}
    )

    customer_ids: list[CustomerIdText] = Field(min_length=1, max_length=MOST_IDS)
    model_id: ModelId = None
    run_id: RunIdText = None


class BatchRow(Answer):
    """One of them."""

    customer_id: str
    p_churn: Share
    status: Literal["active", "lapsed"] | None
    risk_tier: TierName | None
    clv: Figure
    value_at_risk: Figure
    reason: str | None = Field(
        description="The strongest in words; null for another model than the champion."
    )


class Batch(Answer):
    """Forecasts in the order that was asked for, without the unknown."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "analysis_id": "6eaf8284b1504b09badf5408361f984b",
                    "run_id": "b323d6ed1a6a4fe189c7f60d16d281fc",
                    "currency": "GBP",
                    "method": "stored",
                    "model": "blend",
                    "items": [
                        {
                            "customer_id": "17850",
                            "p_churn": 0.31,
                            "status": "active",
                            "risk_tier": "low",
                            "clv": 1290.5,
                            "value_at_risk": 88.1,
                            "reason": "Ordered 34 times so far, more than most.",
                        }
                    ],
                    "unknown": [],
                }
            ]
        },
    )

    analysis_id: str
    run_id: str
    currency: Currency
    method: Literal["stored", "model"]
    model: str
    items: list[BatchRow]
    unknown: list[str] = Field(description="Ids that the analysis does not know.")
