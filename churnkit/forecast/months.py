"""Calendar months ahead of an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Month:
    """A calendar month as days from an instant: ``[start_days, end_days)``; ``label`` is ``2012-01``."""

    label: str
    start_days: float
    end_days: float


def months_after(instant: datetime, count: int) -> list[Month]:
    """The next ``count`` whole months: from the instant itself if it is a month's first midnight, else from the next."""
    number = instant.year * 12 + instant.month - 1
    if instant != _first(number):
        number += 1
    return [
        Month(f"{n // 12:04d}-{n % 12 + 1:02d}", _days(instant, _first(n)), _days(instant, _first(n + 1)))
        for n in range(number, number + count)
    ]


def _first(number: int) -> datetime:
    return datetime(number // 12, number % 12 + 1, 1)


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86_400
