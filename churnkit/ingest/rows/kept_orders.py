"""The rows kept, as orders: one pass over them, and all that is counted comes from a smaller table."""

from __future__ import annotations

from churnkit.ingest.rows.staged_rows import StagedRows

KEPT_ORDERS = "kept_orders"
"""Temporary table: order_id, customer_id, month, rows, amount, largest (row), sells (some row is above zero), first, last
(instants), first_row; one row for each order, customer and month."""


def gather_orders(staged: StagedRows) -> None:
    """Make the table of the rows that are kept."""
    staged.run(
        """
        CREATE OR REPLACE TEMP TABLE {orders} AS
        SELECT order_id, customer_id, date_trunc('month', ordered_at) AS month, count(*) AS rows,
               sum(amount) AS amount, max(amount) AS largest, bool_or(amount > 0) AS sells,
               min(ordered_at) AS first, max(ordered_at) AS last, min(source_row) AS first_row
        FROM {staged} WHERE reason IS NULL GROUP BY ALL
        """,
        orders=KEPT_ORDERS,
    )
