"""Ready-made campaigns to compare: how many to contact, and with what offer."""

from __future__ import annotations

from dataclasses import replace

from churnkit.results.campaign_money import Assumptions, Scenario
from churnkit.results.whom import HIGH_RISK

_HIGH_RISK = Scenario(
    name="All high risk",
    words="Everybody in the high risk tier.",
    customers=None,
    whom=HIGH_RISK,
    assumptions=Assumptions(contact_cost=0.0),
)


def by_size(assumptions: Assumptions) -> tuple[Scenario, ...]:
    """The same offer to more and more customers: A to D."""
    best = tuple(
        Scenario(
            name=f"{letter}: top {size}",
            words=f"The best {size} customers.",
            customers=size,
            assumptions=assumptions,
        )
        for letter, size in (("A", 50), ("B", 100), ("C", 200))
    )
    return (*best, replace(_HIGH_RISK, name="D: all high risk", assumptions=assumptions))


def presets(assumptions: Assumptions) -> tuple[Scenario, ...]:
    """Moods: less or more success, discount and reach than ``assumptions``, which the balanced one takes as they are."""
    return (
        Scenario(
            name="Conservative",
            words="A small test: 50 customers, a small discount, half the success, and more who take the discount anyway.",
            customers=50,
            assumptions=replace(
                assumptions,
                save_rate=round(assumptions.save_rate / 2, 2),
                discount=min(assumptions.discount, 0.10),
                stayers_redeem=max(assumptions.stayers_redeem, 0.8),
            ),
        ),
        Scenario(
            name="Balanced",
            words="100 customers on the assumptions of the settings.",
            customers=100,
            assumptions=assumptions,
        ),
        Scenario(
            name="Aggressive",
            words="500 customers, a discount of 25 % or more, and the higher success that it is meant to buy.",
            customers=500,
            assumptions=replace(
                assumptions,
                save_rate=min(round(1.3 * assumptions.save_rate, 2), 1.0),
                discount=max(assumptions.discount, 0.25),
            ),
        ),
        replace(_HIGH_RISK, assumptions=assumptions),
    )
