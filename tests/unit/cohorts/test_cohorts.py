"""Triangles by hand and against a plain pandas count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pandas as pd
import pytest
from ibis.expr import types as ir

from churnkit.cohorts import MEASURES, average_curve, triangle
from churnkit.cohorts.build import cohort_table, item_names

CUTOFF = datetime(2025, 4, 15)
LINES = pd.DataFrame(
    [
        # ann began in January with tea, came back twice in March, and once in unfinished April.
        ("a1", "ann", "2025-01-31 23:59", 10.0, "tea"),
        ("a1", "ann", "2025-01-31 23:59", 4.0, "cup"),
        ("a2", "ann", "2025-03-01 00:00", 6.0, "tea"),
        ("a3", "ann", "2025-03-20 12:00", 5.0, "cup"),
        ("a4", "ann", "2025-04-02 12:00", 50.0, "cup"),
        # bob began in January and returned some of it in February.
        ("b1", "bob", "2025-01-10 10:00", 20.0, "cup"),
        ("b2", "bob", "2025-02-10 10:00", -5.0, "cup"),
        # cat's return belongs to a purchase before the data; her first purchase is in March, on the cutoff's eve
        # dan's only one, and eve's lies at the cutoff.
        ("c1", "cat", "2025-01-05 10:00", -7.0, "cup"),
        ("c2", "cat", "2025-03-05 10:00", 8.0, None),
        ("d1", "dan", "2025-04-14 23:59", 9.0, "tea"),
        ("e1", "eve", "2025-04-15 00:00", 9.0, "tea"),
    ],
    columns=["order_id", "customer_id", "ordered_at", "amount", "product_id"],
).assign(
    ordered_at=lambda f: pd.to_datetime(f["ordered_at"]).astype("datetime64[us]"),
    is_return=lambda f: f["amount"] < 0,
    source_row=lambda f: np.arange(1, len(f) + 1),
)


def opened(lines: pd.DataFrame) -> ir.Table:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "transactions.parquet"
        lines.to_parquet(path)
        backend = ibis.duckdb.connect()
        backend.raw_sql(f"CREATE TABLE transactions AS SELECT * FROM read_parquet('{path}')")
    return backend.table("transactions")


def built(lines: pd.DataFrame, cutoff: datetime = CUTOFF) -> pd.DataFrame:
    return cohort_table(opened(lines), cutoff)


@pytest.fixture(scope="module")
def of_all_periods() -> pd.DataFrame:
    return built(LINES)


@pytest.fixture(scope="module")
def table(of_all_periods: pd.DataFrame) -> pd.DataFrame:
    return of_all_periods[of_all_periods["period"] == "month"]


def everybody(table: pd.DataFrame, measure: str, period: str = "month") -> list[list[float | None]]:
    shown = triangle(table[(table["dimension"] == "all") & (table["period"] == period)], measure)
    return [[None if np.isnan(v) else v for v in row] for row in shown.to_numpy(dtype=float)]


def test_customers_by_hand(table: pd.DataFrame) -> None:
    # April is not over on the 15th, so nothing of it is shown, nor the cohort that began in it.
    assert table["cohort"].unique().tolist() == ["2025-01", "2025-03"]
    assert everybody(table, "customers") == [[2, 0, 1], [1, None, None]]
    assert everybody(table, "retained_share") == [[1.0, 0.0, 0.5], [1.0, None, None]]


def test_orders_and_money_by_hand(table: pd.DataFrame) -> None:
    assert everybody(table, "orders") == [[2, 0, 2], [1, None, None]]
    assert everybody(table, "revenue") == [[34.0, -5.0, 11.0], [8.0, None, None]]
    assert everybody(table, "cumulative_value") == [[17.0, 14.5, 20.0], [8.0, None, None]]


def test_quarters_by_hand(of_all_periods: pd.DataFrame) -> None:
    # The second quarter is not over in April; ann, bob and cat began in the first, dan's has no cohort yet.
    quarters = of_all_periods[of_all_periods["period"] == "quarter"]
    assert quarters["cohort"].unique().tolist() == ["2025-01"]
    assert everybody(of_all_periods, "customers", "quarter") == [[3]]
    # What cat gave back before she first bought belongs to nobody, as in the months.
    assert everybody(of_all_periods, "revenue", "quarter") == [[48.0]]
    assert everybody(of_all_periods, "orders", "quarter") == [[5]]
    assert "year" not in set(of_all_periods["period"])


def test_quarters_and_years_that_follow() -> None:
    later = LINES.assign(
        ordered_at=LINES["ordered_at"].where(LINES["order_id"] != "a4", pd.Timestamp("2026-02-02"))
    )
    found = built(later, datetime(2027, 1, 1))
    # dan and eve began in the second quarter of 2025.
    assert everybody(found, "customers", "quarter")[0] == [3, 0, 0, 0, 1, 0, 0, 0]
    assert everybody(found, "customers", "quarter")[1][:-1] == [2, 0, 0, 0, 0, 0, 0]
    ages = found.loc[(found["period"] == "quarter") & (found["cohort"] == "2025-01"), "age_months"]
    assert ages.unique().tolist() == [0, 3, 6, 9, 12, 15, 18, 21]
    assert everybody(found, "customers", "year") == [[5, 1]]
    assert everybody(found, "revenue", "year") == [[66.0, 50.0]]


def test_a_quarter_counts_from_its_last_instant_on() -> None:
    def quarters(cutoff: datetime) -> list[str]:
        found = built(LINES, cutoff)
        return sorted(found.loc[found["period"] == "quarter", "cohort"].unique())

    assert quarters(datetime(2025, 3, 31, 23, 59)) == []
    assert quarters(datetime(2025, 4, 1)) == ["2025-01"]


def test_what_customers_began_with(table: pd.DataFrame) -> None:
    products = table[table["dimension"] == "product"]
    # Most of ann's first order was tea; cat's names no product.
    assert products.groupby("item")["size"].max().to_dict() == {"tea": 1, "cup": 1}
    tea = products[products["item"] == "tea"]
    assert tea[["age_months", "customers", "orders", "revenue"]].to_numpy().tolist() == [
        [0, 1, 1, 14.0],
        [1, 0, 0, 0.0],
        [2, 1, 2, 11.0],
    ]


def test_names_stand_in_for_missing_ids(table: pd.DataFrame) -> None:
    named = built(LINES.rename(columns={"product_id": "product_name"}))
    named = named[named["period"] == "month"]
    pd.testing.assert_frame_equal(named, table)


def test_curve_by_hand(table: pd.DataFrame) -> None:
    curve = average_curve(table[table["dimension"] == "all"])
    assert curve["cohorts"].tolist() == [2, 1, 1]
    assert curve["retained_share"].tolist() == [1.0, 0.0, 0.5]
    assert curve["cumulative_value"].tolist() == pytest.approx([14.0, 11.5, 17.0])


def test_a_month_counts_from_its_last_instant_on() -> None:
    at_the_end = built(LINES, datetime(2025, 5, 1))
    assert at_the_end.loc[at_the_end["period"] == "month", "cohort"].max() == "2025-04"
    just_before = built(LINES, datetime(2025, 4, 30, 23, 59))
    assert just_before["cohort"].max() == "2025-03"


def test_nothing_is_over() -> None:
    assert built(LINES, datetime(2025, 1, 31)).empty


def test_names_of_products() -> None:
    lines = LINES.assign(product_name=LINES["product_id"].map({"tea": "Tea, green", "cup": None}))
    assert item_names(opened(lines), ["tea", "cup"]) == {"tea": "Tea, green"}
    assert item_names(opened(LINES), ["tea"]) == {}


def oracle(lines: pd.DataFrame, cutoff: datetime) -> dict[tuple[str, int], tuple[float, ...]]:
    """(cohort, age) -> size, customers, orders, revenue: counted cell by cell."""
    rows = lines[lines["ordered_at"] < cutoff]
    rows = rows.assign(month=rows["ordered_at"].dt.to_period("M"))
    bought = rows[rows["amount"] > 0]
    first = bought.groupby("customer_id")["month"].min()
    last_over = pd.Period(cutoff, "M") - 1
    begun = bought.groupby(["customer_id", "order_id"])["ordered_at"].min().dt.to_period("M").reset_index()
    result: dict[tuple[str, int], tuple[float, ...]] = {}
    for cohort in sorted(first.unique()):
        members = set(first.index[first == cohort])
        for age in range((last_over - cohort).n + 1 if last_over >= cohort else 0):
            month = cohort + age
            here = rows[rows["customer_id"].isin(members) & (rows["month"] == month)]
            orders = begun[begun["customer_id"].isin(members) & (begun["ordered_at"] == month)]
            result[str(cohort), age] = (
                len(members),
                here.loc[here["amount"] > 0, "customer_id"].nunique(),
                len(orders),
                round(float(here["amount"].sum()), 4),
            )
    return result


@pytest.mark.parametrize("seed", [1, 2])
def test_against_pandas(awkward_transactions: Callable[[int, int], pd.DataFrame], seed: int) -> None:
    lines, cutoff = awkward_transactions(seed, 80), datetime(2025, 4, 20, 12)
    table = built(lines, cutoff)
    everyone = table[(table["dimension"] == "all") & (table["period"] == "month")]
    found: dict[tuple[str, int], tuple[float, ...]] = {}
    for cohort, age, *values in everyone[
        ["cohort", "age_months", "size", "customers", "orders", "revenue"]
    ].itertuples(index=False):
        found[cohort, age] = (*values[:3], round(values[3], 4))
    assert found == oracle(lines, cutoff)
    for dimension in ("product", "category"):
        part = table[(table["dimension"] == dimension) & (table["period"] == "month")]
        assert 0 < part.groupby(["item", "cohort"])["size"].first().sum() <= lines["customer_id"].nunique()


def test_measures_are_columns(table: pd.DataFrame) -> None:
    assert {measure.column for measure in MEASURES} <= set(table.columns)
