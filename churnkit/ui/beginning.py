"""Where the bare address leads: to the first page, or to what somebody has here already."""

from __future__ import annotations

import streamlit as st

from churnkit.ui import keys
from churnkit.ui.chosen import UPLOAD, chosen_session
from churnkit.ui.since_link import begins_with_changes


def lead_on(at_bare_address: bool) -> None:
    """Go where the visit goes on, if somebody comes to the bare address and has something here.

    With a finished analysis that is Home, or what has changed where there is an earlier version; with one under way its
    progress; with a file that was merely read what is asked about it. Others stay on the first page.
    """
    if not at_bare_address:
        # A visit that begins elsewhere has begun.
        st.session_state[keys.BEGUN] = True
        return
    if UPLOAD in st.query_params:
        st.switch_page("pages/upload.py", query_params={UPLOAD: st.query_params[UPLOAD]})
    if begins_with_changes():
        st.switch_page("pages/since.py")
    chosen = chosen_session(finished=True)
    if chosen is None:
        return
    if chosen.session.run_id is not None:
        st.switch_page("pages/dashboard.py")
    st.switch_page("pages/progress.py" if chosen.session.status == "training" else "pages/upload.py")
