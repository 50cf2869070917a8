"""What a shop's history does not tell, and what of it does not count, in plain sentences."""

from __future__ import annotations

import pandas as pd

from churnkit.services.analyse.history import History, returned_orders
from churnkit.text.figures import count
from churnkit.tournament.residuals import PROCESS_COLUMN


def history_notes(history: History, rows: pd.DataFrame) -> tuple[str, ...]:
    """Sentences on the whole history and the panel ``rows`` of its end; none where there is nothing to say."""
    return (*_untold_dropout(rows), *_returned(returned_orders(history)), *_named(history))


def _untold_dropout(rows: pd.DataFrame) -> tuple[str, ...]:
    if rows["p_alive"].notna().any() or rows[PROCESS_COLUMN].isna().all():
        return ()
    return (
        "This history does not tell customers who are gone for good from customers who buy seldom: the chance of still"
        " being a customer (p_alive) stays blank, and no figure rests on it.",
    )


def _returned(orders: int) -> tuple[str, ...]:
    if not orders:
        return ()
    were, do = ("1 order was", "counts") if orders == 1 else (f"{count(orders)} orders were", "count")
    return (f"{were} given back whole and {do} as no purchase: nobody is active because of such an order.",)


def _named(history: History) -> tuple[str, ...]:
    if not history.names_products:
        return ()
    return (
        "The file has no product codes, so products are told apart by their names: one that was renamed counts as another.",
    )
