"""Whether the lines of orders come to the subtotals that the shop states, and with which discount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.ingest.cells import NumberFormat, number_sql, text_sql
from churnkit.ingest.columns import ColumnMapping, Rules
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Choice, Question
from churnkit.text.figures import count, money

# More orders than this whose lines come to something else, and the subtotal is not what it is called.
_MAX_APART = 0.2
_MAX_MONEY_APART = 0.02


@dataclass(frozen=True)
class SubtotalFit:
    """What to tell of the subtotals, and what to ask."""

    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def check_subtotal(
    raw: RawTable, mapping: ColumnMapping, rules: Rules, numbers: Mapping[str, NumberFormat]
) -> SubtotalFit:
    """Compare lines, less the order's discount, with the order's subtotal; the subtotal is what was paid for the goods."""
    needed = ("order_id", "order_subtotal", "quantity", "unit_price")
    if any(name not in mapping.columns for name in needed):
        return SubtotalFit()
    orders, undiscounted, apart, lines, subtotals = _compared(raw, mapping, rules, numbers)
    column = mapping.columns["order_subtotal"]
    if orders and apart > _MAX_APART * orders and abs(lines - subtotals) > _MAX_MONEY_APART * abs(subtotals):
        return SubtotalFit(questions=(_question(mapping, orders, apart, lines, subtotals),))
    notes = []
    if undiscounted:
        notes.append(
            f"In {count(undiscounted)} orders the discount is none on goods (free shipping, for example): {column!r}"
            " equals the lines without it, so it is not taken off."
        )
    if apart:
        notes.append(
            f"In {count(apart)} of {count(orders)} orders the lines come to another sum than {column!r}, which is taken."
        )
    return SubtotalFit(tuple(notes))


def _compared(
    raw: RawTable, mapping: ColumnMapping, rules: Rules, numbers: Mapping[str, NumberFormat]
) -> tuple[int, int, int, float, float]:
    """Orders with a subtotal; those that need no discount; those that nothing explains; sum of lines; of subtotals."""

    def cell(name: str) -> str:
        return number_sql(mapping.columns[name], numbers[name]) if name in mapping.columns else "0"

    goods = "true"
    if rules.tip_names and "product_name" in mapping.columns:
        goods = f"NOT list_contains($tips, lower(trim({text_sql(mapping.columns['product_name'])})))"
    found = raw.one(
        """
        SELECT count(*), {undiscounted}, {apart}, coalesce(sum(net), 0), coalesce(sum(subtotal), 0)
        FROM (
            SELECT *, lines - coalesce(discount, 0) AS net FROM (
                SELECT sum({quantity} * {price}) FILTER (WHERE coalesce({goods}, true)) AS lines,
                       arg_min({subtotal}, {row}) FILTER (WHERE {subtotal} IS NOT NULL) AS subtotal,
                       arg_min(abs({discount}), {row}) FILTER (WHERE {discount} IS NOT NULL) AS discount
                FROM {raw} WHERE {order} IS NOT NULL GROUP BY {order}
            ) WHERE lines IS NOT NULL AND subtotal IS NOT NULL
        )
        """,
        {"tips": sorted(rules.tip_names)} if goods != "true" else None,
        undiscounted=counted("abs(net - subtotal) > 0.02 AND abs(lines - subtotal) <= 0.02"),
        apart=counted("abs(net - subtotal) > 0.02 AND abs(lines - subtotal) > 0.02"),
        quantity=cell("quantity"),
        price=cell("unit_price"),
        subtotal=cell("order_subtotal"),
        discount=cell("discount"),
        order=text_sql(mapping.columns["order_id"]),
        goods=goods,
    )
    return found[0], found[1], found[2], float(found[3]), float(found[4])


def _question(mapping: ColumnMapping, orders: int, apart: int, lines: float, subtotals: float) -> Question:
    column = mapping.columns["order_subtotal"]
    by_line = {
        name: mapping.columns[name]
        for name in ("quantity", "unit_price", "discount")
        if name in mapping.columns
    }
    return Question(
        "amount",
        f"In {count(apart)} of {count(orders)} orders the lines come to another sum than {column!r}: {money(lines)} in"
        f" all against {money(subtotals)}.",
        f"Say which is what customers paid, in a mapping file (--map): order_total for {column!r}, or"
        " quantity and unit_price for the lines.",
        (
            Choice(f"{column} of each order", {"order_total": column}, None, orders, subtotals),
            Choice("The lines, less discounts", by_line, None, orders, lines),
        ),
    )
