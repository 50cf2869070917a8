"""When somebody is told: soon, each morning or on Mondays, in the zone that they live in."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

GATHERING = timedelta(minutes=2)
"""So long after the first event others are waited for, so that one run makes one message."""
APART = timedelta(hours=1)
"""Nobody is told more often than that."""
MORNING = time(8)
MONDAY = 0


def digest_at(
    rhythm: Literal["soon", "daily", "weekly"], zone: str, *, now: datetime, told_at: datetime | None
) -> datetime:
    """When the digest goes whose first event was seen ``now``.

    Parameters
    ----------
    zone
        IANA name.
    told_at
        When the last digest was made, None if there was none.
    """
    if rhythm == "soon":
        after = now + GATHERING
        return after if told_at is None else max(after, told_at + APART)
    return next_morning(now, zone, weekday=MONDAY if rhythm == "weekly" else None)


def next_morning(now: datetime, zone: str, *, weekday: int | None = None) -> datetime:
    """The next eight o'clock of a zone, of any day or of one of the week (0 is Monday), in UTC.

    Examples
    --------
    >>> next_morning(datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Berlin").isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    there = ZoneInfo(zone)
    local = now.astimezone(there)
    for days in range(9):
        day = local.date() + timedelta(days=days)
        moment = datetime.combine(day, MORNING, tzinfo=there).astimezone(UTC)
        if moment > now and weekday in (None, day.weekday()):
            return moment
    raise AssertionError("every week has every day")
