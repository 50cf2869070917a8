"""Suggested mapping of a file that no preset knows: headers and cells together, one column a field."""

from __future__ import annotations

from churnkit.config import IngestSettings
from churnkit.ingest.columns.assignment import best_assignment
from churnkit.ingest.columns.cell_evidence import gather
from churnkit.ingest.columns.column_pairs import ColumnPairs
from churnkit.ingest.columns.customer_choice import choose_customer
from churnkit.ingest.columns.customer_counts import CustomerCounts
from churnkit.ingest.columns.draft_date import settle_date
from churnkit.ingest.columns.draft_money import settle_money
from churnkit.ingest.columns.draft_order import find_order, settle_order
from churnkit.ingest.columns.mapping_draft import MIN_CONFIDENCE, MappingDraft
from churnkit.ingest.columns.suggest_without_header import suggest_without_header
from churnkit.ingest.columns.suggested_mapping import SuggestedMapping
from churnkit.ingest.columns.suitability import Score, score
from churnkit.ingest.columns.synonyms import HEADERS
from churnkit.ingest.files import RawTable

# A wrong guess here silently drops rows or changes money, so the header must say it plainly.
_CAREFUL = {"discount": 0.75, "refunded": 0.8, "currency": 0.7, "status": 0.7, "event_type": 0.7, "time": 0.7}


def suggest(raw: RawTable, settings: IngestSettings) -> SuggestedMapping:
    """Suggest a mapping from headers and cells.

    Fields are assigned to columns one to one so that the sum of confidences is greatest (Kuhn 1955, the
    Hungarian method); then identity, date and money are checked against each other. A file without a
    header is mapped by its cells alone.
    """
    evidence = gather(raw, settings)
    pairs = ColumnPairs(raw)
    if raw.format.header_row == 0:
        return suggest_without_header(evidence, pairs)
    scores = {
        (field, column): score(field, column, facts)
        for field in HEADERS
        for column, facts in evidence.items()
    }
    draft = MappingDraft(evidence, pairs, scores, _assign(scores, list(HEADERS), list(evidence)))
    settle_order(draft)
    choose_customer(draft, CustomerCounts(raw, draft.chosen.get("order_id")))
    settle_date(draft)
    find_order(draft)
    settle_money(draft)
    return draft.result()


def _assign(scores: dict[tuple[str, str], Score], fields: list[str], columns: list[str]) -> dict[str, str]:
    """The one-to-one assignment of columns to fields with the greatest total confidence."""
    table = [[_if_enough(scores[field, column].confidence, field) for column in columns] for field in fields]
    return {fields[row]: columns[place] for row, place in best_assignment(table) if table[row][place] > 0}


def _if_enough(confidence: float, field: str) -> float:
    return confidence if confidence >= _CAREFUL.get(field, MIN_CONFIDENCE) else 0.0
