"""Transactions -> who bought which items in which order, as whole numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
from ibis import _
from ibis.expr import types as ir
from numpy.typing import NDArray

from churnkit.features.events import steady_sum

IntArray = NDArray[np.int64]

MAX_ITEMS = 500
ITEM_COLUMNS = ("product_id", "product_name")
# Lines that a till or an invoice adds; nobody wants them suggested. A name counts when all of its words stand here, at
# least one of them among the first, so that a carriage clock stays what it is.
_SERVICE = re.compile(
    "adjust(ment)?|carriage|charges?|commission|delivery|deposit|discount|donation|fees?|freight|handling|manual|post|postage"
    "|samples?|shipping|surcharge|tax|tips?|vat|voucher"
)
_BESIDE = re.compile(
    "amazon|and|bank|card|carrier|courier|cruk|days?|domestic|dotcom|eu|europe|express|extra|fast|free|goodwill"
    "|international|local|next|of|order|paypal|payment|premium|priority|service|standard|store|the|uk|world"
)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class BasketOrders:
    """Order lines merged by item: one entry per (order, item), all arrays of shape (lines,).

    Attributes
    ----------
    customer, order, item
        Positions in ``customers``, among the orders and in ``items``; orders are numbered by customer and time.
    amount
        Money spent on the item in the order.
    customers
        Customer ids, ascending.
    items
        One row per item, ascending by ``item_id``: ``item_id``, ``name``, ``price`` (median of ``amount``),
        ``customers`` (who bought it).
    left_out
        Names of what was taken for postage and the like.
    rarer
        Number of items beyond the ``MAX_ITEMS`` most widely bought, which are not looked at.
    """

    customer: IntArray
    order: IntArray
    item: IntArray
    amount: NDArray[np.float64]
    customers: NDArray[np.object_]
    items: pd.DataFrame
    left_out: tuple[str, ...]
    rarer: int

    @property
    def order_count(self) -> int:
        """Number of orders with an item that is looked at."""
        return int(self.order.max(initial=-1)) + 1

    def of_order(self) -> IntArray:
        """The customer of each order, shape (orders,)."""
        owner = np.empty(self.order_count, dtype=np.int64)
        owner[self.order] = self.customer
        return owner


def item_column(transactions: ir.Table) -> str | None:
    """The column that tells items apart; None where the export has no products."""
    return next((name for name in ITEM_COLUMNS if name in transactions.columns), None)


def read_orders(transactions: ir.Table, cutoff: datetime) -> BasketOrders | None:
    """Purchases before ``cutoff`` of the most widely bought items; None where there is nothing to look at."""
    column = item_column(transactions)
    if column is None:
        return None
    bought = transactions.filter(
        (_.amount > 0) & _[column].notnull() & (_.ordered_at < ibis.timestamp(cutoff.isoformat(sep=" ")))
    )
    found = _items(bought, column)
    is_service = np.array(
        [_is_service(i, n) for i, n in zip(found["item_id"], found["name"], strict=True)], bool
    )
    goods = found[~is_service].sort_values(["customers", "item_id"], ascending=[False, True])
    kept = goods.head(MAX_ITEMS)
    if kept.empty:
        return None
    lines = _lines(bought, column, kept["item_id"].tolist())
    return _numbered(lines, kept, tuple(found["name"][is_service]), rarer=len(goods) - len(kept))


def _items(bought: ir.Table, column: str) -> pd.DataFrame:
    name = _.product_name.max() if "product_name" in bought.columns else _[column].max()
    table = bought.group_by(column).aggregate(name=name, customers=_.customer_id.nunique())
    frame: pd.DataFrame = table.rename(item_id=column).to_pyarrow().to_pandas()
    frame["name"] = frame["name"].where(frame["name"].notna(), frame["item_id"])
    return frame


def _is_service(item_id: str, name: str) -> bool:
    for text in (item_id, name):
        words = _WORD.findall(text.lower())
        beside = [word for word in words if not _SERVICE.fullmatch(word)]
        if len(beside) < len(words) and all(_BESIDE.fullmatch(word) for word in beside):
            return True
    return False


def _lines(bought: ir.Table, column: str, kept: list[str]) -> pa.Table:
    wanted = ibis.memtable(pd.DataFrame({column: kept}))
    lines = bought.semi_join(wanted, column)
    merged = lines.group_by(["customer_id", "order_id", column]).aggregate(amount=steady_sum(_.amount))
    started = bought.group_by(["customer_id", "order_id"]).aggregate(started_at=_.ordered_at.min())
    joined = merged.inner_join(started, ["customer_id", "order_id"])
    # Of the orders that are looked at: their places in time are all that is asked for.
    in_time = ibis.window(group_by="customer_id", order_by=["started_at", "order_id"])
    placed = joined.mutate(place=ibis.dense_rank().over(in_time))
    return placed.select("customer_id", "place", "amount", item_id=_[column]).to_pyarrow()


def _numbered(lines: pa.Table, kept: pd.DataFrame, left_out: tuple[str, ...], rarer: int) -> BasketOrders:
    customer, customers = codes(lines["customer_id"])
    item, ids = codes(lines["item_id"])
    place = lines["place"].to_numpy().astype(np.int64)
    amount = lines["amount"].to_numpy().astype(np.float64)
    order = np.unique(customer * (place.max(initial=0) + 1) + place, return_inverse=True)[1]
    by_order = np.lexsort((item, order))
    items = kept.set_index("item_id").loc[ids.tolist()].reset_index()
    items["price"] = pd.Series(amount).groupby(item).median().to_numpy()
    return BasketOrders(
        customer=customer[by_order],
        order=order[by_order],
        item=item[by_order],
        amount=amount[by_order],
        customers=customers,
        items=items[["item_id", "name", "price", "customers"]],
        left_out=tuple(sorted(left_out)),
        rarer=rarer,
    )


def codes(column: pa.ChunkedArray) -> tuple[IntArray, NDArray[np.object_]]:
    """Positions of the values among the distinct ones in ascending order, and these."""
    encoded = column.combine_chunks().dictionary_encode()
    values = np.array(encoded.dictionary.to_pylist(), dtype=object)
    ascending = np.argsort(values)
    place = np.empty(len(values), dtype=np.int64)
    place[ascending] = np.arange(len(values))
    return place[encoded.indices.to_numpy(zero_copy_only=False)], values[ascending]
