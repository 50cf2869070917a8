"""Campaigns on paper: what is asked, and what comes of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.api.models.figures import Answer, Currency, Figure, Range
from churnkit.api.models.results_models import AssumptionFigures, OutcomeFigures

_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Money = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
_Count = Annotated[int, Field(ge=0, le=1_000_000_000)]

_WHOM: JsonDict = {"kind": "segment", "name": "At risk", "lapsed": False}


class WhomBody(BaseModel):
    """Who comes into question."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, json_schema_extra={"examples": [_WHOM]})

    kind: Literal["everybody", "tier", "segment", "group", "list"] = "everybody"
    name: str = Field(
        default="", max_length=200, description="Of the tier, segment, found group or contact list."
    )
    lapsed: bool = Field(
        default=False, description="Whether those count who have been silent longer than the threshold."
    )


class AssumptionBody(BaseModel):
    """What is assumed otherwise than in the shop's settings; shares lie in 0 to 1."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"contact_cost": 1.5, "save_rate": 0.25}]}
    )

    contact_cost: _Money | None = None
    save_rate: _Share | None = None
    gone_success: _Share | None = None
    discount: _Share | None = None
    stayers_redeem: _Share | None = None
    reach: _Share | None = None
    margin: Annotated[float, Field(gt=0, le=1)] | None = None
    returns_anyway: _Share | None = None


class SimulateBody(BaseModel):
    """A campaign on paper."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"customers": 200, "whom": _WHOM, "assumptions": {"contact_cost": 1.5, "discount": 0.1}}
            ]
        },
    )

    customers: _Count | None = Field(
        default=None, description="How many, best first; everybody in question unless given."
    )
    budget: _Money | None = Field(default=None, description="What contacts and discounts may cost, money.")
    whom: WhomBody = WhomBody()
    assumptions: AssumptionBody = AssumptionBody()


class ScenarioBody(SimulateBody):
    """A campaign on paper that is kept under a name."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Spring", "customers": 200, "whom": _WHOM}]},
    )

    name: str = Field(min_length=1, max_length=60)


class ScenarioSet(Answer):
    """A campaign on paper as it was set."""

    name: str
    words: str = Field(examples=["The recommended number of contacts."])
    customers: int | None
    budget: Figure
    whom: WhomBody
    assumptions: AssumptionFigures


class Simulated(Answer):
    """What would come of a campaign."""

    analysis_id: str
    run_id: str
    currency: Currency
    scenario: ScenarioSet
    outcome: OutcomeFigures
    in_question: int = Field(examples=[2780], description="Customers who come into question.")
    optimum: int = Field(
        examples=[410], description="Contacts that bring the highest expected net; 0 when none pays."
    )
    optimum_net: Figure
    recommended: int = Field(examples=[180], description="The fewest contacts that bring most of that.")
    stay: Figure = Field(description="Of those in question, expected to buy within the horizon without it.")
    stay_with: Range = Field(description="And with it.")


class KeptScenario(Answer):
    """A campaign on paper, ready-made or kept, with what comes of it on the current run."""

    scenario: ScenarioSet
    is_ready_made: bool
    outcome: OutcomeFigures


class Scenarios(Answer):
    """Ready-made scenarios, then those that were kept, oldest first."""

    analysis_id: str
    run_id: str
    currency: Currency
    items: list[KeptScenario]
    damaged: dict[str, str] = Field(description="Kept ones that cannot be read, by name, with why.")
