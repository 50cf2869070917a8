"""One shop's cohorts, overall and by what customers began with."""

from __future__ import annotations

from datetime import datetime

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir
from ibis.util import gen_name

from churnkit.cohorts.activity import (
    before,
    begun_in_periods,
    cells,
    first_items,
    in_periods,
    items_by_customers,
    monthly,
    orders_begun,
    sizes,
    starters,
)
from churnkit.cohorts.triangle import PERIODS, complete

MAX_ITEMS = 30
EVERYBODY = "all"


def cohort_table(transactions: ir.Table, cutoff: datetime) -> pd.DataFrame:
    """Cells of all cohorts whose first period was over at ``cutoff``; columns as ``triangle.complete`` returns them.

    ``period`` is "month", "quarter" and "year". ``dimension`` is "all" (one ``item``, empty), "product" and "category", as
    far as the export has these: then only customers who began with the item count, for the 30 items with which most began.

    Parameters
    ----------
    transactions
        Canonical transactions of one backend.
    """
    rows = before(transactions, cutoff)
    # Each dimension and each period reads them anew.
    begun = _worked_out(orders_begun(rows))
    by_month = _worked_out(monthly(rows, begun=begun))
    started = {EVERYBODY: _worked_out(starters(rows, begun=begun))}
    for dimension, column in first_items(transactions.columns).items():
        known = _worked_out(starters(rows, column, begun=begun))
        started[dimension] = known.semi_join(items_by_customers(known, MAX_ITEMS), "item")
    return pd.concat([_completed(started, by_month, period, cutoff) for period in PERIODS], ignore_index=True)


def _completed(
    started: dict[str, ir.Table], by_month: ir.Table, period: str, cutoff: datetime
) -> pd.DataFrame:
    length = PERIODS[period]
    active = by_month if length == 1 else _worked_out(in_periods(by_month, started[EVERYBODY], length))
    found, counted = [], []
    for dimension, table in started.items():
        begun = begun_in_periods(table, length)
        found.append(_frame(cells(begun, active), dimension))
        counted.append(_frame(sizes(begun), dimension))
    return complete(pd.concat(found), pd.concat(counted, ignore_index=True), cutoff, period)


def item_names(transactions: ir.Table, product_ids: list[str]) -> dict[str, str]:
    """The name of each product by id, the last one in the alphabet where it has several; {} without names."""
    if not {"product_id", "product_name"} <= set(transactions.columns) or not product_ids:
        return {}
    wanted = ibis.memtable(pd.DataFrame({"product_id": product_ids}))
    named = transactions.filter(_.product_name.notnull()).semi_join(wanted, "product_id")
    table = named.group_by("product_id").aggregate(name=_.product_name.max()).to_pyarrow().to_pydict()
    return dict(zip(table["product_id"], table["name"], strict=True))


def _worked_out(table: ir.Table) -> ir.Table:
    backend = table.get_backend()
    return backend.create_table(gen_name("churnkit_cohorts"), table, temp=True)


def _frame(table: ir.Table, dimension: str) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pyarrow().to_pandas()
    frame.insert(0, "dimension", dimension)
    return frame
