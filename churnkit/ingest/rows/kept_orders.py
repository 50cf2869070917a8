"""The rows kept, as orders: one pass over them, and all that is counted comes from a smaller table."""

from __future__ import annotations

from churnkit.ingest.engine import compose
from churnkit.ingest.rows.staged_rows import StagedRows

KEPT_ORDERS = "kept_orders"
"""Temporary table: order_id, customer_id, month, rows, amount, largest (row), sells (some row is above zero), first, last
(instants), first_row; one row for each order, customer and month."""

WHOLE_ORDERS = "gate_orders"
"""View of the same, a row for each order: order_id, customer_id (the first by its letters), ordered_at, rows, amount,
largest, sells, first_row, is_shared (several customers), lasted."""

_MERGED = "merged_orders"

_KEEP = """
    CREATE OR REPLACE TEMP TABLE {orders} AS
    SELECT order_id, customer_id, date_trunc('month', ordered_at) AS month, count(*) AS rows,
           sum(amount) AS amount, max(amount) AS largest, bool_or(amount > 0) AS sells,
           min(ordered_at) AS first, max(ordered_at) AS last, min(source_row) AS first_row
    FROM {staged} WHERE reason IS NULL GROUP BY ALL
"""
_MERGE = """
    CREATE OR REPLACE TEMP TABLE {merged} AS
    SELECT order_id, min(customer_id) AS customer_id, sum(rows) AS rows, sum(amount) AS amount, max(largest) AS largest,
           bool_or(sells) AS sells, min(first) AS first, max(last) AS last, min(first_row) AS first_row,
           min(customer_id) <> max(customer_id) AS is_shared
    FROM {orders} GROUP BY order_id
"""
_WHOLE = """
    CREATE OR REPLACE TEMP VIEW {whole} AS
    SELECT order_id, customer_id, first AS ordered_at, rows, amount, largest, sells, first_row,
           {is_shared} AS is_shared, last - first AS lasted
    FROM {source}
"""


def gather_orders(staged: StagedRows) -> None:
    """Make the table of the rows that are kept, and the view of whole orders.

    Nearly always an order has one customer and one month: its row in the table is the whole order then, and nothing is
    grouped a second time. That no two rows share an order is seen by their hashes, which are compared faster than texts.
    """
    staged.run(_KEEP, orders=KEPT_ORDERS)
    (is_whole,) = staged.one(
        "SELECT count(*) = count(DISTINCT hash(order_id)) FROM {orders}", orders=KEPT_ORDERS
    )
    if not is_whole:
        staged.run(_MERGE, orders=KEPT_ORDERS, merged=_MERGED)
    staged.connection.execute(
        compose(
            _WHOLE,
            whole=WHOLE_ORDERS,
            source=KEPT_ORDERS if is_whole else _MERGED,
            is_shared="false" if is_whole else "is_shared",
        )
    )
