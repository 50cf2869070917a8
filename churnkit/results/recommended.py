"""The campaign that an analysis recommends: a part of its evidence."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.results.campaign_money import Assumptions, Outcome, outcome_of_columns
from churnkit.results.codec import JsonObject


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """As many customers as bring most of the highest expected net gain, what that brings, and what to write.

    Attributes
    ----------
    outcome
        What comes of it; nobody is contacted where no contact pays, and the words say so.
    first
        What the best 100 bring alone; None when there are no more of them.
    words, interval_words
        What to do, and where the intervals come from.
    horizon_days
        Without a purchase in so many days a customer counts as lost.
    """

    outcome: Outcome
    first: Outcome | None
    words: str
    assumptions: Assumptions
    interval_words: str
    horizon_days: int


_EARLIER_NAMES = {"contacted": "customers", "saves": "expected_saves"}


def nested_recommendation(flat: JsonObject) -> JsonObject:
    """A recommendation from the spelling in which its outcome's figures stood among its own, three for an interval."""
    first, assumed = flat["first"], flat["assumptions"]
    rest = ("words", "assumptions", "interval_words", "horizon_days")
    return {
        **{name: flat[name] for name in rest},
        "outcome": _outcome(flat, assumed),
        "first": None if first is None else _outcome(first, assumed),
    }


def _outcome(flat: JsonObject, assumed: JsonObject) -> JsonObject:
    found = outcome_of_columns(flat, _EARLIER_NAMES)
    return {**found, "contact_cost": assumed["contact_cost"] * found["contacted"]}
