"""Whether an export that nobody looked at is only half of one: the commonest fault of exports that are fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from churnkit.errors import ConflictError
from churnkit.text.figures import counted, day

HALF_EXPORT = "Adding an export that looks incomplete"
"""How the message begins."""
LEAST_SHARE = 0.8
# Two exports tell of the same time if they share this much of the shorter one; newest-first ones break off at the start.
_SAME_SHARE = 0.5


@dataclass(frozen=True)
class Extent:
    """How many rows an export has that count, and the time of its first and last order."""

    rows: int
    covers_from: datetime
    covers_to: datetime


def require_whole(before: Extent | None, now: Extent) -> None:
    """See that an export of a source is no smaller than the last one of the same time, and goes on as far.

    Examples
    --------
    >>> require_whole(None, Extent(5, datetime(2026, 1, 1), datetime(2026, 2, 1)))

    Raises
    ------
    ConflictError
        It ends before the last one did, or has less than 80 % of its rows though it tells of the same time.
    """
    if before is None:
        return
    remedy = "Look at the export. If it is right, add it anyway; else nothing is to be done: the next one is taken as usual."
    if now.covers_to < before.covers_to:
        raise ConflictError(
            f"{HALF_EXPORT}: it must go on at least as far as the last one, to {day(before.covers_to)}; its last order"
            f" is of {day(now.covers_to)}.",
            remedy,
        )
    if _is_same_time(before, now) and now.rows < LEAST_SHARE * before.rows:
        raise ConflictError(
            f"{HALF_EXPORT}: it tells of the same time as the last one, which had {counted(before.rows, 'row')}, and"
            f" has {counted(now.rows, 'row')}.",
            remedy,
        )


def _is_same_time(before: Extent, now: Extent) -> bool:
    shared = min(before.covers_to, now.covers_to) - max(before.covers_from, now.covers_from)
    shorter = min(before.covers_to - before.covers_from, now.covers_to - now.covers_from)
    return shared > timedelta(0) and shared >= _SAME_SHARE * shorter
