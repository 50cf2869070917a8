"""A scoring on a page: under way, failed, or finished."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs import JobView
from churnkit.text.figures import escape_markdown
from churnkit.ui.opened import Opened
from churnkit.ui.rights import needs


def finished_scoring(
    opened: Opened, purpose: Literal["imagined", "newer"], *, stop_key: str, polling: bool
) -> JobView | None:
    """The newest scoring of the analysis, once its table can be shown; else what became of it is drawn.

    Parameters
    ----------
    stop_key
        The key of the button that stops it.
    polling
        Whether the page was waiting for it: then everything is drawn again.
    """
    job = opened.workspace.platform.scoring(opened.store, opened.session.session_id, purpose)
    if job is None:
        return None
    if job.status in ("pending", "running"):
        st.progress(min(1.0, job.percent / 100), text=job.step or "Waiting for its turn")
        if st.button("Stop", key=stop_key, **needs(Action.RUN)):
            opened.workspace.platform.cancel(opened.store, job.job_id)
            st.rerun()
        return None
    if polling:
        st.rerun()
    if job.status == "failed":
        words = f"{job.error_message or 'It was stopped.'} {job.error_remedy or ''}"
        st.error(escape_markdown(words, limit=2000), icon=":material/error:")
        return None
    return job
