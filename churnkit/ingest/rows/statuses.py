"""What the statuses of a file mean for its rows: every column, every value, what they say together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from churnkit.ingest.cells import StatusClass, Verdict, classify_status, is_paid_on_delivery
from churnkit.ingest.columns import ColumnMapping, Reading, Rules, StateColumns, is_yes
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Question
from churnkit.ingest.rows.money_rules import MoneyRules
from churnkit.ingest.rows.status_cells import StatusCells, StatusColumn, key
from churnkit.ingest.rows.status_counts import Together, count_together, spellings
from churnkit.ingest.rows.status_doubts import pending_doubt, unknown_doubts
from churnkit.ingest.rows.status_table import StatusTable
from churnkit.ingest.rows.value_meanings import KnownBy, ValueMeaning
from churnkit.text.figures import count

# A column with more values than this is no status.
_MAX_STATUSES = 200
_MOSTLY = 0.95


@dataclass(frozen=True)
class Statuses:
    """What becomes of rows by their statuses.

    Attributes
    ----------
    cells
        The columns of statuses.
    dropped
        Verdict -> keys (see `status_cells.key`) of the combinations that it takes out.
    """

    cells: StatusCells = field(default_factory=StatusCells)
    dropped: Mapping[Verdict, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    meanings: tuple[ValueMeaning, ...] = ()


def decide_statuses(
    raw: RawTable,
    mapping: ColumnMapping,
    rules: Rules,
    money: MoneyRules,
    reading: Reading,
    found: StateColumns,
    *,
    filled: bool,
) -> Statuses:
    """Decide what becomes of rows by their statuses, and what only the owner can say.

    Parameters
    ----------
    filled
        Statuses of an order stand on its first row only.
    """
    written = {name: spellings(raw, name) for name in found.statuses}
    notes = [
        f"{name!r} has {count(len(values))} different values, so it is not read as a status."
        for name, values in written.items()
        if len(values) > _MAX_STATUSES
    ]
    names = [name for name, values in written.items() if 0 < len(values) <= _MAX_STATUSES]
    if not names:
        return Statuses(notes=tuple(notes))
    cells = _cells(raw, names, found.payment_method)
    together = count_together(raw, mapping, money, cells, filled=filled)
    table = _table(cells.columns, together, written, rules, reading, found.flags)
    table, pending = pending_doubt(table)
    unknown = unknown_doubts(table)
    return Statuses(
        cells=cells,
        dropped=_dropped(table),
        notes=(*notes, *pending.notes, *unknown.notes),
        questions=(*pending.questions, *unknown.questions),
        meanings=_meanings(table),
    )


def _cells(raw: RawTable, names: list[str], method: str | None) -> StatusCells:
    columns = tuple(StatusColumn.named(name) for name in names)
    if method is None:
        return StatusCells(columns)
    values = spellings(raw, method)
    doorstep = sorted(value for value, text in values.items() if is_paid_on_delivery(text))
    return StatusCells(columns, method, tuple(doorstep))


def _table(
    columns: tuple[StatusColumn, ...],
    together: list[Together],
    written: Mapping[str, Mapping[str, str]],
    rules: Rules,
    reading: Reading,
    flags: Mapping[str, StatusClass],
) -> StatusTable:
    classes: list[dict[str, StatusClass]] = []
    known_by: list[dict[str, KnownBy]] = []
    for column in columns:
        found = {
            value: _flag(value, flags[column.name], reading)
            if column.name in flags
            else _class(value, text, column, rules, reading)
            for value, text in written[column.name].items()
        }
        classes.append({value: said for value, (said, _) in found.items()})
        known_by.append({value: by for value, (_, by) in found.items()})
    texts = tuple(written[column.name] for column in columns)
    table = StatusTable(columns, tuple(together), tuple(classes), tuple(known_by), texts)
    return replace(table, classes=tuple(_with_refund_rows(table, place) for place in range(len(columns))))


def _flag(value: str, yes: StatusClass, reading: Reading) -> tuple[StatusClass, KnownBy]:
    answer = reading.statuses.get(value)
    if answer is not None:
        return ("keep" if answer == "counts" else "left_out"), "answer"
    return (yes if is_yes(value) else "keep"), "word"


def _class(
    value: str, text: str, column: StatusColumn, rules: Rules, reading: Reading
) -> tuple[StatusClass, KnownBy]:
    answer = reading.statuses.get(value) or reading.statuses.get(text.strip().lower())
    if answer is not None:
        return ("keep" if answer == "counts" else "left_out"), "answer"
    if value in rules.status_words and column.subject != "shipping":
        return rules.status_words[value], "system"
    said = classify_status(text, {}, column.subject)
    return said, "nothing" if said == "unknown" else "word"


def _with_refund_rows(table: StatusTable, place: int) -> Mapping[str, StatusClass]:
    """Where refunds are rows of their own with negative money, they stay in; elsewhere the order was taken back."""
    classes = dict(table.classes[place])
    for value, said in classes.items():
        if said == "returned":
            rows = sum(item.rows for item in table.having(place, value))
            negative = sum(item.negative_rows for item in table.having(place, value))
            classes[value] = "keep" if negative > _MOSTLY * rows else "returned"
    return classes


def _dropped(table: StatusTable) -> dict[Verdict, tuple[str, ...]]:
    keys: dict[Verdict, list[str]] = {}
    for item in table.together:
        verdict = table.verdict(item)
        if verdict != "counts":
            keys.setdefault(verdict, []).append(key(item.cells))
    return {verdict: tuple(found) for verdict, found in keys.items()}


def _meanings(table: StatusTable) -> tuple[ValueMeaning, ...]:
    found = []
    for place, column in enumerate(table.columns):
        for value, text in table.written[place].items():
            items = table.having(place, value)
            orders = sum(item.orders for item in items)
            counting = sum(item.orders for item in items if table.verdict(item) == "counts")
            amounts = [item.amount for item in items if item.amount is not None]
            found.append(
                ValueMeaning(
                    kind="status",
                    column=column.name,
                    value=text,
                    rows=sum(item.rows for item in items),
                    orders=orders,
                    amount=sum(amounts) if amounts else None,
                    meaning="counts" if counting > 0.5 * orders else "left_out",
                    known_by=table.known_by[place][value],
                )
            )
    return tuple(sorted(found, key=lambda item: (item.column, -item.rows, item.value)))
