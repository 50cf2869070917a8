"""What is said where nobody has named a currency."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.ui.navigation import page_file
from churnkit.ui.opened import OpenedLook
from churnkit.ui.rights import may


def currency_note(opened: OpenedLook) -> None:
    """Says once, on Home, why amounts are bare numbers, with the way to change it; nothing where a currency is known."""
    if opened.currency:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="no_currency"):
        st.caption(
            "Amounts are bare numbers: neither the file nor your settings name a currency.", width="content"
        )
        if opened.mine and may(Action.PLAN):
            st.page_link(page_file("settings"), label="Name the currency", icon=":material/payments:")
