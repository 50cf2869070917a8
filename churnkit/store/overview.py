"""What the program itself must know of every tenant: work to be done, whose a key or a link is, timings, removals.

Nothing here hands out what belongs to a tenant: reading it takes ``for_tenant`` first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from churnkit.results.backup import KeptErasure
from churnkit.store.access_records import ApiKey, Share
from churnkit.store.database import Database
from churnkit.store.row_codec import records, to_record, to_utc
from churnkit.store.run_records import Run
from churnkit.store.source_records import OwnedSourceFile, SourceFile
from churnkit.store.sql import insert, quoted
from churnkit.store.work_records import JobKind, NamedFiles, OwnedJob, StepTiming, TrainingJob

_UNFINISHED = """
SELECT shops.tenant_id, training_jobs.*
FROM training_jobs JOIN shops ON shops.shop_id = training_jobs.session_id
WHERE training_jobs.status IN ('pending', 'running')
ORDER BY training_jobs.created_at, training_jobs.job_id
"""


_TO_FOLLOW_UP = """
SELECT sessions.tenant_id, runs.* FROM runs JOIN sessions USING (session_id)
WHERE NOT runs.followed_up
ORDER BY runs.finished_at, runs.run_id
"""

_TO_HAND_ON = """
SELECT * FROM source_files WHERE add_job_id IS NULL AND refused_why IS NULL
ORDER BY pulled_at, file_number, file_id
"""

NAMED = """
SELECT 'uploads' AS kind, parse_filename(file_path) AS name FROM uploads
UNION ALL SELECT 'models', parse_filename(file_path) FROM models
UNION ALL SELECT 'sessions', shop_id FROM shops
UNION ALL SELECT 'looks', look_id FROM sessions WHERE look_id IS NOT NULL
UNION ALL SELECT 'runs', run_id FROM runs
UNION ALL (
    SELECT 'histories', addition_id FROM additions
    QUALIFY row_number() OVER (PARTITION BY shop_id ORDER BY history_version DESC) <= 2
)
UNION ALL SELECT 'jobs', job_id FROM training_jobs
UNION ALL SELECT 'unfinished', job_id FROM training_jobs WHERE status IN ('pending', 'running')
UNION ALL SELECT 'scored', job_id FROM training_jobs WHERE status = 'completed' AND kind IN ('score', 'bulk')
UNION ALL SELECT 'put_away', session_id FROM put_away
UNION ALL SELECT kind, name FROM put_away_files WHERE kind NOT IN ('upload_id', 'path')
"""
"""Kinds and names of all that rows name on disk."""

_Answer = TypeVar("_Answer")


class Overview:
    """``store.overview``: the one subject that looks across tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # What the server asks several times a second, with the count of changes before it was asked.
        self._remembered: dict[str, tuple[int, list[Any]]] = {}

    def processes_of_failed_jobs(self) -> list[tuple[int, str]]:
        """Number and start of the worker of every tenant's failed jobs, the newest ones."""
        with self._database.reading("listing workers of failed jobs") as cursor:
            return cursor.execute(
                "SELECT pid, pid_started FROM training_jobs WHERE status = 'failed' AND pid IS NOT NULL"
                " AND pid_started <> '' ORDER BY completed_at DESC, job_id LIMIT 1000"
            ).fetchall()

    def erasures(self) -> list[KeptErasure]:
        """Every hash of an erased customer, of every tenant."""
        with self._database.reading("listing erased customers") as cursor:
            names = [field.name for field in fields(KeptErasure)]
            cursor.execute(f"SELECT {', '.join(map(quoted, names))} FROM erasures ORDER BY ALL")  # noqa: S608
            return [KeptErasure(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def keep_erasures(self, erasures: Iterable[KeptErasure]) -> None:
        """Add those that are not known."""
        known = {(one.shop_id, one.person_hash) for one in self.erasures()}
        with self._database.writing("keeping out erased customers") as cursor:
            for one in erasures:
                if (one.shop_id, one.person_hash) not in known:
                    insert(
                        cursor, "erasures", {field.name: getattr(one, field.name) for field in fields(one)}
                    )

    def key(self, key_hash: str) -> tuple[str, ApiKey] | None:
        """The tenant and the record of the key with a hash, None if there is none."""
        with self._database.reading("looking for a key") as cursor:
            cursor.execute("SELECT * EXCLUDE (key_hash) FROM api_keys WHERE key_hash = ?", [key_hash])
            columns = [column[0] for column in cursor.description or []]
            row = cursor.fetchone()
        if row is None:
            return None
        return str(row[columns.index("tenant_id")]), to_record(ApiKey, columns, row)

    def has_keys(self, *, at: datetime) -> bool:
        """Whether any tenant has a key of the API that is valid at an instant."""
        with self._database.reading("looking for keys") as cursor:
            found = cursor.execute(
                "SELECT 1 FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?) LIMIT 1",
                [to_utc("at", at)],
            ).fetchone()
        return found is not None

    def share(self, token_hash: str) -> tuple[str, Share] | None:
        """The tenant and the record of the link whose token has a hash, None if there is none."""
        with self._database.reading("looking for a link") as cursor:
            cursor.execute("SELECT * EXCLUDE (token_hash) FROM shares WHERE token_hash = ?", [token_hash])
            columns = [column[0] for column in cursor.description or []]
            row = cursor.fetchone()
        if row is None:
            return None
        return str(row[columns.index("tenant_id")]), to_record(Share, columns, row)

    def forget_audit(self, *, before: datetime) -> int:
        """Take out entries of every tenant's audit log that are older than a time; how many there were."""
        with self._database.writing("forgetting old entries of the audit log") as cursor:
            rows = cursor.execute(
                "DELETE FROM audit_log WHERE done_at < ? RETURNING 1", [to_utc("before", before)]
            ).fetchall()
        return len(rows)

    def forget_kept_answers(self, *, before: datetime) -> None:
        """Take out answers to requests with a key of their own that are older than a time, of every tenant."""
        with self._database.writing("forgetting kept answers") as cursor:
            cursor.execute("DELETE FROM kept_answers WHERE created_at < ?", [to_utc("before", before)])

    def note_key_used(self, key_id: str, *, at: datetime) -> None:
        """Note when a key was last used."""
        with self._database.writing("noting the use of a key") as cursor:
            cursor.execute(
                "UPDATE api_keys SET last_used_at = ? WHERE key_id = ?", [to_utc("last_used_at", at), key_id]
            )

    def tenants(self) -> list[str]:
        """Every tenant that has an upload."""
        with self._database.reading("listing tenants") as cursor:
            rows = cursor.execute("SELECT DISTINCT tenant_id FROM uploads ORDER BY tenant_id").fetchall()
        return [tenant_id for (tenant_id,) in rows]

    def unfinished_jobs(self) -> list[OwnedJob]:
        """Pending and running jobs of every tenant, oldest first."""
        return self._unless_known(
            "listing unfinished jobs",
            _UNFINISHED,
            lambda columns, row: OwnedJob(row[0], to_record(TrainingJob, columns, row)),
        )

    def runs_to_follow_up(self) -> list[tuple[str, Run]]:
        """Runs of every tenant, with its name, that nothing has followed yet, oldest first."""
        return self._unless_known(
            "listing runs to follow up",
            _TO_FOLLOW_UP,
            lambda columns, row: (row[0], to_record(Run, columns, row)),
        )

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

    def named_files(self) -> NamedFiles:
        """What every tenant's rows name on disk, as of one moment."""
        with self._database.reading("listing what is named on disk") as cursor:
            rows = cursor.execute(NAMED).fetchall()
        names: dict[str, set[str]] = {field.name: set() for field in fields(NamedFiles)}
        for kind, name in rows:
            names[kind].add(name)
        return NamedFiles(**{kind: frozenset(found) for kind, found in names.items()})

    def files_to_hand_on(self) -> list[OwnedSourceFile]:
        """Files that sources of every tenant brought and that no work adds yet, in the order to add them."""
        return self._unless_known(
            "listing what sources brought",
            _TO_HAND_ON,
            lambda columns, row: OwnedSourceFile(
                row[columns.index("tenant_id")], to_record(SourceFile, columns, row)
            ),
        )

    def _unless_known(
        self, doing: str, question: str, made: Callable[[list[str], tuple[Any, ...]], _Answer]
    ) -> list[_Answer]:
        """What rows say, asked again only if something was written since: this process is the only one that writes."""
        # Before the question: what is written meanwhile has it asked again.
        changes = self._database.changes
        known = self._remembered.get(question)
        if known is None or known[0] != changes:
            with self._database.reading(doing) as cursor:
                cursor.execute(question)
                columns = [column[0] for column in cursor.description or []]
                known = changes, [made(columns, row) for row in cursor.fetchall()]
            self._remembered[question] = known
        return list(known[1])

    def put_away_before(self, moment: datetime) -> list[tuple[str, str]]:
        """Tenant and id of every analysis that was put away before a moment."""
        with self._database.reading("listing what was put away") as cursor:
            return cursor.execute(
                "SELECT tenant_id, session_id FROM put_away WHERE put_away_at < ? ORDER BY put_away_at",
                [to_utc("moment", moment)],
            ).fetchall()

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
