"""What a campaign is assumed to cost and to do: from the shop's settings, and in words beside every result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from churnkit.config import Money
from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.text import figures
from churnkit.text.currencies import minor_units

VALID_DAYS = 14


def with_contact_cost(
    money: Money, mean_order_value: ArrayLike, order_count: ArrayLike, currency: str | None
) -> Money:
    """The settings with a contact cost in them: as set, else a share of the mean order value of the shop.

    The share is rounded to the smallest coin, and is one coin at least, so that what is written times the number of
    contacts is the cost of a campaign.

    Parameters
    ----------
    mean_order_value, order_count
        Of each customer, shape (n,). Money is rounded to 0.01 first, as customers are kept.

    Examples
    --------
    >>> with_contact_cost(Money(), [5.174], [3], "EUR").contact_cost
    0.26
    """
    if money.contact_cost is not None:
        return money
    orders = np.asarray(order_count, dtype=float)
    spent = float((np.asarray(mean_order_value, dtype=float).round(2) * orders).sum())
    digits = minor_units(currency)
    share = money.contact_cost_share * spent / max(float(orders.sum()), 1.0)
    return replace(money, contact_cost=max(round(share, digits), 10.0**-digits if share > 0 else 0.0))


def assumptions_from_money(money: Money) -> Assumptions:
    """The shop's settings, with a contact cost in them, as assumptions.

    Raises
    ------
    SettingsError
        If the contact cost is not set: see :func:`with_contact_cost`.
    """
    if money.contact_cost is None:
        raise SettingsError("Pricing a campaign: the cost of a contact must be set first.")
    return Assumptions(
        contact_cost=float(money.contact_cost),
        save_rate=money.save_rate,
        save_rate_weight=money.save_rate_weight,
        stayers_redeem=money.stayers_redeem,
        gone_success=money.gone_success,
        discount=money.campaign_discount,
        margin=money.margin,
    )


def assumption_words(
    assumed: Assumptions, currency: str | None, *, tells_gone: bool = True
) -> list[tuple[str, str]]:
    """Each assumption as (what it is, its value), to be shown next to a result.

    ``tells_gone`` is whether the history tells who has dropped out for good: if not, success with them plays no part.
    """
    # The value of a saved customer is what is lost with one already; a share beyond that is set by hand, if at all.
    beyond = (
        [("Of that value, would have come back anyway", figures.percent(assumed.returns_anyway))]
        if assumed.returns_anyway
        else []
    )
    gone = (
        [
            (
                "Success with those who are gone already, as a share of that",
                figures.percent(assumed.gone_success),
            )
        ]
        if tells_gone
        else []
    )
    return [
        ("Cost of a contact", figures.money(assumed.contact_cost, currency)),
        ("Would have left, and stay because of the contact", figures.percent(assumed.save_rate)),
        *gone,
        (
            "How sure the success rate is",
            f"as if measured on {figures.count(assumed.save_rate_weight)} customers",
        ),
        ("Discount on the next order", figures.percent(assumed.discount)),
        ("Would have bought anyway, and use the discount", figures.percent(assumed.stayers_redeem)),
        ("See the message", figures.percent(assumed.reach)),
        ("Share of revenue that is profit", figures.percent(assumed.margin)),
        *beyond,
    ]
