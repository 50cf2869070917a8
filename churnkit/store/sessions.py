"""Uploads and the sessions on them, and deleting either with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from churnkit.store.plans import delete_plans
from churnkit.store.records import Removed, Session, SessionStatus, Upload, to_json, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant import TenantTables, new_id, records


class SessionTables(TenantTables):
    """Methods on uploads and sessions."""

    def save_upload(
        self,
        *,
        filename: str,
        file_path: Path,
        file_size_bytes: int,
        uploaded_at: datetime,
        row_count: int | None = None,
        user_id: str | None = None,
        sha256: str | None = None,
    ) -> Upload:
        """Record a file that has arrived; ``sha256`` of its bytes, in hexadecimal digits."""
        upload_id = new_id()
        with self._database.writing("saving an upload") as cursor:
            insert(
                cursor,
                "uploads",
                {
                    "upload_id": upload_id,
                    "tenant_id": self._tenant_id,
                    "user_id": user_id,
                    "filename": filename,
                    "file_path": str(file_path),
                    "file_size_bytes": file_size_bytes,
                    "row_count": row_count,
                    "uploaded_at": to_utc("uploaded_at", uploaded_at),
                    "sha256": sha256,
                },
            )
            return self._upload(cursor, upload_id)

    def set_upload_row_count(self, upload_id: str, row_count: int) -> Upload:
        """Record how many rows the file turned out to have."""
        with self._database.writing("recording an upload's rows") as cursor:
            self._upload(cursor, upload_id)
            cursor.execute("UPDATE uploads SET row_count = ? WHERE upload_id = ?", [row_count, upload_id])
            return self._upload(cursor, upload_id)

    def reader_ended(self, upload_id: str) -> str | None:
        """Why looking at the file, or at another upload of the same bytes, ended the process that did."""
        with self._database.reading("reading what is known of an upload") as cursor:
            found = cursor.execute(
                "SELECT max(reader_ended) FROM uploads WHERE tenant_id = $tenant_id"
                " AND (upload_id = $upload_id OR sha256 = $sha256)",
                self._same_bytes(cursor, upload_id),
            ).fetchone()
            return found[0] if found else None

    def note_reader_ended(self, upload_id: str, words: str | None) -> None:
        """Record why looking at a file ended the process that did; None: let it be looked at again."""
        with self._database.writing("noting what an upload does") as cursor:
            known = self._same_bytes(cursor, upload_id)
            cursor.execute(
                "UPDATE uploads SET reader_ended = $words WHERE tenant_id = $tenant_id"
                " AND (upload_id = $upload_id OR sha256 = $sha256)",
                {**known, "words": words},
            )

    def _same_bytes(self, cursor: duckdb.DuckDBPyConnection, upload_id: str) -> dict[str, Any]:
        upload = self._upload(cursor, upload_id)
        return {"tenant_id": self._tenant_id, "upload_id": upload_id, "sha256": upload.sha256}

    def upload(self, upload_id: str) -> Upload:
        """One upload."""
        with self._database.reading("reading an upload") as cursor:
            return self._upload(cursor, upload_id)

    def uploads(self) -> list[Upload]:
        """All uploads, newest first."""
        with self._database.reading("listing uploads") as cursor:
            return records(
                Upload,
                cursor.execute(
                    "SELECT * FROM uploads WHERE tenant_id = ? ORDER BY uploaded_at DESC, upload_id",
                    [self._tenant_id],
                ),
            )

    def create_session(
        self,
        *,
        upload_id: str,
        column_mapping: Mapping[str, Any],
        created_at: datetime,
        settings: Mapping[str, Any] | None = None,
        horizon_days: int | None = None,
        name: str | None = None,
    ) -> Session:
        """Begin an analysis of an upload; ``name`` is the label that its owner sees."""
        session_id = new_id()
        with self._database.writing("creating a session") as cursor:
            self._upload(cursor, upload_id)
            insert(
                cursor,
                "sessions",
                {
                    "session_id": session_id,
                    "tenant_id": self._tenant_id,
                    "upload_id": upload_id,
                    "column_mapping": to_json("column_mapping", column_mapping),
                    "settings": to_json("settings", settings or {}),
                    "horizon_days": horizon_days,
                    "status": "configured",
                    "created_at": to_utc("created_at", created_at),
                    "name": name,
                },
            )
            return self._session(cursor, session_id)

    def update_session_status(self, session_id: str, status: SessionStatus) -> Session:
        """Move a session to another status."""
        with self._database.writing("updating a session's status") as cursor:
            self._session(cursor, session_id)
            cursor.execute("UPDATE sessions SET status = ? WHERE session_id = ?", [status, session_id])
            return self._session(cursor, session_id)

    def rename_session(self, session_id: str, name: str) -> Session:
        """Give a session another label."""
        with self._database.writing("renaming a session") as cursor:
            self._session(cursor, session_id)
            cursor.execute("UPDATE sessions SET name = ? WHERE session_id = ?", [name, session_id])
            return self._session(cursor, session_id)

    def set_session_settings(self, session_id: str, settings: Mapping[str, Any]) -> Session:
        """Record what the session's latest work was asked to do."""
        with self._database.writing("recording a session's settings") as cursor:
            self._session(cursor, session_id)
            cursor.execute(
                "UPDATE sessions SET settings = ? WHERE session_id = ?",
                [to_json("settings", settings), session_id],
            )
            return self._session(cursor, session_id)

    def set_session_results(
        self, session_id: str, *, horizon_days: int, transactions_path: Path, panel_path: Path | None = None
    ) -> Session:
        """Record the horizon that an analysis used and the Parquet files that it left."""
        with self._database.writing("recording a session's results") as cursor:
            self._session(cursor, session_id)
            cursor.execute(
                "UPDATE sessions SET horizon_days = ?, transactions_path = ?, panel_path = ?"
                " WHERE session_id = ?",
                [horizon_days, str(transactions_path), panel_path and str(panel_path), session_id],
            )
            return self._session(cursor, session_id)

    def session(self, session_id: str) -> Session:
        """One session."""
        with self._database.reading("reading a session") as cursor:
            return self._session(cursor, session_id)

    def sessions(self) -> list[Session]:
        """All sessions, newest first."""
        with self._database.reading("listing sessions") as cursor:
            return records(
                Session,
                cursor.execute(
                    "SELECT * FROM sessions WHERE tenant_id = ? ORDER BY created_at DESC, session_id",
                    [self._tenant_id],
                ),
            )

    def delete_session(self, session_id: str, *, folders: Sequence[Path] = ()) -> Removed:
        """Take out a session with everything that hangs on it, other readers' notes included; its upload stays.

        ``folders`` go with the session's files: they are remembered as removals until ``forget_removals``.
        """
        with self._database.writing("deleting a session") as cursor:
            self._session(cursor, session_id)
            files = [*_delete_sessions(cursor, [session_id]), *folders]
            _remember_removals(cursor, files)
            return Removed(sessions=1, files=files)

    def delete_upload(self, upload_id: str, *, folders: Sequence[Path] = ()) -> Removed:
        """Take out an upload with every session on it; ``folders`` as for ``delete_session``."""
        with self._database.writing("deleting an upload") as cursor:
            upload = self._upload(cursor, upload_id)
            rows = cursor.execute(
                "SELECT session_id FROM sessions WHERE upload_id = ? ORDER BY session_id", [upload_id]
            ).fetchall()
            files = _delete_sessions(cursor, [session_id for (session_id,) in rows])
            cursor.execute("DELETE FROM uploads WHERE upload_id = ?", [upload_id])
            files = [upload.file_path, *files, *folders]
            _remember_removals(cursor, files)
            return Removed(sessions=len(rows), files=files)


