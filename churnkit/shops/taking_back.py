"""The last file leaves a history again; what was known while it was there can still be had."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from churnkit.ingest.engine import compose, connect
from churnkit.results.contacts import CONTACTS_FILE
from churnkit.results.files import write_document
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.results.shop_history import ACCOUNT, Teller
from churnkit.shops.history_files import (
    LINES,
    TELLINGS,
    account_of,
    copy_contacts,
    open_lines,
    versioned_sql,
    write_parquet,
)

# Lines that stood before stand again: those that the file left alone go on, those that it ended have a second life.
_LINES = """
SELECT {columns} FROM (
    SELECT lines.* REPLACE (
        CASE WHEN until_version IS NULL AND earlier.line_id IS NULL THEN {version} ELSE lines.until_version END
            AS until_version,
        coalesce(earlier.knows_until, lines.knows_until) AS knows_until,
        coalesce(earlier.told_by, lines.told_by) AS told_by)
    FROM lines LEFT JOIN (SELECT line_id, knows_until, told_by FROM earlier WHERE until_version IS NULL) AS earlier
         ON earlier.line_id = lines.line_id AND lines.until_version IS NULL
)
UNION ALL
SELECT {columns} FROM (
    SELECT earlier.* REPLACE (
        (SELECT greatest(coalesce(max(line_id), 0), {given}) FROM lines)
            + row_number() OVER (ORDER BY earlier.line_id) AS line_id,
        CAST({version} AS INTEGER) AS from_version)
    FROM earlier JOIN lines ON lines.line_id = earlier.line_id
    WHERE earlier.until_version IS NULL AND lines.until_version = {undone}
)
"""
_FIGURES = """
SELECT count(DISTINCT order_id), count(*), coalesce(sum(amount), 0.0) FROM lines WHERE {condition}
"""


def take_back(newest: Path, before: Path, folder: Path) -> AdditionFigures:
    """Write the history ``newest`` without its last file, which ``before`` is the history without, into ``folder``.

    Returns
    -------
    What that changed: ``cancelled`` are orders whose lines left, ``new`` those whose lines came back.
    """
    account, earlier = account_of(newest), account_of(before)
    undone = account.tellers[-1].version
    version = account.newest + 1
    folder.mkdir(parents=True, exist_ok=True)
    with connect(folder) as connection:
        open_lines(connection, before)
        connection.execute("CREATE OR REPLACE TEMP TABLE earlier AS FROM lines")
        write_parquet(connection, "FROM tellings", folder / TELLINGS)
        open_lines(connection, newest)
        slots = {
            "columns": versioned_sql(),
            "version": str(version),
            "undone": str(undone),
            "given": str(account.lines_given),
        }
        write_parquet(connection, compose(_LINES, **slots), folder / LINES)
        left, back = (
            OrdersOfKind(orders=orders, lines=lines, amount=amount)
            for condition in (
                f"from_version = {undone} AND until_version IS NULL",
                f"until_version = {undone}",
            )
            for orders, lines, amount in connection.execute(compose(_FIGURES, condition=condition)).fetchall()
        )
    copy_contacts(before / CONTACTS_FILE, folder)
    tellers: tuple[Teller, ...] = (*earlier.tellers, replace(account.tellers[-1], taken_back_by=version))
    write_document(replace(account, newest=version, tellers=tellers), folder / ACCOUNT)
    return AdditionFigures(new=back, cancelled=left)
