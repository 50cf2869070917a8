"""Numbered ``.sql`` files, each applied once, in order and in a transaction of its own.

A migration that is on main is never edited again. Where it happened all the same, ``repairs/<version>_<the older
text's checksum, twelve digits>.sql`` makes of the tables that the older text made those that today's text makes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from churnkit.errors import StoreError

_FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")

_REPAIRS = "repairs"

_CREATE_LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    name VARCHAR NOT NULL,
    checksum VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL
)
"""


@dataclass(frozen=True)
class Migration:
    """One migration file."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, which was read with universal newlines: line ends do not count."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path) -> list[Migration]:
    """Migrations in ``folder`` by version.

    Raises
    ------
    StoreError
        A file is not called ``0001_name.sql``, or the versions are not 1, 2, 3 … without a gap.
    """
    migrations = []
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise StoreError(
                f"Reading migrations in {folder}: {path.name!r} must be named like '0001_name.sql'."
            )
        migrations.append(Migration(int(match["version"]), match["name"], path.read_text(encoding="utf-8")))
    versions = [migration.version for migration in migrations]
    if not versions or versions != list(range(1, len(versions) + 1)):
        raise StoreError(
            f"Reading migrations in {folder}: versions must count 1, 2, 3 … without a gap, found {versions}.",
            "Restore the folder from the repository.",
        )
    return migrations


def migrate(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[int]:
    """Apply what is missing and return the versions applied now; tables of a known older text are repaired first.

    Raises
    ------
    StoreError
        The file was migrated by newer code, or an applied migration differs from the code's.
    """
    migrations = read_migrations(folder)
    connection.execute(_CREATE_LEDGER)
    _repair(connection, _applied(connection), migrations, folder / _REPAIRS)
    applied = _applied(connection)
    _require_known_history(applied, migrations)

    missing = [migration for migration in migrations if migration.version not in applied]
    for migration in missing:
        _apply(connection, migration)
    return [migration.version for migration in missing]


def _applied(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    rows = connection.execute("SELECT version, checksum FROM schema_migrations ORDER BY version").fetchall()
    return dict(rows)


def _repair(
    connection: duckdb.DuckDBPyConnection, applied: dict[int, str], migrations: list[Migration], folder: Path
) -> None:
    for migration in migrations:
        recorded = applied.get(migration.version, migration.checksum)
        path = folder / f"{migration.version:04d}_{recorded[:12]}.sql"
        if recorded != migration.checksum and path.exists():
            with _transaction(connection):
                connection.execute(path.read_text(encoding="utf-8"))
                connection.execute(
                    "UPDATE schema_migrations SET checksum = ? WHERE version = ?",
                    [migration.checksum, migration.version],
                )


def _require_known_history(applied: dict[int, str], migrations: list[Migration]) -> None:
    newest = max(applied, default=0)
    if newest > len(migrations):
        raise StoreError(
            f"Opening the store: its tables are at version {newest}, this program knows {len(migrations)}.",
            "Use the version of churnkit that wrote the file, or a newer one.",
        )
    if sorted(applied) != list(range(1, newest + 1)):
        raise StoreError(
            f"Opening the store: migrations 1 to {newest} must all be recorded, found {sorted(applied)}.",
            "Restore the file from a backup.",
        )
    for migration in migrations[:newest]:
        if applied[migration.version] != migration.checksum:
            raise StoreError(
                f"Opening the store: migration {migration.version:04d}_{migration.name} has changed since it"
                f" was applied (checksum {migration.checksum[:12]}, recorded"
                f" {applied[migration.version][:12]}).",
                "Use the version of churnkit that wrote the file. Whoever changed the migration: restore it, and put the"
                " change into a new one.",
            )


def _apply(connection: duckdb.DuckDBPyConnection, migration: Migration) -> None:
    with _transaction(connection):
        connection.execute(migration.sql)
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, ?, ?)",
            [migration.version, migration.name, migration.checksum, datetime.now(UTC).replace(tzinfo=None)],
        )


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
