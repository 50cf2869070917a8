"""What a campaign is assumed to cost and to do: from the shop's settings, and in words beside every result."""

from __future__ import annotations

from churnkit.config import Money
from churnkit.results.campaign_money import Assumptions
from churnkit.text import figures

VALID_DAYS = 14


def assumptions_from_money(money: Money, mean_order_value: float) -> Assumptions:
    """The shop's settings as assumptions; an unset contact cost is a share of the mean order value."""
    cost = money.contact_cost
    if cost is None:
        cost = money.contact_cost_share * mean_order_value
    return Assumptions(
        contact_cost=float(cost),
        save_rate=money.save_rate,
        gone_success=money.gone_success,
        discount=money.campaign_discount,
        margin=money.margin,
    )


def assumption_words(assumed: Assumptions, currency: str | None) -> list[tuple[str, str]]:
    """Each assumption as (what it is, its value), to be shown next to a result."""
    return [
        ("Cost of a contact", figures.money(assumed.contact_cost, currency)),
        ("Would have left, and stay because of the contact", figures.percent(assumed.save_rate)),
        (
            "Success with those who are gone already, as a share of that",
            figures.percent(assumed.gone_success),
        ),
        (
            "How sure the success rate is",
            f"as if measured on {figures.count(assumed.save_rate_weight)} customers",
        ),
        ("Discount on the next order", figures.percent(assumed.discount)),
        ("Would have bought anyway, and use the discount", figures.percent(assumed.stayers_redeem)),
        ("See the message", figures.percent(assumed.reach)),
        ("Share of revenue that is profit", figures.percent(assumed.margin)),
        (
            "Of a saved customer's value, would have come back anyway",
            figures.percent(assumed.returns_anyway),
        ),
    ]
