"""The account of staged rows, with examples from the raw table."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.ingest.cells import text_sql
from churnkit.ingest.engine import counted
from churnkit.ingest.files import RawTable
from churnkit.ingest.rows.ledger import DROPPED, EXAMPLES, MENDED, Ledger, LedgerEntry
from churnkit.ingest.rows.staged_rows import StagedRows, possible_mends
from churnkit.text import figures

# What an example shows of a row, so that a line of the ledger stays readable.
_MAX_CELLS = 12
_MAX_CELL_LENGTH = 60


def entries_of(staged: StagedRows) -> tuple[LedgerEntry, ...]:
    """What was dropped, in the ledger's order, then what was mended."""
    return _dropped(staged) + _mended(staged)


def whole_ledger(
    raw: RawTable, late: LedgerEntry | None, entries: tuple[LedgerEntry, ...], row_count_kept: int
) -> Ledger:
    """The account of a file: records that could not be read, rows after the date of the analysis, and the rest."""
    unreadable = []
    if raw.problem_count:
        reasons = ", ".join(f"{figures.count(count)} {reason}" for reason, count in raw.problem_counts)
        examples = tuple(
            (problem.line, {**_place(problem.part), "line": problem.text})
            for problem in raw.problems[:EXAMPLES]
        )
        words = f"{DROPPED['unreadable']} Found: {reasons}."
        unreadable.append(LedgerEntry("unreadable", "dropped", raw.problem_count, words, examples))
    found = [*unreadable, *entries, *([late] if late else [])]
    order = list(DROPPED)
    dropped = sorted(
        (entry for entry in found if entry.action == "dropped"), key=lambda entry: order.index(entry.reason)
    )
    mended = [entry for entry in found if entry.action == "mended"]
    return Ledger(raw.row_count + raw.problem_count, row_count_kept, (*dropped, *mended))


def example_rows(
    raw: RawTable, columns: list[str], rows: list[int]
) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """A few source rows with some of their cells as text."""
    shown = list(dict.fromkeys(columns))[:_MAX_CELLS]
    found = raw.rows(
        "SELECT {row}, {cells} FROM {raw} WHERE {row} IN (SELECT unnest($rows)) ORDER BY {row}",
        {"rows": rows},
        cells=", ".join(text_sql(name) for name in shown),
    )
    return tuple(
        (
            number,
            {
                **_part_of(raw, number),
                **{name: (cell or "")[:_MAX_CELL_LENGTH] for name, cell in zip(shown, cells, strict=True)},
            },
        )
        for number, *cells in found
    )


def _part_of(raw: RawTable, number: int) -> Mapping[str, str]:
    """Where a row of several sheets or files stands: the part, and its row below that one's header."""
    for part in raw.parts:
        if part.first_row <= number <= part.last_row:
            return _place(f"{part.name}, row {figures.count(number - part.first_row + 1)}")
    return {}


def _place(part: str) -> Mapping[str, str]:
    return {"sheet or file": part} if part else {}


def _dropped(staged: StagedRows) -> tuple[LedgerEntry, ...]:
    rows = staged.rows(
        "SELECT reason, count(*), min(source_row, $examples) FROM {staged}"
        " WHERE reason IS NOT NULL GROUP BY reason",
        {"examples": EXAMPLES},
    )
    columns = list(staged.plan.mapping.columns.values())
    found = {
        reason: (count, example_rows(staged.plan.raw, columns, numbers)) for reason, count, numbers in rows
    }
    return tuple(
        LedgerEntry(reason, "dropped", found[reason][0], words, found[reason][1])
        for reason, words in DROPPED.items()
        if reason in found
    )


def _mended(staged: StagedRows) -> tuple[LedgerEntry, ...]:
    mends = possible_mends(staged.plan)
    if not mends:
        return ()
    parts = ", ".join(
        f"{counted(f'mend_{name}')}, min(source_row, $examples) FILTER (WHERE mend_{name})" for name in mends
    )
    row = staged.one("SELECT {parts} FROM {staged} WHERE reason IS NULL", {"examples": EXAMPLES}, parts=parts)
    columns, raw = list(staged.plan.mapping.columns.values()), staged.plan.raw
    return tuple(
        LedgerEntry(name, "mended", count, MENDED[name], example_rows(raw, columns, numbers))
        for name, count, numbers in zip(mends, row[::2], row[1::2], strict=True)
        if count
    )
