"""What is asked where it stays open who bought, and what is said where no column can tell."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.ingest.columns.customer_candidates import Candidate, may_be_ids, people_columns
from churnkit.ingest.columns.customer_counts import CustomerCounts
from churnkit.ingest.columns.mapping_draft import MappingDraft, quoted
from churnkit.ingest.questions import Choice, Question
from churnkit.text.figures import count

_NAME_ONLY = (
    "Names do not identify customers: two people share one, and one person is spelled in several ways. Export"
    " the orders with a customer number or an e-mail address (many shops have them in an export of orders that is"
    " larger than the list on the screen, in an export plugin or in a query of their database); or, where names are"
    " unique in this shop, say so with a mapping file (--map) that names the column as customer_id."
)
_NOBODY = "Export the orders with a customer number, an e-mail address or a telephone number on each."
_MOST_CHOICES = 8


def ask_customer(draft: MappingDraft, found: Sequence[Candidate], problem: str) -> None:
    """Ask which of the columns is the customer, with the customers and orders that each makes."""
    columns = [item.column for item in found]
    draft.questions.append(
        Question(
            "customer_id",
            f"{_listed(found)} {problem}.",
            f"Name the right column as customer_id, email or phone in a mapping file (--map): {quoted(columns)}.",
            tuple(map(_choice, found)),
        )
    )


def refuse_customer(draft: MappingDraft, counts: CustomerCounts, name_column: str | None) -> None:
    """Names alone are refused; where some column could be ids, it is asked which."""
    if name_column:
        draft.questions.append(
            Question(
                "customer_id",
                f"Only {name_column!r} says who bought, and it holds people's names, such as"
                f" {_example(draft, name_column)!r}.",
                _NAME_ONLY,
                refusal="names_only",
            )
        )
        return
    found = _possible(draft, counts)
    if found:
        ask_customer(
            draft,
            found,
            "may say who bought: no column is a customer number or an e-mail address by its header",
        )
        return
    draft.questions.append(
        Question(
            "customer_id",
            "No column says who bought (a customer number or an e-mail address).",
            f"{_NOBODY} If one of the columns does, name it as customer_id in a mapping file (--map):"
            f" {quoted(draft.evidence)}.",
            refusal="no_customer",
        )
    )


def _possible(draft: MappingDraft, counts: CustomerCounts) -> list[Candidate]:
    """Columns of codes that come back, those that tell most people apart first."""
    found = [
        Candidate("customer_id", name, 0.0, counts.named("customer_id", name))
        for name in people_columns(draft)
        if may_be_ids(draft.evidence[name], plain=False)
    ]
    back = [item for item in found if not item.named.once_an_order]
    return sorted(back, key=lambda item: -item.named.customers)[:_MOST_CHOICES]


def _choice(item: Candidate) -> Choice:
    people = f"{count(item.named.customers)} customers"
    return Choice(f"{item.column}: {people}", {item.field: item.column}, orders=item.named.orders)


def _listed(found: Sequence[Candidate]) -> str:
    parts = [
        f"{item.column!r} ({count(item.named.customers)} customers, {count(item.named.orders)} orders)"
        for item in found
    ]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _example(draft: MappingDraft, column: str) -> str:
    return next(iter(draft.evidence[column].cells), "")
