"""The first version of a shop's history: the orders of the file that its analysis began with."""

from __future__ import annotations

from pathlib import Path

from churnkit.ingest.engine import compose, connect
from churnkit.results.files import write_document
from churnkit.results.shop_history import ACCOUNT, HistoryAccount
from churnkit.shops.history_files import CANONICAL, LINES, TELLINGS, copy_contacts, write_parquet
from churnkit.shops.newer_file import NewerFile

_LINES = """
SELECT {columns}, line AS line_id, CAST(1 AS INTEGER) AS from_version,
       CAST(NULL AS INTEGER) AS until_version, TIMESTAMP '{knows}' AS knows_until, CAST(1 AS INTEGER) AS told_by
FROM fresh
"""
_TELLINGS = """
SELECT DISTINCT order_id, CAST(1 AS INTEGER) AS told_by FROM (SELECT order_id FROM fresh UNION SELECT order_id FROM silent)
"""


def first_state(file: NewerFile, folder: Path) -> HistoryAccount:
    """Write version 1 of a history into ``folder``, made if it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with connect(folder) as connection:
        file.open(connection)
        teller = file.teller(connection, 1)
        lines = compose(_LINES, columns=", ".join(CANONICAL), knows=teller.knows_until.isoformat(sep=" "))
        write_parquet(connection, lines, folder / LINES)
        write_parquet(connection, _TELLINGS, folder / TELLINGS)
    copy_contacts(file.contacts, folder)
    account = HistoryAccount(newest=1, tellers=(teller,))
    write_document(account, folder / ACCOUNT)
    return account
