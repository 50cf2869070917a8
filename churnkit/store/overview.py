"""What the program itself must know of every tenant: work to be done, whose a link is, timings, removals.

Nothing here hands out what belongs to a tenant: reading it takes ``for_tenant`` first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from churnkit.store.records import JobKind, OwnedJob, StepTiming, TrainingJob, to_record
from churnkit.store.tenant import TenantTables, records

_UNFINISHED = """
SELECT sessions.tenant_id, training_jobs.*
FROM training_jobs JOIN sessions USING (session_id)
WHERE training_jobs.status IN ('pending', 'running')
ORDER BY training_jobs.created_at, training_jobs.job_id
"""


class OverviewTables(TenantTables):
    """Methods that look across tenants."""

    def owner_of(self, session_id: str) -> str | None:
        """The tenant that a session belongs to, None if there is no such session.

        Session ids cannot be guessed, so knowing one is leave to read: that is how a link works.
        """
        with self._database.reading("looking for a session's owner") as cursor:
            rows = cursor.execute(
                "SELECT tenant_id FROM sessions WHERE session_id = ?", [session_id]
            ).fetchall()
        return rows[0][0] if rows else None

    def tenants(self) -> list[str]:
        """Every tenant that has an upload."""
        with self._database.reading("listing tenants") as cursor:
            rows = cursor.execute("SELECT DISTINCT tenant_id FROM uploads ORDER BY tenant_id").fetchall()
        return [tenant_id for (tenant_id,) in rows]

    def unfinished_jobs(self) -> list[OwnedJob]:
        """Pending and running jobs of every tenant, oldest first."""
        with self._database.reading("listing unfinished jobs") as cursor:
            cursor.execute(_UNFINISHED)
            columns = [column[0] for column in cursor.description or []]
            return [OwnedJob(row[0], to_record(TrainingJob, columns, row)) for row in cursor.fetchall()]

    def step_timings(self, kind: JobKind, *, last: int) -> list[StepTiming]:
        """The ``last`` newest timings of each step of jobs of a kind, newest first."""
        with self._database.reading("reading timings") as cursor:
            return records(
                StepTiming,
                cursor.execute(
                    "SELECT step, row_count, seconds FROM step_timings WHERE kind = ?"
                    " QUALIFY row_number() OVER (PARTITION BY step ORDER BY recorded_at DESC) <= ?"
                    " ORDER BY step, recorded_at DESC",
                    [kind, last],
                ),
            )

    def has_model_file(self, name: str) -> bool:
        """Whether any tenant's model lies in a file of this name."""
        with self._database.reading("looking for a model file") as cursor:
            rows = cursor.execute(
                "SELECT 1 FROM models WHERE parse_filename(file_path) = ? LIMIT 1", [name]
            ).fetchall()
        return bool(rows)

    def removals(self) -> list[Path]:
        """Files and folders whose rows are gone, and which must go too."""
        with self._database.reading("listing removals") as cursor:
            rows = cursor.execute("SELECT DISTINCT path FROM removals ORDER BY path").fetchall()
        return [Path(path) for (path,) in rows]

    def forget_removals(self, paths: Iterable[Path]) -> None:
        """Files and folders that are gone now."""
        with self._database.writing("forgetting removals") as cursor:
            cursor.execute(
                "DELETE FROM removals WHERE list_contains(?, path)", [[str(path) for path in paths]]
            )
