"""What is due for shops of every workspace; for the program alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime, timedelta

import duckdb

from churnkit.store.program_table import ProgramTable
from churnkit.store.row_codec import records, to_record, to_utc
from churnkit.store.schedule_records import (
    Cause,
    OwnedSchedule,
    OwnedScheduleRun,
    Schedule,
    ScheduleRun,
    ScheduleRunState,
)
from churnkit.store.schedule_table import forget_retries, insert_run, pause_schedule
from churnkit.store.sql import quoted

KEPT_DAYS = 90

_GOING = """
SELECT schedules.tenant_id, shop_settings->>'time_zone' AS shop_zone, schedules.* EXCLUDE (tenant_id)
FROM schedules JOIN shops USING (shop_id) WHERE paused_at IS NULL
ORDER BY next_due_at, schedule_id
"""
_OPEN_RUNS = """
SELECT tenant_id, * EXCLUDE (tenant_id) FROM schedule_runs
WHERE state IN ('waiting', 'running') OR again_at IS NOT NULL
ORDER BY begun_at, schedule_run_id
"""
_BEFORE = """
SELECT min(due_at) FROM schedule_runs
WHERE schedule_id = $schedule AND state IN ('failed', 'asks') AND begun_at > coalesce(
    (SELECT max(begun_at) FROM schedule_runs WHERE schedule_id = $schedule AND state = 'done'), TIMESTAMP '1970-01-01')
