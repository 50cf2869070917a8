"""Cohorts, rules and due dates of online_retail: against pandas, and better than guessing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest
from ibis.expr import types as ir

from churnkit.baskets.holdout import held_out
from churnkit.baskets.orders import read_orders
from churnkit.baskets.replenishment import next_orders
from churnkit.baskets.suggestions import MOST_POPULAR
from churnkit.cohorts import triangle
from churnkit.cohorts.build import cohort_table
from churnkit.ingest import ingest
from churnkit.profiling.tables import history, purchase_days

pytestmark = pytest.mark.slow

CUTOFF = datetime(2011, 12, 10)
HORIZON_DAYS = 60


@pytest.fixture(scope="module")
def transactions(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ir.Table:
    found = ingest(real_data / "online_retail.parquet", tmp_path_factory.mktemp("retail"))
    return ibis.duckdb.connect().read_parquet(found.transactions)


def test_cohorts_against_pandas(transactions: ir.Table) -> None:
    table = cohort_table(transactions, CUTOFF)
    table = table[table["period"] == "month"]
    shown = triangle(table[table["dimension"] == "all"], "customers")
    lines = transactions.filter(transactions.amount > 0).to_pyarrow().to_pandas()
    month = lines["ordered_at"].dt.to_period("M")
    first = month.groupby(lines["customer_id"]).transform("min")
    pairs = pd.DataFrame(
        {"cohort": first.astype(str), "age": (month - first).map(lambda d: d.n), "who": lines["customer_id"]}
    )
    counted = pairs.groupby(["cohort", "age"])["who"].nunique().unstack()
    # December 2011 is not over on the 10th.
    expected = counted.drop(index="2011-12").drop(columns=12)
    for place, cohort in enumerate(expected.index):
        expected.loc[cohort, expected.columns.to_numpy() >= 12 - place] = np.nan
    np.testing.assert_array_equal(shown.to_numpy(dtype=float), expected.to_numpy(dtype=float))


def test_rules_beat_the_most_popular_product(transactions: ir.Table) -> None:
    orders = read_orders(transactions, CUTOFF)
    assert orders is not None and "POSTAGE" in orders.left_out
    found = held_out(orders, seed=42)
    assert found is not None and found.chosen != MOST_POPULAR
    assert found.low > 0 and found.rate_of(found.chosen).first > 1.3 * found.rate_of(MOST_POPULAR).first


def test_due_dates_keep_their_promise(transactions: ir.Table) -> None:
    days = purchase_days(history(transactions, CUTOFF)).to_pyarrow().to_pandas()
    customer = np.unique(days["customer_id"].to_numpy(dtype=object).astype(str), return_inverse=True)[1]
    day = (pd.to_datetime(days["day"]) - pd.Timestamp("1970-01-01")).dt.days.to_numpy(dtype=np.int64)
    order = np.lexsort((day, customer))
    today = (CUTOFF - datetime(1970, 1, 1)).days
    earlier = [today - back for back in range(HORIZON_DAYS, 240, 30)]
    due = next_orders(customer[order], day[order], today, HORIZON_DAYS, earlier)
    assert due is not None and due.checked is not None
    assert due.checked.returned > 1000
    assert 0.75 < due.checked.coverage < 0.92
    assert due.checked.error_days < due.checked.naive_error_days
