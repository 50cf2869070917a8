"""Statuses that only the shop's owner can tell: unknown ones, and orders that wait for their money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from churnkit.ingest.questions import Choice, Question
from churnkit.ingest.rows.status_counts import Together
from churnkit.ingest.rows.status_table import StatusTable
from churnkit.text import figures

# Of the orders: a status above it changes results, and many rare ones together do.
_ASKED_FROM = 0.01
_RARE_TOGETHER = 0.05
# A shop that waits for the money of more orders than this is paid otherwise than its system knows, or not at all.
_MOST = 0.5
_UNUSUAL = 0.2
# Fewer are some that nobody paid yet.
_FEW = 10
# Of the waiting orders that are proven to be paid on delivery, the share that speaks for the rest of them.
_PROOF = 0.1

# What speaks against an order and is outweighed by proof of payment or of the goods' way.
_AGAINST = {"pending", "unpaid", "undelivered"}
_UNKNOWN_WORDS = "its words do not say whether they were bought and paid"
_TOO_MANY_WAIT = (
    "they wait for their money as far as the file says, and are too many for orders that nobody paid. They count if"
    " customers pay on delivery or on account"
)


@dataclass(frozen=True)
class Doubt:
    """What is to be asked and what to be told."""

    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


def pending_doubt(table: StatusTable) -> tuple[StatusTable, Doubt]:
    """Whether orders that wait for their money count: proven by the file, asked, or left out and said."""
    against = [item for item in table.together if _AGAINST & set(table.said(item))]
    counted = [item for item in against if table.verdict(item) == "counts"]
    waiting = [item for item in against if "pending" in table.said(item)]
    proven = [item for item in counted if item in waiting]
    still_open = [item for item in waiting if table.verdict(item) == "unpaid" and _only_waits(table, item)]
    live = sum(item.orders for item in table.together if table.verdict(item) == "counts") + _orders(
        still_open
    )
    notes = _counted_note(table, counted) if counted else ()
    if not still_open:
        return table, Doubt(notes=notes)
    both = _orders(proven) + _orders(still_open)
    if both > _MOST * live and _orders(proven) >= _PROOF * both:
        return replace(table, on_delivery=True), Doubt(notes=_counted_note(table, [*counted, *still_open]))
    if _orders(still_open) >= max(_FEW, _UNUSUAL * live):
        return table, Doubt(_asked(table, still_open), notes)
    return table, Doubt(notes=(*notes, _left_out_note(table, still_open)))


def unknown_doubts(table: StatusTable) -> Doubt:
    """Statuses in words that nobody knows, wherever they alone decide."""
    found = [
        (place, value, items)
        for place, classes in enumerate(table.classes)
        for value, said in classes.items()
        if said == "unknown"
        and (items := [item for item in table.having(place, value) if table.verdict(item) == "counts"])
    ]
    found.sort(key=lambda item: -_orders(item[2]))
    rare = [item for item in found if _orders(item[2]) <= _ASKED_FROM * table.orders]
    if sum(_orders(items) for _, _, items in rare) > _RARE_TOGETHER * table.orders:
        rare = []
    asked = [item for item in found if item not in rare]
    return Doubt(
        tuple(_question(table, place, value, items, _UNKNOWN_WORDS) for place, value, items in asked),
        (_rare_note(table, rare),) if rare else (),
    )


def _only_waits(table: StatusTable, item: Together) -> bool:
    """Nothing but waiting speaks against the order."""
    return not {"unpaid", "failed", "undelivered"} & set(table.said(item))


def _asked(table: StatusTable, items: Sequence[Together]) -> tuple[Question, ...]:
    found: dict[str, tuple[int, list[Together]]] = {}
    for place, classes in enumerate(table.classes):
        for value, said in classes.items():
            having = [item for item in items if item.cells[place] == value]
            if said == "pending" and having:
                found.setdefault(value, (place, having))
    return tuple(
        _question(table, place, value, having, _TOO_MANY_WAIT) for value, (place, having) in found.items()
    )


def _question(table: StatusTable, place: int, value: str, items: Sequence[Together], why: str) -> Question:
    text, column = table.written[place][value], table.columns[place].name
    orders, rows, money = _orders(items), sum(item.rows for item in items), _money(items)
    sum_words = "" if money is None else f" ({figures.money(money)})"
    choices = tuple(
        Choice(label, {"statuses": {value: meaning}}, rows, orders, money)
        for label, meaning in (("counts as an order", "counts"), ("is left out", "left_out"))
    )
    return Question(
        "statuses",
        f"{figures.counted(orders, 'order')}{sum_words} of {figures.count(table.orders)} have {text!r} in"
        f" {column!r}: {why}.",
        f'Say whether they count: --status "{text}=counts" or --status "{text}=left_out".',
        choices,
        "--status",
    )


def _counted_note(table: StatusTable, items: Sequence[Together]) -> tuple[str, ...]:
    return (
        f"{figures.counted(_orders(items), 'order')} with the status {_waiting_words(table, items)} count: they were"
        " sent, paid or are paid on delivery.",
    )


def _left_out_note(table: StatusTable, items: Sequence[Together]) -> str:
    money = _money(items)
    return (
        f"{figures.counted(_orders(items), 'order')} with the status {_waiting_words(table, items)}"
        f"{'' if money is None else f' ({figures.money(money)})'} are left out as not paid; if they were bought,"
        " say so (--status)."
    )


def _rare_note(table: StatusTable, rare: Sequence[tuple[int, str, list[Together]]]) -> str:
    words = ", ".join(repr(table.written[place][value]) for place, value, _ in rare[:10])
    orders = sum(_orders(items) for _, _, items in rare)
    return f"Kept, as their meaning is unknown: statuses {words} of {figures.counted(orders, 'order')} (--status)."


def _waiting_words(table: StatusTable, items: Sequence[Together]) -> str:
    found = {
        table.written[place][value]
        for item in items
        for place, (classes, value) in enumerate(zip(table.classes, item.cells, strict=False))
        if value is not None and classes[value] in _AGAINST
    }
    return ", ".join(repr(text) for text in sorted(found))


def _orders(items: Sequence[Together]) -> int:
    return sum(item.orders for item in items)


def _money(items: Sequence[Together]) -> float | None:
    amounts = [item.amount for item in items if item.amount is not None]
    return sum(amounts) if amounts else None
