"""Background work on a session, from pending through running to completed or failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import NotFoundError, StoreError
from churnkit.store.deletion import remember_removals
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.work_records import EndedBy, JobKind, JobStatus, StepTiming, TrainingJob

_NEXT: dict[JobStatus, tuple[JobStatus, ...]] = {
    "pending": ("pending", "running", "failed"),
    "running": ("running", "completed", "failed"),
    "completed": (),
    "failed": (),
}

# A clock that was set back must neither hide a session's newest job nor keep a job from ending.
_CREATED = """
SELECT greatest($at, coalesce(max(created_at) + INTERVAL 1 MICROSECOND, $at))
FROM training_jobs WHERE session_id = $session_id
"""

_UPDATE = """
UPDATE training_jobs SET
    status = $status,
    ended_by = CASE WHEN $status = 'failed' THEN coalesce($ended_by, 'error') END,
    progress = CASE WHEN $status = 'completed' THEN 100 ELSE coalesce($progress, progress) END,
    current_step = coalesce($current_step, current_step),
    error_message = coalesce($error_message, error_message),
    error_remedy = coalesce($error_remedy, error_remedy),
    pid = coalesce($pid, pid),
    pid_started = coalesce($pid_started, pid_started),
    started_at = CASE WHEN $status = 'running' THEN coalesce(started_at, $at) ELSE started_at END,
    completed_at = CASE WHEN $status IN ('completed', 'failed') THEN greatest($at, coalesce(started_at, $at)) END
WHERE job_id = $job_id
"""

_FINISH = """
UPDATE training_jobs SET
    status = 'completed', progress = 100, completed_at = greatest($at, coalesce(started_at, $at))
