"""Analyses of uploads, under the name of sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import ConflictError, NotFoundError
from churnkit.results.shop import ShopSettings
from churnkit.store.deletion import delete_sessions, remember_removals
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.shop_table import insert_shop
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.work_records import Removed, Session, SessionStatus


class SessionTable(TenantTable):
    """``store.sessions``: each an analysis of one upload."""

    _seen_by_links = True

    def create(
        self,
        *,
        upload_id: str,
        column_mapping: Mapping[str, object],
        created_at: datetime,
        settings: Mapping[str, object] | None = None,
        horizon_days: int | None = None,
        name: str | None = None,
        shop_id: str | None = None,
    ) -> Session:
        """Begin an analysis of an upload, and with it a shop; ``name`` is the label that its owner sees.

        ``shop_id`` is of a shop that has no file yet: the analysis becomes its own.
        """
        session_id = shop_id or new_id()
        with self._writing("creating a session", Action.RUN, upload_id) as cursor:
            upload = self._upload(cursor, upload_id)
            if shop_id is None:
                insert_shop(
                    cursor, self._tenant_id, session_id, name or upload.filename, ShopSettings(), created_at
                )
            else:
                self._require_empty_shop(cursor, shop_id)
            insert(
                cursor,
                "sessions",
                {
                    "session_id": session_id,
                    "tenant_id": self._tenant_id,
                    "upload_id": upload_id,
                    "column_mapping": json_text("column_mapping", column_mapping),
                    "settings": json_text("settings", settings or {}),
                    "horizon_days": horizon_days,
                    "status": "configured",
                    "created_at": to_utc("created_at", created_at),
                    "name": name,
                },
            )
            return self._session(cursor, session_id)

    def _require_empty_shop(self, cursor: duckdb.DuckDBPyConnection, shop_id: str) -> None:
        query = "SELECT shop_id IN (SELECT session_id FROM sessions) FROM shops WHERE tenant_id = ? AND shop_id = ?"
        found = cursor.execute(query, [self._tenant_id, shop_id]).fetchall()
        if not found:
            raise NotFoundError(
                f"Looking for shop {shop_id!r}: there is none.", "It may have been deleted: reload."
            )
        if found[0][0]:
            raise ConflictError(
                f"Beginning the analysis of shop {shop_id!r}: it has a file already.",
                "Add the newer file to it.",
            )

    def get(self, session_id: str) -> Session:
        """One session."""
        with self._reading("reading a session") as cursor:
            return self._session(cursor, session_id)

    def all(self) -> list[Session]:
        """All sessions that the actor sees, newest first."""
        with self._reading("listing sessions") as cursor:
            return records(
                Session,
                cursor.execute(
                    "SELECT * FROM sessions WHERE tenant_id = $tenant AND session_id = coalesce($only, session_id)"
                    " ORDER BY created_at DESC, session_id",
                    {"tenant": self._tenant_id, "only": self._actor.only},
                ),
            )

    def rename(self, session_id: str, name: str) -> Session:
        """Give a session another label."""
        with self._writing("renaming a session", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            cursor.execute("UPDATE sessions SET name = ? WHERE session_id = ?", [name, session_id])
            cursor.execute("UPDATE shops SET name = ? WHERE shop_id = ?", [name, session_id])
            return self._session(cursor, session_id)

    def set_note(self, session_id: str, note: str | None) -> Session:
        """Keep what somebody wrote down about a session; None for nothing."""
        with self._writing("noting something about a session", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            cursor.execute("UPDATE sessions SET note = ? WHERE session_id = ?", [note, session_id])
            return self._session(cursor, session_id)

    def set_status(self, session_id: str, status: SessionStatus) -> Session:
        """Move a session to another status."""
        with self._writing("updating a session's status", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            cursor.execute("UPDATE sessions SET status = ? WHERE session_id = ?", [status, session_id])
            return self._session(cursor, session_id)

    def set_settings(self, session_id: str, settings: Mapping[str, object]) -> Session:
        """Record what the session's latest work was asked to do."""
        with self._writing("recording a session's settings", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            cursor.execute(
                "UPDATE sessions SET settings = ? WHERE session_id = ?",
                [json_text("settings", settings), session_id],
            )
            return self._session(cursor, session_id)

    def set_results(
        self, session_id: str, *, horizon_days: int, transactions_path: Path, panel_path: Path | None = None
    ) -> Session:
        """Record the horizon that an analysis used and the Parquet files that it left."""
        with self._writing("recording a session's results", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            cursor.execute(
                "UPDATE sessions SET horizon_days = ?, transactions_path = ?, panel_path = ?"
                " WHERE session_id = ?",
                [horizon_days, str(transactions_path), panel_path and str(panel_path), session_id],
            )
            return self._session(cursor, session_id)

    def delete(self, session_id: str, *, folders: Sequence[Path] = ()) -> Removed:
        """Take out a session with everything that hangs on it, other readers' notes included; its upload stays.

        ``folders`` go with the session's files: they are remembered as removals until ``Store.overview.forget_removals``.
        """
        with self._writing("deleting a session", Action.DELETE, session_id) as cursor:
            self._session(cursor, session_id)
            files = [*delete_sessions(cursor, [session_id]), *folders]
            remember_removals(cursor, files)
            return Removed(sessions=1, files=files)
