"""What sales and service say to a customer, by the situation he is in: ours to begin with, the shop's own as it edits them.

Each save is a version of its own; an older one comes back by being saved again. A text holds merge fields for what is
known of the customer, and nothing else in braces.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

from churnkit.errors import SettingsError
from churnkit.results.codec import Step, from_json, to_json
from churnkit.results.customer import Customer
from churnkit.text import figures
from churnkit.text.respelling import respelled

if TYPE_CHECKING:
    from churnkit.store import Store

Situation = Literal["best_leaving", "leaving", "late", "one_order", "best", "lapsed", "others"]

SITUATIONS: Mapping[Situation, tuple[str, str]] = {
    "best_leaving": (
        "One of the best, likely to leave",
        "high risk, and among the fifth with the highest value if kept",
    ),
    "leaving": ("Likely to leave", "high risk, of usual value"),
    "late": ("Late", "medium risk, or silent for more than twice the usual gap between purchases"),
    "one_order": ("One order so far", "active, with a single order"),
    "best": ("One of the best, staying", "low risk, and among the fifth with the highest value if kept"),
    "lapsed": ("Gone", "silent for longer than the churn threshold"),
    "others": ("Everybody else", "active, low risk, of usual value"),
}
"""Situations by key, in the order in which they are asked: title, and who is in it. A customer is in the first that fits."""

MERGE_FIELDS: Mapping[str, str] = {
    "customer_id": "the customer's number",
    "last_purchase": "day of the last purchase",
    "orders": "number of orders so far",
    "reason": "the first reason for the forecast",
}
MAX_LETTERS = 2_000
MAX_VERSIONS = 100
_KEY = "situation_words"
_FIELD = re.compile(r"\{([^{}]*)\}")
_LATE_GAPS = 2.0


@dataclass(frozen=True)
class Words:
    """What is said in one situation: by ``sales`` to sell again, by ``service`` to put right and to help."""

    sales: str
    service: str


USUAL: Mapping[Situation, Words] = {
    "best_leaving": Words(
        "You have ordered {orders} times with us, the last time on {last_purchase}. I am calling because we would like"
        " to keep you: what do you need next, and what would make it easy for you?",
        "Look at the last orders before you call: late, wrong or returned? Say what went wrong before the customer does, put"
        " it right at once, and call again in a week. Note what was said.",
    ),
    "leaving": Words(
        "It has been a while since {last_purchase}. We have put something together that goes with what you bought, and it is"
        " yours at a better price this fortnight.",
        "Ask one question: was all as you hoped? Answer on the same day. Offer nothing before you know what was wrong.",
    ),
    "late": Words(
        "By your usual rhythm it is about time again. Here is what you ordered last, ready to be ordered once more.",
        "Remind without pressing: one message. Help with the order if it was begun and not finished.",
    ),
    "one_order": Words(
        "Thank you for your first order on {last_purchase}. These are the things that others bought next.",
        "Ask how the first order went and show how the product is used. Most who come a second time do so because the first"
        " time was easy.",
    ),
    "best": Words(
        "No discount: what is new, before everybody else sees it.",
        "Thank the customer by name. Answer first, and let the same person answer each time.",
    ),
    "lapsed": Words(
        "You were with us until {last_purchase}. This is what has changed since, and a reason to look in again.",
        "Ask why, once, and take no for an answer. Whoever says stop is taken off every list.",
    ),
    "others": Words(
        "Nothing special: the newsletter is enough.",
        "Answer within a day. Nothing else is needed now.",
    ),
}
"""Ours, before anybody has edited them."""


@dataclass(frozen=True)
class SavedVersion:
    """The words of all situations as they were saved."""

    number: int
    saved_at: datetime
    words: dict[str, Words]


@dataclass(frozen=True)
class WordsBook:
    """All versions that a shop has saved, oldest first; at most ``MAX_VERSIONS`` are kept."""

    title: ClassVar[str] = "the words for sales and service"
    steps: ClassVar[tuple[Step, ...]] = ()
    versions: tuple[SavedVersion, ...] = ()

    @property
    def present(self) -> Mapping[Situation, Words]:
        """What holds now: the last version, ours where it says nothing."""
        return self.of(self.versions[-1].number if self.versions else 0)

    def of(self, number: int) -> Mapping[Situation, Words]:
        """The words of a version; 0 are ours."""
        saved = next((one.words for one in self.versions if one.number == number), {})
        return {key: saved.get(key, USUAL[key]) for key in get_args(Situation)}


def situation_of(one: Customer, best_from: float | None) -> Situation:
    """The situation that a customer is in.

    Parameters
    ----------
    best_from
        Value if kept from which a customer is among the best fifth; None where no value is known.
    """
    best = best_from is not None and one.clv_if_kept is not None and one.clv_if_kept >= best_from
    late = one.overdue_ratio is not None and one.overdue_ratio > _LATE_GAPS
    if one.status == "lapsed":
        return "lapsed"
    if one.risk_tier == "high":
        return "best_leaving" if best else "leaving"
    if one.order_count == 1:
        return "one_order"
    if one.risk_tier == "medium" or late:
        return "late"
    return "best" if best else "others"


def filled(words: Words, one: Customer) -> Words:
    """The words with what is known of a customer put in."""
    values = {
        "customer_id": one.customer_id,
        "last_purchase": figures.day(one.last_purchase_at),
        "orders": figures.count(one.order_count),
        "reason": respelled(one.factor_1 or "nothing in particular"),
    }

    def put_in(text: str) -> str:
        return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)

    return Words(put_in(words.sales), put_in(words.service))


def words_book(store: Store) -> WordsBook:
    """What the workspace has saved.

    Raises
    ------
    DataError
        It cannot be read.
    """
    kept = store.preferences.get(_KEY)
    return WordsBook() if kept is None else from_json(WordsBook, kept)


def save_words(store: Store, changed: Mapping[Situation, Words]) -> WordsBook:
    """Keep other words for some situations as the next version; words that hold already make none.

    Raises
    ------
    SettingsError
        A text is empty, too long, or has something in braces that is no merge field.
    """
    book = words_book(store)
    words = {**book.present, **changed}
    if words == dict(book.present):
        return book
    for key, one in changed.items():
        for who, text in (("sales", one.sales), ("service", one.service)):
            _check(key, who, text)
    number = book.versions[-1].number + 1 if book.versions else 1
    version = SavedVersion(number, datetime.now(UTC), {str(key): one for key, one in words.items()})
    book = replace(book, versions=(*book.versions, version)[-MAX_VERSIONS:])
    store.preferences.set(_KEY, to_json(book))
    return book


def _check(key: Situation, who: str, text: str) -> None:
    what = f"Saving what {who} says to “{SITUATIONS[key][0]}”"
    if not 1 <= len(text.strip()) <= MAX_LETTERS:
        raise SettingsError(
            f"{what}: 1 to {figures.count(MAX_LETTERS)} letters are needed, found {figures.count(len(text.strip()))}."
        )
    unknown = [name for name in _FIELD.findall(text) if name not in MERGE_FIELDS]
    if unknown:
        raise SettingsError(
            f"{what}: {{{unknown[0]}}} is no field that can be filled in.",
            f"Use {', '.join(f'{{{name}}}' for name in MERGE_FIELDS)}, or leave the braces out.",
        )