def _delete_sessions(cursor: duckdb.DuckDBPyConnection, session_ids: Iterable[str]) -> list[Path]:
    files: list[Path] = []
    for session_id in session_ids:
        paths = cursor.execute(
            "SELECT transactions_path FROM sessions WHERE session_id = $session_id"
            " UNION ALL SELECT panel_path FROM sessions WHERE session_id = $session_id"
            " UNION ALL SELECT file_path FROM models WHERE session_id = $session_id",
            {"session_id": session_id},
        ).fetchall()
        files += sorted(Path(path) for (path,) in paths if path is not None)
        cursor.execute(
            "DELETE FROM campaign_members WHERE campaign_id IN"
            " (SELECT campaign_id FROM campaigns WHERE session_id = ?)",
            [session_id],
        )
        cursor.execute("DELETE FROM campaigns WHERE session_id = ?", [session_id])
        plans = cursor.execute(
            "SELECT plan_id FROM campaign_plans WHERE session_id = ?", [session_id]
        ).fetchall()
        delete_plans(cursor, [plan_id for (plan_id,) in plans])
        cursor.execute("DELETE FROM scenarios WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM insights WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM predictions WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM runs WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM models WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM training_jobs WHERE session_id = ?", [session_id])
        cursor.execute("DELETE FROM sessions WHERE session_id = ?", [session_id])
    return files


def _remember_removals(cursor: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    for path in files:
        cursor.execute("INSERT INTO removals VALUES (?)", [str(path)])
