"""What can be done by the clock, and how it is known whether it went well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from churnkit.errors import SettingsError
from churnkit.jobs.source_desk import SourceDesk
from churnkit.services.destinations.push_words import push_words
from churnkit.services.destinations.registering import run_on_screen
from churnkit.services.schedules.half_export import HALF_EXPORT
from churnkit.store import JobKind, Run, Schedule, ScheduleRun, SourceFile, Store, TrainingJob, What
from churnkit.text.figures import counted

_MOST_FILES = 10_000
_NOTHING = "Nothing new."


@dataclass(frozen=True)
class Outcome:
    """How a run of a schedule ended.

    Attributes
    ----------
    words
        What came of it, or why it did not.
    helps_again
        Whether it may go well if it is tried again later.
    """

    state: Literal["done", "failed", "asks"]
    words: str
    helps_again: bool = False


class Task(Protocol):
    """Something that a schedule does."""

    def begin(self, store: Store, schedule: Schedule, run: ScheduleRun) -> str:
        """Begin it, or find that it was begun for this run already; the id of the work."""
        ...

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        """How it ended, None while it goes on."""
        ...


class JobTask:
    """Background work on a shop, and what follows from it.

    Parameters
    ----------
    start
        Queues the first job.
    kinds
        The kinds of the job and of those that follow it.
    """

    def __init__(
        self,
        start: Callable[[Store, Schedule], TrainingJob],
        kinds: tuple[JobKind, ...],
        *,
        retries_errors: bool = False,
    ) -> None:
        self._start = start
        self._kinds = kinds
        self._retries_errors = retries_errors

    def begin(self, store: Store, schedule: Schedule, run: ScheduleRun) -> str:
        """Queue the job, unless this run has queued it before the server ended."""
        if run.state == "running":
            begun = [
                job
                for job in reversed(store.jobs.of_session(run.shop_id))
                if job.kind == self._kinds[0] and job.created_at >= run.begun_at
            ]
            if begun:
                return begun[0].job_id
        return self._start(store, schedule).job_id

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        """Done when no job of the chain is left."""
        jobs = self._chain(store, schedule, store.jobs.get(run.job_id or ""))
        if any(job.status in ("pending", "running") for job in jobs):
            return None
        failed = next((job for job in jobs if job.status == "failed"), None)
        if failed is not None:
            return self._failed(failed)
        return Outcome("done", _found(store, schedule, jobs))

    def _failed(self, job: TrainingJob) -> Outcome:
        if job.ended_by == "cancelled":
            return Outcome("failed", "Somebody cancelled it.")
        words = f"{job.error_message or ''} {job.error_remedy or ''}".strip()
        if words.startswith(HALF_EXPORT):
            return Outcome("asks", words)
        return Outcome("failed", words, self._retries_errors or job.ended_by == "interrupted")

    def _chain(self, store: Store, schedule: Schedule, first: TrainingJob) -> list[TrainingJob]:
        """The job that was begun and those that follow it, the oldest first."""
        # By the time of the job and not that of the run: it may have been under way already when the run began.
        return [
            first,
            *(
                job
                for job in reversed(store.jobs.of_session(first.session_id))
                if job.kind in self._kinds[1:] and job.created_at >= first.created_at
            ),
        ]


def _found(store: Store, schedule: Schedule, jobs: list[TrainingJob]) -> str:
    """What work that went well brought."""
    if schedule.what == "refresh":
        return "Every customer was scored anew."
    if schedule.what == "retrain":
        return "The models were trained anew."
    if any(job.kind == "look" for job in jobs):
        return "The first orders of the shop."
    ids = {job.job_id for job in jobs}
    added = [
        one.addition_figures
        for one in store.additions.of_shop(schedule.shop_id)
        if one.addition_id in ids and one.addition_figures.changes_anything
    ]
    if not added:
        return _NOTHING
    counts = {
        "new order": sum(one.new.orders for one in added),
        "changed order": sum(one.changed.orders for one in added),
        "cancelled order": sum(one.cancelled.orders for one in added),
        "missing order": sum(one.missing.orders for one in added if one.missing_taken_out),
    }
    return ", ".join(counted(number, noun) for noun, number in counts.items() if number) + "."


class PullTask(JobTask):
    """A pull of a source, the additions of what it brought, and the run that follows them."""

    def __init__(self, desk: SourceDesk) -> None:
        super().__init__(
            lambda store, one: _pull(desk, store, one.about_id or ""),
            ("pull", "look", "add", "refresh", "analyze"),
            retries_errors=True,
        )

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        """Done when all that it brought was added."""
        brought = _brought(store, schedule, store.jobs.get(run.job_id or ""))
        refused = next((one.refused_why for one in brought if one.refused_why), None)
        if refused is not None:
            return Outcome("failed", refused)
        if any(one.add_job_id is None for one in brought):
            return None
        found = super().outcome(store, schedule, run)
        if brought or found is None or found.words != _NOTHING:
            return found
        # Why, as the pull itself says: a file that somebody may still be writing waits for the next one.
        return replace(found, words=store.sources.get(schedule.about_id or "").last_result or _NOTHING)

    def _chain(self, store: Store, schedule: Schedule, first: TrainingJob) -> list[TrainingJob]:
        """Without the additions of other sources and of people, which are no concern of this one."""
        own = {one.add_job_id for one in _brought(store, schedule, first)}
        chain = super()._chain(store, schedule, first)
        return [job for job in chain if job.kind not in ("look", "add") or job.job_id in own]


def _brought(store: Store, schedule: Schedule, pull: TrainingJob) -> list[SourceFile]:
    """What a pull brought, the newest first."""
    files = store.sources.files(schedule.about_id or "", most=_MOST_FILES)
    return [one for one in files if one.pulled_at >= pull.created_at]


def _pull(desk: SourceDesk, store: Store, source_id: str) -> TrainingJob:
    if store.sources.get(source_id).paused_at is not None:
        raise SettingsError("Pulling a source: it is paused.", "Let it go on first.")
    return desk.start_pull(store, source_id)


class PushTask:
    """Scores on their way to a destination; trying again is the pusher's.

    Parameters
    ----------
    wake
        Called when something waits to be sent.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def begin(self, store: Store, schedule: Schedule, run: ScheduleRun) -> str:
        """Queue the scores on screen; the same run of the schedule queues them once."""
        destination_id = schedule.about_id or ""
        run_id = run_on_screen(store, schedule.shop_id)
        push = store.destinations.queue(
            destination_id, run_id, push_id=run.schedule_run_id, at=datetime.now(UTC)
        )
        self._wake()
        return push.push_id

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        """What the pusher noted."""
        push = store.destinations.push(run.job_id or "")
        if push.status == "waiting":
            if store.destinations.get(push.destination_id).paused_at is not None:
                return Outcome("failed", "The destination is paused.")
            return None
        if push.status == "done":
            return Outcome("done", push_words(push))
        if push.status == "replaced":
            return Outcome("done", "A newer version was sent instead.")
        return Outcome("failed", push.push_words)


