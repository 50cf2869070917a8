"""A campaign in money: what is assumed about it, what comes of it, and one on paper with its name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from churnkit.errors import SettingsError
from churnkit.results.codec import JsonObject, Step
from churnkit.results.interval import Interval
from churnkit.results.whom import EVERYBODY, Whom

_SHARES = ("save_rate", "gone_success", "discount", "stayers_redeem", "reach", "returns_anyway")


@dataclass(frozen=True, kw_only=True)
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
        for name in _SHARES:
            self._require(name, 0 <= getattr(self, name) <= 1, "between 0 and 1")
        self._require("margin", 0 < self.margin <= 1, "above 0 and at most 1")
        self._require("contact_cost", 0 <= self.contact_cost < math.inf, "0 or more")
        self._require("save_rate_weight", 0 < self.save_rate_weight < math.inf, "above 0")

    def _require(self, name: str, holds: bool, rule: str) -> None:
        if not holds:
            raise SettingsError(
                f"Assumption {name} = {getattr(self, name)!r}: it must be {rule}.", "Correct the number."
            )


_INTERVALS = ("cost", "saves", "revenue_protected", "net", "roi")


def outcome_of_columns(flat: JsonObject, earlier_names: Mapping[str, str]) -> JsonObject:
    """An :class:`Outcome` from a spelling in which each interval was three figures: ``net``, ``net_low``, ``net_high``.

    Parameters
    ----------
    earlier_names
        What a figure was called then, by its name now. That spelling had neither ``contact_cost`` nor
        ``discount_to_stayers``.
    """

    def then(name: str) -> str:
        return earlier_names.get(name, name)

    def interval(name: str) -> JsonObject | None:
        value = flat[then(name)]
        bounds = {part: flat[f"{then(name)}_{part}"] for part in ("low", "high")}
        return None if value is None else {"value": value, **bounds}

    intervals = {name: interval(name) for name in _INTERVALS}
    rest = {name: flat[then(name)] for name in ("contacted", "break_even_save_rate", "p_profit")}
    return {**rest, **intervals, "contact_cost": None, "discount_to_stayers": None}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What comes of a campaign: money, customers (``saves``) and ``roi``, net over cost (6.22 for 622 %).

    Intervals are 80 %.

    Attributes
    ----------
    contacted
        Customers contacted.
    contact_cost
        Cost of the contacts alone, which is certain. NaN in what was stored before it was kept.
    cost
        Contacts and discounts.
    discount_to_stayers
        Expected discount given to customers who would have bought anyway. NaN as ``contact_cost``.
    saves
        Customers who stay because of the campaign.
    revenue_protected
        Revenue of the saved customers' next 365 days.
    net
        Revenue protected times the margin, minus ``cost``.
    roi
        None where nothing is spent.
    break_even_save_rate
        Save rate at which the expected net is 0; None where none up to 100 % pays, and where nobody is contacted.
    p_profit
        Probability that ``net`` ends above 0.
    """

    contacted: int
    contact_cost: float
    cost: Interval
    discount_to_stayers: float
    saves: Interval
    revenue_protected: Interval
    net: Interval
    roi: Interval | None
    break_even_save_rate: float | None
    p_profit: float


def _with_name(content: JsonObject) -> JsonObject:
    """A saved scenario's name stands in a column beside it, and once stood there alone."""
    return {"name": "", **content}


def _without_budget(content: JsonObject) -> JsonObject:
    """A scenario once set a number of customers alone."""
    return {**content, "budget": None}


def _with_whom(content: JsonObject) -> JsonObject:
    """No number of customers once meant the high risk tier, which nothing else could choose."""
    tier = content["customers"] is None
    return {
        **content,
        "whom": {
            "kind": "tier" if tier else "everybody",
            "name": "high" if tier else "",
            "lapsed": False,
        },
    }


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A campaign on paper.

    Attributes
    ----------
    name, words
        What it is called, and what it is.
    customers
        How many of ``whom`` to contact, best first; None means all of them.
    budget
        Money that contacts and discounts are expected to cost at most: of the best, at most ``customers`` who are
        expected to bring something and still fit; None sets no limit.
    whom
        Who comes into question.
    """

    title: ClassVar[str] = "a scenario"
    steps: ClassVar[tuple[Step, ...]] = (_with_name, _without_budget, _with_whom)

    name: str
    words: str = ""
    customers: int | None
    assumptions: Assumptions
    budget: float | None = None
    whom: Whom = EVERYBODY

    def __post_init__(self) -> None:
        if self.budget is not None and not 0 <= self.budget < math.inf:
            raise SettingsError(
                f"Planning a campaign: its budget must be 0 or more, found {self.budget!r}.",
                "Correct the number.",
            )
        if self.customers is not None and self.customers < 0:
            raise SettingsError(
                f"Planning a campaign: it must contact 0 customers or more, found {self.customers}.",
                "Correct the number.",
            )


def _with_outcome(flat: JsonObject) -> JsonObject:
    return {"outcome": outcome_of_columns(flat, {"break_even_save_rate": "break_even"})}


@dataclass(frozen=True, kw_only=True)
class ScenarioFigures:
    """What came of a scenario on the version of the analysis that it was saved on."""

    title: ClassVar[str] = "the figures of a scenario"
    steps: ClassVar[tuple[Step, ...]] = (_with_outcome,)

    outcome: Outcome
