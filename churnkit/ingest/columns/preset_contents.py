"""Whether the cells of a file are what its known header promises."""

from __future__ import annotations

from churnkit.config import IngestSettings
from churnkit.ingest.columns.cell_evidence import Evidence, gather
from churnkit.ingest.columns.mapping import IDENTITY, MONEY, ColumnMapping
from churnkit.ingest.columns.suitability import looks_like_date, looks_like_names
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Choice, Question

# Cells that are blank, masked or broken are no contradiction; a column of something else is one.
_ENOUGH = 0.3


def contents(raw: RawTable, mapping: ColumnMapping, settings: IngestSettings) -> dict[str, Evidence]:
    """Field -> evidence of the columns that say who, when and how much."""
    fields = ("ordered_at", *MONEY, *IDENTITY)
    columns = {name: mapping.columns[name] for name in fields if name in mapping.columns}
    found = gather(raw, settings, tuple(dict.fromkeys(columns.values())))
    return {name: found[column] for name, column in columns.items()}


def contradiction(evidence: dict[str, Evidence]) -> str | None:
    """What is wrong with the cells of a column, in words; None where all look as they should."""
    for field, facts in evidence.items():
        if not facts.filled:
            continue
        if field == "ordered_at" and facts.date_share < _ENOUGH:
            return _found(facts, "dates")
        if field in MONEY and facts.number_share < _ENOUGH:
            return _found(facts, "money")
        if field == "email" and (facts.has_decimals or looks_like_date(facts) > 0.9):
            return _found(facts, "e-mail addresses")
    return None


def names_alone(evidence: dict[str, Evidence]) -> Question | None:
    """A question where people's names are all that says who bought."""
    who = next((evidence[name] for name in IDENTITY if name in evidence and evidence[name].filled), None)
    if who is None or who is not evidence.get("customer_id") or not looks_like_names(who):
        return None
    if "email" in evidence and evidence["email"].filled:
        return None
    # `Ann Example (annshop)`: the shop's own name for the account stands in brackets.
    if sum("(" in cell for cell in who.cells) > len(who.cells) / 2:
        return None
    return Question(
        "customer_id",
        f"Only {who.name!r} says who bought, and it holds names (for example {who.cells[0]!r}): two people share one, and"
        " one person is spelled in several ways.",
        "Export the orders with a customer number or an e-mail address; or say that names are unique in this shop:"
        f' {{"customer_id": "{who.name}"}} in the mapping file (--map).',
        (Choice(f"Names are unique here: use {who.name!r}", {"customer_id": who.name}, rows=who.filled),),
    )


def _found(facts: Evidence, wanted: str) -> str:
    example = next(iter(facts.cells), "")
    return f"{facts.name!r} holds no {wanted} (for example {example!r})"
