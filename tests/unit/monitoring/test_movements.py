"""Orders and prices of a few weeks, from literal lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest
from ibis.expr import types as ir

from churnkit.monitoring.movement_words import movement
from churnkit.monitoring.movements import (
    Compared,
    Weeks,
    empty_shares,
    orders_in,
    per_day,
    price_change,
    prices_of,
    returned_by_day,
    share_of_new_products,
    weeks_before,
)
from churnkit.results.interval import Interval

BEFORE = Weeks(datetime(2025, 3, 1), datetime(2025, 3, 15))
NOW = Weeks(datetime(2025, 4, 1), datetime(2025, 4, 15))


def _lines(rows: Sequence[tuple[str, str, datetime, float, str | None, float]]) -> ir.Table:
    frame = pd.DataFrame(
        rows, columns=["customer_id", "order_id", "ordered_at", "amount", "product_id", "quantity"]
    )
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[us]")
    return ibis.memtable(frame)


LINES = _lines(
    [
        ("a", "1", datetime(2025, 3, 1), 10.0, "x", 2.0),
        ("a", "1", datetime(2025, 3, 1), 5.0, None, 1.0),
        ("b", "2", datetime(2025, 3, 14, 23), 20.0, "x", 4.0),
        ("b", "3", datetime(2025, 4, 1), 24.0, "x", 4.0),
        ("c", "4", datetime(2025, 4, 2), 6.0, "y", 1.0),
        ("c", "4r", datetime(2025, 4, 3), -3.0, "y", -1.0),
        ("c", "5", datetime(2025, 4, 15), 99.0, "y", 1.0),
    ]
)


def test_orders_of_a_period_its_first_instant_in_and_its_last_out() -> None:
    before, now = orders_in(LINES, BEFORE), orders_in(LINES, NOW)
    assert sorted(before["bought"]) == [15.0, 20.0] and sorted(now["bought"]) == [6.0, 24.0]
    assert dict(zip(now["customer_id"], now["is_first"], strict=True)) == {"b": False, "c": True}
    assert per_day(now, NOW).tolist() == [1.0, 1.0] + [0.0] * 12
    assert per_day(before, BEFORE)[-1] == 1.0


def test_returns_new_products_and_empty_cells() -> None:
    returned = returned_by_day(LINES, NOW)
    assert (returned["bought"].sum(), returned["returned"].sum()) == (30.0, 3.0)
    assert share_of_new_products(LINES, NOW) == pytest.approx(6 / 30)
    assert empty_shares(LINES, BEFORE, ["product_id"]) == {"product_id": pytest.approx(1 / 3)}


def test_prices_of_products_sold_in_both_periods() -> None:
    rows = []
    for number in range(25):
        for day in range(3):
            rows += [
                ("a", f"{number}{day}", BEFORE.start + timedelta(days=day), 20.0, f"p{number}", 2.0),
                ("a", f"{number}{day}n", NOW.start + timedelta(days=day), 12.0, f"p{number}", 1.0),
            ]
    lines = _lines(rows)
    found = price_change(prices_of(lines, BEFORE), prices_of(lines, NOW))
    assert found is not None and found.change.value == pytest.approx(0.2)
    assert price_change(prices_of(LINES, BEFORE), prices_of(LINES, NOW)) is None


def test_dates_too_close_have_no_weeks() -> None:
    assert weeks_before(datetime(2025, 1, 1), datetime(2025, 1, 14)) is None
    before, now = weeks_before(datetime(2025, 1, 1), datetime(2026, 1, 1)) or (BEFORE, NOW)
    assert before.days == now.days == 91 and before.end <= now.start


def _found(before: float, now: float, reach: float) -> Compared:
    change = now / before - 1
    return Compared(before, now, Interval(change, change - reach, change + reach))


def test_what_matters_beyond_chance_and_season_has_advice() -> None:
    assert movement("orders_per_day", _found(40, 60, 0.1), None).advice
    assert movement("orders_per_day", _found(40, 60, 0.6), None).advice == ""
    assert movement("orders_per_day", _found(40, 60, 0.1), 58.0).advice == ""
    assert movement("orders_per_day", _found(40, 20, 0.1), 45.0).advice.startswith("Check first")
    # A share moves in points: 5 to 8 % is not what 5 to 30 % is.
    assert not movement("new_products", _found(0.05, 0.08, 0.0), None).moved
    assert movement("new_products", _found(0.05, 0.30, 0.0), None).moved


def test_the_sentence_holds_both_figures() -> None:
    words = movement("order_value", _found(100, 150, 0.1), 90.0, "EUR").words.replace("\u202f", " ")
    assert words == (
        "Money in an order: €100.00 before, €150.00 now (+50 %); €90.00 in the same weeks a year earlier."
    )
    assert np.isnan(Compared(0.0, 1.0, Interval(np.nan, np.nan, np.nan)).change.value)
