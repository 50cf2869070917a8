"""Orders that a shop no longer keeps: by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from churnkit.errors import DataError
from churnkit.ingest import MonthSeen, Reading, ingest
from churnkit.results.shop import OrdersOfKind, ShopSettings
from churnkit.services.privacy.kept_from import kept_from
from churnkit.services.privacy.retention import forget_older, with_note, without_older
from churnkit.shops import LINES, TELLINGS, account_of, first_state, fold, take_back
from tests.unit.shops.made_files import at, file_of, lines_at

JANUARY = [("a", 1, 10.0), ("b", 2, 20.0), ("b", 9, -5.0), ("c", 12, 30.0)]


@pytest.mark.parametrize(
    ("now", "months", "zone", "first"),
    [
        (datetime(2026, 11, 30, 12, tzinfo=UTC), 24, "UTC", datetime(2024, 11, 30)),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), 1, "UTC", datetime(2026, 2, 28)),
        (datetime(2026, 1, 15, 12, tzinfo=UTC), 13, "UTC", datetime(2024, 12, 15)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), 12, "UTC", datetime(2023, 2, 28)),
        # It is the 1st in Auckland already.
        (datetime(2026, 6, 30, 20, tzinfo=UTC), 6, "Pacific/Auckland", datetime(2026, 1, 1)),
    ],
)
def test_months_are_counted_back_in_the_shops_own_time(
    now: datetime, months: int, zone: str, first: datetime
) -> None:
    assert kept_from(ShopSettings(retention_months=months, time_zone=zone), now) == first
    assert kept_from(ShopSettings(), now) is None


@pytest.fixture
def histories(tmp_path: Path) -> tuple[Path, Path]:
    """Two versions beside each other: the second has ``d``, and ``c`` at another price."""
    before, newest = tmp_path / "h" / "1", tmp_path / "h" / "2"
    first_state(file_of(tmp_path, "first", JANUARY), before)
    fold(before, file_of(tmp_path, "later", [("c", 12, 33.0), ("d", 13, 7.0)]), newest)
    return before, newest


def test_old_orders_leave_every_version_for_good(histories: tuple[Path, Path], tmp_path: Path) -> None:
    before, newest = histories
    moment = datetime(2024, 1, 9)
    assert forget_older(newest, moment) == OrdersOfKind(orders=2, lines=2, amount=30.0)
    kept = [("b", 9, -5.0), ("c", 12, 30.0)]
    assert lines_at(before, 1, tmp_path / "w") == lines_at(newest, 1, tmp_path / "w") == kept
    assert lines_at(newest, 2, tmp_path / "w") == [("b", 9, -5.0), ("c", 12, 33.0), ("d", 13, 7.0)]
    for history in histories:
        assert min(pq.read_table(history / LINES)["ordered_at"].to_pylist()) >= moment
        # Of order a nothing is left; b has a line still.
        assert "a" not in pq.read_table(history / TELLINGS)["order_id"].to_pylist()
        assert "b" in pq.read_table(history / TELLINGS)["order_id"].to_pylist()
    assert forget_older(newest, moment) == OrdersOfKind()
    assert forget_older(newest, None) == OrdersOfKind()
    figures = take_back(newest, before, tmp_path / "h" / "3")
    assert figures.new == OrdersOfKind(orders=1, lines=1, amount=30.0)
    assert lines_at(tmp_path / "h" / "3", 3, tmp_path / "w") == kept


def test_numbers_of_lines_that_left_are_not_given_again(tmp_path: Path) -> None:
    # Newest first, as many shops export: the oldest line has the highest number.
    before, newest = tmp_path / "h" / "1", tmp_path / "h" / "2"
    first_state(file_of(tmp_path, "first", [("c", 12, 30.0), ("a", 1, 10.0)]), before)
    forget_older(before, datetime(2024, 1, 9))
    fold(before, file_of(tmp_path, "later", [("d", 13, 7.0)]), newest)
    assert account_of(newest).lines_given == 2
    assert sorted(pq.read_table(newest / LINES)["line_id"].to_pylist()) == [1, 3]


def test_a_history_is_never_emptied(histories: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none would be left, its last is of"):
        forget_older(histories[1], at(20))
    assert len(lines_at(histories[1], 2, tmp_path / "w")) == 5


def test_files_lose_what_is_older(tmp_path: Path) -> None:
    source = tmp_path / "orders.csv"
    source.write_text(
        "order,email,customer_id,date,amount\n1,a@x.example,10,2026-01-02,5\n2,b@x.example,11,2026-01-31,6\n"
        "3,b@x.example,11,2026-02-09,6\n"
    )
    ingested = ingest(source, tmp_path / "w", Reading())
    assert without_older(ingested, None) is ingested
    found = without_older(ingested, datetime(2026, 1, 31))
    assert list(pd.read_parquet(found.transactions)["order_id"]) == ["2", "3"]
    assert found.contacts is not None
    assert list(pd.read_parquet(found.contacts)["customer_id"]) == ["11"]
    assert (found.ledger.rows("no_longer_kept"), found.ledger.row_count_kept) == (1, 2)
    assert found.understood.months == (MonthSeen("2026-01", 1, 6.0), MonthSeen("2026-02", 1, 6.0))
    with pytest.raises(DataError, match="all of its orders are older"):
        without_older(found, datetime(2026, 3, 1))


def test_an_addition_tells_what_left(histories: tuple[Path, Path]) -> None:
    from churnkit.results.shop import AdditionFigures

    left = OrdersOfKind(orders=2, lines=2, amount=30.0)
    (note,) = with_note(AdditionFigures(), left, datetime(2024, 1, 9)).notes
    assert note.startswith("2 orders from before")
    assert with_note(AdditionFigures(), replace(left, orders=0), datetime(2024, 1, 9)).notes == ()
