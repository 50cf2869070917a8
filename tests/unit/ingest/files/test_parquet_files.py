"""Parquet files as raw tables."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest import ingest
from churnkit.ingest.engine import connect
from churnkit.ingest.files.opening import read_raw
from churnkit.ingest.files.raw_table import RawTable


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


def test_names_of_columns_count_as_a_header(tmp_path: Path) -> None:
    """Money is quantity times price, as in a CSV with the same header, not the price alone."""
    path = tmp_path / "orders.parquet"
    duckdb.execute(
        f"""
        COPY (
            SELECT 'O' || i AS order_id, 'C' || i % 9 AS customer_id, '2026-01-' || lpad((1 + i % 28)::TEXT, 2, '0')
            AS order_date, 2 + i % 3 AS quantity, 1.25 * (1 + i % 7) AS unit_price FROM range(60) AS t(i)
        ) TO '{path}' (FORMAT parquet)
        """
    )
    result = ingest(path, tmp_path / "work", now=datetime(2026, 6, 1))
    amounts = duckdb.execute("SELECT sum(amount) FROM read_parquet(?)", [str(result.transactions)]).fetchone()
    assert amounts == (pytest.approx(sum((2 + i % 3) * 1.25 * (1 + i % 7) for i in range(60))),)
