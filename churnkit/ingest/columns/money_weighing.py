"""Readings of a table's money weighed against each other: what others prove, what the columns between them explain."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from churnkit.ingest.columns.money_columns import Figures
from churnkit.ingest.columns.money_readings import LESS, MoneyReading, MoneyTable
from churnkit.ingest.columns.money_ties import constant_ratio, difference, same_sum, ties

_TAX_RATES = (1.03, 1.3)


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


def tied(reading: MoneyReading, totals: list[MoneyReading]) -> bool:
    """Some column of totals says the same as the reading."""
    return any(one.column != reading.column and ties(reading.by_order, one.by_order) for one in totals)


def _near(reading: MoneyReading, readings: list[MoneyReading]) -> bool:
    """Another column's reading is the same but for one rate on everything, such as a tax."""
    return any(one.column != reading.column and tax_apart(one, reading) is not None for one in readings)


def told_by_ties(readings: list[MoneyReading]) -> list[MoneyReading]:
    """Of two readings of one column, the one that comes to what another column says."""
    for first, second in combinations(readings, 2):
        if first.column != second.column:
            continue
        proven = [one for one in (first, second) if tied(one, readings)]
        proven = proven or [one for one in (first, second) if _near(one, readings)]
        if len(proven) == 1:
            return [one for one in readings if one.column != first.column or one is proven[0]]
    return readings


def different(readings: list[MoneyReading]) -> list[MoneyReading]:
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


def settled(table: MoneyTable, readings: list[MoneyReading]) -> MoneyDecision:
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
