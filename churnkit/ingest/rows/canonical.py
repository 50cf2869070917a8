"""The staged rows -> the canonical Parquet file, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from churnkit.errors import DataError
from churnkit.ingest.engine import in_order
from churnkit.ingest.files import PARQUET_OPTIONS
from churnkit.ingest.questions import Choice, Question
from churnkit.ingest.rows.converted_money import converted_choice
from churnkit.ingest.rows.kept_orders import gather_orders, numbers_of_many
from churnkit.ingest.rows.ledger import LedgerEntry
from churnkit.ingest.rows.ledger_entries import entries_of
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.row_notes import row_notes
from churnkit.ingest.rows.staged_rows import StagedRows, stage
from churnkit.ingest.rows.typed_cells import TEXTS
from churnkit.text import figures
from churnkit.text.figures import day


@dataclass(frozen=True)
class CanonicalRows:
    """The rows of one raw table, staged and not yet written.

    Attributes
    ----------
    row_count
        Rows to keep, at least one.
    currency
        The analysis currency, None where the file names none or it is open.
    has_time
        Some order has a time of day other than midnight.
    questions
        What is open about the rows as a whole.
    """

    staged: StagedRows
    row_count: int
    currency: str | None
    has_time: bool
    entries: tuple[LedgerEntry, ...]
    notes: tuple[str, ...]
    questions: tuple[Question, ...] = ()


class NothingKept(DataError):
    """No row of a file is left; ``staged`` has them with their reasons."""

    def __init__(self, staged: StagedRows, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.staged = staged


def read_rows(plan: ReadingPlan, *, one_day_is_enough: bool = False) -> CanonicalRows:
    """Stage the rows and look at them as a whole.

    Raises
    ------
    DataError
        No row is left, or all orders are of one day.
    """
    staged = stage(plan)
    entries = entries_of(staged)
    rows, first, last, has_time = staged.one(
        """
        SELECT count(*), min(ordered_at), max(ordered_at),
               coalesce(bool_or(ordered_at <> date_trunc('day', ordered_at)), false)
        FROM {staged} WHERE reason IS NULL
        """
    )
    if rows == 0:
        raise NothingKept(
            staged,
            f"Reading the orders: none of {figures.count(plan.raw.row_count)} rows is left; {_words(entries)}.",
            "Check the mapping (--map), the preset and the date of the analysis (--as-of).",
        )
    if first.date() == last.date() and not one_day_is_enough:
        raise DataError(
            f"Reading the orders: all {figures.count(rows)} rows are of one day, {day(first)}.",
            "Churn needs a history of several months: export a longer period, or map the column with the"
            " order's own date (this one may be the date of the export).",
        )
    gather_orders(staged)
    shared = numbers_of_many(staged) if plan.has("order_id") and not plan.no_numbers else ()
    if shared:
        return read_rows(replace(plan, no_numbers=shared), one_day_is_enough=one_day_is_enough)
    currency, questions = _only_currency(staged)
    return CanonicalRows(staged, rows, currency, has_time, entries, row_notes(staged, entries), questions)


def write_canonical(staged: StagedRows, target: Path) -> None:
    """Write the rows to keep to ``target``."""
    plan = staged.plan
    columns = ["order_id", "customer_id", "ordered_at", "amount"]
    columns += [name for name in (*TEXTS, "quantity", "unit_price", "discount") if plan.has(name)]
    if plan.money.currencies.codes:
        columns.append("currency")
    with in_order(staged.connection):
        staged.one(
            """
            COPY (SELECT {columns}, is_return, source_row FROM {staged} WHERE reason IS NULL {sorted})
            TO $target ({options})
            """,
            {"target": str(target)},
            columns=", ".join(columns),
            sorted="" if _lies_in_order(staged) else "ORDER BY source_row",
            options=PARQUET_OPTIONS,
        )


def _lies_in_order(staged: StagedRows) -> bool:
    """Whether the staged rows lie as the file has them: sorting costs as much as writing, looking next to nothing."""
    (in_order,) = staged.one(
        """
        SELECT coalesce(bool_and(source_row > before), true)
        FROM (SELECT source_row, lag(source_row) OVER () AS before FROM {staged})
        """
    )
    return bool(in_order)


def _only_currency(staged: StagedRows) -> tuple[str | None, tuple[Question, ...]]:
    currencies = staged.plan.money.currencies
    if currencies.chosen is not None or not currencies.codes:
        return currencies.chosen, ()
    counts = staged.rows(
        """
        SELECT currency, count(*) AS rows, count(DISTINCT order_id), sum(amount)
        FROM {staged} WHERE reason IS NULL GROUP BY currency ORDER BY rows DESC, currency
        """
    )
    named = [(code, *facts) for code, *facts in counts if code is not None]
    if len(counts) <= 1:
        return (named[0][0] if named else None), ()
    listing = ", ".join(f"{code or '(blank)'} on {figures.count(rows)} rows" for code, rows, *_ in counts)
    converted = converted_choice(staged)
    question = Question(
        "currency",
        f"The orders are in several currencies: {listing}. They are never summed.",
        f'Choose one to analyse ("currency": "{named[0][0]}" in the answers, or --currency), or export one shop or'
        " currency at a time.",
        (
            *(() if converted is None else (converted,)),
            *(
                Choice(f"The orders in {code}", {"currency": code}, rows, orders, amount)
                for code, rows, orders, amount in named
            ),
        ),
        option="--currency",
    )
    return None, (question,)


def _words(entries: tuple[LedgerEntry, ...]) -> str:
    dropped = [entry for entry in entries if entry.action == "dropped"]
    return (
        ", ".join(f"{figures.count(entry.rows)} {entry.reason}" for entry in dropped)
        or "the file has no rows"
    )
