"""The question which column was paid: the ways to read the money, each with what it comes to over the file."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.ingest.columns.money_readings import MoneyReading, MoneyTable
from churnkit.ingest.columns.money_weighing import tax_apart
from churnkit.ingest.questions import Choice, Question
from churnkit.text.figures import money, percent

# More would not be read.
_MAX_CHOICES = 8


def ask_money(table: MoneyTable, readings: Sequence[MoneyReading], finding: str = "") -> Question:
    """Which of several readings is what customers paid; ``finding`` goes before their sums."""
    whole = table.whole()
    choices = tuple(_choice(whole.same(reading)) for reading in readings[:_MAX_CHOICES])
    sums = "; ".join(f"{choice.label}: {money(choice.amount or 0.0)}" for choice in choices)
    keys = " or ".join(dict.fromkeys(next(iter(reading.fields)) for reading in readings))
    return Question(
        "amount",
        f"{finding or _finding(readings)} In all, {sums}. Which is what customers paid?",
        f"Name the right one in a mapping file (--map) as {keys}, or choose it: compare with the shop's own figures.",
        choices,
    )


def _choice(reading: MoneyReading) -> Choice:
    return Choice(reading.words, dict(reading.fields), amount=float(round(reading.by_order.sum(), 2)))


def _finding(readings: Sequence[MoneyReading]) -> str:
    columns = list(dict.fromkeys(reading.column for reading in readings))
    if len(columns) == 1:
        return f"{columns[0]!r} can be read in several ways."
    found = f"Several columns may be the money: {', '.join(map(repr, columns))}."
    rate = tax_apart(readings[0], readings[1]) if len(readings) == 2 else None
    if rate is not None:
        found += f" One is {percent(rate)} above the other everywhere, as with and without tax."
    return found
