"""Who bought, and in which order: the draft of a mapping checked for it."""

from __future__ import annotations

from churnkit.ingest.columns.mapping_draft import MIN_CONFIDENCE, MappingDraft
from churnkit.ingest.columns.suitability import looks_like_names
from churnkit.ingest.questions import Question

_NAME_ONLY = (
    "Names do not identify customers: two people share one, and one person is spelled in several ways. Export"
    " the orders with a customer number or an e-mail address; or, where names are unique in this shop, say so"
    " with a mapping file (--map) that names the column as customer_id."
)


def settle_identity(draft: MappingDraft) -> None:
    """An e-mail address is no customer number, a person's name neither; somebody must have bought."""
    column = draft.chosen.get("customer_id")
    if column and draft.evidence[column].email_share > 0.8:
        draft.put("email", draft.chosen.pop("customer_id"), 0.95, "the cells are e-mail addresses")
    elif column and looks_like_names(draft.evidence[column]):
        draft.chosen.pop("customer_id")
        draft.chosen.setdefault("customer_name", column)
    if "customer_id" not in draft.chosen and "email" not in draft.chosen:
        _find_email(draft)
    if "customer_id" in draft.chosen:
        _prefer_a_tie_that_repeats(draft)
    elif "email" not in draft.chosen:
        _refuse_identity(draft)


def settle_order(draft: MappingDraft) -> None:
    """The order is no line of an order, and the customer is none that changes with every order."""
    _prefer_the_whole_order(draft)
    order, customer = draft.chosen.get("order_id"), draft.chosen.get("customer_id")
    if order and customer and draft.pairs.equivalent(order, customer):
        others = [
            name
            for name, confidence in draft.alternatives("customer_id")
            if confidence >= MIN_CONFIDENCE and not draft.pairs.equivalent(order, name)
        ]
        if others:
            draft.chosen["customer_id"] = others[0]
            draft.notes.append(
                f"{customer!r} changes with every order, so {others[0]!r} is taken for the customer."
            )
        elif draft.evidence[customer].distinct > 50:
            draft.notes.append(
                f"Every value of {customer!r} has exactly one order: check that it is the customer."
            )


def _prefer_the_whole_order(draft: MappingDraft) -> None:
    """Of an order's and a line's number, the order's: every line has one order, not the other way round."""
    for other in draft.ties("order_id") if "order_id" in draft.chosen else []:
        line = draft.chosen["order_id"]
        if draft.pairs.determines(line, other) and not draft.pairs.determines(other, line):
            draft.chosen["order_id"] = other
            draft.notes.append(f"{other!r} groups several values of {line!r}, so it is taken for the order.")


def _find_email(draft: MappingDraft) -> None:
    found = [name for name in draft.free() if draft.evidence[name].email_share > 0.8]
    if found:
        draft.put("email", found[0], 0.8, "the cells are e-mail addresses")


def _refuse_identity(draft: MappingDraft) -> None:
    names = draft.chosen.get("customer_name") or next(
        (name for name in draft.free() if looks_like_names(draft.evidence[name])), None
    )
    if "customer_name" in draft.chosen and names:
        draft.questions.append(
            Question(
                "customer_id", f"Only {names!r} says who bought, and it holds people's names.", _NAME_ONLY
            )
        )
    else:
        draft.ask(
            "customer_id",
            "No column says who bought (a customer number or an e-mail address).",
            "customer_id or email",
            list(draft.evidence),
        )


def _prefer_a_tie_that_repeats(draft: MappingDraft) -> None:
    column = draft.chosen["customer_id"]
    for other in draft.ties("customer_id"):
        if draft.pairs.equivalent(column, other):
            draft.notes.append(f"{column!r} and {other!r} name the same customers; the former is used.")
        elif draft.evidence[other].email_share < 0.8:
            draft.ask(
                "customer_id",
                f"{column!r} and {other!r} may both be the customer.",
                "customer_id",
                [column, other],
            )
            return
