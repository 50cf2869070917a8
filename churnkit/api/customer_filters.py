"""Which customers a request asks for, in which order: the filters of the customers page as query parameters."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Query

from churnkit.api.parameters import Day
from churnkit.api.problems import ApiError
from churnkit.results.segments import CustomerFilter, FigureBound

MOST_NAMES = 50
_BOUND = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63})(>=|<=)(-?[0-9.eE+-]{1,40})")

SortKey = Literal[
    "rank",
    "customer_id",
    "status",
    "p_churn",
    "risk_tier",
    "clv",
    "value_at_risk",
    "last_purchase_at",
    "recency_days",
    "order_count",
    "monetary_total",
    "segment",
]
Score = Annotated[int, Query(ge=1, le=5)]
Name = Annotated[str, Query(max_length=200)]
Money = Annotated[float | None, Query(allow_inf_nan=False)]


@dataclass(frozen=True)
class WantedCustomers:
    """A filter and an order."""

    filter: CustomerFilter
    order_by: SortKey
    descending: bool


async def wanted_customers(
    search: Annotated[str, Query(max_length=200, description="Part of the customer's id, in any case.")] = "",
    status: Annotated[list[Literal["active", "lapsed"]], Query(max_length=2)] = [],  # noqa: B006 - read only
    tier: Annotated[list[Literal["high", "medium", "low"]], Query(max_length=3)] = [],  # noqa: B006
    segment: Annotated[list[Name], Query(max_length=MOST_NAMES, description="RFM segments by name.")] = [],  # noqa: B006
    group: Annotated[list[Name], Query(max_length=MOST_NAMES, description="Found groups by name.")] = [],  # noqa: B006
    clv_from: Money = None,
    clv_to: Money = None,
    kept_from: Annotated[
        float | None, Query(allow_inf_nan=False, description="Least value if kept, money.")
    ] = None,
    bought_from: Annotated[Day | None, Query(description="Last purchase on this day or later.")] = None,
    bought_until: Day | None = None,
    moved_up: Annotated[
        bool, Query(description="Only those in a higher risk tier than one threshold ago.")
    ] = False,
    r_score: Annotated[list[Score], Query(max_length=5)] = [],  # noqa: B006
    f_score: Annotated[list[Score], Query(max_length=5)] = [],  # noqa: B006
    where: Annotated[
        list[Name],
        Query(
            max_length=20,
            description="A figure of the analysis at least or at most a value; all of them must hold.",
            examples=[["order_count>=3"]],
        ),
    ] = [],  # noqa: B006
    sort: SortKey = "rank",
    descending: bool = False,
) -> WantedCustomers:
    """The filter of the query.

    Raises
    ------
    ApiError
        A condition of ``where`` cannot be read.
    """
    chosen = CustomerFilter(
        search=search,
        tiers=tuple(tier),
        segments=tuple(segment),
        clv_low=clv_from,
        clv_high=clv_to,
        bought_from=bought_from,
        bought_until=bought_until,
        moved_up=moved_up,
        statuses=tuple(status),
        kept_from=kept_from,
        bounds=tuple(_bound(text) for text in where),
        r_scores=tuple(r_score),
        f_scores=tuple(f_score),
        found_groups=tuple(group),
    )
    return WantedCustomers(chosen, sort, descending)


def _bound(text: str) -> FigureBound:
    found = _BOUND.fullmatch(text.strip())
    try:
        value = float(found[3]) if found else math.nan
    except ValueError:
        value = math.nan
    if found is None or not math.isfinite(value):
        raise ApiError(
            422,
            "invalid",
            f"Reading `where`: {text[:60]!a} is no figure at least or at most a number.",
            "Write for example order_count>=3.",
        )
    return FigureBound(feature=found[1], operator=">=" if found[2] == ">=" else "<=", value=value)


Wanted = Annotated[WantedCustomers, Depends(wanted_customers)]
