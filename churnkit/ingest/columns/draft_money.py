"""For how much: the draft of a mapping checked for columns of money that exclude or double each other."""

from __future__ import annotations

from churnkit.ingest.columns.mapping_draft import MappingDraft, quoted
from churnkit.text import figures
from churnkit.text.figures import count


def settle_money(draft: MappingDraft) -> None:
    """Money comes from one place: the row's amount, the order's total, or price times quantity."""
    _leave_out_flags(draft)
    if "amount" in draft.chosen:
        _settle_amount(draft)
    elif "order_total" in draft.chosen:
        _settle_total(draft)
    elif "unit_price" in draft.chosen:
        _settle_unit_price(draft)
    else:
        _find_money(draft)


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


def _settle_amount(draft: MappingDraft) -> None:
    amount, price = draft.chosen["amount"], draft.chosen.get("unit_price")
    draft.chosen.pop("order_total", None)
    facts = draft.evidence[amount]
    if price and "quantity" not in draft.chosen and facts.whole_share == 1:
        if facts.distinct <= 100 and facts.distinct < draft.evidence[price].distinct:
            draft.ask(
                "amount",
                f"{amount!r} holds small whole numbers beside {price!r}: it may be money or pieces.",
                "amount or quantity",
                [amount, price],
            )
        return
    order = draft.chosen.get("order_id")
    multiple, constant = draft.pairs.constancy(order, amount) if order else (0, 0)
    if multiple >= 10 and constant >= 0.95 * multiple and facts.distinct > 10:
        draft.ask(
            "amount",
            f"{amount!r} repeats on every line of an order in {count(constant)} of {count(multiple)} orders of"
            " several lines: it may be the order's total, or each line's.",
            "order_total (counted once an order) or amount (summed over the lines)",
            [amount],
        )


def _settle_total(draft: MappingDraft) -> None:
    total, order = draft.chosen["order_total"], draft.chosen.get("order_id")
    multiple, constant = draft.pairs.constancy(order, total) if order else (0, 0)
    if multiple == 0 or constant < 0.95 * multiple:
        draft.chosen["amount"] = draft.chosen.pop("order_total")
        draft.overrides["amount"] = draft.scores["order_total", total]
        if multiple:
            draft.notes.append(
                f"{total!r} differs between the lines of an order, so it is each line's money."
            )
    elif {"quantity", "unit_price"} <= draft.chosen.keys():
        draft.chosen.pop("order_total")
        draft.notes.append(
            f"Money is quantity times unit price; {total!r} repeats the order's total and is not used."
        )


def _settle_unit_price(draft: MappingDraft) -> None:
    price, quantity = draft.chosen["unit_price"], draft.chosen.get("quantity")
    if quantity is None:
        draft.notes.append(f"No column holds a quantity: each row counts as one piece at {price!r}.")
        return
    plain = {"unit", "each", "per", "stuck", "einzel", "unitaire", "unitario"}
    if any(word in price.lower() for word in plain):
        return
    likeness = draft.pairs.log_correlation(quantity, price)
    if likeness is not None and likeness > 0.5:
        draft.ask(
            "unit_price",
            f"{price!r} grows with {quantity!r} (correlation {figures.score(likeness, 2)}): it may be the line's"
            " total, not the price of one piece.",
            "amount (the line's total) or unit_price (times quantity)",
            [price],
        )


def _find_money(draft: MappingDraft) -> None:
    found = [
        name for name in draft.free() if draft.evidence[name].has_decimals and not _disqualified(draft, name)
    ]
    if len(found) == 1:
        draft.put("amount", found[0], 0.5, "the only column of numbers with decimals")
        draft.notes.append(f"Money is read from {found[0]!r}, the only column of numbers with decimals.")
    elif found:
        draft.ask("amount", f"Several columns may be money: {quoted(found)}.", "amount", found)
    else:
        draft.ask(
            "amount",
            "No column holds money.",
            "order_total, amount, or quantity and unit_price",
            draft.free(),
        )


def _disqualified(draft: MappingDraft, column: str) -> bool:
    """The header is near to money, and its other words say that it is something else: `shipping cost`."""
    return any(
        0 < draft.scores[field, column].confidence < 0.5 for field in ("amount", "order_total", "unit_price")
    )
