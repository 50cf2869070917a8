"""What happens to shops by the clock, as the tables hold it. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from churnkit.results.schedule import Rule

What = Literal["pull", "refresh", "retrain", "report", "push"]
Cause = Literal["due", "late", "again", "by_hand"]
"""``late`` was due while the server was off; ``again`` follows one that failed."""
ScheduleRunState = Literal["waiting", "running", "done", "failed", "asks", "skipped"]


@dataclass(frozen=True)
class Schedule:
    """Something that is done for a shop again and again.

    Attributes
    ----------
    about_id
        The source that is asked, or the destination that is sent to; None for what concerns the shop as a whole.
    zone
        IANA name of the zone that ``next_due_at`` was reckoned in.
    paused_at, paused_why
        Since when and why nothing is done, None while it is.
    """

    schedule_id: str
    shop_id: str
    what: What
    about_id: str | None
    rule: Rule
    zone: str
    next_due_at: datetime
    created_by: str
    created_at: datetime
    paused_at: datetime | None = None
    paused_why: str | None = None


@dataclass(frozen=True)
class ScheduleRun:
    """One time that it was done, or not.

    Attributes
    ----------
    due_at
        The time that it was due; several attempts have the same.
    attempt
        1 for the first.
    passed
        How many due times before it passed while the server was off.
    job_id
        The first job of it, None where it took none or none has begun.
    run_words
        What came of it, empty while it is under way.
    again_at
        When the next attempt follows one that failed, None if none does.
    """

    schedule_run_id: str
    schedule_id: str
    shop_id: str
    due_at: datetime
    cause: Cause
    attempt: int
    passed: int
    state: ScheduleRunState
    job_id: str | None
    run_words: str
    begun_at: datetime
    ended_at: datetime | None = None
    again_at: datetime | None = None


@dataclass(frozen=True)
class OwnedSchedule:
    """A schedule, whose it is, and the zone that its shop has now."""

    tenant_id: str
    shop_zone: str
    schedule: Schedule


@dataclass(frozen=True)
class OwnedScheduleRun:
    """A run of a schedule that waits, goes on or follows one that failed, with the schedule and whose it is."""

    tenant_id: str
    schedule: Schedule
    run: ScheduleRun
