"""What a page says where anybody who reaches the server can work."""

from __future__ import annotations

import streamlit as st

from churnkit.config import AuthSettings
from churnkit.server.beginning import is_own_machine
from churnkit.ui.demo import is_demo


def open_door_note() -> None:
    """A line in the sidebar, for whoever comes from another machine to a server where nobody signs in."""
    if AuthSettings.from_environment().has_accounts or is_demo():
        return
    host = st.context.headers.get("X-Forwarded-Host") or st.context.headers.get("Host")
    if host and not is_own_machine(host):
        st.caption(
            ":material/lock_open: Nobody signs in here: anybody who knows this address can work on this server.",
            help="Whoever runs the server can change that: CHURNKIT_AUTH=local lets in people with a password only.",
        )
