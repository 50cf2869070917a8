"""The shop a quarter ago: counted by hand, and as the panel counts it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import ibis
import pandas as pd
import pytest
from ibis import _
from ibis.expr import types as ir

from churnkit.errors import DataError
from churnkit.features.cancellations import with_cancellations
from churnkit.ingest.engine import connect
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.quarter import QUARTER_FILE, Change
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.services.decide.quarter_change import (
    active_at,
    quarter_change,
    revenue_change,
    write_quarter_change,
)
from churnkit.services.home.a_quarter_ago import a_quarter_ago
from tests.made_runs import made_run


@pytest.fixture
def transactions(tmp_path: Path) -> Iterator[ir.Table]:
    """Ann buys and keeps; Bob gives his second order back, and Cid all he ever bought; Dan bought long ago."""
    rows = [
        ("a1", "ann", "2025-12-20", 10.0),
        ("b1", "bob", "2025-10-01", 20.0),
        ("b2", "bob", "2025-12-28", 30.0),
        ("b2", "bob", "2026-01-05", -30.0),
        ("c1", "cid", "2026-01-02", 40.0),
        ("c1", "cid", "2026-01-03", -40.0),
        ("d1", "dan", "2025-09-01", 50.0),
        ("a2", "ann", "2026-01-11", 60.0),
    ]
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "amount"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[us]")
    frame["source_row"] = range(len(frame))
    frame.to_parquet(tmp_path / "transactions.parquet")
    with connect(tmp_path) as connection:
        yield ibis.duckdb.from_connection(connection).read_parquet(tmp_path / "transactions.parquet")


@pytest.mark.parametrize(
    ("instant", "days", "there"),
    [
        # Ann; Cid, who has nothing else; not Bob, whose last order was given back before.
        ("2026-01-10", 30, 2),
        # Before Bob gave it back he was there.
        ("2026-01-05", 30, 3),
        # The first order of Bob lies 101 days before, Dan's 131.
        ("2026-01-10", 101, 3),
        ("2026-01-10", 100, 2),
    ],
)
def test_who_was_active(transactions: ir.Table, instant: str, days: int, there: int) -> None:
    assert active_at(with_cancellations(transactions), datetime.fromisoformat(instant), days) == there


def test_revenue_is_of_two_quarters_that_touch(transactions: ir.Table) -> None:
    found = revenue_change(transactions, datetime(2026, 1, 10), datetime(2025, 1, 1))
    assert isinstance(found, Found)
    # From 10 October: 10 + 30 - 30 + 40 - 40; from 10 July: 20 + 50.
    assert (found.value.now, found.value.before) == (pytest.approx(10.0), pytest.approx(70.0))
    assert found.value.since == datetime(2025, 10, 10)
    assert found.value.share == pytest.approx(10 / 70 - 1)


@pytest.mark.parametrize(("first", "known"), [(datetime(2025, 7, 10), True), (datetime(2025, 7, 11), False)])
def test_a_quarter_that_the_file_covers_in_part_is_none(
    transactions: ir.Table, first: datetime, known: bool
) -> None:
    found = revenue_change(transactions, datetime(2026, 1, 10), first)
    assert isinstance(found, Found) is known
    if isinstance(found, Missing):
        assert "The history begins too late to know 10 Jul 2025" in found.reason


def test_from_nothing_there_is_no_share() -> None:
    assert Change(5.0, 0.0, datetime(2026, 1, 1)).share is None


def test_home_reads_what_the_run_told(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run", datetime(2025, 7, 1), window=datetime(2025, 2, 20))
    worked_out = quarter_change(Results(folder))
    # Twenty bought 35 days before the quarter began, and the silence of 30 days begins after them.
    assert isinstance(worked_out.active, Found) and worked_out.active.value.before == 0
    assert isinstance(worked_out.revenue, Missing)
    assert a_quarter_ago(Results(folder)) == worked_out, "of a run from before it told it"
    with transactions_of(folder) as transactions:
        lines = with_cancellations(transactions.filter(_.ordered_at < datetime(2025, 7, 1)))
        assert quarter_change(Results(folder), lines) == worked_out, "of lines that are open"
    write_quarter_change(folder)
    assert a_quarter_ago(Results(folder)) == worked_out
    # Nothing else is read for it.
    (folder / "transactions.parquet").unlink()
    assert a_quarter_ago(Results(folder)) == worked_out
    (folder / QUARTER_FILE).write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="quarter"):
        a_quarter_ago(Results(folder))
