"""The orders that a file holds and that do not count: a history that knows them otherwise must hear of it."""

from __future__ import annotations

from pathlib import Path

from churnkit.ingest.rows.staged_rows import StagedRows

# Reasons of the ledger that speak of an order; a row that cannot be read says nothing of one.
_TELLING = (
    "no_customer",
    "placeholder_customer",
    "cancelled",
    "left_out",
    "unpaid",
    "undelivered",
    "bad_debt",
    "return_ignored",
    "zero_amount",
)


def write_uncounted(staged: StagedRows, target: Path) -> Path:
    """Write order_id, first_at and last_at of the orders none of whose rows is kept to ``target``."""
    staged.one(
        """
        COPY (
            SELECT order_id, min(ordered_at) AS first_at, max(ordered_at) AS last_at
            FROM {staged}
            WHERE order_id IN (SELECT order_id FROM {staged} WHERE list_contains($telling, reason))
            GROUP BY order_id HAVING bool_and(reason IS NOT NULL) ORDER BY order_id
        ) TO $target (FORMAT parquet)
        """,
        {"telling": list(_TELLING), "target": str(target)},
    )
    return target
