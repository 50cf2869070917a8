"""What is open stands in the address: in two fields that nobody sees, whose names the address shows on every page.

A field that is bound to the address keeps its part there while the visitor goes from page to page, without a further entry
in the browser's history. A parameter that the server wrote itself would be lost with every page and come back as an entry of
its own, so that Back led to the page one was on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

import streamlit as st
from streamlit.commands import execution_control
from streamlit.runtime.state import get_session_state
from streamlit.runtime.state.query_params import QueryParams

from churnkit.ui import keys

ANALYSIS = "analysis"
SHARE = "share"
_KEYS = (ANALYSIS, SHARE)

_UNSEEN = '<style>[data-testid="stLayoutWrapper"]:has(> .st-key-address){display:none}</style>'


class Address(NamedTuple):
    """Which analysis an address names: by its id, or by the token of a link to it."""

    analysis: str | None = None
    share: str | None = None


NOTHING = Address()


def begin() -> None:
    """Read the address, unless something else was opened since the page was drawn: called before the sidebar."""
    if keys.MOVED not in st.session_state:
        name(Address(st.query_params.get(ANALYSIS), st.query_params.get(SHARE)))


def now() -> Address:
    """What the address names, or is to name from this run on."""
    return cast("Address", st.session_state.get(keys.ADDRESS, NOTHING))


def name(address: Address) -> None:
    """Note what the address has to name once :func:`write` has run."""
    st.session_state[keys.ADDRESS] = address


def move() -> None:
    """Let what was noted last hold with the next run, whatever the address says till then."""
    st.session_state[keys.MOVED] = True


def write() -> None:
    """Draw the fields, and let the address say what was noted; called once a run, after :func:`begin` and the sidebar."""
    wanted = now()
    st.session_state.pop(keys.MOVED, None)
    st.html(_UNSEEN)
    with st.container(key="address"):
        for key, value in zip(_KEYS, wanted, strict=True):
            st.session_state[key] = value or ""
            st.text_input(key, key=key, bind="query-params", label_visibility="collapsed")
    # A field takes what an address brings along before what a run gives it, and tells the address of that one run later.
    with get_session_state().query_params() as held:
        for key, value in zip(_KEYS, wanted, strict=True):
            if value is None:
                held.remove_param(key)
            elif held.get(key) != value:
                held.set_corrected_value(key, value, "string_value")


def _for_the_next_page(held: QueryParams, asked: Mapping[str, str] | None) -> None:
    """What ``st.switch_page`` takes to the next page: what is open, and what was asked for.

    Streamlit refuses to leave a page whose address says something of a field; that a link leaves it without a word shows
    that nothing depends on it.
    """
    kept = {key: held[key] for key in (*_KEYS, keys.EXPERT) if key in held}
    if keys.MOVED in st.session_state:
        # What was closed is not shown for a moment and taken back.
        for key, value in zip(_KEYS, now(), strict=True):
            if value is None:
                kept.pop(key, None)
    for key in list(held):
        binding = held.get_binding_for_param(key)
        if binding is not None:
            held.unbind_widget(binding.widget_id)
    held.from_dict({**kept, **(asked or {})})


execution_control._set_query_params_for_switch = _for_the_next_page  # type: ignore[assignment]
