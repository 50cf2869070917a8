"""Schedules and their runs in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from churnkit.results.schedule import Rule
from churnkit.services.schedules.recurrence import zone_of
from churnkit.store import Schedule, ScheduleRun, What
from churnkit.store.schedule_records import ScheduleRunState
from churnkit.text.figures import counted, instant

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WHAT: dict[What, str] = {
    "pull": "Fetch new orders from a source",
    "refresh": "Score the customers anew",
    "retrain": "Train the models anew",
    "report": "Send the report",
    "push": "Send scores to a destination",
}
STATES: dict[ScheduleRunState, str] = {
    "waiting": "begins",
    "running": "under way",
    "done": "done",
    "failed": "failed",
    "asks": "waits for you",
    "skipped": "left out",
}
_CAUSES = {"due": "", "late": "made up for", "again": "tried again", "by_hand": "by hand"}


def rule_words(rule: Rule) -> str:
    """When a rule is due.

    >>> rule_words(Rule(every="weekly", hour=7, minute=5, weekday=0))
    'every Monday at 07:05'
    """
    clock = f"{rule.hour:02d}:{rule.minute:02d}"
    if rule.every == "hourly":
        return f"every hour at minute {rule.minute}"
    if rule.every == "daily":
        return f"every day at {clock}"
    if rule.every == "weekly":
        return f"every {WEEKDAYS[rule.weekday]} at {clock}"
    last = " (or the month's last day)" if rule.day > 28 else ""
    return f"each month on day {rule.day}{last} at {clock}"


def state_words(schedule: Schedule) -> str:
    """When a schedule is due next, or why it is not."""
    zone = zone_of(schedule.zone)
    if schedule.paused_at is not None:
        return f"paused since {_local(schedule.paused_at, zone)}: {schedule.paused_why}"
    return f"next on {_local(schedule.next_due_at, zone)} ({schedule.zone})"


def run_line(run: ScheduleRun, zone: ZoneInfo) -> str:
    """A run in one line."""
    parts = [_local(run.due_at, zone), STATES[run.state]]
    if _CAUSES[run.cause]:
        number = f", attempt {run.attempt}" if run.cause == "again" else ""
        parts.append(f"{_CAUSES[run.cause]}{number}")
    if run.passed:
        parts.append(f"{counted(run.passed, 'earlier time')} passed while the server was off")
    if run.run_words:
        parts.append(run.run_words)
    if run.again_at is not None:
        parts.append(f"tried again {_local(run.again_at, zone)}")
    return " · ".join(parts)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return instant(moment.astimezone(zone))
