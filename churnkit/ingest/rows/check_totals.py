"""Check of the gate on money: a column of the file that is named as the total and is far from what was taken."""

from __future__ import annotations

from churnkit.ingest.cells import detect_number_format, number_sql
from churnkit.ingest.columns import columns_named_total
from churnkit.ingest.questions import Check, Choice
from churnkit.ingest.rows.gate_facts import GateFacts
from churnkit.text import figures

# Shipping, tax and discounts make a total differ from the goods, but not by half.
_FAR = 2.0
_MIN_FILLED = 0.5

_SUMS = """
    WITH kept AS (
        SELECT kept_rows.order_id, {value} AS value FROM {raw} AS cells
        JOIN (SELECT source_row, order_id FROM staged WHERE reason IS NULL) AS kept_rows
          ON kept_rows.source_row = cells.{row}
    )
    SELECT coalesce(sum(of_rows), 0), coalesce(sum(of_order), 0), count(of_order), count(*)
    FROM (
        SELECT sum(value) AS of_rows, max(value) AS of_order FROM kept GROUP BY order_id
    )
"""


def check_named_total(facts: GateFacts) -> Check:
    """Whether a column named as the order's total comes to less than half or more than twice of the money taken."""
    plan = facts.staged.plan
    taken = set(plan.mapping.columns.values())
    free = [] if plan.money_given else [name for name in plan.raw.columns if name not in taken]
    for name in columns_named_total(free):
        fmt = detect_number_format(plan.raw, name)
        if fmt.ambiguous or fmt.share_parsed < 1 - _MIN_FILLED:
            continue
        of_rows, of_orders, filled, orders = plan.raw.one(_SUMS, value=number_sql(name, fmt))
        sums = [total for total in (of_rows, of_orders) if total > 0]
        if not sums or filled < _MIN_FILLED * orders:
            continue
        nearest = min(sums, key=lambda total: abs(total - facts.sales))
        if not facts.sales / _FAR <= nearest <= facts.sales * _FAR:
            return Check(
                "named_total",
                False,
                f"The orders come to {figures.money(facts.sales)}, but {name!r} says {figures.money(of_orders)} counted"
                f" once an order and {figures.money(of_rows)} over all rows.",
                "Map the column of the money: amount for lines, order_total for orders.",
                choices=(
                    Choice(f"{name}, once an order", {"order_total": name}, amount=of_orders),
                    Choice(f"{name}, on each row", {"amount": name}, amount=of_rows),
                ),
            )
    return Check("named_total", True, "")
