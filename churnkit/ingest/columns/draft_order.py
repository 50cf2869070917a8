"""The order: by its header, else the column whose every value has one customer and one date."""

from __future__ import annotations

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.customer_words import names_somebody_else, says_no_id, says_number, says_phone
from churnkit.ingest.columns.mapping import IDENTITY
from churnkit.ingest.columns.mapping_draft import MappingDraft
from churnkit.ingest.columns.suitability import looks_like_date, looks_like_names

_ITEMS = ("product_id", "product_name", "quantity", "unit_price")
# With so many rows each, values are places or kinds, not orders.
_LEAST_DISTINCT = 0.1
_UNIQUE = 0.995
_LONGEST_CODE = 40


def settle_order(draft: MappingDraft) -> None:
    """Of an order's and a line's number, the order's: every line has one order, not the other way round."""
    for other in draft.ties("order_id") if "order_id" in draft.chosen else []:
        line = draft.chosen["order_id"]
        if draft.pairs.determines(line, other) and not draft.pairs.determines(other, line):
            draft.chosen["order_id"] = other
            draft.notes.append(f"{other!r} groups several values of {line!r}, so it is taken for the order.")


def find_order(draft: MappingDraft) -> None:
    """Take a column under an unknown header for the order where its cells are orders'; date and customer are settled.

    A column that numbers rows is the order's where no row is a line of one, or where no customer has two rows of one
    moment; otherwise it may number the lines, and orders are told apart by customer and moment.
    """
    who = next((draft.chosen[name] for name in IDENTITY if name in draft.chosen), None)
    when = draft.chosen.get("ordered_at")
    if "order_id" in draft.chosen or who is None or when is None:
        return
    able = [
        name
        for name in draft.free()
        if _may_be_orders(name, draft.evidence[name])
        and draft.pairs.determines(name, when)
        and draft.pairs.determines(name, who)
    ]
    groups = [name for name in able if draft.evidence[name].distinct_share < _UNIQUE]
    if groups:
        best = min(groups, key=lambda name: (not says_number(name), draft.evidence[name].distinct))
    else:
        named = [name for name in able if says_number(name)]
        lines = any(name in draft.chosen for name in _ITEMS)
        if not named or (lines and draft.pairs.repeats(who, when)):
            return
        best = named[0]
    draft.put("order_id", best, 0.6, "each of its values has one customer and one date")
    draft.notes.append(f"{best!r} is taken for the order: each of its values has one customer and one date.")


def _may_be_orders(header: str, facts: Evidence) -> bool:
    if names_somebody_else(header) or says_no_id(header) or says_phone(header):
        return False
    if (
        facts.has_decimals
        or looks_like_date(facts) > 0.9
        or looks_like_names(facts)
        or facts.email_share > 0.1
    ):
        return False
    codes = [cell for cell in facts.cells if " " not in cell.strip() and len(cell) <= _LONGEST_CODE]
    filled = facts.filled >= 0.99 * facts.rows
    return filled and facts.distinct_share >= _LEAST_DISTINCT and len(codes) >= 0.9 * len(facts.cells) > 0
