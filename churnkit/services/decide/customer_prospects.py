"""What is to be expected of one customer next: the day of the next order, and the product to suggest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.segments.standing import ACTIVE
from churnkit.text import figures

_NO_DAY = (
    "The day of the next order is worked out for shops whose customers have bought often enough in the past."
)
_ONLY_POPULAR = "tested on past orders, no rule guessed better here than what most customers buy anyway"


@dataclass(frozen=True)
class NextOrder:
    """When a customer's next order is due, if one comes within the churn threshold.

    Attributes
    ----------
    on, earliest, latest
        The middle day, and the days between which it lies in eight of ten cases.
    tested
        How often that held on the shop's own past; empty where no earlier date could be looked at.
    """

    on: date
    earliest: date
    latest: date
    tested: str


@dataclass(frozen=True)
class Suggestion:
    """A product that a customer has not bought, and the one bought that led to it; ``value`` is money."""

    product: str
    because: str
    value: float
    tested: str


def next_order(results: Results, customer_id: str) -> NextOrder | Missing:
    """When the customer is due, from the gaps between the customer's own orders and, where these are few, the shop's."""
    row = _row_of(results, customer_id)
    told = results.baskets
    if told is None or isinstance(told.due, Missing):
        return Missing(told.due.reason if told is not None and isinstance(told.due, Missing) else _NO_DAY)
    days = [_day(row, name) for name in ("due_at", "due_from", "due_until")]
    if row is None or any(one is None for one in days):
        return Missing(_NO_DAY)
    on, earliest, latest = (one for one in days if one is not None)
    return NextOrder(on, earliest, latest, _tested(results))


def _tested(results: Results) -> str:
    told = results.baskets
    if told is None or isinstance(told.due, Missing) or told.due.value.checked is None:
        return ""
    checked = told.due.value.checked
    return (
        f"Tested on the {figures.counted(checked.returned, 'customer')} who ordered in the last"
        f" {figures.days(told.due.value.horizon_days)} of your data: {figures.percent(checked.coverage)} of them did so"
        " between the two days that would have stood here."
    )


def suggestion(results: Results, customer_id: str) -> Found[Suggestion] | Missing:
    """The product to suggest, only where the shop's rules guessed better on past orders than “most popular”."""
    told = results.baskets
    if told is None:
        return Missing("This version was made before products were looked at.")
    if isinstance(told.rules, Missing):
        return told.rules
    rules = told.rules.value
    if rules.chosen.unit is None or rules.held_out is None or rules.held_out.low <= 0:
        return Missing(f"Nobody in particular: {_ONLY_POPULAR}.")
    row = _row_of(results, customer_id)
    product = None if row is None else row.get("product_1_name")
    because = None if row is None else row.get("product_1_because")
    if row is None or not isinstance(product, str) or not isinstance(because, str):
        return Missing("No rule leads from what this customer has bought to something else.")
    return Found(Suggestion(product, because, float(row["product_1_value"]), rules.verdict))


def usual_churn(results: Results) -> float | None:
    """The mean probability of leaving of the shop's active customers, 0 to 1; None without any."""
    customers = results.customers
    active = customers.loc[customers["status"] == ACTIVE, "p_churn"]
    return float(active.mean()) if len(active) else None


def _row_of(results: Results, customer_id: str) -> pd.Series | None:
    actions = results.actions
    if actions is None:
        return None
    found = actions[actions["customer_id"] == customer_id]
    return None if found.empty else found.iloc[0]


def _day(row: pd.Series | None, name: str) -> date | None:
    value = None if row is None else row.get(name)
    return value.date() if isinstance(value, pd.Timestamp) and not pd.isna(value) else None
