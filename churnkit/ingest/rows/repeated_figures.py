"""Figures of an order that stand on each of its lines, or on the first one: they count once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from churnkit.ingest.cells import NumberFormat, number_sql, text_sql
from churnkit.ingest.columns import ColumnMapping, ColumnPairs
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.text.figures import count

Route = Literal["amount", "order_total", "unit_price"]

# A few orders were edited by hand; more of them mean that the figure is not the order's.
_CONSTANT_SHARE = 0.9
_MIN_ORDERS = 10


def repeated_figures(
    raw: RawTable, mapping: ColumnMapping, route: Route, numbers: Mapping[str, NumberFormat]
) -> tuple[set[str], list[str]]:
    """Fields whose figure is the order's, not the line's; and what to tell of it. A total that varies is a line's."""
    order = mapping.columns.get("order_id")
    once: set[str] = set()
    notes: list[str] = []
    if order is None:
        return once, notes
    pairs = ColumnPairs(raw)
    if route == "order_total":
        total = mapping.columns["order_total"]
        multiple, constant = pairs.constancy(order, total)
        if constant >= _CONSTANT_SHARE * multiple:
            once.add("order_total")
        else:
            notes.append(
                f"{total!r} differs between the lines of {count(multiple - constant)} of {count(multiple)} orders, so"
                " it is summed over the lines."
            )
    for name in ("discount", "refunded"):
        if name not in mapping.columns:
            continue
        column = mapping.columns[name]
        multiple, constant = pairs.constancy(order, column, without_zeros=True)
        few = 0 < constant == multiple < _MIN_ORDERS and _exceeds_a_line(raw, mapping, route, numbers, name)
        if few or (multiple >= _MIN_ORDERS and constant >= 0.95 * multiple):
            once.add(name)
            notes.append(f"{column!r} is the same on every line of an order: it counts once an order.")
        elif not multiple and _on_first_line_only(raw, order, column):
            once.add(name)
    return once, notes


def _on_first_line_only(raw: RawTable, order: str, column: str) -> bool:
    """Where an order has several lines, the first one has a figure and the others are blank."""
    several, first = raw.one(
        """
        SELECT count(*), {first} FROM (
            SELECT count(*) AS lines, count({figure}) AS filled, arg_min({figure} IS NOT NULL, {row}) AS at_first
            FROM {head} WHERE {order} IS NOT NULL GROUP BY {order}
        ) WHERE lines > 1 AND filled > 0
        """,
        first=counted("filled = 1 AND at_first"),
        figure=text_sql(column),
        order=text_sql(order),
    )
    return bool(several and first >= 0.95 * several)


def _exceeds_a_line(
    raw: RawTable, mapping: ColumnMapping, route: Route, numbers: Mapping[str, NumberFormat], name: str
) -> bool:
    """On some row the figure is more than the row's own money, so it cannot be the row's."""
    if route == "order_total":
        return True

    def cell(field: str) -> str:
        return number_sql(mapping.columns[field], numbers[field])

    money = cell(route)
    if route == "unit_price" and "quantity" in numbers:
        money = f"{money} * {cell('quantity')}"
    (rows,) = raw.one(
        "SELECT {above} FROM {head}", above=counted(f"abs({cell(name)}) > abs({money}) + 0.005")
    )
    return bool(rows)
