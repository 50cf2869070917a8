"""The files of one version of a shop's history, and their columns."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import duckdb

from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import PARQUET_OPTIONS
from churnkit.results.codec import from_text
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import written_whole
from churnkit.results.look_folder import reading_file
from churnkit.results.shop_history import ACCOUNT, HistoryAccount

LINES = "lines.parquet"
OLDER, NEWER = "older_lines.parquet", "newer_lines.parquet"
"""In place of the one file: what a long history was at an earlier version, never changed since, and the lines that came or
changed after it, which hold where both have a line's number."""
TELLINGS = "tellings.parquet"

CANONICAL: Mapping[str, str] = MappingProxyType(
    {
        "order_id": "VARCHAR",
        "customer_id": "VARCHAR",
        "ordered_at": "TIMESTAMP",
        "amount": "DOUBLE",
        "product_id": "VARCHAR",
        "product_name": "VARCHAR",
        "category": "VARCHAR",
        "quantity": "DOUBLE",
        "unit_price": "DOUBLE",
        "discount": "DOUBLE",
        "currency": "VARCHAR",
        "is_return": "BOOLEAN",
        "source_row": "BIGINT",
    }
)
"""Columns of the transactions, in their order, with types; a file without one leaves it empty."""

ALWAYS = ("order_id", "customer_id", "ordered_at", "amount", "is_return", "source_row")
"""Columns that every transaction has."""

# Beyond the canonical ones: from_version <= v < until_version are the versions that the line is true for.
_VERSIONED = ("line_id", "from_version", "until_version", "knows_until", "told_by")


_BOTH_PARTS = """
CREATE OR REPLACE TEMP VIEW lines AS
SELECT * FROM older_lines ANTI JOIN newer_lines USING (line_id) UNION ALL BY NAME SELECT * FROM newer_lines
"""


def account_of(history: Path) -> HistoryAccount:
    """The account of a history's files.

    Raises
    ------
    DataError
        It is missing or damaged.
    """
    path = history / ACCOUNT
    with reading_file(path):
        return from_text(HistoryAccount, path.read_bytes())


def columns_of(connection: duckdb.DuckDBPyConnection, path: Path) -> set[str]:
    """Names of a Parquet file's columns."""
    found = connection.execute(
        "SELECT name FROM parquet_schema($path) WHERE num_children IS NULL", {"path": str(path)}
    )
    return {name for (name,) in found.fetchall()}


def canonical_sql(present: set[str]) -> str:
    """SQL list of the canonical columns of a table that has those of ``present``; the others are empty."""
    return ", ".join(
        f"CAST({quote_identifier(name) if name in present else 'NULL'} AS {kind}) AS {quote_identifier(name)}"
        for name, kind in CANONICAL.items()
    )


def versioned_sql(prefix: str = "") -> str:
    """SQL list of all columns of ``lines.parquet``."""
    return ", ".join(f"{prefix}{name}" for name in (*CANONICAL, *_VERSIONED))


def open_lines(connection: duckdb.DuckDBPyConnection, history: Path) -> None:
    """Make ``lines`` and ``tellings`` of a history's files views of the connection, and ``newer_lines`` if it has them."""
    older, newer = parts_of(history)
    _open(connection, "tellings", history / TELLINGS)
    if newer is None:
        _open(connection, "lines", older)
        return
    _open(connection, "older_lines", older)
    _open(connection, "newer_lines", newer)
    connection.execute(_BOTH_PARTS)


def _open(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    with reading_file(path):
        connection.execute(
            compose("CREATE OR REPLACE TEMP VIEW {view} AS FROM {rows}", view=view, rows=rows_of(path))
        )


def parts_of(history: Path) -> tuple[Path, Path | None]:
    """The file of a history's lines, or the two that have them, see `OLDER`."""
    whole = history / LINES
    if whole.exists() or not (history / NEWER).exists():
        return whole, None
    return history / OLDER, history / NEWER


def remove_parts(history: Path) -> None:
    """Where one file has all lines, take away what an earlier version kept in two."""
    if (history / LINES).exists():
        for name in (NEWER, OLDER):
            (history / name).unlink(missing_ok=True)


def link_or_copy(source: Path, target: Path) -> None:
    """One file in two places: both are replaced as a whole and never written to."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def rows_of(path: Path, options: str = "") -> str:
    """SQL source of a Parquet file's rows, for a view, which binds no values: the path is ours, its quotes are doubled."""
    path_sql = str(path).replace("'", "''")
    return f"read_parquet('{path_sql}'{options})"


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write a query's rows, whole or not at all."""
    with written_whole(target) as draft:
        connection.execute(
            compose("COPY ({query}) TO $target ({options})", query=query, options=PARQUET_OPTIONS),
            {"target": str(draft)},
        )


def copy_contacts(source: Path | None, folder: Path) -> None:
    """Let a history have the contacts of ``source``, if there are any."""
    if source is not None and source.exists():
        shutil.copyfile(source, folder / CONTACTS_FILE)
