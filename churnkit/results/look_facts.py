"""``look.json``: how a file was read, and what each churn threshold would have meant for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from churnkit.config import ReturnsTreatment
from churnkit.results.codec import JsonObject, Step

READING_FILE = "reading.json"
"""Beside it: how a look read the file, see ``services.look.kept_reading``."""


@dataclass(frozen=True, kw_only=True)
class MonthTotal:
    """Orders of a month (``2011-12``) and their net amount, to hold against the shop's own figures."""

    month: str
    orders: int
    amount: float


@dataclass(frozen=True, kw_only=True)
class BalanceByDay:
    """What each threshold would mean, from 1 day on: equally long lists.

    Attributes
    ----------
    days
        The thresholds.
    known_customers
        Customers with a purchase more than so many days ago.
    churn_share
        The share of them without a purchase since; None where nobody was known.
    lapsed_share
        The share of all customers who have been silent for longer.
    returned_after_share
        Of the pauses longer than that, the share that a purchase ended, as in ``Threshold``; None where the history
        cannot tell, and in older documents.
    """

    days: tuple[int, ...]
    known_customers: tuple[int, ...]
    churn_share: tuple[float | None, ...]
    lapsed_share: tuple[float, ...]
    returned_after_share: tuple[float | None, ...]


def _second(content: JsonObject) -> JsonObject:
    """The first looks did not say in which order days and months were read."""
    return {"day_first": None, **content}


def _third(content: JsonObject) -> JsonObject:
    """The first looks did not ask who comes back after each threshold."""
    by_day = content["by_day"]
    return {**content, "by_day": {**by_day, "returned_after_share": [None] * len(by_day["days"])}}


@dataclass(frozen=True, kw_only=True)
class LookFacts:
    """How a file was read.

    Attributes
    ----------
    format_words
        The file's format for a person.
    preset, mapping
        The shop system whose export it is, None for none of the known ones; columns by field.
    day_first
        How dates were read; None where their notation leaves no choice, or where a look did not note it.
    currency
        The analysis currency, None where the file names none.
    rows_in, rows_kept
        Records of the file and rows of the canonical transactions.
    has_time, has_order_id
        Whether orders have a time of day, and whether order ids come from the file.
    notes
        Decisions and facts that the user should read.
    as_of
        The instant that the file was cut at; None is the end of the data.
    """

    title: ClassVar[str] = "the account of a file"
    steps: ClassVar[tuple[Step, ...]] = (_second, _third)
    format_words: str
    preset: str | None
    mapping: dict[str, str]
    day_first: bool | None
    currency: str | None
    rows_in: int
    rows_kept: int
    has_time: bool
    has_order_id: bool
    returns: ReturnsTreatment
    notes: tuple[str, ...]
    monthly_totals: tuple[MonthTotal, ...]
    as_of: datetime | None
    by_day: BalanceByDay
