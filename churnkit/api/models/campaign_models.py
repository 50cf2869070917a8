"""Campaigns and what they changed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.models.figures import Answer, Figure, Instant, Range, Share
from churnkit.api.models.given_times import Day
from churnkit.api.models.results_models import AssumptionFigures, OutcomeFigures, TierName
from churnkit.api.models.scenario_models import AssumptionBody, WhomBody
from churnkit.api.paging import Page
from churnkit.results.campaign_facts import DEFAULT_HOLDOUT_SHARE, MAX_HOLDOUT_SHARE, MAX_NAME

MOST_LISTED = 100_000
_Money = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
_Id = Annotated[str, Field(min_length=1, max_length=500)]
Status = Literal["planned", "running", "ended"]


class CampaignBody(BaseModel):
    """What is asked of a campaign."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "Spring comeback",
                    "whom": {"kind": "tier", "name": "high"},
                    "max_customers": 200,
                    "holdout_share": 0.2,
                    "assumptions": {"contact_cost": 1.5},
                }
            ]
        },
    )

    name: str = Field(min_length=1, max_length=MAX_NAME)
    whom: WhomBody = WhomBody()
    max_customers: Annotated[int, Field(ge=1, le=1_000_000_000)] | None = Field(
        None, description="Both arms together, best first; the size that the page begins with unless given."
    )
    holdout_share: float = Field(
        DEFAULT_HOLDOUT_SHARE, ge=0, le=MAX_HOLDOUT_SHARE, description="Share that is not contacted."
    )
    value_floor: _Money | None = Field(None, description="Least value if kept, money.")
    only_profitable: bool = Field(
        True, description="Leave out whoever is expected to cost more than a contact brings."
    )
    only_consenting: bool = Field(
        True, description="Leave out whoever did not agree to be written to, where the file says who did."
    )
    do_not_contact: list[_Id] = Field(default_factory=list, max_length=MOST_LISTED)
    assumptions: AssumptionBody = AssumptionBody()


class CampaignPlanAnswer(Answer):
    """Who is contacted and who is held out, and what that promises; money in the currency of its analysis."""

    name: str
    contacted: int = Field(examples=[170])
    held_out: int = Field(examples=[30])
    left_out: dict[str, int] = Field(description="Customers left out by reason.", examples=[{"floor": 12}])
    promise: OutcomeFigures
    assumptions: AssumptionFigures
    holdout_share: float
    horizon_days: int
    scored_at: Instant
    expected_base_rate: Share = Field(description="Share forecast to buy without a contact.")
    power: Share = Field(description="Chance that the readout shows the assumed success, if it is true.")
    notes: tuple[str, ...]


class CampaignAnswer(Answer):
    """A frozen campaign."""

    id: str = Field(examples=["5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"])
    analysis_id: str
    run_id: str
    status: Status
    created_at: Instant
    started_on: date | None = Field(description="The day on which it went out.", examples=["2026-03-02"])
    plan: CampaignPlanAnswer


class CampaignLine(Answer):
    """A frozen campaign in a list."""

    id: str = Field(examples=["5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"])
    name: str
    analysis_id: str
    run_id: str
    status: Status
    created_at: Instant
    started_on: date | None = Field(examples=["2026-03-02"])


class CampaignChange(BaseModel):
    """That a campaign has gone out, or is over."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"status": "running", "started_on": "2026-03-02"}]}
    )

    status: Literal["running", "ended"]
    started_on: Day | None = Field(None, description="The day on which it went out; needed for `running`.")


class Member(Answer):
    """A customer of a campaign, with the scores that were frozen."""

    customer_id: str
    arm: str = Field(examples=["treatment"])
    stratum: str | None = Field(examples=["high/3"])
    risk_tier: TierName | None
    p_churn: Share
    clv_if_kept: Figure
    mean_order_value: Figure
    expected_gain: Figure


class Members(Page[Member]):
    """A page of them, best first."""


class LeftOut(Answer):
    """Somebody who was left out, and why."""

    customer_id: str
    reason: str = Field(examples=["floor"])
    detail: str = Field(examples=["worth 12.00 if kept"])


class AllLeftOut(Page[LeftOut]):
    """A page of them."""


class ResultLine(BaseModel):
    """What came of one customer of a campaign."""

    model_config = ConfigDict(extra="forbid")

    customer_id: _Id
    converted: bool | None = Field(None, description="Bought within the window.", examples=[True])
    revenue: Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)] | None = Field(
        None, examples=[49.9]
    )


class ReadoutBody(BaseModel):
    """Where the results come from: the later orders of an analysis, or a list with a line for each customer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"analysis_id": "6eaf8284b1504b09badf5408361f984b"}]},
    )

    analysis_id: str | None = Field(
        None, max_length=64, description="An analysis of this workspace whose file holds the orders since."
    )
    results: Annotated[list[ResultLine], Field(min_length=1, max_length=MOST_LISTED)] | None = None
    elapsed_days: Annotated[int, Field(ge=1, le=3_650)] | None = Field(
        None, description="With `results`: days of the window that they cover; all of it unless given."
    )


class AdjustedEffect(Answer):
    """An effect after what was known before is taken out."""

    effect: Range
    variance_reduction: Figure


class ChangedFigure(Answer):
    """What the contact changed of one figure: treated minus held out."""

    treated: Figure
    held_out: Figure
    difference: Range = Field(description="With the interval of one look at the end.")
    safe: Range = Field(description="With the interval that holds however often one looks.")
    adjusted: AdjustedEffect | None


class MeasuredRate(Answer):
    """Share of those who would have left that stayed because of it."""

    rate: Range
    weight: Figure


class TierMeasured(Answer):
    """The measured rate of one risk tier, and what the next plan counts with as a multiple of the rate of all."""

    tier: str = Field(examples=["high"])
    treated: int = Field(examples=[90])
    held_out: int = Field(examples=[40])
    rate: Range
    success: Figure


class RealisedMoney(Answer):
    """What it brought, beside what it promised."""

    saves: Range
    window_revenue: Range | None
    window_net: Range | None
    window_roi: Range | None
    year_net: Range
    year_roi: Figure
    contact_cost: Figure


class ReadoutAnswer(Answer):
    """A look at a campaign's results."""

    id: str = Field(examples=["5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"])
    campaign_id: str
    looked_at: Instant
    source: str = Field(examples=["orders-2026.csv, until May 2026"])
    words: list[str]
    grade: Literal["worked", "harmed", "unclear"]
    complete: bool = Field(description="Whether the window is over, and the result final.")
    treated: int = Field(examples=[170])
    held_out: int = Field(examples=[30])
    elapsed_days: Figure
    horizon_days: int
    conversion: ChangedFigure
    revenue: ChangedFigure | None
    save_rate: MeasuredRate | None
    by_tier: list[TierMeasured] = Field(description="Empty where tiers cannot be told apart.")
    realised: RealisedMoney
    notes: tuple[str, ...]


class Readouts(Answer):
    """All looks at a campaign, newest first."""

    items: list[ReadoutAnswer]
    damaged: list[str] = Field(description="Ids of those that cannot be read.")
