"""A workspace's sources of orders, and the files that they brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import NotFoundError
from churnkit.store.deletion import remember_removals
from churnkit.store.job_table import complete_job
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.schedule_table import delete_schedules_about
from churnkit.store.source_records import Gives, NewSourceFile, Source, SourceFile, SourceKind
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.work_records import StepTiming

_SOURCES = "SELECT * EXCLUDE (sealed), sealed IS NOT NULL AS has_credentials FROM sources WHERE tenant_id = ?"
_FILES = "SELECT * FROM source_files WHERE tenant_id = ?"
_NEWEST = "ORDER BY pulled_at DESC, file_number DESC, file_id"


class SourceTable(TenantTable):
    """``store.sources``: where new orders come from; all of it takes the right to."""

    def add(
        self,
        shop_id: str,
        *,
        source_id: str,
        kind: SourceKind,
        name: str,
        settings: Mapping[str, object],
        sealed: str | None,
        gives: Gives,
        at: datetime,
    ) -> Source:
        """Record a source of a shop."""
        with self._writing("adding a source", Action.SOURCES, source_id) as cursor:
            self._shop(cursor, shop_id)
            insert(
                cursor,
                "sources",
                {
                    "source_id": source_id,
                    "tenant_id": self._tenant_id,
                    "shop_id": shop_id,
                    "kind": kind,
                    "name": name,
                    "source_settings": json_text("source_settings", settings),
                    "sealed": sealed,
                    "gives": gives,
                    "pull_cursor": "{}",
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", at),
                    "last_failed": False,
                },
            )
            return self._source(cursor, source_id)

    def all(self) -> list[Source]:
        """The workspace's sources, newest first."""
        with self._reading("listing sources", Action.SOURCES) as cursor:
            found = cursor.execute(f"{_SOURCES} ORDER BY created_at DESC, source_id", [self._tenant_id])
            return records(Source, found)

    def of_shop(self, shop_id: str) -> list[Source]:
        """A shop's sources, oldest first."""
        with self._reading("listing sources", Action.SOURCES) as cursor:
            self._shop(cursor, shop_id)
            found = cursor.execute(
                f"{_SOURCES} AND shop_id = ? ORDER BY created_at, source_id", [self._tenant_id, shop_id]
            )
            return records(Source, found)

    def get(self, source_id: str) -> Source:
        """The source with an id."""
        with self._reading("looking for a source", Action.SOURCES) as cursor:
            return self._source(cursor, source_id)

    def sealed(self, source_id: str) -> str | None:
        """A source's credentials as they were sealed, None where it has none."""
        with self._reading("reading a source's credentials", Action.SOURCES) as cursor:
            self._source(cursor, source_id)
            row = cursor.execute("SELECT sealed FROM sources WHERE source_id = ?", [source_id]).fetchone()
        return row[0] if row else None

    def change(
        self,
        source_id: str,
        *,
        name: str,
        settings: Mapping[str, object],
        gives: Gives,
        sealed: str | None = None,
    ) -> Source:
        """Let a source look elsewhere or under another name; credentials stay unless others are given.

        One that looks elsewhere begins anew: what is known already changes nothing.
        """
        with self._writing("changing a source", Action.SOURCES, source_id) as cursor:
            before = self._source(cursor, source_id)
            is_same = before.source_settings == dict(settings)
            cursor.execute(
                "UPDATE sources SET name = ?, source_settings = ?, gives = ?, sealed = coalesce(?, sealed),"
                " pull_cursor = CASE WHEN ? THEN pull_cursor ELSE '{}' END WHERE source_id = ?",
                [name, json_text("source_settings", settings), gives, sealed, is_same, source_id],
            )
            return self._source(cursor, source_id)

    def pause(self, source_id: str, *, at: datetime | None) -> Source:
        """Let no schedule pull a source from a time on; None lets them again."""
        with self._writing("pausing a source", Action.SOURCES, source_id) as cursor:
            self._source(cursor, source_id)
            moment = to_utc("paused_at", at) if at else None
            cursor.execute("UPDATE sources SET paused_at = ? WHERE source_id = ?", [moment, source_id])
            return self._source(cursor, source_id)

    def delete(self, source_id: str, *, folder: Path) -> None:
        """Take out a source with its credentials; what it brought stays. ``folder`` is remembered as a removal."""
        with self._writing("deleting a source", Action.SOURCES, source_id) as cursor:
            self._source(cursor, source_id)
            cursor.execute("DELETE FROM source_files WHERE source_id = ?", [source_id])
            delete_schedules_about(cursor, source_id)
            cursor.execute("DELETE FROM sources WHERE source_id = ?", [source_id])
            remember_removals(cursor, [folder])

    def finish_pull(
        self,
        job_id: str,
        source_id: str,
        files: Sequence[NewSourceFile],
        *,
        pull_cursor: Mapping[str, object] | None,
        words: str,
        at: datetime,
        timings: Sequence[StepTiming] = (),
    ) -> None:
        """Complete the running job of a pull: its files are uploads from now on, and the next pull goes on behind them.

        ``pull_cursor`` is None for a test, which moves nothing.
        """
        with self._writing("keeping what a source brought", Action.SOURCES, job_id) as cursor:
            job = self._running_job(cursor, job_id)
            moment = to_utc("pulled_at", at)
            for source in self._sources(cursor, source_id):
                for number, file in enumerate(files):
                    self._insert_file(cursor, source, file, number, moment)
                cursor.execute(
                    "UPDATE sources SET last_pulled_at = ?, last_result = ?, last_failed = false,"
                    " pull_cursor = coalesce(?, pull_cursor) WHERE source_id = ?",
                    [
                        moment,
                        words,
                        None if pull_cursor is None else json_text("pull_cursor", pull_cursor),
                        source_id,
                    ],
                )
            complete_job(cursor, job, at, timings)

    def note_failure(self, source_id: str, *, words: str, at: datetime) -> None:
        """Note why the last pull of a source came to nothing."""
        with self._writing("noting a failed pull", Action.SOURCES, source_id) as cursor:
            cursor.execute(
                "UPDATE sources SET last_pulled_at = ?, last_result = ?, last_failed = true"
                " WHERE tenant_id = ? AND source_id = ?",
                [to_utc("at", at), words, self._tenant_id, source_id],
            )

    def files(self, source_id: str, *, most: int = 50) -> list[SourceFile]:
        """What a source brought, newest first."""
        with self._reading("listing what a source brought", Action.SOURCES) as cursor:
            self._source(cursor, source_id)
            found = cursor.execute(
                f"{_FILES} AND source_id = ? {_NEWEST} LIMIT ?", [self._tenant_id, source_id, most]
            )
            return records(SourceFile, found)

    def hand_on(self, file_id: str, *, add_job_id: str | None = None, refused_why: str | None = None) -> None:
        """Note which work adds a file to the history, or why none can; neither of both offers it anew."""
        with self._writing("adding what a source brought", Action.SOURCES, file_id) as cursor:
            self._one(cursor, SourceFile, f"{_FILES} AND file_id = ?", file_id)
            cursor.execute(
                "UPDATE source_files SET add_job_id = ?, refused_why = ? WHERE file_id = ?",
                [add_job_id, refused_why, file_id],
            )

    def _insert_file(
        self,
        cursor: duckdb.DuckDBPyConnection,
        source: Source,
        file: NewSourceFile,
        number: int,
        moment: datetime,
    ) -> None:
        upload_id = new_id()
        insert(
            cursor,
            "uploads",
            {
                "upload_id": upload_id,
                "tenant_id": self._tenant_id,
                "filename": file.label,
                "file_path": str(file.path),
                "file_size_bytes": file.size_bytes,
                "uploaded_at": moment,
                "sha256": file.sha256,
            },
        )
        insert(
            cursor,
            "source_files",
            {
                "file_id": new_id(),
                "source_id": source.source_id,
                "tenant_id": self._tenant_id,
                "shop_id": source.shop_id,
                "upload_id": upload_id,
                "file_label": file.label,
                "gives": source.gives,
                "knows_until": file.knows_until,
                "file_number": number,
                "pulled_at": moment,
            },
        )

    def _source(self, cursor: duckdb.DuckDBPyConnection, source_id: str) -> Source:
        found = self._sources(cursor, source_id)
        if not found:
            raise NotFoundError(
                f"Looking for source {source_id!r}: there is none.", "It may have been deleted: reload."
            )
        return found[0]

    def _sources(self, cursor: duckdb.DuckDBPyConnection, source_id: str) -> list[Source]:
        return records(Source, cursor.execute(f"{_SOURCES} AND source_id = ?", [self._tenant_id, source_id]))
