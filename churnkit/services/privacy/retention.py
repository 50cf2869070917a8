"""Orders that are older than a shop keeps them: out of its history, and left out of what is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.ingest import Ingested, Ledger, LedgerEntry, MonthSeen
from churnkit.ingest.rows.ledger import DROPPED
from churnkit.results.files import written_whole
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.results.shop_history import ACCOUNT
from churnkit.shops.leaving import forget_before
from churnkit.text.figures import counted, day

_REASON = "no_longer_kept"
_MONTHS = """
SELECT strftime(date_trunc('month', ordered_at), '%Y-%m') AS month, count(DISTINCT order_id) FILTER (WHERE amount > 0),
       sum(amount)
FROM read_parquet($path) GROUP BY month ORDER BY month
"""


def forget_older(history: Path, moment: datetime | None) -> OrdersOfKind:
    """Take what is older out of a shop's history, and out of its earlier versions beside it.

    Returns
    -------
    What left of its present state.

    Raises
    ------
    DataError
        Nothing would be left; nothing is changed.
    """
    if moment is None:
        return OrdersOfKind()
    found = forget_before(history, moment)
    for other in sorted(history.parent.iterdir()):
        if other != history and (other / ACCOUNT).exists():
            forget_before(other, moment, may_be_empty=True)
    return found


def with_note(figures: AdditionFigures, left: OrdersOfKind, moment: datetime | None) -> AdditionFigures:
    """The account of an addition, which also says what left because it was too old."""
    if moment is None or not left.orders:
        return figures
    words = f"{counted(left.orders, 'order')} from before {day(moment)} left: the shop keeps them no longer."
    return replace(figures, notes=(*figures.notes, words))


def without_older(ingested: Ingested, moment: datetime | None) -> Ingested:
    """What was read, without orders before ``moment``; its files are written anew where there are any.

    Raises
    ------
    DataError
        All of them are older.
    """
    if moment is None:
        return ingested
    rows = pq.read_table(ingested.transactions)
    kept = _from(rows, "ordered_at", moment)
    gone = rows.num_rows - kept.num_rows
    if ingested.uncounted is not None and ingested.uncounted.exists():
        silent = pq.read_table(ingested.uncounted)
        _write(_from(silent, "last_at", moment), ingested.uncounted)
    if not gone:
        return ingested
    if not kept.num_rows:
        raise DataError(
            f"Reading the file: all of its orders are older than {day(moment)}, from when on the shop keeps them.",
            "Let the shop keep its orders for longer (Settings, tab Privacy), or export newer ones.",
        )
    _write(kept, ingested.transactions)
    if ingested.contacts is not None:
        contacts = pq.read_table(ingested.contacts)
        known = pc.is_in(contacts["customer_id"], value_set=pc.unique(kept["customer_id"]))
        _write(contacts.filter(known), ingested.contacts)
    with duckdb.connect() as connection:
        months = connection.execute(_MONTHS, {"path": str(ingested.transactions)}).fetchall()
    understood = replace(ingested.understood, months=tuple(MonthSeen(*month) for month in months))
    return replace(ingested, ledger=_ledger(ingested.ledger, gone), understood=understood)


def _from(table: pa.Table, column: str, moment: datetime) -> pa.Table:
    return table.filter(pc.greater_equal(table[column], pa.scalar(moment, table.schema.field(column).type)))


def _ledger(ledger: Ledger, rows: int) -> Ledger:
    entries = [*ledger.entries, LedgerEntry(_REASON, "dropped", rows, DROPPED[_REASON])]
    dropped = [one for one in entries if one.action == "dropped"]
    mended = [one for one in entries if one.action == "mended"]
    return Ledger(ledger.row_count_in, ledger.row_count_kept - rows, (*dropped, *mended))


def _write(table: pa.Table, path: Path) -> None:
    with written_whole(path) as draft:
        pq.write_table(table, draft)
