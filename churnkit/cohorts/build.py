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
    cells,
    first_items,
    items_by_customers,
    monthly,
    sizes,
    starters,
)
from churnkit.cohorts.triangle import complete

MAX_ITEMS = 30
EVERYBODY = "all"


def cohort_table(transactions: ir.Table, cutoff: datetime) -> pd.DataFrame:
    """Cells of all cohorts whose first month was over at ``cutoff``; columns as ``triangle.complete`` returns them.

    ``dimension`` is "all" (one ``item``, empty), "product" and "category", as far as the export has these: then only
    customers who began with the item count, for the 30 items with which most began.

    Parameters
    ----------
    transactions
        Canonical transactions of one backend.
    """
    rows = before(transactions, cutoff)
    # Each dimension reads them anew.
    by_month = _worked_out(monthly(rows))
    dimensions: dict[str, str | None] = {EVERYBODY: None, **first_items(transactions.columns)}
    found, counted = [], []
    for dimension, column in dimensions.items():
        started = starters(rows, column)
        if column is not None:
            known = _worked_out(started)
            started = known.semi_join(items_by_customers(known, MAX_ITEMS), "item")
        found.append(_frame(cells(started, by_month), dimension))
        counted.append(_frame(sizes(started), dimension))
    return complete(pd.concat(found), pd.concat(counted, ignore_index=True), cutoff)


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
