"""Mapping of a file without a header: the cells alone say which column is what."""

from __future__ import annotations

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.money_without_header import money_by_cells
from churnkit.ingest.columns.suggested_mapping import SuggestedMapping, Suggestion
from churnkit.ingest.columns.suitability import looks_like_date, looks_like_names
from churnkit.ingest.questions import Question
from churnkit.text.figures import count

_KEYS = "Write a mapping file (--map) with the columns' names column_1, column_2 …"


def suggest_without_header(evidence: dict[str, Evidence], pairs: ColumnPairs) -> SuggestedMapping:
    """Suggest a mapping by what the cells look like and by which column repeats with which."""
    chosen: dict[str, Suggestion] = {}
    questions: list[Question] = []
    free = dict(evidence)

    def take(field: str, column: str, confidence: float, reason: str) -> None:
        chosen[field] = Suggestion(field, column, confidence, reason)
        del free[column]

    dates = [name for name, facts in free.items() if looks_like_date(facts) > 0.9]
    if len(dates) == 1:
        take("ordered_at", dates[0], 0.6, "the only column whose cells are dates")
    else:
        found = f"{len(dates)} columns hold dates: {', '.join(dates)}." if dates else "No column holds dates."
        questions.append(Question("ordered_at", found, f"{_KEYS} and name order_datetime."))

    money = money_by_cells(pairs.raw, evidence, free)
    for found_field in money.fields:
        take(found_field.field, found_field.column, found_field.confidence, found_field.reason)
    questions += money.questions

    notes = ["The file has no header: columns were told apart by their cells alone."]
    _settle_ids(free, chosen, questions, notes, pairs)
    notes.append("Taken: " + ", ".join(f"{item.column} = {item.field}" for item in chosen.values()) + ".")
    return SuggestedMapping(tuple(chosen.values()), tuple(questions), tuple(notes), evidence)


def _settle_ids(
    free: dict[str, Evidence],
    chosen: dict[str, Suggestion],
    questions: list[Question],
    notes: list[str],
    pairs: ColumnPairs,
) -> None:
    emails = [name for name, facts in free.items() if facts.email_share > 0.8]
    if emails:
        chosen["email"] = Suggestion("email", emails[0], 0.7, "the cells are e-mail addresses")
        return
    ids = [name for name, facts in free.items() if _is_id(facts)]
    customers = [name for name in ids if free[name].distinct_share < 0.995]
    if len(customers) > 1:
        customers = _told_apart(customers, chosen, notes, pairs)
    if len(customers) == 1:
        reason = f"about {count(free[customers[0]].distinct)} different values that repeat"
        chosen["customer_id"] = Suggestion("customer_id", customers[0], 0.6, reason)
        return
    found = (
        f"{', '.join(customers)} may each be the customer."
        if customers
        else "No column holds customers' ids."
    )
    questions.append(Question("customer_id", found, f"{_KEYS} and name customer_id."))


def _told_apart(
    customers: list[str], chosen: dict[str, Suggestion], notes: list[str], pairs: ColumnPairs
) -> list[str]:
    """Of several columns that may be the customer's, the one that is, or all of them where it stays open."""
    first = customers[0]
    if all(pairs.equivalent(first, other) for other in customers[1:]):
        notes.append(f"{', '.join(customers)} name the same customers; {first} is used.")
        return [first]
    # An order has one customer; a customer has several orders.
    owners = [
        name
        for name in customers
        if all(pairs.determines(other, name) for other in customers if other != name)
    ]
    if len(owners) != 1 or len(customers) != 2:
        return customers
    order = next(name for name in customers if name != owners[0])
    chosen["order_id"] = Suggestion("order_id", order, 0.5, f"each value belongs to one value of {owners[0]}")
    return owners


def _is_id(facts: Evidence) -> bool:
    if facts.has_decimals or looks_like_names(facts) or looks_like_date(facts) > 0.9:
        return False
    return facts.distinct >= 20 and facts.distinct_share >= 0.005
