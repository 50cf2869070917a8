"""The whole profile: schema, scope, honesty about what is absent, and plain JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Gates, ThresholdSettings
from churnkit.errors import DataError
from churnkit.profiling import profile
from churnkit.profiling.summary import cut_digits
from churnkit.results.codec import from_text, to_text
from churnkit.results.found import Found
from churnkit.results.profile import LifetimeRevenue, Profile, RowCounts

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

CUTOFF = datetime(2024, 12, 1)


def shop(customers: int = 130, full: bool = True) -> list[dict[str, Any]]:
    """A year of a shop: every customer orders at their own pace; half of them stop on the way."""
    random = np.random.default_rng(11)
    lines = []
    for i in range(customers):
        day, pace = float(random.uniform(0, 200)), float(random.uniform(10, 60))
        stop = 335 if i % 2 else float(random.uniform(day, 335))
        while day <= stop:
            when = pd.Timestamp("2024-01-01") + pd.Timedelta(days=int(day), hours=9 + i % 8)
            line = {
                "customer_id": f"c{i:03d}",
                "ordered_at": str(when),
                "amount": round(float(random.lognormal(3, 0.4)), 2),
            }
            if full:
                line |= {
                    "product_id": f"p{random.integers(20)}",
                    "product_name": "Tea",
                    "category": "tea",
                    "quantity": 1.0,
                    "unit_price": line["amount"],
                    "discount": 0.0,
                    "currency": "EUR",
                }
            lines.append(line)
            day += max(1.0, float(random.exponential(pace)))
    return lines


def run(table, ledger: pd.DataFrame, rows_in: int, **changes: Any) -> Profile:
    settings = {"cutoff": CUTOFF, "gates": Gates(), "threshold": ThresholdSettings(), **changes}
    return profile(table, ledger=ledger, rows_in=rows_in, **settings)


@pytest.fixture(scope="module")
def full_lines() -> list[dict[str, Any]]:
    return shop()


@pytest.fixture(scope="module")
def full(transactions, empty_ledger, full_lines):
    return run(transactions(full_lines), empty_ledger, len(full_lines))


def test_one_schema_plain_json_and_a_score_that_adds_up(full):
    assert from_text(Profile, to_text(full)) == full
    score = full.score
    assert sum(item.points for item in score.deductions) == 10 - score.value
    assert 0 <= score.value <= 10
    with_points = {check.code for check in full.checks if check.points}
    assert {item.code for item in score.deductions} == with_points
    codes = [check.code for check in full.checks]
    assert codes == sorted(set(codes))
    for check in full.checks:
        assert check.outcome in ("pass", "warn", "fail", "not_applicable", "skipped")
        assert check.words
        assert bool(check.remedy) == (check.outcome in ("warn", "fail"))


def test_scope_and_rung(full, full_lines):
    assert full.scope.currency == "EUR"
    assert full.scope.cutoff == CUTOFF
    assert full.rows == RowCounts(
        in_=len(full_lines), kept=len(full_lines), dropped=0, after_cutoff=0, used=len(full_lines)
    )
    assert full.rung.name == "models"
    assert full.products.products.number == 20
    assert full.threshold.method == "found"
    assert full.threshold.days == full.class_balance.horizon_days


def test_required_columns_alone_give_the_same_schema(transactions, empty_ledger):
    lines = [{**line, "ordered_at": line["ordered_at"][:10]} for line in shop(full=False)]
    bare = run(transactions(lines), empty_ledger, len(lines))
    assert from_text(Profile, to_text(bare)) == bare
    assert bare.products is None
    assert bare.scope.currency is None
    assert bare.time.per_hour is None
    assert bare.orders.units_per_order is None
    outcomes = {check.code: check.outcome for check in bare.checks}
    for code in ("DQ-204", "DQ-503", "DQ-504", "DQ-505", "DQ-603", "DQ-604"):
        assert outcomes[code] == "not_applicable", code


def test_nothing_at_or_after_the_cutoff_matters(transactions, empty_ledger, full_lines, full):
    later = [
        {**full_lines[0], "customer_id": "new", "ordered_at": "2024-12-01 00:00:00", "amount": 1e9},
        {**full_lines[0], "customer_id": "c001", "ordered_at": "2025-03-01 10:00:00", "currency": "USD"},
    ]
    with_later = run(transactions(full_lines + later), empty_ledger, len(full_lines) + 2)
    assert with_later.rows.after_cutoff == 2
    assert replace(with_later, rows=full.rows, checks=full.checks) == full
    assert [c for c in with_later.checks if c.code != "DQ-104"] == [
        c for c in full.checks if c.code != "DQ-104"
    ]


def test_row_order_does_not_matter(transactions, empty_ledger, full_lines, full):
    numbered = [{**line, "source_row": place} for place, line in enumerate(full_lines, start=1)]
    backwards = run(transactions(numbered[::-1]), empty_ledger, len(numbered))
    assert replace(backwards, scope=full.scope) == full
    assert sorted(backwards.scope.columns) == sorted(full.scope.columns)


def test_a_tiny_shop_steps_down_instead_of_failing(transactions, bought, empty_ledger):
    table = transactions(bought("only", "2024-11-30"))
    found = run(table, empty_ledger, 1)
    assert found.rung.name == "rules"
    assert found.threshold.method == "default"
    assert found.class_balance.severity == "unknown"
    assert found.score.value < 6
    assert {check.code for check in found.checks if check.outcome == "fail"} >= {
        "DQ-101",
        "DQ-102",
        "DQ-103",
    }
    assert from_text(Profile, to_text(found)) == found


def test_a_given_horizon_is_used_throughout(transactions, empty_ledger, full_lines):
    """The class balance is then the share without a purchase in the last window of that length."""
    profiled = run(transactions(full_lines), empty_ledger, len(full_lines), horizon_days=60)
    assert profiled.threshold.days == 60
    found = profiled.class_balance
    assert found.horizon_days == 60
    frame = pd.DataFrame(full_lines).assign(ordered_at=lambda f: pd.to_datetime(f["ordered_at"]))
    start = CUTOFF - pd.Timedelta(days=60)
    known = set(frame.loc[frame["ordered_at"] < start, "customer_id"])
    stayed = known & set(frame.loc[frame["ordered_at"] >= start, "customer_id"])
    assert found.customers == len(known)
    assert found.churned == len(known) - len(stayed)


def test_no_purchase_before_the_cutoff_is_refused(transactions, empty_ledger, full_lines):
    with pytest.raises(DataError, match="none was found"):
        run(transactions(full_lines), empty_ledger, len(full_lines), cutoff=datetime(2020, 1, 1))


def test_ledger_is_kept_with_examples(transactions, full_lines):
    ledger = pd.DataFrame(
        {
            "reason": ["no_customer"],
            "action": ["dropped"],
            "rows": [7],
            "share": [7 / (7 + len(full_lines))],
            "explanation": ["No customer."],
            "example_rows": ["row 3: Customer="],
        }
    )
    found = run(transactions(full_lines), ledger, len(full_lines) + 7)
    assert found.ledger[0].examples == "row 3: Customer="
    assert found.ledger[0].rows == 7
    assert found.rows.dropped == 7


def test_digits_are_cut_and_numbers_are_no_numpy():
    revenue = LifetimeRevenue(
        mean=0.1 + 0.2, max=np.float64(1e20), p05=1 / 3, p25=0.0, median=2.0, p75=np.float64(0.5), p95=-2 / 3
    )
    cut = cut_digits(Found((revenue, np.int64(3), CUTOFF, "0.30000000000000004", None)))
    found, number, *others = cut.value
    assert vars(found) == {
        "mean": 0.3,
        "max": 1e20,
        "p05": 0.333333333333,
        "p25": 0.0,
        "median": 2.0,
        "p75": 0.5,
        "p95": -0.666666666667,
    }
    assert {type(value) for value in vars(found).values()} == {float}
    assert (number, type(number)) == (3, int)
    assert others == [CUTOFF, "0.30000000000000004", None]


@pytest.mark.slow
def test_real_shop(real_data, tmp_path):
    """online_retail: a quarter of the lines names no customer, and that is the largest deduction."""
    import duckdb
    import ibis

    path = tmp_path / "transactions.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"""
        COPY (
            SELECT CAST(InvoiceNo AS VARCHAR) AS order_id,
                CAST(CAST(CustomerID AS BIGINT) AS VARCHAR) AS customer_id,
                CAST(InvoiceDate AS TIMESTAMP) AS ordered_at,
                CAST(Quantity * UnitPrice AS DOUBLE) AS amount,
                CAST(StockCode AS VARCHAR) AS product_id,
                CAST(Quantity AS DOUBLE) AS quantity,
                CAST(UnitPrice AS DOUBLE) AS unit_price,
                Quantity < 0 AS is_return,
                row_number() OVER () AS source_row
            FROM '{real_data / "online_retail.parquet"}'
            WHERE CustomerID IS NOT NULL AND Quantity * UnitPrice <> 0
        ) TO '{path}' (FORMAT parquet)
        """
        )
    ledger = pd.DataFrame(
        [("no_customer", "dropped", 135_080, 135_080 / 541_909, ""), ("zero_amount", "dropped", 40, 0.0, "")],
        columns=["reason", "action", "rows", "share", "explanation"],
    )
    table = ibis.duckdb.connect().read_parquet(path)
    found = run(table, ledger, 541_909, cutoff=datetime(2011, 12, 10))
    assert found.orders.orders + found.orders.return_documents == 22_186
    assert found.customers.customers == 4338
    assert found.score.deductions[0].code == "DQ-201"
    assert found.rung.name == "models"
    assert (found.time.seasonality.weekly.f_seasonal or 0.0) > 0.6
