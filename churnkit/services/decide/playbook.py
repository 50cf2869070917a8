"""What a shop can do about a customer who may leave: what it costs, what it is assumed to do, and where that comes from."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd

from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import JsonObject, Step, from_json, to_json
from churnkit.services.decide.reach import CHANNELS, Channel, Reach

if TYPE_CHECKING:
    from churnkit.store import Store

Audience = Literal["everybody", "high value", "with a suggestion", "silent for long"]

AUDIENCES: dict[Audience, str] = {
    "everybody": "everybody",
    "high value": "the fifth of customers with the highest value if kept",
    "with a suggestion": "customers for whom a product is suggested",
    "silent for long": "customers who are late: silent for more than twice their usual gap between purchases",
}
ASSUMED = "Assumption until a campaign with customers left out for comparison has measured it."
MEASURED = "The success was measured by a campaign with customers left out for comparison."
USUAL = "discount"
"""Key of the intervention that every other page counts with."""
_BY_HAND = "Set by hand."
_USUAL_SOURCE = (
    "Cost, discount and success of a contact are those that every page of this analysis counts with."
)
_KEY = "playbook"
# Stands for the whole of a version 1.
_LIST = "list"
_FIELDS = ("contact_cost", "discount", "save_rate")
_ROUNDING = 6e-5
_LATE = 2.0


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
        Money for each contact; None where nobody has said what it costs, and then it is not used.
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
    channel: Channel
    contact_cost: float | None
    discount: float
    save_rate: float
    audience: Audience = "everybody"
    capacity: int | None = None
    source: str = ASSUMED
    active: bool = True

    def __post_init__(self) -> None:
        self._require("channel", self.channel in CHANNELS, f"one of {', '.join(CHANNELS)}")
        known = self.contact_cost is not None
        self._require("contact_cost", not known or (self.contact_cost or 0.0) >= 0, "money, 0 or more")
        self._require("contact_cost", known or not self.active, "given before it is used")
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
        cost = usual.contact_cost if self.contact_cost is None else self.contact_cost
        return replace(usual, contact_cost=cost, discount=self.discount, save_rate=self.save_rate)

    def meant_for(self, customers: pd.DataFrame) -> np.ndarray:
        """Whom the audience takes in, booleans of shape (n,).

        Parameters
        ----------
        customers
            The active: ``value_band``, ``product`` (missing without a suggestion) and ``overdue_ratio`` (missing for
            who has ordered once only).
        """
        if not self.active:
            return np.zeros(len(customers), dtype=bool)
        if self.audience == "high value":
            return (customers["value_band"] == "high").to_numpy(dtype=bool)
        if self.audience == "with a suggestion":
            return customers["product"].notna().to_numpy(dtype=bool)
        if self.audience == "silent for long":
            return (customers["overdue_ratio"] > _LATE).to_numpy(dtype=bool)
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
    def of_shop(
        cls, usual: Assumptions, reach: Reach, call_cost: float | None = None, *, measured: bool = False
    ) -> Self:
        """The usual contact, which every other page counts with, and three more that are off until somebody wants them.

        Parameters
        ----------
        usual
            Cost, discount and success of a contact in this shop.
        reach
            How its customers can be reached; an intervention without its channel stays off.
        call_cost
            Money for a personal call; None where the owner has not said.
        measured
            Whether a campaign has found the usual contact's success.
        """
        rate, cost, by = usual.save_rate, usual.contact_cost, reach.usual
        source = f"{_USUAL_SOURCE} {MEASURED if measured else ASSUMED}"
        return cls(
            (
                Intervention(USUAL, "Usual contact", by, cost, usual.discount, rate, source=source),
                Intervention(
                    "call",
                    "Personal call",
                    "phone",
                    call_cost,
                    0.0,
                    rate,
                    "high value",
                    capacity=25,
                    source=f"Success as of the usual contact. {ASSUMED}",
                    active=False,
                ),
                Intervention(
                    "product",
                    "Product suggestion",
                    by,
                    cost,
                    0.0,
                    0.5 * rate,
                    "with a suggestion",
                    source=f"Half the success of the usual contact, as it gives nothing away. {ASSUMED}",
                    active=False,
                ),
                Intervention(
                    "comeback",
                    "Comeback offer",
                    by,
                    cost,
                    min(1.0, usual.discount + 0.1),
                    rate,
                    "silent for long",
                    source=f"The usual contact with ten points more discount. {ASSUMED}",
                    active=False,
                ),
            )
        )

    def with_choices_of(self, kept: Playbook, reach: Reach) -> Playbook:
        """This one, the usual, with what a reader has switched on, limited or set by hand in an earlier one.

        What nobody has touched follows the shop's present assumptions; what goes through a channel that the shop does
        not have, or costs nobody knows what, stays off.
        """
        before = {one.key: one for one in kept.interventions}
        return Playbook(tuple(_chosen(one, before.get(one.key, one), reach) for one in self.interventions))

    def edited(self, key: str, **changes: Any) -> Playbook:
        """The playbook with other values of one intervention; the source then says that they were set by hand.

        A number that only a form's rounding has moved counts as it was.
        """
        changed = []
        for one in self.interventions:
            if one.key != key:
                changed.append(one)
                continue
            moved = {n: v for n, v in changes.items() if n in _FIELDS and _differ(v, getattr(one, n))}
            others = {n: v for n, v in changes.items() if n not in _FIELDS}
            source = f"{_BY_HAND} {ASSUMED}" if moved else one.source
            changed.append(replace(one, **moved, **others, source=source))
        return Playbook(tuple(changed))


def _chosen(usual: Intervention, kept: Intervention, reach: Reach) -> Intervention:
    by_hand = kept.source.startswith(_BY_HAND) and usual.key != USUAL
    numbers = {name: getattr(kept if by_hand else usual, name) for name in _FIELDS}
    known = usual.channel in reach.channels and numbers["contact_cost"] is not None
    return replace(
        usual,
        **numbers,
        capacity=kept.capacity,
        source=kept.source if by_hand else usual.source,
        active=kept.active and known,
    )


def _differ(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > _ROUNDING


def playbook_of(store: Store, session_id: str, usual: Playbook, reach: Reach) -> Playbook:
    """The playbook of an analysis: the usual one with the reader's own choices.

    Raises
    ------
    DataError
        What was kept cannot be read.
    """
    kept = saved_playbook(store, session_id)
    return usual if kept is None else usual.with_choices_of(kept, reach)


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
