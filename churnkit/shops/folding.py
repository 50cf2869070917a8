"""A newer file joins a history.

What is true of a line at time t of an order is told by one file: of those that cover t and either hold the order or take
out what they do not hold, the one with the highest rank. If it holds the order, its lines are true, else none is. So the
state depends on the files alone, not on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.ingest.engine import compose, connect, one_row
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.results.shop_history import ACCOUNT, HistoryAccount, Teller
from churnkit.shops import fold_queries as queries
from churnkit.shops.contact_merging import merge_contacts
from churnkit.shops.history_files import (
    LINES,
    NEWER,
    OLDER,
    TELLINGS,
    account_of,
    columns_of,
    link_or_copy,
    open_lines,
    parts_of,
    versioned_sql,
    write_parquet,
)
from churnkit.shops.missing_orders import require_answer
from churnkit.shops.newer_file import NewerFile
from churnkit.shops.same_lines import same_line_sql

MIN_OLDER_LINES, MAX_NEWER_SHARE = 50_000, 0.25
"""From how many lines on a history keeps those of an earlier version as they are, and how many may be beside them."""

_ALWAYS = (datetime(1, 1, 1), datetime(9999, 12, 31))


def fold(before: Path, file: NewerFile, folder: Path) -> AdditionFigures:
    """Write the history that ``before`` and ``file`` make together into ``folder``, made if it is missing.

    Returns
    -------
    What the file changed.

    Raises
    ------
    DataError
        A file of the history is missing or damaged.
    OpenQuestions
        The file lacks known orders of its time, and they are asked about.
    """
    account = account_of(before)
    folder.mkdir(parents=True, exist_ok=True)
    with connect(folder) as connection:
        open_lines(connection, before)
        file.open(connection)
        teller = _teller(file, connection, account)
        _enter_tellers(connection, account.standing(), teller)
        _compare(
            connection, same_line_sql(account, teller, columns_of(connection, file.transactions)), teller
        )
        figures = _figures(connection, teller)
        if file.asks_about_missing:
            require_answer(connection, teller, figures, file.facts.currency)
        _write(connection, teller, account.lines_given, before, folder)
    is_newest = all(teller.rank > one.rank for one in account.standing())
    merge_contacts(before / CONTACTS_FILE, file.contacts, folder / CONTACTS_FILE, newer_wins=is_newest)
    after = replace(account, newest=teller.version, tellers=(*account.tellers, teller))
    write_document(after, folder / ACCOUNT)
    return figures


def _teller(file: NewerFile, connection: duckdb.DuckDBPyConnection, account: HistoryAccount) -> Teller:
    teller = file.teller(connection, account.newest + 1)
    if not file.corrects:
        return teller
    newest = max(one.knows_until for one in account.standing())
    return replace(teller, knows_until=max(teller.knows_until, newest))


def _covers(teller: Teller) -> tuple[datetime, datetime]:
    if teller.covers_from is None or teller.covers_to is None:
        return _ALWAYS
    return teller.covers_from, teller.covers_to


def _enter_tellers(connection: duckdb.DuckDBPyConnection, standing: Sequence[Teller], teller: Teller) -> None:
    connection.execute(queries.TELLERS)
    begin, end = _covers(teller)
    for one in standing:
        first, last = _covers(one)
        outranks = one.rank > teller.rank
        connection.execute(
            "INSERT INTO tellers VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                one.version,
                first,
                last,
                one.takes_out_missing,
                outranks,
                not outranks and begin <= first and last <= end,
                outranks and first <= begin and end <= last,
            ],
        )


def _compare(connection: duckdb.DuckDBPyConnection, same: str, teller: Teller) -> None:
    """Decide what becomes of every order that the file holds or lacks."""
    begin, end = _covers(teller)
    connection.execute(queries.HELD)
    connection.execute(compose(queries.INCOMING, same=same))
    connection.execute(
        compose(queries.KNOWN, same=same),
        {"covers_from": begin, "covers_to": end, "misses": teller.kind != "changes"},
    )
    connection.execute(queries.FATES)
    connection.execute(queries.ENDING, {"takes_out": teller.takes_out_missing})
    connection.execute(queries.RENEWED)


def _figures(connection: duckdb.DuckDBPyConnection, teller: Teller) -> AdditionFigures:
    found = {
        fate: (OrdersOfKind(orders=orders, lines=int(lines), amount=amount), int(told), told_amount)
        for fate, orders, lines, amount, told, told_amount in connection.execute(queries.FIGURES).fetchall()
    }
    none = (OrdersOfKind(), 0, 0.0)
    changed, told, told_amount = found.get("changed", none)
    return AdditionFigures(
        rows_in=teller.file.rows_in,
        rows_kept=teller.file.rows_kept,
        changed=changed,
        changed_before=OrdersOfKind(orders=changed.orders, lines=told, amount=told_amount),
        missing_taken_out=teller.takes_out_missing,
        new=found.get("new", none)[0],
        unchanged=found.get("unchanged", none)[0],
        cancelled=found.get("cancelled", none)[0],
        missing=found.get("missing", none)[0],
        older=found.get("older", none)[0],
    )


def _write(
    connection: duckdb.DuckDBPyConnection, teller: Teller, given: int, before: Path, folder: Path
) -> None:
    older, newer = parts_of(before)
    connection.execute(compose(queries.TOUCHED, newer=queries.OF_NEWER if newer else ""))
    slots = {
        "version": str(teller.version),
        "knows": teller.knows_until.isoformat(sep=" "),
        "given": str(given),
        "columns": versioned_sql(),
    }
    if _is_small_change(connection, older):
        query = compose(queries.LINES_AFTER, lines=queries.TOUCHED_LINES, **slots)
        write_parquet(connection, query, folder / NEWER)
        link_or_copy(older, folder / OLDER)
    else:
        write_parquet(connection, compose(queries.LINES_AFTER, lines="lines", **slots), folder / LINES)
    tellings = compose(queries.TELLINGS_AFTER, version=slots["version"])
    write_parquet(connection, tellings, folder / TELLINGS)


def _is_small_change(connection: duckdb.DuckDBPyConnection, older: Path) -> bool:
    """Whether the older part is long and most of it is left alone, so that it need not be written again."""
    length, beside = one_row(connection, queries.LENGTHS, {"older": str(older)})
    return bool(length >= MIN_OLDER_LINES and beside <= MAX_NEWER_SHARE * length)
