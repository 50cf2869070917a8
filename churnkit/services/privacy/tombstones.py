"""Keeping erased customers out of what is read: their rows leave before anything is computed or kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.ingest import Ingested, Ledger, LedgerEntry
from churnkit.ingest.rows.ledger import DROPPED
from churnkit.results.erased import Erased
from churnkit.results.files import written_whole
from churnkit.services.privacy.scrubbing import Person

_EMAIL = "email"


def without_erased(ingested: Ingested, erased: Erased | None) -> Ingested:
    """What was read, without the rows of customers who were erased; its files are written anew where there are any.

    Raises
    ------
    DataError
        Nobody else is in the file.
    """
    if erased is None or not erased.hashes:
        return ingested
    transactions = pq.read_table(ingested.transactions)
    gone = erased.among(pc.unique(transactions["customer_id"]).to_pylist())
    contacts = pq.read_table(ingested.contacts) if ingested.contacts else None
    gone |= _by_address(contacts, erased)
    if not gone:
        return ingested
    kept = without(transactions, "customer_id", frozenset(gone))
    if not kept.num_rows:
        raise DataError(
            "Reading the file: all of its customers were erased on request.", "Export orders of others."
        )
    _write(kept, ingested.transactions)
    if contacts is not None and ingested.contacts:
        _write(without(contacts, "customer_id", frozenset(gone)), ingested.contacts)
    return replace(ingested, ledger=_ledger(ingested.ledger, transactions.num_rows - kept.num_rows, gone))


def without(table: pa.Table, column: str, values: frozenset[str]) -> pa.Table:
    """The rows that have none of these values in a column; rows without any stay."""
    texts = pc.cast(table[column], pa.string())
    found = pc.is_in(texts, value_set=pa.array(sorted(values), pa.string()))
    return table.filter(pc.invert(found))


def _by_address(contacts: pa.Table | None, erased: Erased) -> set[str]:
    if contacts is None or _EMAIL not in contacts.column_names:
        return set()
    pairs = zip(contacts["customer_id"].to_pylist(), contacts[_EMAIL].to_pylist(), strict=True)
    return {customer for customer, address in pairs if erased.has_address(address)}


def _ledger(ledger: Ledger, rows: int, gone: set[str]) -> Ledger:
    """The account with the rows that left; no example names anybody who was erased."""
    person = Person(frozenset(gone))
    entries = [
        replace(
            entry, examples=tuple((row, cells) for row, cells in entry.examples if not person.is_in(cells))
        )
        for entry in ledger.entries
    ]
    entries.append(LedgerEntry("erased", "dropped", rows, DROPPED["erased"]))
    order = list(DROPPED)
    dropped = sorted(
        (one for one in entries if one.action == "dropped"), key=lambda one: order.index(one.reason)
    )
    mended = [one for one in entries if one.action == "mended"]
    return Ledger(ledger.row_count_in, ledger.row_count_kept - rows, (*dropped, *mended))


def _write(table: pa.Table, path: Path) -> None:
    with written_whole(path) as draft:
        pq.write_table(table, draft)
