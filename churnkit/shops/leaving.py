"""Orders that a shop no longer keeps leave every version of its history, for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.errors import DataError
from churnkit.ingest.engine import compose, connect, one_row
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.shop import OrdersOfKind
from churnkit.results.shop_history import ACCOUNT, HistoryAccount, Teller
from churnkit.shops.history_files import (
    LINES,
    TELLINGS,
    account_of,
    open_lines,
    remove_parts,
    versioned_sql,
    write_parquet,
)
from churnkit.text.figures import day

_LEAVING = """
SELECT count(*), count(DISTINCT order_id) FILTER (WHERE until_version IS NULL),
       count(*) FILTER (WHERE until_version IS NULL), coalesce(sum(amount) FILTER (WHERE until_version IS NULL), 0.0)
FROM lines WHERE ordered_at < $moment
"""
_STANDING = """
SELECT max(ordered_at), (SELECT coalesce(max(line_id), 0) FROM lines) FROM lines WHERE until_version IS NULL
"""
_LINES_LEFT = "SELECT {columns} FROM lines WHERE ordered_at >= TIMESTAMP '{moment}' ORDER BY line_id"
# What a file says of an order is kept for as long as a line of it is, or where the file has orders that are kept.
_TELLINGS_LEFT = """
SELECT order_id, told_by FROM tellings
WHERE told_by NOT IN (SELECT unnest({older}))
  AND order_id NOT IN (SELECT order_id FROM lines GROUP BY order_id HAVING max(ordered_at) < TIMESTAMP '{moment}')
"""
_CONTACTS_LEFT = """
SELECT * FROM read_parquet('{path}') WHERE customer_id IN (
    SELECT customer_id FROM lines WHERE ordered_at >= TIMESTAMP '{moment}')
"""


def forget_before(history: Path, moment: datetime, *, may_be_empty: bool = False) -> OrdersOfKind:
    """Write the files of one version of a history anew without the lines before ``moment``, the shop's own time.

    It can be repeated, and goes on where it stopped: the lines, by which all else is found, go last.

    Returns
    -------
    What of the present state left.

    Raises
    ------
    DataError
        Nothing would be left and that may not be, or a file of the history is damaged; nothing is changed.
    """
    account = account_of(history)
    remove_parts(history)
    with connect(history) as connection:
        open_lines(connection, history)
        lines, orders, standing, amount = one_row(connection, _LEAVING, {"moment": moment})
        if not lines:
            return OrdersOfKind()
        last, given = one_row(connection, _STANDING)
        if not may_be_empty and (last is None or last < moment):
            raise DataError(
                f"Taking orders before {day(moment)} out of the history: none would be left"
                + (f", its last is of {day(last)}." if last else "."),
                "Let the shop keep its orders for longer: Settings, tab Privacy.",
            )
        _write(connection, history, account, moment)
        left = replace(
            account,
            lines_given=max(account.lines_given, int(given)),
            tellers=tuple(_without_examples(one, moment) for one in account.tellers),
        )
        write_document(left, history / ACCOUNT)
        slots = {"columns": versioned_sql(), "moment": moment.isoformat(sep=" ")}
        write_parquet(connection, compose(_LINES_LEFT, **slots), history / LINES)
    remove_parts(history)
    return OrdersOfKind(orders=int(orders), lines=int(standing), amount=float(amount))


def _write(
    connection: duckdb.DuckDBPyConnection, history: Path, account: HistoryAccount, moment: datetime
) -> None:
    older = [one.version for one in account.tellers if _is_older(one, moment)]
    when = moment.isoformat(sep=" ")
    tellings = compose(_TELLINGS_LEFT, older=f"CAST({older} AS INTEGER[])", moment=when)
    write_parquet(connection, tellings, history / TELLINGS)
    contacts = history / CONTACTS_FILE
    if contacts.exists():
        path = str(contacts).replace("'", "''")
        write_parquet(connection, compose(_CONTACTS_LEFT, path=path, moment=when), contacts)


def _is_older(teller: Teller, moment: datetime) -> bool:
    return teller.covers_to is not None and teller.covers_to < moment


def _without_examples(teller: Teller, moment: datetime) -> Teller:
    """The account of a file has rows of it as examples."""
    if not _is_older(teller, moment):
        return teller
    ledger = tuple(replace(line, example_rows="") for line in teller.file.ledger)
    return replace(teller, file=replace(teller.file, ledger=ledger))
