"""Questions about a file, and what was understood of it, in the words of the upload page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from churnkit.ingest import Choice, Question, Understood, ValueMeaning
from churnkit.ingest.rows import DROPPED
from churnkit.services.look.given_answers import GivenAnswer
from churnkit.services.look.upload_preview import FIELD_TITLES, MAIN_FIELDS
from churnkit.text.figures import counted, money

_TITLES: Mapping[str, str] = {
    **FIELD_TITLES,
    "statuses": "Order status",
    "row_kinds": "Kind of row",
    "encoding": "Letters of the file",
    "sheet": "Sheets",
    "delimiter": "Separator",
    "day_first": "Day and month",
    "decimal": "Decimals",
    "currency": "Currency",
    "duplicates": "Equal lines",
    "returns": "Returns",
    "preset": "Shop system",
    "accept": "Something looks wrong",
}
_REFUSED = "This is not the file that is needed"
_LABEL_LETTERS = 60
_OPTION = re.compile(r" \(--[a-z-]+\)")

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "status": {"counts": "counts", "left_out": "left out"},
    "row_kind": {"sale": "sale", "return": "return", "left_out": "left out"},
}
"""What a value can mean, by kind of column, in words."""

_ANSWERED_AS = {"status": "statuses", "row_kind": "row_kinds"}


@dataclass(frozen=True)
class ValueTable:
    """The values of one column that says what rows are, in order of their rows."""

    kind: str
    title: str
    values: tuple[ValueMeaning, ...]


def question_title(question: Question) -> str:
    """What a question is about, in a few words."""
    return _REFUSED if question.refusal else _TITLES.get(question.field, "One more thing")


def on_page(sentence: str) -> str:
    """A note without the options of the command line, for which the page has its own places.

    Examples
    --------
    >>> on_page("3 orders are left out; if they were bought, say so (--status).")
    '3 orders are left out; if they were bought, say so.'
    """
    return _OPTION.sub("", sentence)


def choice_words(choice: Choice, currency: str | None = None) -> str:
    """What a choice is about, in figures: ``1,204 rows · 980 orders · €45,210``."""
    parts = [
        counted(choice.rows, "row") if choice.rows is not None else "",
        counted(choice.orders, "order") if choice.orders is not None else "",
        money(choice.amount, currency) if choice.amount is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def chosen(question: Question, choice: Choice, *, early: bool) -> GivenAnswer:
    """The answer that a choice is; ``early``: given before a header could be read."""
    return GivenAnswer(
        question.field, f"{question_title(question)}: {_short(choice.label)}", choice.answer, early
    )


def value_answer(value: ValueMeaning, meaning: str) -> GivenAnswer:
    """That rows with a value mean something else."""
    field = _ANSWERED_AS[value.kind]
    answer = {field: {value.value.strip().lower(): meaning}}
    return GivenAnswer(field, f"{_short(value.value)}: {MEANINGS[value.kind][meaning]}", answer)


def value_tables(values: Sequence[ValueMeaning]) -> list[ValueTable]:
    """The tables of statuses and of kinds of rows, one for each column of the file."""
    found = []
    for kind, column in dict.fromkeys((value.kind, value.column) for value in values):
        of_column = [value for value in values if (value.kind, value.column) == (kind, column)]
        title = f"What the column “{column}” says"
        found.append(ValueTable(kind, title, tuple(sorted(of_column, key=lambda value: -value.rows))))
    return found


def value_words(value: ValueMeaning, currency: str | None) -> str:
    """The rows of a value in figures."""
    parts = [counted(value.orders, "order")] if value.kind == "status" else []
    if value.rows != value.orders or not parts:
        parts.append(counted(value.rows, "row"))
    if value.amount is not None:
        parts.append(money(value.amount, currency))
    return " · ".join(parts)


def left_out_reasons(understood: Understood) -> list[tuple[str, str]]:
    """Rows with their money, and why they are left out: one entry for each reason, that with most rows first."""
    found = []
    for one in understood.left_out:
        worth = f" · {money(one.amount, understood.currency)}" if one.amount else ""
        found.append((f"{counted(one.rows, 'row')}{worth}", DROPPED.get(one.reason, one.reason)))
    return found


def column_words(columns: Mapping[str, str]) -> str:
    """Which columns say the most, for somebody who knows the file: ``Customer: “Buyer”, Order date: “Date”``."""
    named = [name for name in MAIN_FIELDS if name in columns]
    return ", ".join(f"{FIELD_TITLES[name]}: “{columns[name]}”" for name in named)


def left_out_words(understood: Understood) -> str:
    """How many rows are left out, and their money as far as it can be read."""
    rows = sum(one.rows for one in understood.left_out)
    if not rows:
        return "No row is left out."
    amounts = [one.amount for one in understood.left_out if one.amount is not None]
    worth = f", worth {money(sum(amounts), understood.currency)}" if amounts else ""
    return f"{counted(rows, 'row')} left out{worth}."


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_LETTERS else f"{label[: _LABEL_LETTERS - 1]}…"
