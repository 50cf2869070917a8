"""The public data sets as raw tables: counts that their publishers state."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from churnkit.config import IngestSettings
from churnkit.ingest.cells import date_sql, detect_date_format
from churnkit.ingest.cells.numbers import detect_number_format, number_sql
from churnkit.ingest.engine import connect
from churnkit.ingest.files.opening import read_raw


@pytest.mark.parametrize(
    ("name", "columns", "rows", "customer", "date", "money", "customers"),
    [
        ("cdnow_master.txt", 4, 69_659, 0, 1, 3, 23_570),
        ("cdnow_sample.txt", 5, 6_919, 1, 2, 4, 2_357),
    ],
)
def test_cdnow(
    real_data: Path,
    tmp_path: Path,
    name: str,
    columns: int,
    rows: int,
    customer: int,
    date: int,
    money: int,
    customers: int,
) -> None:
    connection = connect(tmp_path)
    raw = read_raw(real_data / name, tmp_path, connection, IngestSettings())
    assert (len(raw.columns), raw.row_count, raw.problem_count) == (columns, rows, 0)
    moment = date_sql(raw.columns[date], detect_date_format(raw, raw.columns[date]))
    amount = number_sql(raw.columns[money], detect_number_format(raw, raw.columns[money]))
    found = connection.execute(
        f"SELECT count(DISTINCT {raw.columns[customer]}), count({moment}), min({moment}), count({amount})"
        f" FROM read_parquet('{raw.path}')"
    ).fetchone()
    assert found == (customers, rows, datetime(1997, 1, 1), rows)


def test_online_retail(real_data: Path, tmp_path: Path) -> None:
    connection = connect(tmp_path)
    raw = read_raw(real_data / "online_retail.parquet", tmp_path, connection, IngestSettings())
    assert raw.columns[:3] == ("InvoiceNo", "StockCode", "Description")
    assert raw.row_count == 541_909
    fmt = detect_date_format(raw, "InvoiceDate")
    assert (fmt.typed, fmt.has_time, fmt.parseable) == (True, True, 541_909)
    assert detect_number_format(raw, "UnitPrice").typed
