"""What is due for shops by the clock: begun once each, followed to its end, tried again where that helps."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from churnkit.errors import ChurnkitError, NotFoundError, SettingsError
from churnkit.jobs.timed_tasks import Outcome, Task
from churnkit.services.schedules.recurrence import missed_dues, next_due, zone_of
from churnkit.services.schedules.telling import tell_failed, tell_late
from churnkit.store import OwnedSchedule, OwnedScheduleRun, Store, What

IDLE_SECONDS = 600.0
FOLLOW_SECONDS = 1.0
# After each attempt that failed but the last.
WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(minutes=120))
# The server looks at its schedules this often anyway: what is later than that was due while it was off.
LATE = timedelta(minutes=15)
_FORGET_EVERY = timedelta(days=1)
_log = logging.getLogger(__name__)


class Timekeeper:
    """Does what is due, one :meth:`tick` at a time, from one thread.

    All that it knows stands in the store. Times that passed while the server was off are made up for once.

    Parameters
    ----------
    store
        The program's.
    tasks
        What can be done.
    clock
        The time, but for tests.
    """

    def __init__(
        self,
        store: Store,
        tasks: Mapping[What, Task],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._tasks = tasks
        self._clock = clock
        self._seen: tuple[int, int] | None = None
        self._look_at = datetime.min.replace(tzinfo=UTC)
        self._forgotten_at: datetime | None = None

    def tick(self) -> float:
        """Begin what is due and follow what goes on; seconds until something is to be looked at again."""
        # Called several times a second while jobs run: nothing is read while nothing was written.
        version = self._store.version
        if version != self._seen or self._clock() >= self._look_at:
            self._turn()
            self._seen = version
        return max(0.0, min((self._look_at - self._clock()).total_seconds(), IDLE_SECONDS))

    def _turn(self) -> None:
        now = self._clock()
        self._claim_due(now)
        for owned in self._store.timetable.open_runs():
            self._move_on(owned)
        self._forget_old(now)
        going = self._store.timetable.going()
        left = self._store.timetable.open_runs()
        moments = [now + timedelta(seconds=IDLE_SECONDS), *(one.schedule.next_due_at for one in going)]
        moments += [one.run.again_at for one in left if one.run.again_at is not None]
        if any(one.run.state in ("waiting", "running") for one in left):
            moments.append(now + timedelta(seconds=FOLLOW_SECONDS))
        self._look_at = min(moments)

    def _claim_due(self, now: datetime) -> None:
        for owned in self._store.timetable.going():
            try:
                self._claim_if_due(owned, now)
            except ChurnkitError:
                # One shop's trouble, such as a zone that is no longer known, must not stop everybody's.
                _log.exception("taking schedule %s", owned.schedule.schedule_id)

    def _claim_if_due(self, owned: OwnedSchedule, now: datetime) -> None:
        schedule, zone = owned.schedule, zone_of(owned.shop_zone)
        if owned.shop_zone != schedule.zone:
            due = next_due(schedule.rule, zone, now)
            self._store.timetable.move(schedule.schedule_id, zone=owned.shop_zone, next_due_at=due)
            return
        if schedule.next_due_at > now:
            return
        due, passed = missed_dues(schedule.rule, zone, schedule.next_due_at, now)
        is_late = now - due > LATE
        taken = self._store.timetable.claim(
            owned,
            due_at=due,
            passed=passed,
            cause="late" if is_late else "due",
            next_due_at=next_due(schedule.rule, zone, now),
            at=now,
        )
        if taken and (is_late or passed):
            tell_late(self._store.for_tenant(owned.tenant_id), schedule, due, passed, at=now)

    def _move_on(self, owned: OwnedScheduleRun) -> None:
        run = owned.run
        if run.state == "waiting" and self._store.timetable.begin(run.schedule_run_id, at=self._clock()):
            self._begin(owned)
        elif run.state == "running" and run.job_id is None:
            # The server died while it began; what a task has begun already it finds again.
            self._begin(owned)
        elif run.state == "running":
            self._follow(owned)
        elif run.again_at is not None and run.again_at <= self._clock():
            self._store.timetable.try_again(owned, at=self._clock())

    def _begin(self, owned: OwnedScheduleRun) -> None:
        task = self._tasks.get(owned.schedule.what)
        if task is None:
            self._end(owned, Outcome("failed", "This version of churnkit cannot do it."))
            return
        try:
            job_id = task.begin(self._store.for_tenant(owned.tenant_id), owned.schedule, owned.run)
        except ChurnkitError as error:
            helps = not isinstance(error, SettingsError | NotFoundError)
            self._end(owned, Outcome("failed", f"{error.message} {error.remedy}".strip(), helps_again=helps))
            return
        self._store.timetable.note_job(owned.run.schedule_run_id, job_id)

    def _follow(self, owned: OwnedScheduleRun) -> None:
        task = self._tasks.get(owned.schedule.what)
        try:
            store = self._store.for_tenant(owned.tenant_id)
            outcome = task.outcome(store, owned.schedule, owned.run) if task else None
        except ChurnkitError as error:
            outcome = Outcome("failed", error.message)
        if outcome is not None:
            self._end(owned, outcome)

    def _end(self, owned: OwnedScheduleRun, outcome: Outcome) -> None:
        now, attempt = self._clock(), owned.run.attempt
        wait = WAITS[attempt - 1] if outcome.helps_again and attempt <= len(WAITS) else None
        again_at = now + wait if wait is not None and owned.schedule.paused_at is None else None
        self._store.timetable.end(owned, outcome.state, outcome.words, at=now, again_at=again_at)
        if outcome.state in ("failed", "asks"):
            since = self._store.timetable.failing_since(owned.schedule.schedule_id) or owned.run.due_at
            if again_at is None or now - since > WAITS[-1]:
                store = self._store.for_tenant(owned.tenant_id)
                asks = outcome.state == "asks"
                tell_failed(store, owned.schedule, outcome.words, asks=asks, since=since, at=now)

    def _forget_old(self, now: datetime) -> None:
        if self._forgotten_at is None or now - self._forgotten_at >= _FORGET_EVERY:
            self._forgotten_at = now
            self._store.timetable.forget_old(at=now)
