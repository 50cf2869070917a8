"""The product's DuckDB file: one root connection, a cursor for every call, one writer at a time."""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from churnkit.errors import StoreError, disk_full, is_disk_full
from churnkit.store.copying import ask_for_rewriting, copy_database, rewrite_if_asked
from churnkit.store.migrate import migrate

MEMORY_LIMIT = "1GB"
MIGRATIONS_DIR = Path(__file__).parent / "migrations"

_BEGIN_ANEW = "Move the file away to begin with an empty store, or restore it from a backup."
_DAMAGED = "Corrupt database file"
# Of the process that has the file.
_HOLDER = re.compile(r"\(PID (\d+)\)")
# Signs in DuckDB's words, what they mean, and the way out.
_REFUSALS = (
    (
        "Could not set lock",
        "another process has it open; only one may",
        "Stop the other churnkit process, or use another folder with CHURNKIT_DATA_DIR.",
    ),
    (
        "storage version number",
        "it must be of a DuckDB version that the one here can read",
        "Install the version of DuckDB that wrote it, as a rule the newest (pip install --upgrade duckdb), or restore"
        " an older backup.",
    ),
    ("not a valid DuckDB database file", "it must be a DuckDB file, found something else", _BEGIN_ANEW),
    (_DAMAGED, "it must be whole, found it damaged", _BEGIN_ANEW),
    ("Could not read enough bytes", "it must be whole, found it cut short", _BEGIN_ANEW),
)

# DuckDB gives every connection of a process to one file the same instance; two threads that open and
# migrate a new file at once would apply the first migration twice.
_OPENING = threading.Lock()
_INSTANCES = itertools.count()


class Database:
    """An open, migrated DuckDB file.

    A cursor is its own connection to the same instance, so threads read side by side. Writers queue: two
    transactions on the same rows would otherwise make the later one fail.
    """

    def __init__(self, root: duckdb.DuckDBPyConnection, path: Path) -> None:
        self.path = path
        self._root = root
        self._writing = threading.Lock()
        self.instance = next(_INSTANCES)
        self.changes = 0
        """Grows with everything that is written; whoever remembers what was read asks anew then."""
        self.access_version = 0
        """Grows with every change of who may do what; whoever remembers such things asks anew then."""

    @classmethod
    def open(
        cls, path: Path, *, memory_limit: str = MEMORY_LIMIT, migrations: Path = MIGRATIONS_DIR
    ) -> Database:
        """Open ``path``, made if missing, and bring its tables up to date.

        Raises
        ------
        StoreError
            The file is locked by another process, is no DuckDB file or one of a newer DuckDB, is damaged, may not
            be read or written, or its migrations do not match the code's.
        """
        with _OPENING:
            root = _connect(path, memory_limit)
            try:
                with _failures_of("bringing the tables up to date"), _damage_of(path):
                    migrate(root, migrations)
            except StoreError:
                root.close()
                raise
        return cls(root, path)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of the caller's own; the caller closes it."""
        return self._root.cursor()

    @contextmanager
    def reading(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for queries; ``doing`` names the work in the message of a failure."""
        with _failures_of(doing), self._root.cursor() as cursor:
            yield cursor

    @contextmanager
    def writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction that is committed at the end, and rolled back on any exception."""
        with self._writing, _failures_of(doing), self._root.cursor() as cursor:
            cursor.begin()
            try:
                yield cursor
            except BaseException:
                cursor.rollback()
                raise
            try:
                cursor.commit()
            finally:
                self.changes += 1

    def copy_to(self, target: Path) -> None:
        """Write everything, as one moment sees it, to a new file; nothing of what was deleted is in it."""
        with self._writing, _failures_of("copying the store"), self._root.cursor() as cursor:
            copy_database(cursor, target)

    def forget_deleted(self) -> None:
        """Take deleted values out of the file as far as it goes while it is open, and the rest when it is opened next."""
        ask_for_rewriting(self.path)
        with self.reading("writing down what was deleted") as cursor:
            cursor.execute("FORCE CHECKPOINT")

    def close(self) -> None:
        """Close the file, which frees it for another process."""
        self._root.close()


def _connect(path: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(path.with_name(f"{path.name}.tmp")),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _require_access(path)
        rewrite_if_asked(path)
        return duckdb.connect(str(path), config=settings)
    except OSError as error:
        raise StoreError(
            f"Opening the store {path}: its folder cannot be made ({error}).",
            "Choose a folder that can be written with CHURNKIT_DATA_DIR.",
        ) from error
    except duckdb.Error as error:
        raise _not_opened(path, error) from error


def _require_access(path: Path) -> None:
    # DuckDB itself would notice a folder without leave to write at the first change only.
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.R_OK | os.W_OK):
            raise StoreError(
                f"Opening the store {path}: this process must be allowed to read and write {place}.",
                "Give its user that right, or choose another folder with CHURNKIT_DATA_DIR.",
            )


def _not_opened(path: Path, error: duckdb.Error) -> StoreError:
    """What is wrong with a file that DuckDB refuses, by what it says of it."""
    for sign, found, remedy in _REFUSALS:
        if sign in str(error):
            holder = _HOLDER.search(str(error))
            told = f"process {holder[1]}" if holder else str(error)
            return StoreError(f"Opening the store {path}: {found} ({told}).", remedy)
    return StoreError(
        f"Opening the store {path}: it must be a DuckDB file that this version can read and write ({error}).",
        _BEGIN_ANEW,
    )


@contextmanager
def _damage_of(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        if _DAMAGED in str(error):
            raise _not_opened(path, error) from error
        raise


@contextmanager
def _failures_of(doing: str) -> Iterator[None]:
    try:
        yield
    except duckdb.ConstraintException as error:
        raise StoreError(
            f"While {doing}: a value breaks a rule of the table, nothing was written ({error})."
        ) from error
    except duckdb.FatalException as error:
        raise StoreError(
            f"While {doing}: DuckDB gave up on its file and has closed it ({error}).",
            "See that the disk has room and is sound, then restart the server: what was confirmed is kept.",
        ) from error
    except duckdb.Error as error:
        if is_disk_full(error):
            raise disk_full(f"While {doing}") from error
        raise StoreError(f"While {doing}: DuckDB reported {error}") from error
