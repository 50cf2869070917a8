"""Numbers and dates written in any shop's way are read as what they were, over whole columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.ingest.cells import date_sql, detect_date_format
from churnkit.ingest.cells.numbers import detect_number_format, number_sql
from churnkit.ingest.files.file_format import FileFormat
from churnkit.ingest.files.raw_table import RawTable

GROUPS = {".": ["", ",", "'", " ", "\u00a0"], ",": ["", ".", "'", " ", "\u202f"]}
CURRENCIES = ["{}", "${}", "{} €", "EUR {}", "{} kr.", "Rs. {}"]
NEGATIVES = ["-{}", "\u2212{}", "({})", "{}-"]


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def column(connection: duckdb.DuckDBPyConnection, folder: Path, cells: list[str]) -> RawTable:
    path = folder / "raw.parquet"
    connection.execute(
        "COPY (SELECT cell, row_number() OVER () AS source_row FROM (SELECT unnest($cells) AS cell))"
        f" TO '{path}' (FORMAT parquet)",
        {"cells": cells},
    )
    return RawTable(
        connection=connection,
        path=path,
        columns=("cell",),
        row_count=len(cells),
        format=FileFormat("delimited"),
    )


def parsed(raw: RawTable, expression: str) -> list[object]:
    return [row[0] for row in raw.rows("SELECT {value} FROM {raw} ORDER BY {row}", value=expression)]


def written_number(cents: int, decimal: str, group: str, currency: str, negative: str) -> str:
    whole, rest = divmod(abs(cents), 100)
    text = f"{whole:,}".replace(",", group) + f"{decimal}{rest:02d}"
    text = currency.format(text)
    return negative.format(text) if cents < 0 else text


@settings(max_examples=60, deadline=None)
@given(
    cents=st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=15),
    decimal=st.sampled_from([".", ","]),
    group=st.integers(0, 4),
    currency=st.sampled_from(CURRENCIES),
    negative=st.sampled_from(NEGATIVES),
)
def test_numbers(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    cents: list[int],
    decimal: str,
    group: int,
    currency: str,
    negative: str,
) -> None:
    cells = [written_number(each, decimal, GROUPS[decimal][group], currency, negative) for each in cents]
    raw = column(connection, folder, cells)
    fmt = detect_number_format(raw, "cell")
    assert (fmt.decimal, fmt.ambiguous, fmt.bad) == (decimal, False, 0)
    assert parsed(raw, number_sql("cell", fmt)) == pytest.approx([each / 100 for each in cents])


DATES = [
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%y",
    "%m-%d-%y",
    "%b-%d-%y",
    "%d %B %Y",
    "%b %d, %Y",
    "%Y%m%d",
]
TIMES = ["", " %H:%M", " %H:%M:%S", " %I:%M:%S %p", "T%H:%M:%S", " %H:%M:%S +0200"]


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(
        st.datetimes(datetime(1970, 1, 1), datetime(2068, 12, 31)).map(lambda m: m.replace(microsecond=0)),
        min_size=1,
        max_size=15,
    ),
    date=st.sampled_from(DATES),
    time=st.sampled_from(TIMES),
)
def test_dates(
    connection: duckdb.DuckDBPyConnection, folder: Path, moments: list[datetime], date: str, time: str
) -> None:
    if date == "%Y%m%d":
        time = ""
    # A day above 12 decides the order, whatever the others are.
    moments = [datetime(2026, 7, 25), *moments]
    raw = column(connection, folder, [moment.strftime(date + time) for moment in moments])
    fmt = detect_date_format(raw, "cell")
    layout = (date + time).replace(" +0200", "")
    expected = [datetime.strptime(moment.strftime(layout), layout) for moment in moments]
    assert (fmt.ambiguous, fmt.bad) == (False, 0)
    assert parsed(raw, date_sql("cell", fmt)) == expected
