"""How old the data behind an analysis are: whether what it advises is about today, or about the day the export ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from churnkit.text import figures

STALE_DAYS = 30
"""Orders of a month are missing then, whatever the threshold; a shorter threshold makes data stale sooner."""

FIRST = "Upload a newer export first, then act."
SAMPLE = "This is a sample shop, made up to try the app: none of its customers is real, and nothing is about your shop."


@dataclass(frozen=True)
class Fresh:
    """Data that advice can be acted on; ``words`` say from when days are counted."""

    words: str


@dataclass(frozen=True)
class Stale:
    """Data too old to act on; ``words`` say so, and what to do first."""

    words: str


Freshness = Fresh | Stale


def freshness(scored_on: date, horizon_days: int, today: date) -> Freshness:
    """Whether data up to ``scored_on``, the day the customers were scored at, still say something about ``today``.

    They do for ``STALE_DAYS`` days, or for the churn threshold where that is shorter: after that, whoever is called
    active may be lost, and whoever is called lost may be back.

    Examples
    --------
    >>> freshness(date(2025, 5, 1), 60, date(2025, 5, 30)).words
    '"Days ago" counts from 1 May 2025, the day the customers were scored at.'
    >>> type(freshness(date(2025, 5, 1), 60, date(2025, 5, 31))).__name__
    'Stale'
    """
    ended = scored_on - timedelta(days=1)
    age_days = (today - ended).days
    day = figures.day(scored_on)
    if age_days <= min(STALE_DAYS, horizon_days):
        return Fresh(f'"Days ago" counts from {day}, the day the customers were scored at.')
    return Stale(
        f"The data end on {figures.day(ended)}, {figures.days(age_days)} ago. What stands here is about {day}:"
        f' "days ago" counts from then, and who has bought since is not known. {FIRST}'
    )
