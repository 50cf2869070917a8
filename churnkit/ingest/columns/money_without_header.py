"""Money in a file without a header: what the figures do is all that tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.money_columns import measure, numeric_formats
from churnkit.ingest.columns.money_question import ask_money
from churnkit.ingest.columns.money_readings import MoneyReading, MoneyTable
from churnkit.ingest.columns.money_ties import ties
from churnkit.ingest.columns.suggested_mapping import Suggestion
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Question

_MOST_PIECES = 1_000
_FEW_DIFFERENT = 20
_DIFFERENT_SHARE = 0.02
_GROWS = 0.3
_KEYS = (
    "Write a mapping file (--map) with the columns' names column_1, column_2 … and name amount, order_total or"
    " unit_price."
)


@dataclass(frozen=True)
class MoneyByCells:
    """Fields of money that the figures prove or make likely, and what is open."""

    fields: tuple[Suggestion, ...] = ()
    questions: tuple[Question, ...] = ()


def money_by_cells(raw: RawTable, evidence: Mapping[str, Evidence], free: Iterable[str]) -> MoneyByCells:
    """Find the money among columns that are nothing else."""
    formats = numeric_formats(evidence, free)
    if not formats:
        return MoneyByCells(questions=(Question("amount", "No column holds money.", _KEYS),))
    table = MoneyTable(raw, evidence, formats, measure(raw, formats, None))
    pieces = [column for column in formats if _is_count(evidence[column])]
    money = [column for column in formats if evidence[column].has_decimals and table.is_plausible(column)]
    proven = _product(table, pieces, money)
    if proven:
        return MoneyByCells(proven)
    if not money:
        return MoneyByCells(questions=(Question("amount", "No column holds money.", _KEYS),))
    return _likely(table, pieces, money)


def _is_count(facts: Evidence) -> bool:
    few = 1 < facts.distinct <= max(_FEW_DIFFERENT, _DIFFERENT_SHARE * facts.filled)
    padded = any(cell.startswith("0") and len(cell) > 1 for cell in facts.cells)
    return (
        facts.number_share > 0.95
        and facts.whole_share == 1
        and 0 < facts.largest < _MOST_PIECES
        and few
        and not padded
    )


def _product(table: MoneyTable, pieces: list[str], money: list[str]) -> tuple[Suggestion, ...]:
    """A column that is another one times a number of pieces in nearly every row."""
    for quantity in pieces:
        for price, total in permutations(money, 2):
            if ties(
                table.measured.figures(price) * table.measured.figures(quantity),
                table.measured.figures(total),
            ):
                reason = f"{total} is {quantity} times {price}"
                return tuple(
                    Suggestion(field, column, 0.9, reason)
                    for field, column in (("amount", total), ("quantity", quantity), ("unit_price", price))
                )
    return ()


def _likely(table: MoneyTable, pieces: list[str], money: list[str]) -> MoneyByCells:
    quantity = pieces[0] if len(pieces) == 1 else None
    grown = [column for column in money if quantity and _grows(table.raw, quantity, column)]
    taken = (Suggestion("quantity", quantity, 0.5, "small whole numbers that repeat"),) if quantity else ()
    if len(money) == 1 and (not pieces or grown):
        reason = (
            f"numbers with decimals that grow with {quantity}"
            if grown
            else "the only column of numbers with decimals"
        )
        return MoneyByCells((*taken, Suggestion("amount", money[0], 0.6, reason)))
    readings: list[MoneyReading] = [table.line(column) for column in money]
    for column in pieces:
        counted = replace(table, quantity=column)
        readings += [counted.product(price) for price in money if price not in grown]
    finding = (
        f"{money[0]} may be the row's total or the price of one of {pieces[0]} pieces."
        if len(money) == 1
        else f"{len(money)} columns may be money: {', '.join(money)}."
    )
    return MoneyByCells(taken, (ask_money(table, readings, finding),))


def _grows(raw: RawTable, quantity: str, money: str) -> bool:
    likeness = ColumnPairs(raw).log_correlation(quantity, money)
    return likeness is not None and likeness > _GROWS
