"""A file that is in a history already makes a version in which nothing changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from churnkit.results.files import write_document
from churnkit.results.shop import AdditionFigures, OrdersOfKind
from churnkit.results.shop_history import ACCOUNT
from churnkit.shops.history_files import account_of, link_or_copy


def repeat(before: Path, sha256: str | None, folder: Path) -> AdditionFigures:
    """Write the history ``before`` under its next version into ``folder``."""
    account = account_of(before)
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(before.glob("*.parquet")):
        link_or_copy(path, folder / path.name)
    write_document(replace(account, newest=account.newest + 1), folder / ACCOUNT)
    known = next((one.file for one in reversed(account.standing()) if one.sha256 == sha256), None)
    if known is None:
        return AdditionFigures()
    return AdditionFigures(
        rows_in=known.rows_in,
        rows_kept=known.rows_kept,
        unchanged=OrdersOfKind(orders=known.orders, lines=known.rows_kept, amount=known.amount),
        notes=("The same file is in the history already: nothing changed.",),
    )