class ReportTask:
    """The report as mail for everybody who wants it.

    Parameters
    ----------
    folder_of
        Where a run lies.
    wake
        Called when something waits to be sent.
    """

    def __init__(self, folder_of: Callable[[Run], Path], wake: Callable[[], None]) -> None:
        self._folder_of = folder_of
        self._wake = wake

    def begin(self, store: Store, schedule: Schedule, run: ScheduleRun) -> str:
        """Queue the mails; on one day nobody gets it twice."""
        from churnkit.services.alerts.monday_report import send_report

        # Of the day on which the run began, even if the server died meanwhile and it is begun anew after midnight.
        send_report(store, schedule.shop_id, self._folder_of, at=run.begun_at)
        self._wake()
        return run.schedule_run_id

    def outcome(self, store: Store, schedule: Schedule, run: ScheduleRun) -> Outcome | None:
        """Whether each mail arrives stands with its address under Settings, Alerts."""
        return Outcome("done", "The report was handed to the mail.")


def timed_tasks(
    desk: SourceDesk, wake_pusher: Callable[[], None], wake_courier: Callable[[], None]
) -> Mapping[What, Task]:
    """Everything that a schedule can do."""
    return {
        "pull": PullTask(desk),
        "refresh": JobTask(lambda store, one: desk.start_refresh(store, one.shop_id), ("refresh",)),
        "retrain": JobTask(lambda store, one: desk.start_retrain(store, one.shop_id), ("analyze",)),
        "push": PushTask(wake_pusher),
        "report": ReportTask(lambda run: desk.folders.run(run.session_id, run.run_id), wake_courier),
    }
