"""What a campaign is assumed to cost and to do: one frozen dataclass, shown next to every result that rests on it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from churnkit.config import Money
from churnkit.errors import SettingsError
from churnkit.text import figures

VALID_DAYS = 14
SHARES = ("save_rate", "gone_success", "discount", "stayers_redeem", "reach", "returns_anyway")


@dataclass(frozen=True)
class Assumptions:
    """Everything about a campaign that the data does not tell. Shares lie in 0..1, money in the shop's currency.

    Attributes
    ----------
    contact_cost
        Money for each contacted customer, whatever comes of it.
    save_rate
        Share of those who would have left, and whom the contact reaches, that stay because of it.
    gone_success
        Success with those of them who are gone for good already (probability 1 - p_alive), as a share of
        ``save_rate``. 1 makes no difference between them; without ``p_alive`` there is none.
    discount
        Share of the next order that is given away.
    stayers_redeem
        Share of those who would have bought anyway that use the discount. Whoever is saved uses it.
    reach
        Share of the contacted that see the message.
    margin
        Share of revenue that is profit.
    returns_anyway
        Share of a saved customer's value that would have come back later without a contact.
    save_rate_weight
        How sure ``save_rate`` is: as if measured on this many customers who were about to leave.
    """

    contact_cost: float
    save_rate: float = 0.35
    gone_success: float = 0.1
    discount: float = 0.15
    stayers_redeem: float = 0.5
    reach: float = 1.0
    margin: float = 1.0
    returns_anyway: float = 0.0
    save_rate_weight: float = 20.0

    def __post_init__(self) -> None:
        for name in SHARES:
            self._require(name, 0 <= getattr(self, name) <= 1, "between 0 and 1")
        self._require("margin", 0 < self.margin <= 1, "above 0 and at most 1")
        self._require("contact_cost", 0 <= self.contact_cost < math.inf, "0 or more")
        self._require("save_rate_weight", 0 < self.save_rate_weight < math.inf, "above 0")

    def _require(self, name: str, holds: bool, rule: str) -> None:
        if not holds:
            raise SettingsError(
                f"Assumption {name} = {getattr(self, name)!r}: it must be {rule}.", "Correct the number."
            )

    @classmethod
    def from_money(cls, money: Money, mean_order_value: float) -> Self:
        """The shop's settings as assumptions; an unset contact cost is a share of the mean order value."""
        cost = money.contact_cost
        if cost is None:
            cost = money.contact_cost_share * mean_order_value
        return cls(
            contact_cost=float(cost),
            save_rate=money.save_rate,
            gone_success=money.gone_success,
            discount=money.campaign_discount,
            margin=money.margin,
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The reverse of ``as_dict``; names of other versions are left out.

        Raises
        ------
        SettingsError
            If ``contact_cost`` is missing or a value is out of range.
        """
        known = {f.name for f in dataclasses.fields(cls)}
        given = {name: float(value) for name, value in values.items() if name in known}
        if "contact_cost" not in given:
            raise SettingsError("Reading saved assumptions: the contact cost is missing.", "Save them again.")
        return cls(**given)

    def as_dict(self) -> dict[str, float]:
        """Plain numbers by name, to be stored with a result."""
        return dataclasses.asdict(self)

    def words(self, currency: str | None) -> list[tuple[str, str]]:
        """Each assumption as (what it is, its value), to be shown next to a result."""
        return [
            ("Cost of a contact", figures.money(self.contact_cost, currency)),
            ("Would have left, and stay because of the contact", figures.percent(self.save_rate)),
            (
                "Success with those who are gone already, as a share of that",
                figures.percent(self.gone_success),
            ),
            (
                "How sure the success rate is",
                f"as if measured on {figures.count(self.save_rate_weight)} customers",
            ),
            ("Discount on the next order", figures.percent(self.discount)),
            ("Would have bought anyway, and use the discount", figures.percent(self.stayers_redeem)),
            ("See the message", figures.percent(self.reach)),
            ("Share of revenue that is profit", figures.percent(self.margin)),
            (
                "Of a saved customer's value, would have come back anyway",
                figures.percent(self.returns_anyway),
            ),
        ]
