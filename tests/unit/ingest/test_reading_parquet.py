"""Parquet files as raw tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest.engine import connect
from churnkit.ingest.formats import RawTable
from churnkit.ingest.reading import read_raw


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return connect(tmp_path / "work")


def read(tmp_path: Path, connection: duckdb.DuckDBPyConnection, query: str) -> RawTable:
    path = tmp_path / "key=1 orders.parquet"
    connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return read_raw(path, tmp_path / "work", connection, IngestSettings())


def test_types_and_order_are_kept(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT 100 - i AS \" id \", DATE '2026-01-05' AS day, 1.5::DECIMAL(8, 2) AS price, 7 AS source_row"
    )
    raw = read(tmp_path, connection, query + " FROM range(3) AS t(i)")
    assert raw.columns == ("id", "day", "price", "source_row_2")
    rows = connection.execute("SELECT * FROM read_parquet(?) ORDER BY source_row", [str(raw.path)]).fetchall()
    assert [(row[0], row[-1]) for row in rows] == [(100, 1), (99, 2), (98, 3)]
    assert rows[0][1] == date(2026, 1, 5)
    assert raw.row_count == 3
    assert raw.format.words() == "Parquet"


def test_values_without_a_place_in_a_table_become_text(
    tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    raw = read(tmp_path, connection, f"SELECT '{uuid}'::UUID AS id, 'abc'::BLOB AS code")
    rows = connection.execute("SELECT id, code FROM read_parquet(?)", [str(raw.path)]).fetchall()
    assert rows == [(uuid, "abc")]


def test_many_row_groups_keep_their_order(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "large.parquet"
    connection.execute(
        f"COPY (SELECT i AS id FROM range(1, 300001) AS t(i) ORDER BY i) TO '{path}'"
        " (FORMAT parquet, ROW_GROUP_SIZE 2048)"
    )
    raw = read_raw(path, tmp_path / "work", connection, IngestSettings())
    query = "SELECT count(*), count(*) FILTER (id <> source_row) FROM read_parquet(?)"
    assert connection.execute(query, [str(raw.path)]).fetchall() == [(300_000, 0)]
