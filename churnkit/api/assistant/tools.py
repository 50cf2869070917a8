"""What an assistant may ask: each tool reads, and is one route of the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.assistant.calls import Call
from churnkit.api.customer_filters import SortKey
from churnkit.api.models.scenario_models import SimulateBody

MOST_CUSTOMERS = 50

ShopId = Annotated[
    str, Field(max_length=64, description="Id of the shop, from list_shops; `default` is the one in use.")
]
Names = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)]


class Arguments(BaseModel):
    """What a tool is told; a name that it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


class NoArguments(Arguments):
    """Nothing."""


class OneShop(Arguments):
    """Which shop."""

    shop_id: ShopId = "default"


class CustomersWanted(OneShop):
    """Which customers, in which order."""

    search: str = Field("", max_length=200, description="Part of the customer's id.")
    status: list[Literal["active", "lapsed"]] = Field(
        [], max_length=2, description="active: silent no longer than the churn threshold."
    )
    tier: list[Literal["high", "medium", "low"]] = Field([], max_length=3, description="Risk tier.")
    segment: Names = Field([], description="RFM segments, by name.")
    group: Names = Field([], description="Groups that were found, by name.")
    clv_from: float | None = Field(
        None, allow_inf_nan=False, description="Least expected spend of the next year."
    )
    clv_to: float | None = Field(None, allow_inf_nan=False)
    bought_from: date | None = Field(None, description="Last purchase on this day or later.")
    bought_until: date | None = None
    moved_up: bool = Field(False, description="Only those in a higher risk tier than one threshold ago.")
    sort: SortKey = Field("rank", description="rank: the order in which to contact them.")
    descending: bool = False
    limit: int = Field(20, ge=1, le=MOST_CUSTOMERS)
    offset: int = Field(0, ge=0, le=10_000_000)


class OneCustomer(OneShop):
    """Which customer."""

    customer_id: str = Field(min_length=1, max_length=500, description="As it stands in the shop's data.")
    explain: bool = Field(True, description="With what pushes the probability up and down.")


class CampaignOnPaper(SimulateBody):
    """Which shop, and the campaign."""

    shop_id: ShopId = "default"


@dataclass(frozen=True)
class Tool:
    """A tool: its words for the assistant, what it is told, and the call that answers it."""

    name: str
    title: str
    words: str
    arguments: type[BaseModel]
    call: Callable[[Any], Call]

    def schema(self) -> dict[str, Any]:
        """What it is told, as JSON Schema."""
        return self.arguments.model_json_schema()


def _customers(wanted: CustomersWanted) -> Call:
    query = wanted.model_dump(mode="json", exclude={"shop_id"}, exclude_defaults=True)
    return Call(("analyses", wanted.shop_id, "customers"), {"limit": wanted.limit, **query})


def _customer(wanted: OneCustomer) -> Call:
    parts = ("analyses", wanted.shop_id, "customers", wanted.customer_id)
    return Call(parts, {"explain": "true" if wanted.explain else None})


def _simulation(wanted: CampaignOnPaper) -> Call:
    body = wanted.model_dump(mode="json", exclude={"shop_id"}, exclude_unset=True)
    return Call(("analyses", wanted.shop_id, "simulate"), body=body)


TOOLS: tuple[Tool, ...] = (
    Tool(
        "list_shops",
        "Shops",
        "The shops of this workspace: analyses of order histories, with currency, date and number of customers.",
        NoArguments,
        lambda _: Call(("shops",)),
    ),
    Tool(
        "shop_summary",
        "Summary of a shop",
        "What the analysis of a shop found: customers, churn rate, money at risk, how good the forecast was on past dates,"
        " what drives it, risk tiers and the recommended campaign. Figures say whether they are measured, tested, forecast"
        " or assumed where that is known.",
        OneShop,
        lambda wanted: Call(("analyses", wanted.shop_id, "results")),
    ),
    Tool(
        "find_customers",
        "Customers by filter",
        "Customers that match a filter, in pages of up to 50, with probability of churn, value and the main reason."
        " `total` says how many there are; the next page is asked for by `offset`.",
        CustomersWanted,
        _customers,
    ),
    Tool(
        "get_customer",
        "One customer",
        "Everything that is known of one customer: probability, value, history, and the reasons in words.",
        OneCustomer,
        _customer,
    ),
    Tool(
        "simulate_campaign",
        "A campaign on paper",
        "What contacting the best customers would cost, save and bring, with intervals, under the shop's assumptions and"
        " those that are given; shares lie in 0 to 1. Nothing is kept and nobody is contacted. The figures are forecasts"
        " under assumptions: say so.",
        CampaignOnPaper,
        _simulation,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
