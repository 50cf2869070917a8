"""From work that somebody watches to what came of it."""

from __future__ import annotations

import streamlit as st

from churnkit.jobs import JobView
from churnkit.ui import keys
from churnkit.ui.notification import notify

DONE = "The analysis is done."


def lead_to_results(view: JobView | None) -> None:
    """Go Home as soon as the analysis is done that was under way when this tab last looked."""
    watched = st.session_state.get(keys.WATCHED)
    if view is None or view.kind != "analyze":
        return
    if view.is_active:
        st.session_state[keys.WATCHED] = view.job_id
    elif watched == view.job_id:
        st.session_state.pop(keys.WATCHED)
        if view.status == "completed":
            st.session_state[keys.JUST_DONE] = view.job_id
            st.switch_page("pages/dashboard.py")


def say_that_they_are_ready() -> None:
    """Once, on the page that the end of the work led to: there, in the title of the
    browser's tab, and as the browser's notification where somebody asked for one."""
    job_id = st.session_state.pop(keys.JUST_DONE, None)
    if job_id is not None:
        st.set_page_config(page_title="Done · churnkit")
        st.toast(DONE, icon=":material/check_circle:", duration="long")
        notify(job_id, DONE)
