"""What a shop can do about a customer who may leave: what it costs, what it is assumed to do, and where that comes from."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import JsonObject, Step, from_json, to_json
from churnkit.store import Store

Audience = Literal["everybody", "high value", "with a suggestion", "silent for long"]

AUDIENCES: dict[Audience, str] = {
    "everybody": "everybody",
    "high value": "the fifth of customers with the highest value if kept",
    "with a suggestion": "customers for whom a product is suggested",
    "silent for long": "customers who have been silent for longer than the churn threshold",
}
ASSUMED = "Assumption until a campaign with a control group has measured it."
_KEY = "playbook"
# Stands for the whole of a version 1.
_LIST = "list"
_FIELDS = ("contact_cost", "discount", "save_rate")
_ROUNDING = 6e-5


@dataclass(frozen=True)
class Intervention:
    """One way to act.

    Attributes
    ----------
    key
        Names it in the playbook and picks its text.
    channel
        How the customer is reached.
    contact_cost
        Money for each contact.
    discount
        Share of the next order that is given away, 0 to 1.
    save_rate
        Share of those who would have left, and whom it reaches, that stay because of it, 0 to 1.
    audience
        For whom it is meant.
    capacity
        Customers that can be reached at most; None for any number.
    source
        Where cost and effect come from, in words.
    """

    key: str
    title: str
    channel: str
    contact_cost: float
    discount: float
    save_rate: float
    audience: Audience = "everybody"
    capacity: int | None = None
    source: str = ASSUMED
    active: bool = True

    def __post_init__(self) -> None:
        self._require("contact_cost", self.contact_cost >= 0, "money, 0 or more")
        self._require("discount", 0 <= self.discount <= 1, "between 0 and 1")
        self._require("save_rate", 0 <= self.save_rate <= 1, "between 0 and 1")
        self._require("audience", self.audience in AUDIENCES, f"one of {', '.join(AUDIENCES)}")
        self._require("capacity", self.capacity is None or self.capacity >= 0, "a whole number, or none")

    def _require(self, name: str, holds: bool, rule: str) -> None:
        if not holds:
            raise SettingsError(
                f"Playbook, {self.title}: {name} must be {rule}, found {getattr(self, name)!r}.",
                "Correct the number.",
            )

    def assumptions(self, usual: Assumptions) -> Assumptions:
        """The shop's usual assumptions with this intervention's cost and effect."""
        return replace(
            usual, contact_cost=self.contact_cost, discount=self.discount, save_rate=self.save_rate
        )

    def meant_for(self, customers: pd.DataFrame, horizon_days: int) -> np.ndarray:
        """Whom the audience takes in, booleans of shape (n,).

        Parameters
        ----------
        customers
            ``value_band``, ``product`` (missing without a suggestion) and ``recency_days``.
        """
        if not self.active:
            return np.zeros(len(customers), dtype=bool)
        if self.audience == "high value":
            return (customers["value_band"] == "high").to_numpy(dtype=bool)
        if self.audience == "with a suggestion":
            return customers["product"].notna().to_numpy(dtype=bool)
        if self.audience == "silent for long":
            return (customers["recency_days"] > horizon_days).to_numpy(dtype=bool)
        return np.ones(len(customers), dtype=bool)


def _of_list(content: JsonObject) -> JsonObject:
    """Version 1 was a list, and may hold fields of an older version, which say nothing any more."""
    names = {field.name for field in dataclasses.fields(Intervention)}
    return {"interventions": [{k: v for k, v in one.items() if k in names} for one in content[_LIST]]}


@dataclass(frozen=True)
class Playbook:
    """The interventions that a shop chooses from, each key once."""

    title: ClassVar[str] = "the playbook"
    steps: ClassVar[tuple[Step, ...]] = (_of_list,)

    interventions: tuple[Intervention, ...]

    def __post_init__(self) -> None:
        keys = [one.key for one in self.interventions]
        if len(set(keys)) < len(keys):
            raise SettingsError(f"Playbook: each key may occur once, found {', '.join(keys)}.")

    def __getitem__(self, key: str) -> Intervention:
        return next(one for one in self.interventions if one.key == key)

    @classmethod
    def of_shop(cls, usual: Assumptions) -> Self:
        """The four usual interventions around the shop's own settings.

        Costs are multiples of a contact, effects multiples of the save rate in the settings; nobody has measured either
        here. That a personal call does more than a message, and a bare suggestion less than a discount, is common opinion.
        """
        rate, cost = usual.save_rate, usual.contact_cost
        shown = "Cost, discount and save rate from Settings. "
        return cls(
            (
                Intervention(
                    "discount", "Discount", "e-mail", cost, usual.discount, rate, source=shown + ASSUMED
                ),
                Intervention(
                    "call",
                    "Personal call",
                    "phone",
                    5 * cost,
                    0.0,
                    min(1.0, 1.2 * rate),
                    "high value",
                    capacity=25,
                    source=f"Five times the cost of a contact, 1.2 times the save rate from Settings. {ASSUMED}",
                ),
                Intervention(
                    "product",
                    "Product suggestion",
                    "e-mail",
                    cost,
                    0.0,
                    0.5 * rate,
                    "with a suggestion",
                    source=f"Cost of a contact, half the save rate from Settings. {ASSUMED}",
                ),
                Intervention(
                    "comeback",
                    "Comeback offer",
                    "letter",
                    2 * cost,
                    min(1.0, usual.discount + 0.1),
                    min(1.0, 1.1 * rate),
                    "silent for long",
                    source=(
                        "Twice the cost of a contact, ten points more discount, 1.1 times the save rate from Settings."
                        f" {ASSUMED}"
                    ),
                ),
            )
        )

    def edited(self, key: str, **changes: Any) -> Playbook:
        """The playbook with other values of one intervention; the source then says that they were set by hand.

        A number that only a form's rounding has moved counts as it was.
        """
        changed = []
        for one in self.interventions:
            if one.key != key:
                changed.append(one)
                continue
            moved = {
                n: v for n, v in changes.items() if n in _FIELDS and abs(v - getattr(one, n)) > _ROUNDING
            }
            others = {n: v for n, v in changes.items() if n not in _FIELDS}
            source = f"Set by hand. {ASSUMED}" if moved else one.source
            changed.append(replace(one, **moved, **others, source=source))
        return Playbook(tuple(changed))


def saved_playbook(store: Store, session_id: str) -> Playbook | None:
    """The reader's own playbook for an analysis; None for the usual one.

    Raises
    ------
    DataError
        What was kept cannot be read.
    """
    kept = store.preferences.get(f"{_KEY}/{session_id}")
    if kept is None:
        return None
    return from_json(Playbook, {_LIST: kept} if isinstance(kept, list) else kept)


def save_playbook(store: Store, session_id: str, playbook: Playbook | None) -> None:
    """Keep a playbook for an analysis; None goes back to the usual one."""
    if playbook is None:
        store.preferences.delete(f"{_KEY}/{session_id}")
    else:
        store.preferences.set(f"{_KEY}/{session_id}", to_json(playbook))
