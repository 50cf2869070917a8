"""What was understood of a file, as its owner checks it against the shop's own figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.ingest.engine import compose
from churnkit.ingest.rows.kept_orders import BUYERS, KEPT_ORDERS, WHOLE_ORDERS
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.ingest.rows.value_meanings import ValueMeaning

_EXAMPLE_ORDERS = 5


@dataclass(frozen=True)
class OrderSeen:
    """One order as it will be counted; ``rows`` of the file make it."""

    order_id: str
    customer_id: str
    ordered_at: datetime
    rows: int
    amount: float


@dataclass(frozen=True)
class MonthSeen:
    """Orders with a positive amount and net money of a calendar month (``2011-01``)."""

    month: str
    orders: int
    amount: float


@dataclass(frozen=True)
class LeftOut:
    """Rows left out for one reason of the ledger, and their money as far as it can be read."""

    reason: str
    rows: int
    amount: float | None


@dataclass(frozen=True)
class Understood:
    """A reading in figures.

    Attributes
    ----------
    rows_kept, customers, orders
        Counts; orders are those with a positive amount.
    revenue
        Net money of the rows kept.
    first, last
        The first and the last instant of an order.
    currency
        The analysis currency, None where the file names none.
    has_time
        Whether orders have a time of day.
    examples
        Up to five orders, spread over the file.
    months, left_out, meanings
        To compare with the shop's own figures.
    """

    rows_kept: int
    customers: int
    orders: int
    revenue: float
    first: datetime
    last: datetime
    currency: str | None = None
    has_time: bool = True
    examples: tuple[OrderSeen, ...] = ()
    months: tuple[MonthSeen, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    meanings: tuple[ValueMeaning, ...] = ()


def figures_of(staged: StagedRows, *, currency: str | None = None, has_time: bool = True) -> Understood:
    """The figures of staged rows whose orders are gathered, see `gather_orders`."""
    slots = {"orders": KEPT_ORDERS, "whole": WHOLE_ORDERS}
    # One row an order: nothing need be told apart again.
    (once,) = staged.one("SELECT (SELECT count(*) FROM {orders}) = (SELECT count(*) FROM {whole})", **slots)
    buyers = "SELECT count(*) FROM {buyers}" if once else "SELECT count(DISTINCT customer_id) FROM {orders}"
    rows, customers, orders, revenue, first, last = staged.one(
        """
        SELECT sum(rows), ({customers}), (SELECT count(*) FROM {whole} WHERE sells), sum(amount), min(first), max(last)
        FROM {orders}
        """,
        customers=compose(buyers, buyers=BUYERS, orders=KEPT_ORDERS),
        **slots,
    )
    return Understood(
        rows_kept=int(rows),
        customers=int(customers),
        orders=int(orders),
        revenue=float(revenue),
        first=first,
        last=last,
        currency=currency,
        has_time=has_time,
        examples=_examples(staged),
        months=_months(staged, "count(*)" if once else "count(DISTINCT order_id)"),
        left_out=_left_out(staged),
        meanings=staged.plan.meanings,
    )


def _examples(staged: StagedRows) -> tuple[OrderSeen, ...]:
    """Orders from the beginning to the end of the file, so that a change on the way is seen."""
    found = staged.rows(
        """
        WITH firsts AS (SELECT first_row FROM {orders} WHERE amount > 0),
        parts AS (SELECT min(first_row) AS begin, max(first_row) - min(first_row) + 1 AS span FROM firsts)
        SELECT order_id, customer_id, ordered_at, rows, amount FROM {orders}
        WHERE first_row IN (
            SELECT min(first_row) FROM firsts, parts GROUP BY (first_row - begin) * {count} // span
        )
        ORDER BY first_row
        """,
        orders=WHOLE_ORDERS,
        count=str(_EXAMPLE_ORDERS),
    )
    return tuple(
        OrderSeen(order, customer, at, int(rows), float(amount))
        for order, customer, at, rows, amount in found
    )


def _months(staged: StagedRows, count: str) -> tuple[MonthSeen, ...]:
    found = staged.rows(
        """
        SELECT strftime(month, '%Y-%m'), {count} FILTER (WHERE sells), sum(amount)
        FROM (SELECT *, date_trunc('month', first) AS month FROM {orders}) GROUP BY month ORDER BY month
        """,
        count=count,
        orders=KEPT_ORDERS,
    )
    return tuple(MonthSeen(*row) for row in found)


def _left_out(staged: StagedRows) -> tuple[LeftOut, ...]:
    found = staged.rows(
        """
        SELECT reason, count(*) AS rows, sum(amount) FILTER (WHERE isfinite(amount))
        FROM {staged} WHERE reason IS NOT NULL GROUP BY reason ORDER BY rows DESC, reason
        """
    )
    return tuple(LeftOut(*row) for row in found)
