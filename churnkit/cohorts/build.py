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
from churnkit.cohorts.triangle import KEYS, PERIODS, complete

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
    everybody = _worked_out(starters(rows, begun=begun))
    parts = [everybody.mutate(dimension=ibis.literal(EVERYBODY))]
    for dimension, column in first_items(transactions.columns).items():
        known = _worked_out(starters(rows, column, begun=begun))
        followed = known.semi_join(items_by_customers(known, MAX_ITEMS), "item")
        parts.append(followed.mutate(dimension=ibis.literal(dimension)))
    started = _worked_out(ibis.union(*parts) if len(parts) > 1 else parts[0])
    counted = _frame(sizes(started))
    completed = []
    for period, length in PERIODS.items():
        active = by_month if length == 1 else _worked_out(in_periods(by_month, everybody, length))
        found = _frame(cells(begun_in_periods(started, length), active))
        # A period's customers are those of its months.
        begins = counted.assign(cohort=counted["cohort"] - counted["cohort"] % length)
        of_period = begins.groupby(KEYS)["size"].sum().reset_index()
        completed.append(complete(found, of_period, cutoff, period))
    return pd.concat(completed, ignore_index=True)


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


def _frame(table: ir.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pyarrow().to_pandas()
    return frame
