"""Statements put together from names that the code knows; values are always bound."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb


def quoted(identifier: str) -> str:
    """``identifier`` as a quoted SQL name."""
    doubled = identifier.replace('"', '""')
    return f'"{doubled}"'


def insert(cursor: duckdb.DuckDBPyConnection, table: str, values: Mapping[str, object]) -> None:
    """Insert one row, its columns named, so that a later migration may add others."""
    columns = ", ".join(quoted(name) for name in values)
    parameters = ", ".join("?" for _ in values)
    cursor.execute(
        f"INSERT INTO {quoted(table)} ({columns}) VALUES ({parameters})",  # noqa: S608 (names quoted, values bound)
        list(values.values()),
    )
