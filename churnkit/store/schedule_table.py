"""A shop's schedules, and how they went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.results.codec import to_json
from churnkit.results.schedule import Rule
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.schedule_records import Cause, Schedule, ScheduleRun, ScheduleRunState, What
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

# What leads out of the workspace, or into it, takes the right to do so.
OUTSIDE: frozenset[What] = frozenset({"pull", "push", "report"})
_SCHEDULES = "SELECT * FROM schedules WHERE tenant_id = ?"
_RUNS = "SELECT * FROM schedule_runs WHERE tenant_id = ?"


class ScheduleTable(TenantTable):
    """``store.schedules``: what is done for shops by the clock."""

    def add(
        self,
        shop_id: str,
        what: What,
        rule: Rule,
        *,
        about_id: str | None,
        zone: str,
        next_due_at: datetime,
        at: datetime,
    ) -> Schedule:
        """Let something be done from now on."""
        schedule_id = new_id()
        with self._writing("adding a schedule", Action.RUN, schedule_id) as cursor:
            self._require_outside(what)
            self._shop(cursor, shop_id)
            insert(
                cursor,
                "schedules",
                {
                    "schedule_id": schedule_id,
                    "tenant_id": self._tenant_id,
                    "shop_id": shop_id,
                    "what": what,
                    "about_id": about_id,
                    "rule": json_text("rule", to_json(rule)),
                    "zone": zone,
                    "next_due_at": to_utc("next_due_at", next_due_at),
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", at),
                },
            )
            return self._schedule(cursor, schedule_id)

    def get(self, schedule_id: str) -> Schedule:
        """One schedule."""
        with self._reading("looking for a schedule") as cursor:
            return self._schedule(cursor, schedule_id)

    def of_shop(self, shop_id: str) -> list[Schedule]:
        """A shop's schedules, the oldest first."""
        with self._reading("listing schedules") as cursor:
            self._shop(cursor, shop_id)
            found = cursor.execute(
                f"{_SCHEDULES} AND shop_id = ? ORDER BY created_at, schedule_id", [self._tenant_id, shop_id]
            )
            return records(Schedule, found)

    def change(self, schedule_id: str, rule: Rule, *, zone: str, next_due_at: datetime) -> Schedule:
        """Let it be due at other times."""
        with self._changing("changing a schedule", schedule_id) as cursor:
            cursor.execute(
                "UPDATE schedules SET rule = ?, zone = ?, next_due_at = ? WHERE schedule_id = ?",
                [json_text("rule", to_json(rule)), zone, to_utc("next_due_at", next_due_at), schedule_id],
            )
            return self._schedule(cursor, schedule_id)

    def pause(self, schedule_id: str, *, why: str, at: datetime) -> Schedule:
        """Do nothing until it is resumed; what waits to be tried again is not."""
        with self._changing("pausing a schedule", schedule_id) as cursor:
            pause_schedule(cursor, schedule_id, why, at)
            return self._schedule(cursor, schedule_id)

    def resume(self, schedule_id: str, *, zone: str, next_due_at: datetime) -> Schedule:
        """Go on with the next due time."""
        with self._changing("resuming a schedule", schedule_id) as cursor:
            cursor.execute(
                "UPDATE schedules SET paused_at = NULL, paused_why = NULL, zone = ?, next_due_at = ?"
                " WHERE schedule_id = ?",
                [zone, to_utc("next_due_at", next_due_at), schedule_id],
            )
            return self._schedule(cursor, schedule_id)

    def delete(self, schedule_id: str) -> None:
        """Remove a schedule with the account of its runs; work that is under way goes on."""
        with self._changing("deleting a schedule", schedule_id) as cursor:
            cursor.execute("DELETE FROM schedule_runs WHERE schedule_id = ?", [schedule_id])
            cursor.execute("DELETE FROM schedules WHERE schedule_id = ?", [schedule_id])

    def ask_run(self, schedule_id: str, *, at: datetime) -> ScheduleRun:
        """Ask for a run out of turn; the one that waits or goes on is returned if there is one."""
        with self._changing("running a schedule by hand", schedule_id) as cursor:
            schedule = self._schedule(cursor, schedule_id)
            under_way = [
                one for one in self._runs(cursor, schedule_id) if one.state in ("waiting", "running")
            ]
            if under_way:
                return under_way[0]
            forget_retries(cursor, schedule_id)
            run_id = insert_run(cursor, self._tenant_id, schedule, due_at=at, cause="by_hand", at=at)
            return next(one for one in self._runs(cursor, schedule_id) if one.schedule_run_id == run_id)

    def runs(self, schedule_id: str) -> list[ScheduleRun]:
        """How a schedule went, the newest first; of the last 90 days."""
        with self._reading("listing the runs of a schedule") as cursor:
            self._schedule(cursor, schedule_id)
            return self._runs(cursor, schedule_id)

    @contextmanager
    def _changing(self, doing: str, schedule_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A transaction on a schedule of the tenant's, for an actor who has the right to what it does."""
        with self._writing(doing, Action.RUN, schedule_id) as cursor:
            self._require_outside(self._schedule(cursor, schedule_id).what)
            yield cursor

    def _require_outside(self, what: What) -> None:
        if what in OUTSIDE:
            self._require(Action.SOURCES)

    def _runs(self, cursor: duckdb.DuckDBPyConnection, schedule_id: str) -> list[ScheduleRun]:
        found = cursor.execute(
            f"{_RUNS} AND schedule_id = ? ORDER BY begun_at DESC, attempt DESC, schedule_run_id",
            [self._tenant_id, schedule_id],
        )
        return records(ScheduleRun, found)

    def _schedule(self, cursor: duckdb.DuckDBPyConnection, schedule_id: str) -> Schedule:
        return self._one(cursor, Schedule, f"{_SCHEDULES} AND schedule_id = ?", schedule_id)


def insert_run(
    cursor: duckdb.DuckDBPyConnection,
    tenant_id: str,
    schedule: Schedule,
    *,
    due_at: datetime,
    cause: Cause,
    at: datetime,
    attempt: int = 1,
    passed: int = 0,
    state: ScheduleRunState = "waiting",
    words: str = "",
) -> str:
    """Record a run of a schedule, inside the caller's transaction; its id."""
    run_id = new_id()
    insert(
        cursor,
        "schedule_runs",
        {
            "schedule_run_id": run_id,
            "schedule_id": schedule.schedule_id,
            "tenant_id": tenant_id,
            "shop_id": schedule.shop_id,
            "due_at": to_utc("due_at", due_at),
            "cause": cause,
            "attempt": attempt,
            "passed": passed,
            "state": state,
            "run_words": words,
            "begun_at": to_utc("begun_at", at),
            "ended_at": to_utc("ended_at", at) if state == "skipped" else None,
        },
    )
    return run_id


def forget_retries(cursor: duckdb.DuckDBPyConnection, schedule_id: str) -> None:
    """Try nothing of a schedule again that failed before, inside the caller's transaction."""
    cursor.execute("UPDATE schedule_runs SET again_at = NULL WHERE schedule_id = ?", [schedule_id])


def pause_schedule(cursor: duckdb.DuckDBPyConnection, schedule_id: str, why: str, at: datetime) -> None:
    """Stop a schedule, inside the caller's transaction."""
    cursor.execute(
        "UPDATE schedules SET paused_at = ?, paused_why = ? WHERE schedule_id = ? AND paused_at IS NULL",
        [to_utc("paused_at", at), why, schedule_id],
    )
    forget_retries(cursor, schedule_id)


def delete_schedules_about(cursor: duckdb.DuckDBPyConnection, about_id: str) -> None:
    """Remove the schedules of a source or destination that goes, inside the caller's transaction."""
    cursor.execute(
        "DELETE FROM schedule_runs WHERE schedule_id IN (SELECT schedule_id FROM schedules WHERE about_id = ?)",
        [about_id],
    )
    cursor.execute("DELETE FROM schedules WHERE about_id = ?", [about_id])
