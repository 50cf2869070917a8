"""Additions: the files that a shop's history grew by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.results.codec import JsonObject, to_json
from churnkit.results.shop import AdditionFigures
from churnkit.store.job_table import complete_job, queue_job
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.shop_records import Addition, AdditionKind, FirstFile
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable
from churnkit.store.work_records import JobKind, StepTiming

_OF_SHOP = "SELECT * FROM additions WHERE tenant_id = ? AND shop_id = ? ORDER BY history_version DESC"


class AdditionTable(TenantTable):
    """``store.additions``: by shop, each with the version of the history that it made."""

    _seen_by_links = True

    def finish(
        self,
        job_id: str,
        *,
        upload_id: str | None,
        source_id: str | None,
        history_version: int,
        kind: AdditionKind,
        sha256: str | None,
        covers: tuple[datetime, datetime] | None,
        knows_until: datetime,
        takes_out_missing: bool,
        figures: AdditionFigures,
        at: datetime,
        timings: Sequence[StepTiming] = (),
        first: FirstFile | None = None,
        next_job: tuple[JobKind, JsonObject] | None = None,
    ) -> Addition:
        """Complete the running job that added a file: from now on the history has another version.

        Parameters
        ----------
        first
            The file that the shop began with, for its first addition: it becomes version 1.
        next_job
            Kind and request of what follows, queued in the same transaction.

        Raises
        ------
        StoreError
            There is such a version already: another addition came first.
        """
        with self._writing("adding to a shop's history", Action.RUN, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            newest = max((one.history_version for one in self._of_shop(cursor, job.session_id)), default=0)
            if history_version <= newest:
                raise StoreError(
                    f"Adding to the history of shop {job.session_id!r}: version {history_version} must follow"
                    f" version {newest}."
                )
            if first is not None and newest == 0:
                self._begin(cursor, job.session_id, first, at)
            insert(
                cursor,
                "additions",
                {
                    "addition_id": job_id,
                    "shop_id": job.session_id,
                    "tenant_id": self._tenant_id,
                    "upload_id": upload_id,
                    "source_id": source_id,
                    "history_version": history_version,
                    "kind": kind,
                    "sha256": sha256,
                    "covers_from": covers and covers[0],
                    "covers_to": covers and covers[1],
                    "knows_until": knows_until,
                    "takes_out_missing": takes_out_missing,
                    "addition_figures": json_text("addition_figures", to_json(figures)),
                    "added_at": to_utc("added_at", at),
                },
            )
            complete_job(cursor, job, at, timings)
            if next_job is not None:
                queue_job(cursor, job.session_id, *next_job, at=at)
            return next(one for one in self._of_shop(cursor, job.session_id) if one.addition_id == job_id)

    def _begin(self, cursor: duckdb.DuckDBPyConnection, shop_id: str, first: FirstFile, at: datetime) -> None:
        """Record the file that the shop began with."""
        insert(
            cursor,
            "additions",
            {
                "addition_id": first.look_id,
                "shop_id": shop_id,
                "tenant_id": self._tenant_id,
                "upload_id": first.upload_id,
                "source_id": None,
                "history_version": 1,
                "kind": "first",
                "sha256": first.sha256,
                "covers_from": first.covers and first.covers[0],
                "covers_to": first.covers and first.covers[1],
                "knows_until": first.knows_until,
                "takes_out_missing": False,
                "addition_figures": json_text("addition_figures", to_json(first.figures)),
                "added_at": to_utc("added_at", at),
            },
        )

    def of_shop(self, shop_id: str) -> list[Addition]:
        """A shop's additions, newest first; none where its analysis still stands on its first file alone."""
        with self._reading("listing a shop's additions") as cursor:
            self._session(cursor, shop_id)
            return self._of_shop(cursor, shop_id)

    def _of_shop(self, cursor: duckdb.DuckDBPyConnection, shop_id: str) -> list[Addition]:
        return records(Addition, cursor.execute(_OF_SHOP, [self._tenant_id, shop_id]))
