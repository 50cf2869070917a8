"""What money rests on, and how each value is known."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal

from churnkit.config.checks import require

AssumptionKind = Literal["assumed", "given", "measured"]
"""Of a value behind money: our default, the owner's word, or what a campaign with a holdout found."""


@dataclass(frozen=True)
class Money:
    """Assumptions behind every money figure: each stands at its default until the owner or a campaign has told more.

    ``contact_cost=None`` means ``contact_cost_share`` of the shop's mean order value, which keeps the
    default meaningful in any currency. Example of the field: 8 a contact, 35 % of targets kept.

    Attributes
    ----------
    margin
        Share of revenue that is profit; 1 counts revenue as profit.
    annual_discount_rate
        By how much money in a year counts less than money today.
    save_rate, save_rate_weight
        Share of would-be leavers that a contact keeps, and how sure that is: as if measured on so many of them.
    contact_cost, call_cost
        Money for each contact of the usual kind, and for each personal call; no call without a cost.
    campaign_discount
        Share of the next order that a campaign offers.
    stayers_redeem
        Share of those who would have bought anyway that use the discount.
    gone_success
        Success with customers who have dropped out for good already, as a share of ``save_rate``, which holds for the
        others.
    success_by_tier
        By risk tier, success as a multiple of ``save_rate``, where a campaign was large enough to tell tiers apart.
    given, measured
        Names of the values that the owner gave, and of those that a campaign with a holdout measured.
    """

    margin: float = 1.0
    annual_discount_rate: float = 0.0
    save_rate: float = 0.35
    save_rate_weight: float = 20.0
    contact_cost: float | None = None
    contact_cost_share: float = 0.05
    call_cost: float | None = None
    campaign_discount: float = 0.15
    stayers_redeem: float = 0.5
    gone_success: float = 0.1
    success_by_tier: tuple[tuple[str, float], ...] = ()
    given: tuple[str, ...] = ()
    measured: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require(0 < self.margin <= 1, "margin", self.margin, "in (0, 1]")
        require(
            0 <= self.annual_discount_rate < 1, "annual_discount_rate", self.annual_discount_rate, "in [0, 1)"
        )
        require(0 <= self.save_rate <= 1, "save_rate", self.save_rate, "between 0 and 1")
        require(0 < self.save_rate_weight < math.inf, "save_rate_weight", self.save_rate_weight, "above 0")
        for name in ("contact_cost", "call_cost"):
            cost = getattr(self, name)
            require(cost is None or 0 <= cost < math.inf, name, cost, ">= 0")
        for name in ("campaign_discount", "stayers_redeem", "gone_success"):
            share = getattr(self, name)
            require(0 <= share <= 1, name, share, "between 0 and 1")
        for tier, factor in self.success_by_tier:
            require(0 <= factor < math.inf, f"success_by_tier of {tier}", factor, "0 or more")
        for names in (self.given, self.measured):
            require(set(names) <= _MONEY, "given", names, f"names among {', '.join(sorted(_MONEY))}")

    def kind(self, name: str) -> AssumptionKind:
        """Where the value called ``name`` comes from; one that is not the default's was given by somebody.

        Examples
        --------
        >>> Money(margin=0.4).kind("margin"), Money().kind("margin"), Money(given=("margin",)).kind("margin")
        ('given', 'assumed', 'given')
        """
        if name in self.measured:
            return "measured"
        is_default = getattr(self, name) == getattr(Money, name)
        return "assumed" if is_default and name not in self.given else "given"

    def told(self, **values: float | None) -> Money:
        """With values that the owner gave; None takes one back, and the default holds again.

        A success rate that is said holds for every tier.

        Examples
        --------
        >>> Money(contact_cost=2.0).told(margin=1.0, contact_cost=None).given
        ('margin',)
        """
        known = {name: value for name, value in values.items() if value is not None}
        back = {name: getattr(Money, name) for name in values if name not in known}
        given = tuple(sorted(set(self.given) - set(values) | set(known)))
        measured = tuple(name for name in self.measured if name not in values)
        changes: dict[str, Any] = {**known, **back, "given": given, "measured": measured}
        if "save_rate" in values:
            changes["success_by_tier"] = ()
        return dataclasses.replace(self, **changes)


_MONEY = frozenset(one.name for one in dataclasses.fields(Money)) - {"given", "measured"}