WHERE job_id = $job_id
"""

_ALL = """
SELECT training_jobs.* FROM training_jobs JOIN shops ON shops.shop_id = training_jobs.session_id
WHERE tenant_id = ?
ORDER BY training_jobs.created_at DESC, job_id DESC
"""

_NEWEST_WORK = """
SELECT session_id, kind, training_jobs.status
FROM training_jobs JOIN sessions USING (session_id)
WHERE tenant_id = $tenant AND session_id = coalesce($only, session_id) AND kind IN ('look', 'analyze')
QUALIFY row_number() OVER (PARTITION BY session_id ORDER BY training_jobs.created_at DESC, job_id) = 1
"""


class JobTable(TenantTable):
    """``store.jobs``: who works on what, and how far it is."""

    _seen_by_links = True

    def create(
        self,
        session_id: str,
        *,
        created_at: datetime,
        kind: JobKind = "analyze",
        request: Mapping[str, object] | None = None,
        name: str | None = None,
    ) -> TrainingJob:
        """Queue work on a session, as pending; ``request`` must consist of JSON values, ``name`` is of kept scores.

        A job is always younger than the session's others, whatever the clock says.
        """
        with self._writing("creating a job", Action.RUN, session_id) as cursor:
            self._shop(cursor, session_id)
            job_id = queue_job(cursor, session_id, kind, request or {}, at=created_at, name=name)
            return self._job(cursor, job_id)

    def rename(self, job_id: str, name: str) -> TrainingJob:
        """Give scores that are kept another name."""
        with self._writing("renaming scores", Action.RUN, job_id) as cursor:
            self._scoring(cursor, job_id)
            cursor.execute("UPDATE training_jobs SET name = ? WHERE job_id = ?", [name, job_id])
            return self._job(cursor, job_id)

    def delete(self, job_id: str, *, folder: Path) -> None:
        """Take out a scoring that has ended; its ``folder`` is remembered as a removal."""
        with self._writing("deleting scores", Action.DELETE, job_id) as cursor:
            job = self._scoring(cursor, job_id)
            if job.status in ("pending", "running"):
                raise StoreError(
                    f"Deleting the scores of job {job_id!r}: it has not ended.", "Stop it first."
                )
            cursor.execute("DELETE FROM training_jobs WHERE job_id = ?", [job_id])
            remember_removals(cursor, [folder])

    def claim(self, job_id: str, *, at: datetime) -> TrainingJob | None:
        """Set a pending job running; None if it is not pending any more, so that nobody starts it twice."""
        with self._writing("starting a job", Action.RUN, job_id) as cursor:
            if self._job(cursor, job_id).status != "pending":
                return None
            cursor.execute(
                "UPDATE training_jobs SET status = 'running', started_at = ? WHERE job_id = ?",
                [to_utc("at", at), job_id],
            )
            return self._job(cursor, job_id)

    def update(
        self,
        job_id: str,
        *,
        at: datetime,
        status: JobStatus | None = None,
        progress: float | None = None,
        current_step: str | None = None,
        error_message: str | None = None,
        error_remedy: str | None = None,
        ended_by: EndedBy | None = None,
        pid: int | None = None,
        pid_started: str | None = None,
    ) -> TrainingJob:
        """Record how far a job is; what is None stays as it was.

        ``at`` becomes the start when the job begins to run and the end when it completes or fails, which is never
        before its start. A failed job must have an ``error_message``, and was ended by an error unless ``ended_by``
        says otherwise; a job that has ended stays as it is.
        """
        with self._writing("updating a job", Action.RUN, job_id) as cursor:
            job = self._job(cursor, job_id)
            status = status or job.status
            if status not in _NEXT[job.status]:
                allowed = ", ".join(_NEXT[job.status]) or "nothing: it has ended"
                raise StoreError(
                    f"Updating job {job_id!r} to {status!r}: after {job.status} may come {allowed}."
                )
            cursor.execute(
                _UPDATE,
                {
                    "job_id": job_id,
                    "status": status,
                    "progress": progress,
                    "current_step": current_step,
                    "error_message": error_message,
                    "error_remedy": error_remedy,
                    "ended_by": ended_by,
                    "pid": pid,
                    "pid_started": pid_started,
                    "at": to_utc("at", at),
                },
            )
            return self._job(cursor, job_id)

    def finish(self, job_id: str, *, at: datetime, timings: Sequence[StepTiming] = ()) -> TrainingJob:
        """Complete a running job that leaves nothing in the store."""
        with self._writing("finishing a job", Action.RUN, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            complete_job(cursor, job, at, timings)
            return self._job(cursor, job_id)

    def get(self, job_id: str) -> TrainingJob:
        """One job."""
        with self._reading("reading a job") as cursor:
            return self._job(cursor, job_id)

    def all(self) -> list[TrainingJob]:
        """All jobs that the actor sees, newest first."""
        with self._reading("listing jobs") as cursor:
            found = records(TrainingJob, cursor.execute(_ALL, [self._tenant_id]))
            return [job for job in found if self._sees(cursor, job)]

    def of_session(self, session_id: str) -> list[TrainingJob]:
        """A session's jobs, newest first."""
        with self._reading("listing jobs") as cursor:
            self._shop(cursor, session_id)
            return records(
                TrainingJob,
                cursor.execute(
                    "SELECT * FROM training_jobs WHERE session_id = ? ORDER BY created_at DESC, job_id",
                    [session_id],
                ),
            )

    def _scoring(self, cursor: duckdb.DuckDBPyConnection, job_id: str) -> TrainingJob:
        job = self._job(cursor, job_id)
        if job.kind not in ("score", "bulk"):
            raise NotFoundError(
                f"Looking for scores {job_id!r}: this is other work.", "Choose among the scores."
            )
        return job

    def newest_work(self) -> dict[str, tuple[JobKind, JobStatus]]:
        """Kind and status of the newest look or analysis of each of the tenant's sessions, by session."""
        with self._reading("listing the newest jobs") as cursor:
            rows = cursor.execute(
                _NEWEST_WORK, {"tenant": self._tenant_id, "only": self._actor.only}
            ).fetchall()
        return {session_id: (kind, status) for session_id, kind, status in rows}


def queue_job(
    cursor: duckdb.DuckDBPyConnection,
    session_id: str,
    kind: JobKind,
    request: Mapping[str, object],
    *,
    at: datetime,
    name: str | None = None,
) -> str:
    """Queue work as pending, inside the caller's transaction; the id of the job."""
    job_id = new_id()
    moment = {"at": to_utc("created_at", at), "session_id": session_id}
    (created,) = cursor.execute(_CREATED, moment).fetchall()[0]
    insert(
        cursor,
        "training_jobs",
        {
            "job_id": job_id,
            "session_id": session_id,
            "kind": kind,
            "request": json_text("request", request),
            "status": "pending",
            "progress": 0.0,
            "created_at": created,
            "name": name,
        },
    )
    return job_id


def complete_job(
    cursor: duckdb.DuckDBPyConnection, job: TrainingJob, at: datetime, timings: Sequence[StepTiming]
) -> None:
    """Complete a running job and keep how long its steps took, inside the caller's transaction."""
    finished_at = to_utc("at", at)
    cursor.execute(_FINISH, {"job_id": job.job_id, "at": finished_at})
    for timing in timings:
        insert(
            cursor,
            "step_timings",
            {
                "kind": job.kind,
                "step": timing.step,
                "row_count": timing.row_count,
                "seconds": timing.seconds,
                "recorded_at": finished_at,
            },
        )
