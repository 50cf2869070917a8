"""What the user should know of the rows that were kept or left out."""

from __future__ import annotations

from churnkit.ingest.rows.ledger import LedgerEntry
from churnkit.ingest.rows.repeated_lines import LINES
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.text import figures

# Beyond these they are counted.
_MOST_NUMBERS = 5


def row_notes(staged: StagedRows, entries: tuple[LedgerEntry, ...]) -> tuple[str, ...]:
    """Notes on the rows of one file, whose account is ``entries``."""
    return (
        *_status_notes(entries, staged.plan.raw.row_count),
        *_number_notes(staged),
        *_duplicate_notes(staged),
        *staged.people.notes,
        *_service_notes(staged),
    )


def _status_notes(entries: tuple[LedgerEntry, ...], row_count: int) -> list[str]:
    """A shop that lost most of its orders has its statuses misread."""
    lost = sum(entry.rows for entry in entries if entry.reason in ("cancelled", "unpaid"))
    if lost <= 0.5 * row_count:
        return []
    return [
        f"{figures.count(lost)} of {figures.count(row_count)} rows were left out as cancelled or unpaid. If"
        " that is not so, use a mapping"
        " file without the status column."
    ]


def _number_notes(staged: StagedRows) -> list[str]:
    shared = staged.plan.no_numbers
    if not shared:
        return []
    column = staged.plan.mapping.columns["order_id"]
    if len(shared) > _MOST_NUMBERS:
        return [
            f"{figures.count(len(shared))} numbers in {column!r} are those of several orders, for example {shared[0]!r}:"
            " what a customer bought at one time is an order there."
        ]
    words = ", ".join(repr(number) for number in shared)
    return [
        f"{words} in {column!r} stands on rows of many customers and days, so it numbers no"
        " order: customer and moment stand for it."
    ]


def _duplicate_notes(staged: StagedRows) -> list[str]:
    repeats = staged.repeats
    notes = []
    kept = _kept_copies(staged) if repeats.kept else 0
    if kept:
        notes.append(
            f"{figures.count(kept)} rows equal another one in every cell and were kept: {_why_kept(staged, kept)}."
        )
    if repeats.renumbered:
        notes.append(
            f"{figures.count(repeats.renumbered)} order numbers stand for other orders in another sheet or file: they are"
            " told apart by its name."
        )
    return notes


def _kept_copies(staged: StagedRows) -> int:
    (copies,) = staged.one(
        """
        SELECT count(*) FROM {staged} JOIN (
            SELECT source_row, row_number() OVER (PARTITION BY key, part, mark ORDER BY source_row) > 1 AS is_copy
            FROM {lines}
        ) USING (source_row) WHERE is_copy AND reason IS NULL
        """,
        lines=LINES,
    )
    return int(copies)


def _why_kept(staged: StagedRows, kept: int) -> str:
    plan, repeats = staged.plan, staged.repeats
    if not plan.drop_duplicates:
        return "the setting says so"
    if not (plan.has("order_id") or plan.date.has_time):
        return "without an order id or a time of day, two equal purchases look the same"
    if repeats.proved >= kept:
        return "the totals of their orders are right with them only"
    return "the same article can be sold twice, and only whole orders that are there again count once"


def _service_notes(staged: StagedRows) -> list[str]:
    codes = staged.plan.rules.service_codes
    if not codes or not staged.plan.has("product_id"):
        return []
    rows, money, found = staged.one(
        """
        SELECT count(*), coalesce(sum(amount), 0), list_sort(list(DISTINCT upper(product_id)))
        FROM {staged}
        WHERE reason IS NULL AND list_contains($codes, upper(product_id))
        """,
        {"codes": sorted(codes)},
    )
    if not rows:
        return []
    return [
        f"{figures.count(rows)} rows are postage, fees or corrections ({', '.join(found)}),"
        f" {figures.money(money)} in all; they"
        " count as money, not as products."
    ]
