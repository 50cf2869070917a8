"""Customers who were erased, and keeping them out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.results.erased import Erased, customer_hash
from churnkit.store.erasing import CleanText, erase_rows, rows_of_customer
from churnkit.store.job_table import complete_job
from churnkit.store.privacy_records import Erasure
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.work_records import JobKind, StepTiming, TrainingJob

_ERASE: JobKind = "erase"
_ALL = """
SELECT erasure_id, shop_id, max(erased_rows) AS erased_rows, min(requested_at) AS requested_at, min(done_at) AS done_at
FROM erasures WHERE tenant_id = ? GROUP BY erasure_id, shop_id ORDER BY requested_at DESC, erasure_id
"""


class ErasureTable(TenantTable):
    """``store.erasures``: who must not come back, as hashes; it names nobody."""

    def begin(
        self, shop_id: str, customer_id: str, request: dict[str, object], *, at: datetime
    ) -> TrainingJob:
        """Keep a customer out from now on, and queue the work that takes out what is there.

        Parameters
        ----------
        request
            Of the job, JSON values; it names the customer until the work is done.
        """
        job_id = new_id()
        with self._writing("erasing a customer", Action.DELETE, shop_id) as cursor:
            self._session(cursor, shop_id)
            key = self._key(cursor)
            self._insert(cursor, job_id, shop_id, key, customer_hash(key, shop_id, customer_id), at)
            insert(
                cursor,
                "training_jobs",
                {
                    "job_id": job_id,
                    "session_id": shop_id,
                    "kind": _ERASE,
                    "request": json_text("request", request),
                    "status": "pending",
                    "progress": 0.0,
                    "created_at": to_utc("at", at),
                },
            )
            return self._job(cursor, job_id)

    def all(self) -> list[Erasure]:
        """The workspace's erasures, newest first."""
        with self._reading("listing erasures", Action.DELETE) as cursor:
            return records(Erasure, cursor.execute(_ALL, [self._tenant_id]))

    def of_shop(self, shop_id: str) -> Erased | None:
        """Who must not come back into a shop; None where nobody was erased from the workspace."""
        with self._reading("looking for erased customers") as cursor:
            rows = cursor.execute(
                "SELECT erasure_key, person_hash FROM erasures WHERE tenant_id = ?", [self._tenant_id]
            ).fetchall()
            if not rows:
                return None
            return Erased(rows[0][0], shop_id, frozenset(hashed for _, hashed in rows))

    def rows_of(self, shop_id: str, customer_id: str) -> dict[str, list[dict[str, object]]]:
        """Everything that the tables hold of a customer of a shop, by table."""
        with self._reading("collecting what is known of a customer", Action.EXPORT) as cursor:
            self._session(cursor, shop_id)
            return rows_of_customer(cursor, shop_id, customer_id)

    def finish(
        self,
        job_id: str,
        *,
        customer_ids: Sequence[str],
        request: dict[str, object],
        hashes: Sequence[str],
        rows: int,
        clean: CleanText,
        at: datetime,
        timings: Sequence[StepTiming] = (),
    ) -> int:
        """Take the customers out of every table and complete the job; how many rows they had in tables and files.

        Parameters
        ----------
        request
            The job's own, without them.
        hashes
            Of what else they are known by.
        rows
            How many they had in files.
        """
        with self._writing("erasing a customer from the tables", Action.DELETE, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            rows += erase_rows(cursor, self._tenant_id, job.session_id, customer_ids, clean)
            key = self._key(cursor)
            persons = [customer_hash(key, job.session_id, one) for one in customer_ids]
            asked = _asked(cursor, job.session_id, persons) or job_id
            for hashed in hashes:
                self._insert(cursor, asked, job.session_id, key, hashed, at)
            cursor.execute(
                "UPDATE erasures SET done_at = ?, erased_rows = ? WHERE erasure_id = ?",
                [to_utc("at", at), rows, asked],
            )
            self._forget_requests(cursor, job, request)
            complete_job(cursor, job, at, timings)
        self._database.forget_deleted()
        return rows

    def _forget_requests(
        self, cursor: duckdb.DuckDBPyConnection, job: TrainingJob, request: dict[str, object]
    ) -> None:
        """A job that failed before asked for the same, and names the customer as well."""
        for other in records(
            TrainingJob,
            cursor.execute(
                "SELECT * FROM training_jobs WHERE session_id = ? AND kind = ?", [job.session_id, _ERASE]
            ),
        ):
            if other.request == job.request:
                cursor.execute(
                    "UPDATE training_jobs SET request = ? WHERE job_id = ?",
                    [json_text("request", request), other.job_id],
                )

    def _key(self, cursor: duckdb.DuckDBPyConnection) -> str:
        found = cursor.execute("SELECT min(erasure_key) FROM erasures").fetchall()[0][0]
        return str(found) if found else secrets.token_hex(32)

    def _insert(
        self,
        cursor: duckdb.DuckDBPyConnection,
        erasure_id: str,
        shop_id: str,
        key: str,
        hashed: str,
        at: datetime,
    ) -> None:
        insert(
            cursor,
            "erasures",
            {
                "erasure_id": erasure_id,
                "tenant_id": self._tenant_id,
                "shop_id": shop_id,
                "erasure_key": key,
                "person_hash": hashed,
                "requested_at": to_utc("at", at),
            },
        )


def _asked(cursor: duckdb.DuckDBPyConnection, shop_id: str, persons: Sequence[str]) -> str | None:
    """Which erasure these customers were asked to be erased by."""
    found = cursor.execute(
        "SELECT max_by(erasure_id, requested_at) FROM erasures WHERE shop_id = ? AND list_contains(?, person_hash)",
        [shop_id, list(persons)],
    ).fetchall()[0][0]
    return None if found is None else str(found)
