"""Who bought and in which order: the draft of a mapping checked for it."""

from __future__ import annotations

from churnkit.ingest.columns.customer_choice import choose_customer
from churnkit.ingest.columns.customer_counts import CustomerCounts
from churnkit.ingest.columns.mapping_draft import MappingDraft


def settle_identity(draft: MappingDraft) -> None:
    """Somebody must have bought; the order must be settled before."""
    choose_customer(draft, CustomerCounts(draft.pairs.raw, draft.chosen.get("order_id")))


def settle_order(draft: MappingDraft) -> None:
    """Of an order's and a line's number, the order's: every line has one order, not the other way round."""
    for other in draft.ties("order_id") if "order_id" in draft.chosen else []:
        line = draft.chosen["order_id"]
        if draft.pairs.determines(line, other) and not draft.pairs.determines(other, line):
            draft.chosen["order_id"] = other
            draft.notes.append(f"{other!r} groups several values of {line!r}, so it is taken for the order.")
