"""Putting customers on a list of those to contact, an old one or a new one."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.services.decide.contact_lists import add_to_list, list_names
from churnkit.store import Store
from churnkit.text.figures import count
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs


def add_to_contact_list(
    store: Store, session_id: str, customer_ids: list[str], *, name_key: str, button_key: str
) -> None:
    """A choice of the list and a button beside it, to be drawn in a horizontal container."""
    name = st.selectbox(
        "List",
        list_names(store, session_id),
        index=None,
        accept_new_options=True,
        placeholder="choose, or type a new name",
        key=name_key,
        width=320,
    )
    asked = st.button(
        f"Add {count(len(customer_ids))} to the list",
        key=button_key,
        icon=":material/playlist_add:",
        **needs(Action.PLAN, disabled=not name or not customer_ids),
    )
    if asked and name:
        with guarded():
            members = add_to_list(store, session_id, name, customer_ids)
            st.success(f"{count(members)} customers are on this list now.")
