"""The one switch between what an owner needs and everything that was worked out."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.state import get_session_state

from churnkit.store import Store
from churnkit.ui import keys


def expert_switch(store: Store) -> None:
    """The switch; it stands in the address, so a link shows what its sender saw.

    Whoever moved it themselves finds it so again, in every browser that they sign in with; what a link brought is
    not kept. An address that says nothing shows what was kept.

    Parameters
    ----------
    store
        The workspace of whoever looks at the page, as they see it.
    """
    remembers = store.actor.only is None
    bare = keys.EXPERT not in st.session_state and keys.EXPERT not in st.query_params
    remembered = remembers and bare and store.own_settings.get(keys.EXPERT) is True
    if remembered:
        st.session_state[keys.EXPERT] = True
    st.toggle(
        "Expert view",
        key=keys.EXPERT,
        bind="query-params",
        on_change=_keep if remembers else None,
        args=(store,) if remembers else None,
        help="Shows how everything was worked out: models against each other, tests on past dates, measures of quality."
        " Kept for you until you switch it back.",
    )
    if remembered:
        # A switch tells the address of what the visitor does, not of what a run gave it.
        with get_session_state().query_params() as held:
            held.set_corrected_value(keys.EXPERT, True, "bool_value")


def _keep(store: Store) -> None:
    store.own_settings.set(keys.EXPERT, is_expert())


def is_expert() -> bool:
    """Whether the page is drawn for somebody who wants to see how everything was worked out."""
    return bool(st.session_state.get(keys.EXPERT, False))
