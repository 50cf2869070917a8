"""The list of customers against a plain pandas filter, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.results.segments import CustomerFilter, FigureBound
from churnkit.services.decide.customer_list import (
    MAX_PAGE_ROWS,
    Neighbours,
    all_customers,
    columns_known,
    customer,
    find_customers,
    neighbours,
    orders_of,
    segments,
)
from churnkit.store import Store

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["00123", "ann@x.io", "=1+1", "Bob's %_", "zoe"],
        "rank": [3, 1, 2, 4, 5],
        "status": ["active", "active", "active", "active", "lapsed"],
        "p_churn": [0.9, 0.8, 0.5, 0.5, 0.1],
        "risk_tier": ["high", "high", "medium", "medium", "low"],
        "risk_tier_before": ["low", "high", "low", None, "medium"],
        "clv": [10.0, 200.0, 30.0, 30.0, 0.0],
        "clv_if_kept": [100.0, 200.0, 30.0, 30.0, 0.0],
        "value_at_risk": [90.0, 160.0, 15.0, 15.0, 0.0],
        "last_purchase_at": pd.to_datetime(
            [
                "2026-01-01 10:00",
                "2026-02-01 23:59",
                "2026-03-01 00:00",
                "2026-03-02 00:00",
                "2026-04-01 00:00",
            ]
        ),
        "recency_days": [100, 70, 40, 39, 9],
        "order_count": [1, 5, 2, 2, 8],
        "monetary_total": [10.0, 500.0, 60.0, 60.0, 300.0],
        "segment": ["Hibernating", "At risk", "New", "New", "Champions"],
        "factor_1": ["a", "b", None, "d", "e"],
        "r_score": [1, 2, 4, 4, 5],
        "f_score": [1, 4, 2, 2, 5],
    }
)
ORDERS = pd.DataFrame(
    {
        "order_id": ["A", "A", "B", "C"],
        "customer_id": ["zoe", "zoe", "zoe", "00123"],
        "ordered_at": pd.to_datetime(
            ["2026-04-01 10:00", "2026-04-01 10:00", "2026-03-01 00:00", "2026-01-01 00:00"]
        ),
        "amount": [5.0, 7.5, 20.0, 10.0],
    }
)


@pytest.fixture
def results(tmp_path: Path) -> Results:
    folder = tmp_path / "run"
    folder.mkdir()
    CUSTOMERS.to_parquet(folder / "customers.parquet", index=False)
    groups = CUSTOMERS[["customer_id"]].assign(
        cluster=pd.array(["Quiet", "Busy", None, "Busy", "Quiet"], dtype="str")
    )
    groups.to_parquet(folder / "actions.parquet", index=False)
    ORDERS.to_parquet(folder / "transactions.parquet", index=False)
    # The gap is missing for who ordered once, and no number for one more.
    gaps = [None, 12.0, float("nan"), 30.0, 8.0]
    pq.write_table(
        pa.table(
            {
                "customer_id": CUSTOMERS["customer_id"].tolist(),
                "order_count": CUSTOMERS["order_count"].tolist(),
                "gap_mean_days": pa.array(gaps, pa.float64()),
            }
        ),
        folder / "scored.parquet",
    )
    return Results(folder)


def bound(feature: str, operator: Any, value: float) -> FigureBound:
    return FigureBound(feature=feature, operator=operator, value=value)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def ids(store: Store, results: Results, **wanted: Any) -> list[str]:
    page = find_customers(store, results, CustomerFilter(**wanted), order_by="customer_id", descending=False)
    assert page.total == len(page.rows)
    return page.rows["customer_id"].tolist()


def test_everybody_with_sums(store: Store, results: Results) -> None:
    page = find_customers(store, results, CustomerFilter())
    assert page.total == 5
    assert page.value_at_risk == pytest.approx(280.0)
    assert page.expected_leavers == pytest.approx(2.7)
    assert page.rows["customer_id"].tolist() == ["ann@x.io", "=1+1", "00123", "Bob's %_", "zoe"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"search": "ANN"}, ["ann@x.io"]),
        ({"search": "'"}, ["Bob's %_"]),
        ({"search": "%"}, ["Bob's %_"]),
        ({"search": "'; DROP TABLE sessions; --"}, []),
        ({"tiers": ("medium", "low")}, ["=1+1", "Bob's %_", "zoe"]),
        ({"segments": ("New",)}, ["=1+1", "Bob's %_"]),
        ({"clv_low": 30.0, "clv_high": 100.0}, ["=1+1", "Bob's %_"]),
        ({"bought_from": date(2026, 2, 1), "bought_until": date(2026, 3, 1)}, ["=1+1", "ann@x.io"]),
        ({"moved_up": True}, ["00123", "=1+1"]),
        ({"tiers": ("high",), "moved_up": True}, ["00123"]),
        ({"statuses": ("lapsed",)}, ["zoe"]),
        ({"kept_from": 100.0}, ["00123", "ann@x.io"]),
        ({"statuses": ("active",), "tiers": ("medium",)}, ["=1+1", "Bob's %_"]),
        ({"bounds": (bound("order_count", "<=", 2.0),)}, ["00123", "=1+1", "Bob's %_"]),
        (
            {"bounds": (bound("order_count", ">=", 2.0), bound("gap_mean_days", ">=", 12.0))},
            ["Bob's %_", "ann@x.io"],
        ),
        ({"bounds": (bound("gap_mean_days", "<=", 12.0),), "statuses": ("active",)}, ["ann@x.io"]),
        ({"r_scores": (4, 5)}, ["=1+1", "Bob's %_", "zoe"]),
        ({"r_scores": (4, 5), "f_scores": (5,)}, ["zoe"]),
        ({"found_groups": ("Busy",)}, ["Bob's %_", "ann@x.io"]),
        ({"found_groups": ("Busy",), "segments": ("New",)}, ["Bob's %_"]),
    ],
)
def test_filters(store: Store, results: Results, wanted: dict[str, object], found: list[str]) -> None:
    assert ids(store, results, **wanted) == found


def test_pages_neither_overlap_nor_leave_gaps(store: Store, results: Results) -> None:
    seen: list[str] = []
    for offset in range(0, 6, 2):
        page = find_customers(
            store, results, CustomerFilter(), order_by="p_churn", descending=True, limit=2, offset=offset
        )
        seen += page.rows["customer_id"].tolist()
    assert seen == ["00123", "ann@x.io", "=1+1", "Bob's %_", "zoe"]


def test_what_cannot_be_listed(store: Store, results: Results) -> None:
    with pytest.raises(DataError, match="must be one of"):
        find_customers(store, results, CustomerFilter(), order_by="p_churn; DROP TABLE x")
    for wrong in (bound("nothing", ">=", 1.0), bound("order_count", "= 1 OR 1 >", 1.0)):
        with pytest.raises(DataError, match="must be a figure of this analysis"):
            find_customers(store, results, CustomerFilter(bounds=(wrong,)))
    with pytest.raises(DataError, match=str(MAX_PAGE_ROWS)):
        find_customers(store, results, CustomerFilter(), limit=MAX_PAGE_ROWS + 1)


def test_an_export_holds_all_that_match(store: Store, results: Results) -> None:
    assert len(all_customers(store, results, CustomerFilter(search="o"))) == 3
    only = all_customers(store, results, CustomerFilter(tiers=("high",)), columns=["customer_id"])
    assert only["customer_id"].tolist() == ["ann@x.io", "00123"]


def test_one_customer_and_the_orders(store: Store, results: Results) -> None:
    found = customer(store, results, "zoe")
    assert found is not None and found.segment == "Champions"
    assert customer(store, results, "nobody") is None
    orders = orders_of(store, results, "zoe")
    assert orders["order_id"].tolist() == ["A", "B"]
    assert orders["amount"].tolist() == [12.5, 20.0]
    assert orders["lines"].tolist() == [2, 1]


def test_segments_that_occur(store: Store, results: Results) -> None:
    assert segments(store, results) == ["At risk", "Champions", "Hibernating", "New"]


def test_neighbours_are_those_of_the_list(store: Store, results: Results) -> None:
    everybody = CustomerFilter()
    for order_by, descending in (("rank", False), ("clv", True), ("clv", False)):
        ids = all_customers(store, results, everybody, order_by=order_by, descending=descending)[
            "customer_id"
        ].tolist()
        shown = find_customers(store, results, everybody, order_by=order_by, descending=descending)
        assert shown.rows["customer_id"].tolist() == ids
        for place, one in enumerate(ids):
            found = neighbours(store, results, everybody, one, order_by=order_by, descending=descending)
            before = ids[place - 1] if place else None
            after = ids[place + 1] if place + 1 < len(ids) else None
            assert found == Neighbours(before, after, place + 1, len(ids))


def test_neighbours_keep_to_the_filter(store: Store, results: Results) -> None:
    high = CustomerFilter(tiers=("high",))
    assert neighbours(store, results, high, "00123") == Neighbours("ann@x.io", None, 2, 2)
    assert neighbours(store, results, high, "zoe") is None
    assert neighbours(store, results, high, "'; DROP TABLE x") is None


def test_other_columns_can_be_asked_for(store: Store, results: Results) -> None:
    page = find_customers(store, results, CustomerFilter(), columns=("customer_id", "clv_if_kept"))
    assert list(page.rows) == ["customer_id", "clv_if_kept"]
    assert {"clv_if_kept", "r_score"} <= columns_known(results)
