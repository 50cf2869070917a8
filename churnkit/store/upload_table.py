"""Files that users handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.store.deletion import delete_sessions, remember_removals
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import SHOWN_UPLOADS, TenantTable, new_id
from churnkit.store.work_records import Removed, Upload


class UploadTable(TenantTable):
    """``store.uploads``: files, newest first."""

    _seen_by_links = True

    def add(
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
        with self._writing("saving an upload", Action.UPLOAD) as cursor:
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

    def get(self, upload_id: str) -> Upload:
        """One upload."""
        with self._reading("reading an upload") as cursor:
            return self._upload(cursor, upload_id)

    def all(self) -> list[Upload]:
        """All uploads that the actor sees, newest first."""
        with self._reading("listing uploads") as cursor:
            found = records(
                Upload,
                cursor.execute(
                    f"{SHOWN_UPLOADS} ORDER BY uploaded_at DESC, upload_id",
                    [self._tenant_id],
                ),
            )
            return [upload for upload in found if self._sees(cursor, upload)]

    def set_row_count(self, upload_id: str, row_count: int) -> Upload:
        """Record how many rows the file turned out to have."""
        with self._writing("recording an upload's rows", Action.UPLOAD, upload_id) as cursor:
            self._upload(cursor, upload_id)
            cursor.execute("UPDATE uploads SET row_count = ? WHERE upload_id = ?", [row_count, upload_id])
            return self._upload(cursor, upload_id)

    def reader_ended(self, upload_id: str) -> str | None:
        """Why looking at the file, or at another upload of the same bytes, ended the process that did."""
        with self._reading("reading what is known of an upload") as cursor:
            found = cursor.execute(
                "SELECT max(reader_ended) FROM uploads WHERE tenant_id = $tenant_id"
                " AND (upload_id = $upload_id OR sha256 = $sha256)",
                self._same_bytes(cursor, upload_id),
            ).fetchone()
            return found[0] if found else None

    def note_reader_ended(self, upload_id: str, words: str | None) -> None:
        """Record why looking at a file ended the process that did; None: let it be looked at again."""
        with self._writing("noting what an upload does", Action.UPLOAD, upload_id) as cursor:
            known = self._same_bytes(cursor, upload_id)
            cursor.execute(
                "UPDATE uploads SET reader_ended = $words WHERE tenant_id = $tenant_id"
                " AND (upload_id = $upload_id OR sha256 = $sha256)",
                {**known, "words": words},
            )

    def delete(self, upload_id: str, *, folders: Sequence[Path] = ()) -> Removed:
        """Take out an upload with every session on it; ``folders`` as for ``Store.sessions.delete``."""
        with self._writing("deleting an upload", Action.DELETE, upload_id) as cursor:
            upload = self._upload(cursor, upload_id)
            rows = cursor.execute(
                "SELECT session_id FROM sessions WHERE upload_id = ? ORDER BY session_id", [upload_id]
            ).fetchall()
            files = delete_sessions(cursor, [session_id for (session_id,) in rows])
            cursor.execute("DELETE FROM uploads WHERE upload_id = ?", [upload_id])
            files = [upload.file_path, *files, *folders]
            remember_removals(cursor, files)
            return Removed(sessions=len(rows), files=files)

    def _same_bytes(self, cursor: duckdb.DuckDBPyConnection, upload_id: str) -> dict[str, str | None]:
        upload = self._upload(cursor, upload_id)
        return {"tenant_id": self._tenant_id, "upload_id": upload_id, "sha256": upload.sha256}
