"""Tables of customers: a click anywhere in a row opens the customer's page.

The grid of a table is drawn on a canvas and tells of a cell that is chosen, by a click and by the arrow keys alike. Its
first column therefore opens nobody by itself: there the arrow keys go up and down, and Enter (`server/grid.js`) opens; Tab
leaves the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from churnkit.services.decide.list_view import ListView
from churnkit.text.columns import column
from churnkit.text.figures import UNKNOWN
from churnkit.ui.customer_link import open_customer
from churnkit.ui.tables import configured, row_height, written

_OPENER = "open_customer"


def customer_table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    key: str,
    alt: str,
    back: str,
    currency: str | None = None,
    titles: Mapping[str, str] | None = None,
    height: int | None = None,
    view: ListView | None = None,
) -> None:
    """Show customers as :func:`churnkit.ui.tables.table` does, and open the page of the one whose row is chosen.

    Parameters
    ----------
    frame
        Has ``customer_id``, shown or not.
    back
        The stem of the page that the table stands on.
    view
        The list of customers, where it is that one.
    """
    ids = frame["customer_id"].astype(str).tolist()
    shown = [column(one) for one in columns if column(one).name in frame]
    cells = written(frame, shown, currency, opener=_OPENER)
    clicks = f"{key}_open"
    options: dict[str, Any] = {"height": height} if height else {}
    options |= row_height(frame, shown)
    event = st.dataframe(
        cells,
        hide_index=True,
        key=key,
        alt=f"{alt}. Choose a row to open the customer; with the keyboard go up and down the first column, then press"
        " Enter.",
        placeholder=UNKNOWN,
        column_config={
            _OPENER: st.column_config.ButtonColumn(
                "Open", type="tertiary", width=48, pinned=True, key=clicks, help="Opens the customer."
            ),
            **{one.name: configured(one, (titles or {}).get(one.key)) for one in shown},
        },
        on_select="rerun",
        selection_mode="single-cell",
        **options,
    )
    place = _chosen(event, st.session_state.get(clicks))
    if place is None or not 0 <= place < len(ids):
        return
    open_customer(ids[place], view=view, back="" if view is not None else back, listed=ids)


def _chosen(event: Any, clicked: Any) -> int | None:
    """The place of the row that is to be opened: its arrow was clicked, or a cell was chosen that is not the arrow's."""
    if clicked is not None:
        return int(clicked["row"])
    cells = event.selection.cells if event else []
    return next((int(row) for row, name in cells if name != _OPENER), None)
