"""One account of rows for a history of several files."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.ingest import Ledger, LedgerEntry
from churnkit.results.shop_history import HistoryAccount, LedgerLine, Teller

_EXAMPLES_APART = " | "


def combined_ledger(account: HistoryAccount, version: int, brought: Mapping[int, int]) -> Ledger:
    """The ledger of a version's lines.

    Files overlap, and a row that is left out stands in each: of a file's ledger counts the share that its lines brought
    to the history are of those that it has.

    Parameters
    ----------
    brought
        Lines that are true at the version, by the version that they came with.
    """
    entries: dict[tuple[str, str], LedgerEntry] = {}
    for teller in account.standing(version):
        share = _share(teller, brought.get(teller.version, 0))
        for line in teller.file.ledger:
            rows = round(line.rows * share)
            if rows == 0:
                continue
            key = (line.action, line.reason)
            known = entries.get(key)
            entries[key] = LedgerEntry(
                reason=line.reason,
                action=line.action,
                rows=rows + (known.rows if known else 0),
                explanation=line.explanation,
                examples=known.examples if known else _examples(line),
            )
    kept = sum(brought.values())
    dropped = sum(entry.rows for entry in entries.values() if entry.action == "dropped")
    ordered = sorted(entries.values(), key=lambda entry: entry.action)
    return Ledger(row_count_in=kept + dropped, row_count_kept=kept, entries=tuple(ordered))


def _share(teller: Teller, brought: int) -> float:
    return min(1.0, brought / teller.file.rows_kept) if teller.file.rows_kept else 1.0


def _examples(line: LedgerLine) -> tuple[tuple[int, Mapping[str, str]], ...]:
    """The examples back from their text; their cells stay one piece."""
    found = []
    for text in filter(None, line.example_rows.split(_EXAMPLES_APART)):
        row, _, cells = text.partition(": ")
        column, _, value = cells.partition("=")
        number = row.removeprefix("row ")
        if number.isdigit():
            found.append((int(number), {column: value}))
    return tuple(found)
