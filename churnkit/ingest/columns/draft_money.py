"""For how much: the columns of money of a draft, chosen by what they do; headers alone settle nothing."""

from __future__ import annotations

import numpy as np

from churnkit.ingest.columns.mapping import MONEY
from churnkit.ingest.columns.mapping_draft import MappingDraft, quoted
from churnkit.ingest.columns.money_choice import decide
from churnkit.ingest.columns.money_columns import measure, numeric_formats
from churnkit.ingest.columns.money_question import ask_money
from churnkit.ingest.columns.money_readings import MoneyReading, MoneyTable
from churnkit.ingest.columns.money_weighing import MoneyDecision
from churnkit.ingest.columns.money_words import money_name
from churnkit.text.figures import count

_MONEY_FIELDS = (*MONEY, "discount", "refunded")
# Shops that take more back than this do not live long.
_MAX_REFUNDED = 0.6
_SOME_NUMBERS = 0.1
_MAX_ABOVE = 0.1
_REASONS = {
    "line": "its figures are the money of each row",
    "order": "its figures are the order's, once an order",
    "product": "quantity times price is the money of each row",
}


def settle_money(draft: MappingDraft) -> None:
    """Money comes from one place: the row's amount, the order's total, or price times quantity."""
    _leave_out_flags(draft)
    _leave_out_other_discounts(draft)
    table = money_table(draft)
    if table is None:
        _ask_without_money(draft)
        return
    if _asked_for_pieces(draft, table):
        return
    decision = decide(table)
    if len(decision.readings) == 1:
        _take(draft, table, decision)
    elif decision.readings:
        draft.questions.append(ask_money(table, decision.readings, _finding(table, decision)))
    else:
        _ask_for_any(draft, table)


def money_table(draft: MappingDraft) -> MoneyTable | None:
    """The numeric columns that are nothing else, measured; None where there are none."""
    others = {column for field, column in draft.chosen.items() if field not in (*_MONEY_FIELDS, "quantity")}
    formats = numeric_formats(draft.evidence, (name for name in draft.evidence if name not in others))
    if not formats:
        return None
    order, raw = draft.chosen.get("order_id"), draft.pairs.raw
    measured = measure(
        raw, formats, order, draft.chosen.get("product_id") or draft.chosen.get("product_name")
    )
    known = {field: draft.chosen.get(field) for field in ("quantity", "discount")}
    quantity, discount = (column if column in formats else None for column in known.values())
    if quantity and draft.evidence[quantity].negative_share > 0.5:
        quantity = draft.chosen.pop("quantity") and None
    return MoneyTable(raw, draft.evidence, formats, measured, order, quantity, discount)


def _take(draft: MappingDraft, table: MoneyTable, decision: MoneyDecision) -> None:
    (reading,) = decision.readings
    previous = {field: draft.chosen.pop(field) for field in MONEY if field in draft.chosen}
    discount = draft.chosen.get("discount")
    confidence = 0.95 if reading.name.exact else 0.7 if reading.name.field else 0.5
    for field, column in reading.fields.items():
        draft.put(field, column, confidence, _REASONS[reading.shape])
    price = previous.get("unit_price")
    if price and price not in reading.fields.values() and money_name(price).exact:
        draft.chosen["unit_price"] = price
    if reading.shape == "product" and discount and "discount" not in reading.fields:
        del draft.chosen["discount"]
        draft.notes.append(
            f"{discount!r} is not taken off: the totals show that it is off already, or none on goods."
        )
    if draft.chosen.get("refunded") in decision.refunds_are_off:
        draft.notes.append(f"{draft.chosen.pop('refunded')!r} is off {reading.column!r} already.")
    _leave_out_other_refunds(draft, table, reading)
    draft.notes += [*decision.reasons, *_notes(table, reading)]


def _leave_out_other_refunds(draft: MappingDraft, table: MoneyTable, reading: MoneyReading) -> None:
    """Refunds are the exception and no more than was paid; another column of that name is not taken off."""
    column = draft.chosen.get("refunded")
    if column is None or column not in table.formats:
        return
    back, paid = np.abs(table.measured.by_order(column)), reading.by_order
    given = back > 0
    above = given & (back > 1.5 * np.abs(paid) + 1)
    if given.mean() <= _MAX_REFUNDED and above.sum() <= max(3, _MAX_ABOVE * given.sum()):
        return
    del draft.chosen["refunded"]
    draft.notes.append(
        f"{column!r} is not taken off: it stands on {count(int(given.sum()))} of {count(len(given))} orders, on"
        f" {count(int(above.sum()))} of them with more than was paid, so it is no refund."
    )


