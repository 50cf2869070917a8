"""When two files tell a line alike."""

from __future__ import annotations

from churnkit.results.shop_history import HistoryAccount, Teller
from churnkit.shops.history_files import CANONICAL

# A row's place is the file's own, and a currency that one file names and the other does not is no difference.
_APART = ("source_row", "currency")


def same_line_sql(account: HistoryAccount, teller: Teller, columns: set[str]) -> str:
    """SQL hash of a line, equal where a file with ``columns`` and the history tell it alike.

    What the file does not tell of a line is no difference; money and pieces are compared to four places.
    """
    to_the_day = not (teller.file.has_time and all(one.file.has_time for one in account.standing()))
    parts = []
    for name, kind in CANONICAL.items():
        if name in _APART or name not in columns:
            continue
        if kind == "DOUBLE":
            # A zero has two signs.
            parts.append(f"round({name}, 4) + 0.0")
        elif kind == "TIMESTAMP" and to_the_day:
            parts.append(f"date_trunc('day', {name})")
        else:
            parts.append(name)
    return f"hash({', '.join(parts)})"
