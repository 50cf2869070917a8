"""Which of the ways to read a table's money is right, by what the columns do; what stays open is asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.money_columns import Figures
from churnkit.ingest.columns.money_readings import LESS, MoneyReading, MoneyTable
from churnkit.ingest.columns.money_ties import constant_ratio, difference, resembles, same_sum, ties

# Repeats of a figure within fewer orders than this can be chance.
_MIN_REPEATS = 3
_TAX_RATES = (1.03, 1.3)
# Prices and numbers of pieces have nothing to do with each other, or dear things are bought one by one.
_LIKE_PIECES = 0.25
_LEFT_OF_PRICE = 0.5


@dataclass(frozen=True)
class MoneyDecision:
    """The readings that are left, the likeliest first: one that is right, several to ask, or none.

    Attributes
    ----------
    reasons
        Why others were left out, where an owner may be surprised.
    refunds_are_off
        Columns of refunds that the money is without already.
    """

    readings: tuple[MoneyReading, ...]
    reasons: tuple[str, ...] = ()
    refunds_are_off: tuple[str, ...] = ()


def decide(table: MoneyTable) -> MoneyDecision:
    """Weigh all numeric columns against each other."""
    totals = _totals(table)
    products = _products(table, totals)
    if not any("quantity" in one.fields for one in products) and totals:
        products = []
    elif products and totals and not any(one.name.exact for one in totals):
        totals = [one for one in totals if any(resembles(one.by_order, other.by_order) for other in products)]
    if any(one.name.exact for one in totals):
        products = [one for one in products if one.name.exact or _tied(one, totals)]
    readings = sorted([*totals, *products], key=lambda one: one.rank)
    readings = _told_by_ties(readings)
    return _settled(table, _different(readings))


def _tied(reading: MoneyReading, totals: list[MoneyReading]) -> bool:
    """Some column of totals says the same as the reading."""
    return any(one.column != reading.column and ties(reading.by_order, one.by_order) for one in totals)


def _near(reading: MoneyReading, readings: list[MoneyReading]) -> bool:
    """Another column's reading is the same but for one rate on everything, such as a tax."""
    return any(one.column != reading.column and tax_apart(one, reading) is not None for one in readings)


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
        found += [reading for reading in _discounted(table, column, totals, 0.2) if _tied(reading, totals)]
    return found


def _of_price(table: MoneyTable, column: str, totals: list[MoneyReading]) -> list[MoneyReading]:
    """Price times quantity; or the column itself, where it is the line's money under the name of a price."""
    name = table.names[column]
    products = _discounted(table, column, totals, 0.2 if name.exact else 2.2)
    if not table.quantity or any(_tied(one, totals) for one in products):
        return products
    line = table.line(column, products[0].rank + 0.1)
    if _tied(line, totals):
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
    if _tied(less, totals):
        return [less]
    if _tied(full, totals):
        return [full]
    return [less] if less.by_order.sum() > _LEFT_OF_PRICE * full.by_order.sum() else [full, less]


def _told_by_ties(readings: list[MoneyReading]) -> list[MoneyReading]:
    """Of two readings of one column, the one that comes to what another column says."""
    for first, second in combinations(readings, 2):
        if first.column != second.column:
            continue
        tied = [one for one in (first, second) if _tied(one, readings)]
        tied = tied or [one for one in (first, second) if _near(one, readings)]
        if len(tied) == 1:
            return [one for one in readings if one.column != first.column or one is tied[0]]
    return readings


def _different(readings: list[MoneyReading]) -> list[MoneyReading]:
    """Readings that come to different sums; of equal ones the likeliest, of a line's and an order's the line's."""
    kept: list[MoneyReading] = []
    for reading in sorted(readings, key=lambda one: (one.rank, one.shape == "order")):
        equal = [one for one in kept if same_sum(one.by_order, reading.by_order)]
        if not equal:
            kept.append(reading)
        elif (
            equal[0].shape == "order"
            and reading.shape != "order"
            and ties(equal[0].by_order, reading.by_order)
        ):
            kept[kept.index(equal[0])] = reading
    return kept


