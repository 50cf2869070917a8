"""Deleted analyses that can be brought back for a while.

Every row that hangs on them lies in a file in their own folder, so that no query, link, schedule or count can find it, and
what goes on with other analyses never meets it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import NotFoundError, StoreError
from churnkit.store.deletion import ROWS_OF_SESSION, delete_sessions, remember_removals
from churnkit.store.overview import NAMED
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert, quoted
from churnkit.store.tenant_table import UPLOAD_IN_USE, TenantTable
from churnkit.store.work_records import PutAway, Removed, Session

_PUT_AWAY = """
SELECT *, (
    SELECT coalesce(list(f.name ORDER BY f.name), []) FROM put_away_files f
    WHERE f.session_id = put_away.session_id AND kind = 'upload_id'
) AS upload_ids
FROM put_away WHERE tenant_id = ?
"""
_UPLOADS = """
SELECT upload_id FROM sessions WHERE session_id = $session
UNION SELECT upload_id FROM additions WHERE shop_id = $session AND upload_id IS NOT NULL
UNION SELECT upload_id FROM source_files WHERE shop_id = $session
"""
_ONLY_ITS_OWN = f"""
SELECT upload_id, file_path FROM uploads
WHERE list_contains($uploads, upload_id) AND NOT {UPLOAD_IN_USE} AND upload_id NOT IN (
    SELECT name FROM put_away_files WHERE kind = 'upload_id' AND session_id <> $session
)
"""  # noqa: S608 (a text of the store's)


class PutAwayTable(TenantTable):
    """``store.put_away``: deleted analyses, the newest first."""

    def all(self) -> list[PutAway]:
        """All that can be brought back."""
        with self._reading("listing what was put away") as cursor:
            query = f"{_PUT_AWAY} ORDER BY put_away_at DESC, session_id"
            return records(PutAway, cursor.execute(query, [self._tenant_id]))

    def put(self, session_id: str, *, folder: Path, at: datetime) -> PutAway:
        """Take a session out of every table, its rows to files in ``folder``; nothing else of it leaves the disk."""
        with self._writing("putting a session away", Action.DELETE, session_id) as cursor:
            session = self._session(cursor, session_id)
            name = session.name or self._upload(cursor, session.upload_id).filename
            uploads = cursor.execute(_UPLOADS, {"session": session_id}).fetchall()
            named = set(cursor.execute(NAMED).fetchall())
            _write_rows(cursor, session_id, folder)
            paths = delete_sessions(cursor, [session_id])
            named -= set(cursor.execute(NAMED).fetchall())
            files = [
                *named,
                *(("path", str(path)) for path in paths),
                *(("upload_id", one) for (one,) in uploads),
            ]
            for kind, file in sorted(files):
                insert(cursor, "put_away_files", {"session_id": session_id, "kind": kind, "name": file})
            away = {
                "session_id": session_id,
                "tenant_id": self._tenant_id,
                "name": name,
                "put_away_at": to_utc("put_away_at", at),
            }
            insert(cursor, "put_away", away)
            return self._away(cursor, session_id)

    def bring_back(self, session_id: str, *, folder: Path) -> Session:
        """Put a session's rows back from the files in ``folder``.

        Raises
        ------
        NotFoundError
            It was deleted for good, or was never put away.
        StoreError
            The files are gone, or do not suit the tables; nothing was written.
        """
        with self._writing("bringing a session back", Action.DELETE, session_id) as cursor:
            self._away(cursor, session_id)
            if not (folder / "sessions.parquet").is_file():
                raise StoreError(f"Bringing {session_id!r} back: its rows must lie in {folder}.")
            for table, _ in reversed(ROWS_OF_SESSION):
                file = folder / f"{table}.parquet"
                if file.is_file():
                    cursor.execute(
                        f"INSERT INTO {quoted(table)} BY NAME"  # noqa: S608 (names of the store's)
                        " SELECT * FROM read_parquet(?, hive_partitioning = false)",
                        [_literal(file)],
                    )
            _forget(cursor, session_id)
            return self._session(cursor, session_id)

    def delete(self, session_id: str, *, folders: Sequence[Path] = ()) -> Removed:
        """Delete one for good, with uploads that nothing else stands on; ``folders`` as for ``sessions.delete``."""
        with self._writing("deleting a session", Action.DELETE, session_id) as cursor:
            away = self._away(cursor, session_id)
            paths = cursor.execute(
                "SELECT name FROM put_away_files WHERE session_id = ? AND kind = 'path'", [session_id]
            ).fetchall()
            its_own = cursor.execute(
                _ONLY_ITS_OWN, {"uploads": away.upload_ids, "session": session_id}
            ).fetchall()
            for upload_id, _ in its_own:
                cursor.execute("DELETE FROM uploads WHERE upload_id = ?", [upload_id])
            _forget(cursor, session_id)
            files = [*(Path(path) for (path,) in paths), *(Path(path) for _, path in its_own), *folders]
            remember_removals(cursor, files)
            return Removed(sessions=1, files=files)

    def jobs(self, session_id: str) -> list[str]:
        """Ids of the work on one, whose folders are kept for it."""
        with self._reading("listing what was put away") as cursor:
            self._away(cursor, session_id)
            rows = cursor.execute(
                "SELECT name FROM put_away_files WHERE session_id = ? AND kind = 'jobs' ORDER BY name",
                [session_id],
            ).fetchall()
        return [job_id for (job_id,) in rows]

    def _away(self, cursor: duckdb.DuckDBPyConnection, session_id: str) -> PutAway:
        found = records(
            PutAway, cursor.execute(f"{_PUT_AWAY} AND session_id = ?", [self._tenant_id, session_id])
        )
        if not found:
            raise NotFoundError(
                f"Looking for the deleted analysis {session_id!r}: there is none.",
                "It was brought back, or deleted for good: reload.",
            )
        return found[0]


def _write_rows(cursor: duckdb.DuckDBPyConnection, session_id: str, folder: Path) -> None:
    """A file for each table that holds rows of a session."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for table, condition in ROWS_OF_SESSION:
        rows = f"SELECT * FROM {quoted(table)} WHERE {condition}"  # noqa: S608 (names of the store's)
        (count,) = cursor.execute(f"SELECT count(*) FROM ({rows})", {"session": session_id}).fetchall()[0]  # noqa: S608
        if not count:
            continue
        file = folder / f"{table}.parquet"
        # COPY takes no values beside it: the id is one that the table has.
        bound = rows.replace("$session", _text(session_id))
        cursor.execute(f"COPY ({bound}) TO {_text(str(file))} (FORMAT parquet)")
        # The rows are gone from the tables once this transaction ends, so the file must be on the disk by then.
        with file.open("rb") as written:
            os.fsync(written.fileno())


def _forget(cursor: duckdb.DuckDBPyConnection, session_id: str) -> None:
    cursor.execute("DELETE FROM put_away_files WHERE session_id = ?", [session_id])
    cursor.execute("DELETE FROM put_away WHERE session_id = ?", [session_id])


def _text(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _literal(file: Path) -> str:
    """A path of which DuckDB reads nothing as a pattern."""
    return re.sub(r"([*?\[])", r"[\1]", str(file))
