"""Any version of a shop's history as the transactions that an analysis takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from churnkit.config import IngestSettings
from churnkit.errors import DataError
from churnkit.ingest import ColumnMapping, Ingested, Ledger, MonthSeen, Reading, Understood
from churnkit.ingest.engine import compose, connect, in_order, one_row
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.shop_history import HistoryAccount
from churnkit.shops.combined_ledger import combined_ledger
from churnkit.shops.history_files import ALWAYS, CANONICAL, account_of, open_lines
from churnkit.text.figures import count

_CELLS = ", ".join(name for name in CANONICAL if name != "source_row")
# Lines of one instant stay as a file has them.
_STANDING = """
CREATE OR REPLACE TEMP TABLE standing AS
SELECT {columns}, from_version FROM lines
WHERE from_version <= $version AND (until_version IS NULL OR until_version > $version)
ORDER BY ordered_at, lines.source_row, order_id, line_id
"""
# They lie in their order, each with its number already.
_TRANSACTIONS = """
COPY (SELECT {columns}, rowid + 1 AS source_row FROM standing)
TO $target (FORMAT parquet, DICTIONARY_SIZE_LIMIT 8192)
"""
_ORDERS = """
CREATE OR REPLACE TEMP TABLE standing_orders AS
SELECT order_id, date_trunc('month', ordered_at) AS month, sum(amount) AS amount, bool_or(amount > 0) AS sells
FROM standing GROUP BY ALL
"""
_EXTENT = """
SELECT count(*), count(DISTINCT customer_id), (SELECT count(DISTINCT order_id) FROM standing_orders WHERE sells),
       sum(amount), min(ordered_at), max(ordered_at),
       coalesce(bool_or(ordered_at <> date_trunc('day', ordered_at)), false)
FROM standing
"""
_MONTHS = """
SELECT strftime(month, '%Y-%m'), count(*) FILTER (WHERE sells), sum(amount)
FROM standing_orders GROUP BY month ORDER BY month
"""


def assemble(history: Path, version: int, workdir: Path, *, reading: Reading | None = None) -> Ingested:
    """The transactions of a history as they were known at ``version``, written into ``workdir``.

    Parameters
    ----------
    reading
        How the run was asked to read; its date cuts the history like a file's, and the columns are those of the files.

    Raises
    ------
    DataError
        The history has no such version, no line at it, or a file of it is missing or damaged.
    """
    account = account_of(history)
    if not 1 <= version <= account.newest:
        raise DataError(
            f"Opening a shop's history: version {version} was asked for, and there are {count(account.newest)}.",
            "Choose another version.",
        )
    workdir.mkdir(parents=True, exist_ok=True)
    target = workdir / "transactions.parquet"
    told = sum(teller.file.rows_kept for teller in account.standing(version))
    with connect(workdir, told) as connection:
        open_lines(connection, history)
        with in_order(connection):
            connection.execute(compose(_STANDING, columns=_CELLS), {"version": version})
            understood = _understood(connection, account.currency)
            columns = _present_columns(connection)
            connection.execute(compose(_TRANSACTIONS, columns=columns), {"target": str(target)})
        brought = dict(
            connection.execute("SELECT from_version, count(*) FROM standing GROUP BY ALL").fetchall()
        )
    contacts = history / CONTACTS_FILE
    return _ingested(
        account, version, target, understood, combined_ledger(account, version, brought), contacts, reading
    )


def _ingested(
    account: HistoryAccount,
    version: int,
    transactions: Path,
    understood: Understood,
    ledger: Ledger,
    contacts: Path,
    reading: Reading | None,
) -> Ingested:
    standing = account.standing(version)
    newest = standing[-1].file
    asked = reading or Reading(settings=IngestSettings(returns=newest.returns))
    return Ingested(
        reading=replace(asked, mapping=None, preset=None),
        transactions=transactions,
        ledger=ledger,
        mapping=ColumnMapping(newest.mapping, day_first=newest.day_first),
        preset=newest.preset,
        format_words=_format_words(account, version),
        has_time=understood.has_time,
        has_order_id=newest.has_order_id,
        currency=account.currency,
        notes=newest.notes,
        understood=understood,
        day_first=newest.day_first,
        contacts=contacts if contacts.exists() else None,
    )


def _format_words(account: HistoryAccount, version: int) -> str:
    files = len(account.standing(version))
    words = account.standing(version)[-1].file.format_words
    return words if files == 1 else f"history of {count(files)} files, the last one {words}"


def _understood(connection: duckdb.DuckDBPyConnection, currency: str | None) -> Understood:
    connection.execute(_ORDERS)
    rows, customers, orders, revenue, first, last, has_time = one_row(connection, _EXTENT)
    if rows == 0:
        raise DataError(
            "Opening a shop's history: no order is left in it.",
            "Take back what was added last, or add a file.",
        )
    months: list[Any] = connection.execute(_MONTHS).fetchall()
    return Understood(
        rows_kept=int(rows),
        customers=int(customers),
        orders=int(orders),
        revenue=float(revenue),
        first=first,
        last=last,
        currency=currency,
        has_time=bool(has_time),
        months=tuple(MonthSeen(*month) for month in months),
    )


def _present_columns(connection: duckdb.DuckDBPyConnection) -> str:
    """The canonical columns that some line has, without the row, which is numbered anew."""
    names = [name for name in CANONICAL if name not in ALWAYS]
    filled = one_row(
        connection,
        compose("SELECT {counts} FROM standing", counts=", ".join(f"count({name})" for name in names)),
    )
    there = {name for name, cells in zip(names, filled, strict=True) if cells}
    return ", ".join(name for name in CANONICAL if name in there or (name in ALWAYS and name != "source_row"))
