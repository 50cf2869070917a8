"""When a rule is due, by the clock of a shop that changes between summer and winter time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from churnkit.errors import SettingsError
from churnkit.results.schedule import Every, Rule

# The longest time between two dues of a rule.
LONGEST: dict[Every, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(hours=25),
    "weekly": timedelta(days=7, hours=1),
    "monthly": timedelta(days=31, hours=1),
}


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name.

    Raises
    ------
    SettingsError
        There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"Setting the time zone {name[:60]!r}: there is none of that name.",
            "Take a name of the IANA list, for example Europe/Berlin.",
        ) from error


def next_due(rule: Rule, zone: ZoneInfo, after: datetime) -> datetime:
    """The first time that a rule is due later than an instant, in UTC.

    A time that the clock skips in spring is due when the clock has gone on; one that it shows twice in autumn is due
    the first time.

    >>> rule = Rule(every="daily", hour=2, minute=30)
    >>> next_due(rule, ZoneInfo("Europe/Berlin"), datetime(2026, 3, 28, 12, tzinfo=UTC)).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    after = after.astimezone(UTC)
    if rule.every == "hourly":
        return next(_at_minute(rule.minute, zone, after))
    # The day before too: its time may be an instant that is still to come.
    first = after.astimezone(zone).date() - timedelta(days=1)
    days = (first + timedelta(days=k) for k in range(64))
    moments = (_instant(day, rule, zone) for day in days if _is_day(day, rule))
    return next(moment for moment in moments if moment > after)


def missed_dues(rule: Rule, zone: ZoneInfo, first: datetime, now: datetime) -> tuple[datetime, int]:
    """The last time that a rule was due up to ``now``, and how many times before it, from ``first`` on, passed by."""
    last, passed = first, 0
    # A server that was off for years counts no further than it can tell apart.
    begin = max(first, now - 400 * LONGEST[rule.every])
    if begin > first:
        last = next_due(rule, zone, begin)
    while (following := next_due(rule, zone, last)) <= now:
        last, passed = following, passed + 1
    return last, passed


def _is_day(day: date, rule: Rule) -> bool:
    if rule.every == "weekly":
        return day.weekday() == rule.weekday
    if rule.every == "monthly":
        return day.day == min(rule.day, monthrange(day.year, day.month)[1])
    return True


def _instant(day: date, rule: Rule, zone: ZoneInfo) -> datetime:
    # The first of two, and of a time that is skipped the one that the clock would have shown without skipping.
    return datetime.combine(day, time(rule.hour, rule.minute), tzinfo=zone).astimezone(UTC)


def _at_minute(minute: int, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Instants after another at which the clock shows a minute; zones differ by less than hours too."""
    moment = after.replace(second=0, microsecond=0)
    while True:
        moment += timedelta(minutes=1)
        if moment.astimezone(zone).minute == minute:
            yield moment
