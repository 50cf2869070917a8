"""What came of a file that joined a shop's history, in sentences."""

from __future__ import annotations

from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.store import Addition
from churnkit.text.figures import counted, day, money


def addition_title(addition: Addition) -> str:
    """Which version it made, and of what time it is."""
    what = {
        "first": "First file",
        "period": "Export",
        "changes": "Changed orders",
        "taken_back": "The addition before was taken back",
        "erased": "A customer was erased",
    }[addition.kind]
    if addition.covers_from is None or addition.covers_to is None:
        return f"Version {addition.history_version}: {what}"
    period = f"orders from {day(addition.covers_from)} to {day(addition.covers_to)}"
    return f"Version {addition.history_version}: {what}, {period}"


def addition_words(addition: Addition, currency: str | None) -> tuple[str, ...]:
    """What it changed, a sentence each; the kinds that did not occur are left out."""
    found = addition.addition_figures
    if addition.kind == "first":
        return (f"{_orders(found.new, currency)}.",)
    if addition.kind == "taken_back":
        return _taken_back(found, currency)
    said = [
        _if(found.new, f"New: {_orders(found.new, currency)}."),
        _if(
            found.changed,
            f"Changed: {counted(found.changed.orders, 'order')}, now {money(found.changed.amount, currency)}, before"
            f" {money(found.changed_before.amount, currency)}.",
        ),
        _if(
            found.cancelled,
            f"No longer counting: {_orders(found.cancelled, currency)}; they left the history.",
        ),
        _missing(found, currency),
        _if(
            found.older,
            f"Told otherwise by a file that knows longer: {_orders(found.older, currency)}; they stay as that tells them.",
        ),
        _if(found.unchanged, f"Known already: {_orders(found.unchanged, currency)}."),
        *found.notes,
    ]
    return tuple(filter(None, said)) or ("Nothing changed.",)


def _missing(found: AdditionFigures, currency: str | None) -> str:
    became = "they left the history" if found.missing_taken_out else "they stay in the history"
    return _if(
        found.missing,
        f"Missing from this export of their time: {_orders(found.missing, currency)}; {became}.",
    )


def _taken_back(found: AdditionFigures, currency: str | None) -> tuple[str, ...]:
    said = [
        _if(found.cancelled, f"Out again: {_orders(found.cancelled, currency)}."),
        _if(found.new, f"As they were before: {_orders(found.new, currency)}."),
    ]
    return tuple(filter(None, said)) or ("Nothing changed.",)


def _orders(kind: OrdersOfKind, currency: str | None) -> str:
    return f"{counted(kind.orders, 'order')} of {money(kind.amount, currency)}"


def _if(kind: OrdersOfKind, words: str) -> str:
    return words if kind.orders else ""