def _notes(table: MoneyTable, reading: MoneyReading) -> list[str]:
    notes = []
    if not reading.name.field:
        notes.append(f"Money is read from {reading.column!r}, the only column of numbers with decimals.")
    if reading.shape == "product" and "quantity" not in reading.fields:
        notes.append(f"No column holds a quantity: each row counts as one piece at {reading.column!r}.")
    if reading.shape == "line" and reading.name.field == "order_total" and table.several_line_orders:
        notes.append(f"{reading.column!r} differs between the lines of an order, so it is each line's money.")
    return notes


def _finding(table: MoneyTable, decision: MoneyDecision) -> str:
    """What makes one column's readings differ, where all are of one column."""
    columns = {reading.column for reading in decision.readings}
    if len(columns) > 1:
        return ""
    (column,) = columns
    if any(reading.shape == "order" for reading in decision.readings):
        return (
            f"{column!r} repeats on every line of an order, in nearly all of {count(table.several_line_orders)} orders of"
            " several lines: it may be the order's total, or each line's."
        )
    return (
        f"{column!r} grows with {table.quantity!r}: it may be the line's total, not the price of one piece."
    )


def _leave_out_flags(draft: MappingDraft) -> None:
    """A column of nothing but 0 and 1 is no money: `Refunded` may well say yes or no."""
    for field in ("discount", "refunded"):
        column = draft.chosen.get(field)
        if column and draft.evidence[column].largest <= 1 and draft.evidence[column].whole_share == 1:
            del draft.chosen[field]
            if draft.evidence[column].largest:
                draft.notes.append(
                    f"{column!r} holds only 0 and 1, so it is not read as money ({field}). If 1 marks orders"
                    " that were undone, map it as cancelled."
                )


def _leave_out_other_discounts(draft: MappingDraft) -> None:
    """Free shipping is no discount on goods."""
    column = draft.chosen.get("discount")
    if column and money_name(column).kind == "waiver":
        del draft.chosen["discount"]


def _asked_for_pieces(draft: MappingDraft, table: MoneyTable) -> bool:
    """Small whole numbers under `amount`, beside a price and no quantity, are money or pieces."""
    amount, price = draft.chosen.get("amount"), draft.chosen.get("unit_price")
    if not (amount and price) or table.quantity or {amount, price} - set(table.formats):
        return False
    if not money_name(amount).exact or money_name(price).kind:
        return False
    facts = draft.evidence[amount]
    if facts.whole_share < 1 or facts.distinct > 100 or facts.distinct >= draft.evidence[price].distinct:
        return False
    pieces = MoneyTable(
        table.raw, table.evidence, table.formats, table.measured, table.order, amount, table.discount
    )
    draft.questions.append(
        ask_money(
            pieces,
            [pieces.product(price), table.line(amount)],
            f"{amount!r} holds small whole numbers beside {price!r}: it may be money or pieces"
            f" ({count(facts.distinct)} different values).",
        )
    )
    return True


def _ask_for_any(draft: MappingDraft, table: MoneyTable) -> None:
    """Nothing looks like what customers paid: every column that holds figures is offered, the fullest first."""
    filled = [
        column
        for column in table.columns
        if table.measured.nonzero_share(column) > 0 and not table.is_id(column)
    ]
    beside = sorted(
        filled, key=lambda name: (bool(table.names[name].kind), -table.measured.nonzero_share(name))
    )
    readings = [table.line(column) for column in beside]
    if readings:
        draft.questions.append(ask_money(table, readings, "No column is surely the money."))
    else:
        _ask_without_money(draft)


def _ask_without_money(draft: MappingDraft) -> None:
    """Of columns that hold some numbers one may be the money all the same; without any the file has none."""
    partly = [name for name in draft.free() if draft.evidence[name].number_share > _SOME_NUMBERS]
    if partly:
        keys = "order_total, amount, or quantity and unit_price"
        draft.ask("amount", "No column holds money.", keys, partly)
        return
    draft.refuse(
        "amount",
        f"No column holds money: {quoted(draft.evidence)}.",
        "Export the orders with what customers paid: the total of each order, or quantity and price of each line.",
        "no_money",
    )