def _settled(table: MoneyTable, readings: list[MoneyReading]) -> MoneyDecision:
    """What is left once relations between the readings settled what they can."""
    left = list(readings)
    reasons: list[str] = []
    off: list[str] = []
    for first, second in combinations(readings, 2):
        if first not in left or second not in left:
            continue
        verdict = _better(table, first, second, left)
        if verdict is None:
            continue
        loser = second if verdict.winner is first else first
        # What one reading of a column proves, no other of that column survives.
        left = [
            one
            for one in left
            if one is verdict.winner or one.column not in (loser.column, verdict.winner.column)
        ]
        reasons.append(verdict.reason)
        off += verdict.refunds
    return MoneyDecision(tuple(left), tuple(reasons), tuple(off))


@dataclass(frozen=True)
class _Verdict:
    winner: MoneyReading
    reason: str
    refunds: tuple[str, ...] = ()


def _better(
    table: MoneyTable, first: MoneyReading, second: MoneyReading, readings: list[MoneyReading]
) -> _Verdict | None:
    """Which of two readings was paid, where names or other columns tell."""
    if first.column == second.column:
        return None
    for whole, base in ((first, second), (second, first)):
        verdict = _explained(table, whole, base)
        if verdict is not None:
            return verdict
    for one, other in ((first, second), (second, first)):
        if (
            one.name.exact
            and other.name.subtotal
            and not one.name.subtotal
            and one.name.field == "order_total"
        ):
            return _Verdict(one, f"Money is {one.column!r}; {other.column!r} is a subtotal.")
        if (
            one.name.basis == "incl"
            and other.name.basis == "excl"
            and _is_taxed(one.by_order, other.by_order)
        ):
            return _Verdict(one, f"Money is {one.column!r}, with tax; {other.column!r} is without.")
        lines = one.shape != "order" and other.shape == "order" and not other.name.subtotal
        if lines and any(_states_goods(sub, one) for sub in _subtotals(table)):
            return _Verdict(
                one, f"Money is {one.words}, as the subtotal; {other.column!r} holds more than the goods."
            )
    return None


def _is_taxed(whole: Figures, base: Figures) -> bool:
    ratio = whole.sum() / base.sum() if base.sum() > 0 else 0.0
    return bool(1 <= ratio <= _TAX_RATES[1])


def _subtotals(table: MoneyTable) -> list[Figures]:
    return [table.measured.by_order(column) for column in table.columns if table.names[column].subtotal]


def _states_goods(subtotal: Figures, reading: MoneyReading) -> bool:
    return ties(subtotal, reading.by_order)


def _explained(table: MoneyTable, whole: MoneyReading, base: MoneyReading) -> _Verdict | None:
    """``whole`` is ``base`` plus and less other columns: what customers paid is the one behind the discount."""
    used = (whole.column, base.column, *(base.fields.values()))
    parts = difference(whole.by_order, base.by_order, table.parts(used))
    if parts is None:
        return None
    kinds = {table.names[part].kind for part in parts}
    how = f"{whole.column!r} is {base.column!r}{''.join(_with(table, part) for part in parts)}"
    refunds = tuple(part for part in parts if table.names[part].kind == "refund")
    if kinds <= {"gift", "points", "refund"}:
        return _Verdict(base, f"Money is {base.column!r}: {how}.")
    if whole.shape == "order" and base.shape != "order" and not kinds & {"discount", "gift", "points"}:
        return _Verdict(base, f"Money is {base.words}, the goods; {how}.")
    return _Verdict(whole, f"Money is {whole.words}: {how}.", refunds)


def _with(table: MoneyTable, part: str) -> str:
    return f" {'less' if table.names[part].kind in LESS else 'and'} {part!r}"


def tax_apart(first: MoneyReading, second: MoneyReading) -> float | None:
    """The rate (0.19) by which one is above the other everywhere, as with and without tax."""
    for whole, base in ((first, second), (second, first)):
        ratio = constant_ratio(whole.by_order, base.by_order)
        if ratio is not None and _TAX_RATES[0] <= ratio <= _TAX_RATES[1]:
            return ratio - 1
    return None
