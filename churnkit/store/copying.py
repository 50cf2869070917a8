"""The database file written anew, for backups, and so that nothing of what was deleted stays in its blocks.

DuckDB marks rows as deleted and frees blocks without writing over them: an erased customer's id is gone from every query
and may still stand in the file. A copy holds what queries see and nothing else.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.store.sql import quoted

_TARGET = "copied"


def copy_database(cursor: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write everything of a cursor's database, as one moment saw it, to a new file ``target``.

    Raises
    ------
    duckdb.Error
        It cannot be written.
    """
    (source,) = cursor.execute("SELECT current_database()").fetchall()[0]
    place = str(target).replace("'", "''")
    cursor.execute(f"ATTACH '{place}' AS {quoted(_TARGET)}")
    try:
        cursor.execute(f"COPY FROM DATABASE {quoted(source)} TO {quoted(_TARGET)}")
    finally:
        cursor.execute(f"DETACH {quoted(_TARGET)}")


def ask_for_rewriting(path: Path) -> None:
    """Have the database file at ``path`` written anew when it is next opened."""
    _marker(path).touch()


def rewrite_if_asked(path: Path) -> None:
    """Put a copy in the place of the file at ``path``, which nobody has open, if somebody asked for it.

    A program that dies in between leaves the old file, and the next one does it again.

    Raises
    ------
    duckdb.Error
        It cannot be read, or another process has it open.
    """
    if not _marker(path).exists() or not path.exists():
        return
    draft = path.with_name(f"{path.name}.rewritten")
    _remove(draft)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CHECKPOINT")
        copy_database(connection, draft)
    # The log of the old file is empty after its checkpoint, and belongs to it alone.
    _remove(path.with_name(f"{path.name}.wal"))
    draft.replace(path)
    _marker(path).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _marker(path: Path) -> Path:
    return path.with_name(f"{path.name}.rewrite")
