"""What the log of a shop is told of its schedules."""

from __future__ import annotations

from datetime import datetime

from churnkit.services.schedules.recurrence import zone_of
from churnkit.services.schedules.schedule_words import WHAT
from churnkit.store import Schedule, Store
from churnkit.text.figures import counted, instant


def tell_late(store: Store, schedule: Schedule, due_at: datetime, passed: int, *, at: datetime) -> None:
    """A schedule was due while the server was off."""
    when = instant(due_at.astimezone(zone_of(schedule.zone)))
    words = f"{WHAT[schedule.what]}: it was due on {when} while the server was off, and is made up for now."
    if passed:
        words += f" {counted(passed, 'earlier time')} passed."
    store.events.note(
        schedule.shop_id,
        "schedule_missed",
        key=f"{schedule.schedule_id}/{due_at.isoformat()}",
        words=words,
        at=at,
        details={"schedule_id": schedule.schedule_id, "what": schedule.what, "passed": passed},
    )


def tell_failed(
    store: Store, schedule: Schedule, words: str, *, asks: bool, since: datetime, at: datetime
) -> None:
    """A schedule has failed or waits for an answer, for good or for a while; told once until it goes well again."""
    store.events.note(
        schedule.shop_id,
        "source_asks" if asks else "schedule_failed",
        key=f"{schedule.schedule_id}/{since.isoformat()}",
        words=f"{WHAT[schedule.what]}: {'it waits for you' if asks else 'it failed'}. {words}",
        at=at,
        details={"schedule_id": schedule.schedule_id, "what": schedule.what},
    )
