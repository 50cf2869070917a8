"""The rows kept, as orders: one pass over them, and all that is counted comes from a smaller table."""

from __future__ import annotations

from churnkit.ingest.engine import compose
from churnkit.ingest.rows.staged_rows import StagedRows

KEPT_ORDERS = "kept_orders"
"""Temporary table: order_id, customer_id, rows, amount, largest (row), sells (some row is above zero), first, last
(instants of one month), first_row; one row for each order, customer and month."""

WHOLE_ORDERS = "gate_orders"
"""View of the same, a row for each order: order_id, customer_id (the first by its letters), ordered_at, rows, amount,
largest, sells, first_row, is_shared (several customers), lasted."""

BUYERS = "gate_customers"
"""Temporary table of whom the rows kept name: customer_id; of `WHOLE_ORDERS` above zero: orders, money, example (one)."""

_MERGED = "merged_orders"
_SEVERAL_MONTHS = "orders_of_months"

_KEEP = """
    SELECT order_id, customer_id, count(*) AS rows, sum(amount) AS amount, max(amount) AS largest, max(amount) > 0 AS sells,
           min(ordered_at) AS first, max(ordered_at) AS last, min(source_row) AS first_row
    FROM {staged} WHERE reason IS NULL {which} GROUP BY order_id, customer_id {also}
"""
_LONG = """
    CREATE OR REPLACE TEMP TABLE {long} AS
    SELECT order_id, customer_id FROM {orders}
    WHERE CASE WHEN last > first THEN date_trunc('month', last) <> date_trunc('month', first) ELSE false END
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
_BUYERS = """
    CREATE OR REPLACE TEMP TABLE {buyers} AS
    SELECT customer_id, count(*) FILTER (WHERE amount > 0) AS orders, sum(amount) FILTER (WHERE amount > 0) AS money,
           any_value(order_id) FILTER (WHERE amount > 0) AS example
    FROM {whole} GROUP BY customer_id
"""


_MANY = """
    SELECT order_id FROM {orders} GROUP BY order_id
    HAVING count(DISTINCT customer_id) >= {many} AND max(last) - min(first) >= INTERVAL 1 DAY ORDER BY order_id
"""
_SEVERAL = """
    SELECT order_id FROM {whole} WHERE is_shared ORDER BY order_id
"""
# Nobody hands an order on so often, and where more numbers than these are shared they begin anew, which is asked about.
_MANY_CUSTOMERS, _MAX_SHARE = 10, 0.02


def numbers_of_many(staged: StagedRows) -> tuple[str, ...]:
    """Order numbers that do not number orders.

    Those are the few that many customers share on different days: a word for none, a zero, a till's own number; and all
    that several share where somebody said that several shops, or years, have the same numbers.
    """
    if staged.plan.numbers_of_customers:
        found = staged.rows(_SEVERAL, whole=WHOLE_ORDERS)
        return tuple(str(number) for (number,) in found)
    shared, orders = staged.one(
        "SELECT count(*) FILTER (WHERE is_shared), count(*) FROM {whole}", whole=WHOLE_ORDERS
    )
    if not shared or shared > max(1, _MAX_SHARE * orders):
        return ()
    found = staged.rows(_MANY, orders=KEPT_ORDERS, many=str(_MANY_CUSTOMERS))
    return tuple(str(number) for (number,) in found)


def gather_orders(staged: StagedRows) -> None:
    """Make the tables of the rows that are kept and of their customers, and the view of whole orders.

    Nearly always an order has one customer and one month: its row in the table is the whole order then, and nothing is
    grouped a second time. That no two rows share an order is seen by their hashes, which are compared faster than texts.
    """
    _keep_orders(staged)
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
    staged.run(_BUYERS, buyers=BUYERS, whole=WHOLE_ORDERS)


def _keep_orders(staged: StagedRows) -> None:
    """Rows by order, customer and month; by month only those of orders that go on in another, as few do."""
    staged.run(
        "CREATE OR REPLACE TEMP TABLE {orders} AS {kept}",
        orders=KEPT_ORDERS,
        kept=compose(_KEEP, staged=staged.table, which="", also=""),
    )
    staged.run(_LONG, long=_SEVERAL_MONTHS, orders=KEPT_ORDERS)
    (several,) = staged.one("SELECT count(*) FROM {long}", long=_SEVERAL_MONTHS)
    if not several:
        return
    long = compose("(order_id, customer_id) IN (FROM {long})", long=_SEVERAL_MONTHS)
    by_month = compose(
        _KEEP, staged=staged.table, which=f"AND {long}", also=", date_trunc('month', ordered_at)"
    )
    staged.run("DELETE FROM {orders} WHERE {long}", orders=KEPT_ORDERS, long=long)
    staged.run("INSERT INTO {orders} {kept}", orders=KEPT_ORDERS, kept=by_month)
