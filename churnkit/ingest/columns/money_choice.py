"""Which of the ways to read a table's money is right, by what the columns do; what stays open is asked."""

from __future__ import annotations

from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.money_readings import MoneyReading, MoneyTable
from churnkit.ingest.columns.money_ties import resembles
from churnkit.ingest.columns.money_weighing import MoneyDecision, different, settled, tied, told_by_ties

# Repeats of a figure within fewer orders than this can be chance.
_MIN_REPEATS = 3
# Prices and numbers of pieces have nothing to do with each other, or dear things are bought one by one.
_LIKE_PIECES = 0.25
_LEFT_OF_PRICE = 0.5


def decide(table: MoneyTable) -> MoneyDecision:
    """Weigh all numeric columns against each other."""
    totals = _totals(table)
    products = _products(table, totals)
    if not any("quantity" in one.fields for one in products) and totals:
        products = []
    elif products and totals and not any(one.name.exact for one in totals):
        totals = [one for one in totals if any(resembles(one.by_order, other.by_order) for other in products)]
    if any(one.name.exact for one in totals):
        products = [one for one in products if one.name.exact or tied(one, totals)]
    readings = sorted([*totals, *products], key=lambda one: one.rank)
    readings = told_by_ties(readings)
    return settled(table, different(readings))


def _totals(table: MoneyTable) -> list[MoneyReading]:
    """Columns that name a total or an amount and nothing else, or else those that do so in part, or that may be money."""
    money = [column for column in table.columns if table.names[column].field in ("order_total", "amount")]
    exact = [column for column in money if table.names[column].exact]
    good = [column for column in exact if table.is_plausible(column)]
    if good:
        return [reading for column in good for reading in _readings(table, column)]
    rest = [column for column in money if column not in exact and table.is_plausible(column)]
    if not _prices(table):
        rest += [column for column in table.columns if _may_be_money(table, column)]
    doubtful = [column for column in exact if table.measured.nonzero_share(column) > 0]
    return [reading for column in (*rest, *doubtful) for reading in _readings(table, column)]


def _may_be_money(table: MoneyTable, column: str) -> bool:
    name = table.names[column]
    return (
        not (name.field or name.kind) and table.evidence[column].has_decimals and table.is_plausible(column)
    )


def _readings(table: MoneyTable, column: str) -> list[MoneyReading]:
    """A total that repeats on the lines of an order counts once; an amount that does is either."""
    name, level = table.names[column], table.measured.level(column)
    rank = _rank(table, column)
    if level == "line" or (level != "first" and not table.several_line_orders):
        line = table.line(column, rank)
        return [line, table.product(column, rank + 0.1)] if _is_of_a_piece(table, column) else [line]
    if name.field == "amount" and level == "order" and table.several_line_orders >= _MIN_REPEATS:
        return [table.once(column, rank + 0.5), table.line(column, rank + 0.6)]
    if name.field == "amount" and level == "order":
        return [table.line(column, rank)]
    return [table.once(column, rank + 0.5)]


def _is_of_a_piece(table: MoneyTable, column: str) -> bool:
    """The figures of a product stay the same, however many are bought, and no other column is a price."""
    if not table.quantity or _prices(table):
        return False
    return table.measured.priced_by(column, table.quantity) == "piece"


def _rank(table: MoneyTable, column: str) -> float:
    name = table.names[column]
    rank = 0.0 if name.field == "order_total" else 0.1 if name.field == "amount" else 3.0
    rank += {"gross": 0.0, "incl": 0.0, "": 0.0, "net": 0.3, "excl": 0.3}[name.basis]
    rank += 0.4 if name.subtotal else 0.0
    rank += 0.0 if name.exact else 2.0
    return rank if table.is_plausible(column) else rank + 4


def _prices(table: MoneyTable) -> list[str]:
    """Columns of prices; the exact headers, or else those that name one in part."""
    prices = [column for column in table.columns if table.names[column].field == "unit_price"]
    prices = [column for column in prices if table.measured.nonzero_share(column) > 0]
    return [column for column in prices if table.names[column].exact] or prices


def _products(table: MoneyTable, totals: list[MoneyReading]) -> list[MoneyReading]:
    found = [reading for column in _prices(table) for reading in _of_price(table, column, totals)]
    if found or not table.quantity:
        return found
    used = {one.column for one in totals if one.name.exact}
    for column in table.columns:
        name = table.names[column]
        if column in used or name.kind or table.measured.level(column) in ("order", "first"):
            continue
        found += [reading for reading in _discounted(table, column, totals, 0.2) if tied(reading, totals)]
    return found


def _of_price(table: MoneyTable, column: str, totals: list[MoneyReading]) -> list[MoneyReading]:
    """Price times quantity; or the column itself, where it is the line's money under the name of a price."""
    name = table.names[column]
    products = _discounted(table, column, totals, 0.2 if name.exact else 2.2)
    if not table.quantity or any(tied(one, totals) for one in products):
        return products
    line = table.line(column, products[0].rank + 0.1)
    if tied(line, totals):
        return [line]
    priced_by = table.measured.priced_by(column, table.quantity)
    if priced_by == "piece" or (
        priced_by is None and (name.of_piece or not _grows_with_pieces(table, column))
    ):
        return products
    return [line] if priced_by == "line" and not name.of_piece else [*products, line]


def _grows_with_pieces(table: MoneyTable, column: str) -> bool:
    likeness = ColumnPairs(table.raw).log_correlation(table.quantity or "", column)
    return likeness is not None and likeness > _LIKE_PIECES


def _discounted(
    table: MoneyTable, column: str, totals: list[MoneyReading], rank: float
) -> list[MoneyReading]:
    """Price times quantity with the discount taken off, unless totals show that it is off already or none on goods.

    A discount that takes more than half of everything is doubtful: both are given.
    """
    full = table.product(column, rank, discounted=False)
    if not table.discount:
        return [full]
    less = table.product(column, rank)
    if tied(less, totals):
        return [less]
    if tied(full, totals):
        return [full]
    return [less] if less.by_order.sum() > _LEFT_OF_PRICE * full.by_order.sum() else [full, less]
