"""What a role, a key or a link may not do here: a button that says so, instead of one that fails.

The store refuses by itself; this is so that nobody has to find out by pressing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from churnkit.accounts import Action, Actor
from churnkit.errors import AccessError
from churnkit.services.access.taking_out import take_out
from churnkit.ui import keys
from churnkit.ui.chosen import store_here
from churnkit.ui.workspace import workspace

# Tables bring a download of their own, which no setting of Streamlit's takes away.
_NO_CSV_OF_TABLES = (
    '<style>[data-testid="stElementToolbarButton"]:has(button[aria-label^="Download as CSV"])'
    "{display:none}</style>"
)


def note_readers(reader: Actor, by_link: Actor | None) -> None:
    """Note who looks at this run's page, and with which rights where the open analysis is another's."""
    st.session_state[keys.READER] = reader
    st.session_state[keys.EXPORTER] = by_link or reader
    if refusal(by_link or reader, Action.EXPORT):
        st.html(_NO_CSV_OF_TABLES)


def may(action: Action) -> bool:
    """Whether whoever looks at the page may do something in the open workspace."""
    return _reader().may(action)


def require(action: Action) -> None:
    """See that whoever pressed a button may: for what no store or service asks about.

    Raises
    ------
    AccessError
        They may not.
    """
    workspace().store.actor.require(action)


def needs(action: Action, *, disabled: bool = False, help: str | None = None) -> dict[str, Any]:
    """Options of a button that takes a right: ``st.button("Save", **needs(Action.PLAN))``.

    Where the right is missing, the button is disabled and says why; else ``disabled`` and ``help`` are the button's own.
    """
    why = refusal(_reader(), action)
    return {"disabled": disabled or why is not None, "help": why or help}


def no_export() -> str | None:
    """Why nothing of the open analysis may be taken out as a file, None where it may.

    Of another's analysis it is the link that allows it or not.
    """
    actor: Actor | None = st.session_state.get(keys.EXPORTER)
    return refusal(actor or _reader(), Action.EXPORT)


def taken_out(make: Callable[[], bytes], file_name: str) -> Callable[[], bytes]:
    """Makes a file of the open analysis for whoever looks at the page, and enters that they took it."""
    store = store_here()
    session_id = st.session_state.get(keys.FOREIGN) or st.session_state.get(keys.OPENED)
    return lambda: take_out(store, file_name, make, session_id)


def refusal(actor: Actor, action: Action) -> str | None:
    """Why somebody may not do something, None if they may."""
    try:
        actor.require(action)
    except AccessError as error:
        return f"{error.message} {error.remedy}".strip()
    return None


def _reader() -> Actor:
    """Who looks at the page; asked once a run, since a page has many buttons."""
    actor: Actor | None = st.session_state.get(keys.READER)
    return actor or workspace().store.actor
