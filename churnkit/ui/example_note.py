"""The way in and out of the finished example."""

from __future__ import annotations

import streamlit as st

from churnkit.accounts import Action
from churnkit.ui.chosen import UPLOAD, forget, remember, store_here
from churnkit.ui.example import is_example, the_example
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace


def example_button(*, primary: bool = False) -> None:
    """Opens the example at once, as it was finished."""
    if st.button(
        "See a finished example",
        type="primary" if primary else "secondary",
        key="see_example",
        icon=":material/visibility:",
    ):
        _, session = the_example(workspace().platform)
        remember(session.session_id)
        st.switch_page("pages/dashboard.py")


def own_file_button(key: str) -> None:
    """Leads to where files are handed over."""
    if st.button("Use my export", key=key, icon=":material/upload_file:", **needs(Action.UPLOAD)):
        forget()
        st.switch_page("pages/upload.py", query_params={UPLOAD: "new"})


def example_note() -> None:
    """A line above every page while the example is open, with the way out of it."""
    if not is_example(store_here()):
        return
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="example_note"
    ):
        st.markdown(":material/visibility: **A finished example**: a made-up coffee shop.")
        own_file_button("leave_example")