"""


class Timetable(ProgramTable):
    """``store.timetable``: schedules that go on, and runs of them that have not ended."""

    @contextmanager
    def _writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Nothing in here says who may do what: whoever remembers that need not ask anew."""
        self._require_program(doing)
        with self._database.writing(doing) as cursor:
            yield cursor

    def going(self) -> list[OwnedSchedule]:
        """Schedules that are not paused, the next one due first."""
        with self._reading("looking for what is due") as cursor:
            cursor.execute(_GOING)
            columns = [column[0] for column in cursor.description or []]
            return [
                OwnedSchedule(row[0], row[1] or "UTC", to_record(Schedule, columns[2:], row[2:]))
                for row in cursor.fetchall()
            ]

    def open_runs(self) -> list[OwnedScheduleRun]:
        """Runs that wait, go on, or failed and are to be tried again, the oldest first."""
        with self._reading("looking for runs of schedules") as cursor:
            cursor.execute(_OPEN_RUNS)
            columns = [column[0] for column in cursor.description or []]
            found = [(row[0], to_record(ScheduleRun, columns[1:], row[1:])) for row in cursor.fetchall()]
            return [
                OwnedScheduleRun(tenant_id, schedule, run)
                for tenant_id, run in found
                for schedule in self._schedules(cursor, run.schedule_id)
            ]

    def move(self, schedule_id: str, *, zone: str, next_due_at: datetime) -> None:
        """Let a schedule be due at another time: its shop has another zone."""
        with self._writing("moving a schedule to another zone") as cursor:
            cursor.execute(
                "UPDATE schedules SET zone = ?, next_due_at = ? WHERE schedule_id = ?",
                [zone, to_utc("next_due_at", next_due_at), schedule_id],
            )

    def claim(
        self,
        owned: OwnedSchedule,
        *,
        due_at: datetime,
        passed: int,
        cause: Cause,
        next_due_at: datetime,
        at: datetime,
    ) -> bool:
        """Take a due schedule: one run more, and the next due time; False if somebody else has.

        A run that has not ended lets this one be skipped, and one that failed is tried no more.
        """
        with self._writing("taking a schedule that is due") as cursor:
            schedule = owned.schedule
            now = next(iter(self._schedules(cursor, schedule.schedule_id)), None)
            if now is None or now.paused_at is not None or now.next_due_at != schedule.next_due_at:
                return False
            going_on = cursor.execute(
                "SELECT 1 FROM schedule_runs WHERE schedule_id = ? AND state IN ('waiting', 'running')",
                [schedule.schedule_id],
            ).fetchall()
            forget_retries(cursor, schedule.schedule_id)
            insert_run(
                cursor,
                owned.tenant_id,
                schedule,
                due_at=due_at,
                cause=cause,
                at=at,
                passed=passed,
                state="skipped" if going_on else "waiting",
                words="The one before had not ended." if going_on else "",
            )
            cursor.execute(
                "UPDATE schedules SET next_due_at = ? WHERE schedule_id = ?",
                [to_utc("next_due_at", next_due_at), schedule.schedule_id],
            )
        return True

    def try_again(self, failed: OwnedScheduleRun, *, at: datetime) -> None:
        """Follow a run that failed by the next attempt, which waits to begin."""
        with self._writing("trying a schedule again") as cursor:
            forget_retries(cursor, failed.schedule.schedule_id)
            insert_run(
                cursor,
                failed.tenant_id,
                failed.schedule,
                due_at=failed.run.due_at,
                cause="again",
                at=at,
                attempt=failed.run.attempt + 1,
            )

    def begin(self, schedule_run_id: str, *, at: datetime) -> bool:
        """Take a run that waits; False if it does not any more."""
        with self._writing("beginning a run of a schedule") as cursor:
            return bool(
                cursor.execute(
                    "UPDATE schedule_runs SET state = 'running', begun_at = ?"
                    " WHERE schedule_run_id = ? AND state = 'waiting' RETURNING 1",
                    [to_utc("begun_at", at), schedule_run_id],
                ).fetchall()
            )

    def note_job(self, schedule_run_id: str, job_id: str) -> None:
        """Record the job that a run began."""
        with self._writing("noting the job of a schedule") as cursor:
            cursor.execute(
                "UPDATE schedule_runs SET job_id = ? WHERE schedule_run_id = ?", [job_id, schedule_run_id]
            )

    def end(
        self,
        owned: OwnedScheduleRun,
        state: ScheduleRunState,
        words: str,
        *,
        at: datetime,
        again_at: datetime | None = None,
        pause_why: str | None = None,
    ) -> None:
        """Record how a run ended.

        Parameters
        ----------
        again_at
            When it is tried again, None if it is not.
        pause_why
            Why the schedule stops, None if it goes on.
        """
        with self._writing("noting how a schedule went") as cursor:
            run = owned.run
            cursor.execute(
                "UPDATE schedule_runs SET state = ?, run_words = ?, ended_at = ?, again_at = ?"
                " WHERE schedule_run_id = ?",
                [
                    state,
                    words,
                    to_utc("ended_at", at),
                    again_at and to_utc("again_at", again_at),
                    run.schedule_run_id,
                ],
            )
            if pause_why is not None:
                pause_schedule(cursor, run.schedule_id, pause_why, at)

    def failing_since(self, schedule_id: str) -> datetime | None:
        """When the first run was due that failed since one last went well."""
        with self._reading("looking for runs of schedules") as cursor:
            row = cursor.execute(_BEFORE, {"schedule": schedule_id}).fetchone()
        return None if row is None or row[0] is None else row[0].replace(tzinfo=UTC)

    def forget_old(self, *, at: datetime) -> None:
        """Remove runs that ended more than 90 days ago."""
        with self._writing("forgetting old runs of schedules") as cursor:
            cursor.execute(
                "DELETE FROM schedule_runs WHERE ended_at < ? AND again_at IS NULL",
                [to_utc("at", at - timedelta(days=KEPT_DAYS))],
            )

    def _schedules(self, cursor: duckdb.DuckDBPyConnection, schedule_id: str) -> list[Schedule]:
        columns = ", ".join(quoted(field.name) for field in fields(Schedule))
        found = cursor.execute(
            f"SELECT {columns} FROM schedules WHERE schedule_id = ?",  # noqa: S608 (names of a record)
            [schedule_id],
        )
        return records(Schedule, found)
