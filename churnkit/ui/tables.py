"""Tables on screen, built from the registry of columns: ``ui.table(frame, ("customer_id", "p_churn"), …)``.

A cell reads as the same value does in a sentence or a report, since the registry writes it; the frame keeps its numbers,
so a column still sorts by them. A new column is added to `churnkit.text.columns` and named in the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from churnkit.text.columns import Column, column
from churnkit.text.figures import UNKNOWN, drawn

ARROW = ":material/chevron_right:"


# In pixels: columns of long texts, rows of three lines (Streamlit wraps none in rows of 4rem or less), a letter; a fourth
# line, and how full three may be.
_WIDE, _TALL, _LETTER = 220, 62, 6.5
_LINE, _THREE = 20, 2.7
# Blanks: as wide as a digit, and half as wide as the letters are high.
_AS_WIDE, _GAP = "\u2007", "\u2002"


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
    """The option of a table whose texts need several lines; nothing where each fits into one."""
    lines = max(
        (
            frame[one.name].fillna("").astype(str).str.len().max() * _LETTER / _room(one)
            for one in columns
            if _room(one) and len(frame)
        ),
        default=0.0,
    )
    if lines <= 1:
        return {}
    # Words leave a line shorter than it could be.
    return {"row_height": _TALL if lines <= _THREE else _TALL + _LINE}


def _room(one: Column) -> int:
    """The pixels of a column whose texts go on in the next line; 0 for one that is as wide as they are."""
    return one.room or (_WIDE if one.wide else 0)


def written(frame: pd.DataFrame, columns: Sequence[Column], currency: str | None, *, opener: str = "") -> Any:
    """The columns' values, each with the text that is shown for it; after a column called ``opener`` with an arrow."""
    values = frame[[one.name for one in columns]].reset_index(drop=True)
    if opener:
        values.insert(0, opener, ARROW)
    writers: dict[Any, Any] = {}
    for one in columns:
        writer = one.writer(values[one.name], currency)
        writers[one.name] = _with_bar(writer, values[one.name]) if one.bar else writer
    return values.style.format(writers)


def _with_bar(writer: Callable[[Any], str], shares: pd.Series) -> Callable[[Any], str]:
    """Writes a share and a bar behind it, all bars of a column from the same place on."""
    longest = max((len(writer(share)) for share in shares.dropna()), default=0)

    def write(share: Any) -> str:
        return (
            f"{writer(share).rjust(longest, _AS_WIDE)}{_GAP}{drawn(share)}".rstrip()
            if share == share
            else UNKNOWN
        )

    return write


def configured(one: Column, title: str | None = None) -> Any:
    """The column as Streamlit wants it described; how a number is written comes with the values."""
    kinds = st.column_config
    common: dict[str, Any] = {"help": one.help or None, "pinned": one.pinned or None}
    label = title or one.title
    if one.bar:
        # Streamlit's own bars write no decimal comma, and no "under 0.1 %".
        return kinds.NumberColumn(label, alignment="left", **common)
    if one.is_number:
        return kinds.NumberColumn(label, **common)
    if one.kind == "day":
        return kinds.DateColumn(label, **common)
    if one.kind == "instant":
        return kinds.DatetimeColumn(label, **common)
    if _room(one):
        common["width"] = _room(one)
    return kinds.TextColumn(label, max_chars=one.letters or None, **common)
