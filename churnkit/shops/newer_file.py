"""A file on its way into a shop's history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path

import duckdb

from churnkit.ingest import Ingested, Ledger
from churnkit.ingest.engine import compose
from churnkit.results.shop_history import FileFacts, LedgerLine, Teller, TellerKind
from churnkit.shops.history_files import canonical_sql, columns_of, rows_of


@dataclass(frozen=True, kw_only=True)
class NewerFile:
    """What is known of a file before its orders join a history.

    Attributes
    ----------
    transactions
        Its canonical lines, as Parquet.
    uncounted
        Its orders that do not count, see ``Ingested.uncounted``; None where that is not known.
    contacts
        How its customers are reached; None where it does not say.
    knows_until
        Up to when it knows, in the shop's own time; None is the end of its orders.
    takes_out_missing, asks_about_missing
        What becomes of known orders of its time that it does not hold: they leave the history, or are asked about; they
        stay where both are False.
    corrects
        Whether it is right where it differs from files that know longer.
    """

    transactions: Path
    uncounted: Path | None
    contacts: Path | None
    facts: FileFacts
    kind: TellerKind = "period"
    sha256: str | None = None
    knows_until: datetime | None = None
    takes_out_missing: bool = False
    asks_about_missing: bool = False
    corrects: bool = False

    @classmethod
    def of(cls, ingested: Ingested, name: str) -> NewerFile:
        """What was read of a file that its owner calls ``name``."""
        return cls(
            transactions=ingested.transactions,
            uncounted=ingested.uncounted,
            contacts=ingested.contacts,
            facts=FileFacts(
                name=name,
                format_words=ingested.format_words,
                preset=ingested.preset,
                mapping=dict(ingested.mapping.columns),
                day_first=ingested.day_first,
                currency=ingested.currency,
                rows_in=ingested.row_count_in,
                rows_kept=ingested.row_count_kept,
                has_time=ingested.has_time,
                has_order_id=ingested.has_order_id,
                returns=ingested.reading.settings.returns,
                notes=ingested.notes,
                ledger=ledger_lines(ingested.ledger),
            ),
        )

    def open(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make ``fresh`` (its lines, numbered from 1 as ``line``) and ``silent`` (its orders that do not count, with their
        time) of the connection.

        The lines stay in their file: what asks for few of its columns reads no others.
        """
        connection.execute(
            compose(
                "CREATE OR REPLACE TEMP VIEW fresh AS SELECT {columns}, file_row_number + 1 AS line FROM {rows}",
                columns=canonical_sql(columns_of(connection, self.transactions)),
                rows=rows_of(self.transactions, ", file_row_number = true"),
            )
        )
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE silent (order_id VARCHAR, first_at TIMESTAMP, last_at TIMESTAMP)"
        )
        if self.uncounted is not None and self.uncounted.exists():
            connection.execute(
                "INSERT INTO silent BY NAME SELECT order_id, first_at, last_at FROM read_parquet($path)",
                {"path": str(self.uncounted)},
            )

    def teller(self, connection: duckdb.DuckDBPyConnection, version: int) -> Teller:
        """What it is to the history from a version on; the connection must have it open."""
        first, last = connection.execute(
            "SELECT min(first), max(last) FROM (SELECT min(ordered_at) AS first, max(ordered_at) AS last FROM fresh"
            " UNION ALL SELECT min(first_at), max(last_at) FROM silent)"
        ).fetchall()[0]
        if not self.facts.has_time and last is not None:
            # A file of days knows its last day to the end.
            last = datetime.combine(last.date(), time.max)
        orders, amount = connection.execute(
            "SELECT count(DISTINCT order_id), coalesce(sum(amount), 0.0) FROM fresh"
        ).fetchall()[0]
        changes = self.kind == "changes"
        return Teller(
            version=version,
            kind=self.kind,
            covers_from=None if changes else first,
            covers_to=None if changes else last,
            knows_until=self.knows_until or last or datetime.min,
            takes_out_missing=self.takes_out_missing and not changes,
            sha256=self.sha256,
            file=replace(self.facts, orders=orders, amount=amount),
        )


def ledger_lines(ledger: Ledger) -> tuple[LedgerLine, ...]:
    """A ledger as an account keeps it."""
    return tuple(
        LedgerLine(
            reason=entry.reason,
            action=entry.action,
            rows=entry.rows,
            explanation=entry.explanation,
            example_rows=entry.example_text,
        )
        for entry in ledger.entries
    )
