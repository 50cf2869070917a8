"""The DuckDB connection that ingest works on, and the one place where statements are put together."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

MEMORY_BYTES = 2_000_000_000

SHARED_FROM_ROWS = 2_000_000
"""Statements over fewer rows are left to one thread, where processor time counts.

What two of them make of a million rows is made twice and then brought together: a refresh takes a tenth more of the
processors for it, and ends hardly sooner.
"""

# Of a process' address space: what libraries set aside, and what this one and its database take beside the tables.
_SET_ASIDE_BYTES = 2_500_000_000
_BESIDE_BYTES = 400_000_000
_LEAST_BYTES = 256_000_000

Row = tuple[Any, ...]
"""A row as the database gives it: what is in it, the statement says."""


def memory_bytes() -> int:
    """What a database of this process may hold in memory: `MEMORY_BYTES`, less where the system allows the process less."""
    if sys.platform == "win32":
        return MEMORY_BYTES
    import resource

    space, _ = resource.getrlimit(resource.RLIMIT_AS)
    if space == resource.RLIM_INFINITY:
        return MEMORY_BYTES
    return max(_LEAST_BYTES, min(MEMORY_BYTES, space - _SET_ASIDE_BYTES - _BESIDE_BYTES))


def connect(workdir: Path, rows: int | None = None) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills into ``workdir`` once it holds `memory_bytes`.

    The process takes 100 to 300 MB above the limit. Extensions are never fetched from the network. It works in as many
    threads as there are processors, but in one where it is told that it is about fewer than `SHARED_FROM_ROWS` ``rows``.
    """
    spill = workdir / "spill"
    spill.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory_bytes()}B",
        "temp_directory": str(spill),
        "preserve_insertion_order": "false",
        "autoinstall_known_extensions": "false",
    }
    if rows is not None and rows < SHARED_FROM_ROWS:
        config["threads"] = "1"
    return duckdb.connect(":memory:", config=config)


def backend_of(connection: duckdb.DuckDBPyConnection) -> Backend:
    """Ibis on a connection, as ``ibis.duckdb.from_connection`` gives it, but for SQL that is kept."""
    # Much is read without Ibis, which takes its time to import.
    from churnkit.ingest.kept_sql import KeepingBackend

    return KeepingBackend.from_connection(connection)


@contextmanager
def in_order(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Statements in this block read and write rows in the order in which they lie, in as many threads as others."""
    connection.execute("SET preserve_insertion_order = true")
    try:
        yield
    finally:
        connection.execute("SET preserve_insertion_order = false")


def compose(template: str, **fragments: str) -> str:
    """Fill the slots of a statement.

    DuckDB binds values, not column lists or conditions. Fragments are built from quoted identifiers,
    constants of this package and names of bound parameters only: a value from a file or a user is bound.
    """
    return template.format(**fragments)


def quote_identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier, its double quotes doubled."""
    return '"' + name.replace('"', '""') + '"'


def counted(condition: str) -> str:
    """SQL aggregate: the rows where the condition holds, 0 where there are none (``count_if`` gives NULL)."""
    return f"count(*) FILTER (WHERE {condition})"


def one_row(
    connection: duckdb.DuckDBPyConnection, statement: str, bound: Mapping[str, object] | None = None
) -> Row:
    """The only row of a statement that returns exactly one."""
    rows = connection.execute(statement, dict(bound or {})).fetchall()
    if len(rows) != 1:
        raise ValueError(f"the statement returned {len(rows)} rows, not one: {statement}")
    row: Row = rows[0]
    return row
