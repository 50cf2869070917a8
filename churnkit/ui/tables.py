"""Tables on screen, built from the registry of columns: ``ui.table(frame, ("customer_id", "p_churn"), …)``.

A cell reads as the same value does in a sentence or a report, since the registry writes it; the frame keeps its numbers,
so a column still sorts by them. A new column is added to `churnkit.text.columns` and named in the call.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from churnkit.text.columns import Column, column
from churnkit.text.figures import UNKNOWN, percent_number
from churnkit.text.number_formats import bar_format

ARROW = ":material/chevron_right:"


# Of columns of long texts: their width and the rows' height in pixels, and the letters of a line.
_WIDE, _TWO_LINES, _LETTERS_OF_A_LINE = 250, 54, 36


def table(
    frame: pd.DataFrame,
    columns: Sequence[str],
    *,
    key: str,
    alt: str,
    currency: str | None = None,
    titles: Mapping[str, str] | None = None,
    height: int | None = None,
    clickable: bool = False,
) -> list[int]:
    """Show a frame; the places of the rows that were clicked, none unless ``clickable``.

    Parameters
    ----------
    frame
        Values as they are: shares in 0..1, money as numbers. A column that it lacks is left out.
    columns
        Keys of `churnkit.text.columns`, in the order on screen.
    currency
        Stands beside money.
    titles
        Other titles, by key, where the table alone knows them: the names of two groups compared.
    height
        In pixels; as high as it needs to be unless given.
    clickable
        Whether a row can be chosen.
    """
    shown = [column(one) for one in columns if column(one).name in frame]
    options: dict[str, Any] = {"height": height} if height else {}
    options |= row_height(frame, shown)
    if clickable:
        options |= {"on_select": "rerun", "selection_mode": "single-row"}
    event = st.dataframe(
        written(frame, shown, currency),
        hide_index=True,
        key=key,
        alt=alt,
        placeholder=UNKNOWN,
        column_config={one.name: configured(one, (titles or {}).get(one.key)) for one in shown},
        **options,
    )
    return list(event.selection.rows) if clickable else []


def row_height(frame: pd.DataFrame, columns: Sequence[Column]) -> dict[str, int]:
    """The option of a table whose texts need two lines; nothing where each fits into one."""
    texts = (frame[one.name] for one in columns if one.wide and not one.is_number)
    longest = max(
        (int(text.fillna("").astype(str).str.len().max()) for text in texts if len(text)), default=0
    )
    return {"row_height": _TWO_LINES} if longest > _LETTERS_OF_A_LINE else {}


def written(frame: pd.DataFrame, columns: Sequence[Column], currency: str | None, *, opener: str = "") -> Any:
    """The columns' values, each with the text that is shown for it; after a column called ``opener`` with an arrow."""
    values = frame[[one.name for one in columns]].reset_index(drop=True)
    bars = bar_format() is not None
    if opener:
        values.insert(0, opener, ARROW)
    for one in columns:
        if one.bar and bars:
            values[one.name] = values[one.name].map(percent_number, na_action="ignore")
    writers: dict[Any, Any] = {
        one.name: one.writer(values[one.name], currency) for one in columns if not (one.bar and bars)
    }
    return values.style.format(writers)


def configured(one: Column, title: str | None = None) -> Any:
    """The column as Streamlit wants it described; how a number is written comes with the values."""
    kinds = st.column_config
    common: dict[str, Any] = {"help": one.help or None, "pinned": one.pinned or None}
    label = title or one.title
    bar = bar_format() if one.bar else None
    if bar:
        return kinds.ProgressColumn(label, format=bar, min_value=0.0, max_value=100.0, **common)
    if one.is_number:
        return kinds.NumberColumn(label, **common)
    if one.kind == "day":
        return kinds.DateColumn(label, **common)
    if one.kind == "instant":
        return kinds.DatetimeColumn(label, **common)
    if one.wide:
        common["width"] = _WIDE
    return kinds.TextColumn(label, max_chars=one.letters or None, **common)
