"""The tables of statuses and kinds of rows: what each value does, changed in place."""

from __future__ import annotations

import streamlit as st

from churnkit.ingest import ValueMeaning
from churnkit.services.look.asked import MEANINGS, ValueTable, value_answer, value_words
from churnkit.store import Upload
from churnkit.text.figures import counted, escape_markdown
from churnkit.ui.answering import answer

_SHOWN = 12


def value_meanings(upload: Upload, table: ValueTable, currency: str | None, key: str) -> None:
    """One column's values, those with most rows first; their keys begin with ``key``, another one after each answer."""
    st.markdown(f"**{escape_markdown(table.title)}** – change what is not right")
    for number, value in enumerate(table.values[:_SHOWN]):
        _value(upload, value, currency, f"{key}_{number}")
    rest = table.values[_SHOWN:]
    if rest:
        with st.expander(counted(len(rest), "more value")):
            for number, value in enumerate(rest, _SHOWN):
                _value(upload, value, currency, f"{key}_{number}")


def _value(upload: Upload, value: ValueMeaning, currency: str | None, key: str) -> None:
    words = MEANINGS[value.kind]
    guess = " · :orange-badge[please check]" if value.known_by == "nothing" else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{escape_markdown(value.value)}** · {escape_markdown(value_words(value, currency))}{guess}",
            width="content",
        )
        st.segmented_control(
            f"{escape_markdown(value.value)}: what it means",
            list(words),
            default=value.meaning,
            format_func=words.__getitem__,
            key=key,
            label_visibility="collapsed",
            required=True,
            width="content",
            on_change=_changed,
            args=(upload, value, key),
        )


def _changed(upload: Upload, value: ValueMeaning, key: str) -> None:
    answer(upload, value_answer(value, st.session_state[key]))
