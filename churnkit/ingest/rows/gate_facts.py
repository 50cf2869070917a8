"""What the checks of the gate look at: counts and sums over staged rows, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from churnkit.ingest.rows.staged_rows import StagedRows

_LOST = """
    SELECT reason, count(*), coalesce(sum(amount) FILTER (WHERE isfinite(amount) AND amount > 0), 0)
    FROM {staged} WHERE reason IS NOT NULL GROUP BY reason
"""
_TOTALS = """
    SELECT count(*) FILTER (WHERE amount > 0), (SELECT count(*) FROM gate_customers WHERE orders > 0),
           coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0),
           sum(rows), min(ordered_at), max(ordered_at)
    FROM gate_orders
"""
# Rows without a customer whose order has other rows that name one.
_BROKEN_ORDERS = """
    SELECT count(*) FROM {staged}
    WHERE reason IN ('no_customer', 'placeholder_customer') AND order_id IN (SELECT order_id FROM gate_orders)
"""

_MAX_BROKEN = 0.02


@dataclass(frozen=True)
class GateFacts:
    """Staged rows in figures.

    Attributes
    ----------
    rows
        Rows kept.
    orders, customers
        Orders with a positive amount, and who placed them.
    sales, returns
        Money of the orders above and below zero, both positive.
    first, last
        Of all orders kept.
    lost_rows, lost_money
        By the ledger's reasons: rows, and their money above zero as far as it can be read.
    known_system
        The columns and words are those of a known export.
    statuses_answered
        Somebody said what the statuses mean, or there are none.
    whole_orders_without_customer
        There are order numbers, and rows without a customer are not part of orders that have one.
    """

    staged: StagedRows
    rows: int
    orders: int
    customers: int
    sales: float
    returns: float
    first: datetime
    last: datetime
    lost_rows: Mapping[str, int]
    lost_money: Mapping[str, float]
    known_system: bool
    statuses_answered: bool
    whole_orders_without_customer: bool


def gate_facts(staged: StagedRows) -> GateFacts:
    """The facts of staged rows whose orders are gathered, see `gather_orders`."""
    orders, customers, sales, returns, rows, first, last = staged.one(_TOTALS)
    lost = staged.rows(_LOST)
    plan = staged.plan
    meanings = [item for item in plan.statuses.meanings if item.kind == "status"]
    left_out = [item for item in meanings if item.meaning == "left_out"]
    lost_rows = {reason: int(count) for reason, count, _ in lost}
    nobody = sum(lost_rows.get(reason, 0) for reason in ("no_customer", "placeholder_customer"))
    broken = plan.raw.row_count
    if plan.has("order_id"):
        (broken,) = staged.one(_BROKEN_ORDERS) if nobody else (0,)
    if plan.raw.problem_count:
        lost_rows["unreadable"] = plan.raw.problem_count
    return GateFacts(
        staged=staged,
        rows=int(rows),
        orders=int(orders),
        customers=int(customers),
        sales=float(sales),
        returns=float(returns),
        first=first,
        last=last,
        lost_rows=lost_rows,
        lost_money={reason: float(money) for reason, _, money in lost},
        known_system=plan.known_system,
        statuses_answered=bool(left_out) and all(item.known_by == "answer" for item in left_out),
        whole_orders_without_customer=broken <= _MAX_BROKEN * nobody,
    )
