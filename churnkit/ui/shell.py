"""The sidebar: which analysis is open, and the way to the others."""

from __future__ import annotations

import streamlit as st

from churnkit import __version__
from churnkit.formats import day
from churnkit.ui.opened import PARAMETER, chosen_session, remember

_CHOICE = "analysis_choice"
_STATUS = {"configured": "not analysed yet", "training": "running", "completed": ""}


def sidebar() -> None:
    """The analyses of this workspace, newest first; choosing one opens it on the page one is on."""
    chosen = chosen_session()
    with st.sidebar:
        if chosen is None:
            st.caption("No analysis yet.")
        else:
            here, store, session, mine = chosen
            sessions = here.store.sessions()
            if not mine:
                st.caption("Opened from a link: you can read this analysis, not change it.")
                sessions = [session, *sessions]
            names = {upload.upload_id: upload.filename for upload in here.store.uploads()}
            if not mine:
                names[session.upload_id] = store.upload(session.upload_id).filename
            labels = {
                one.session_id: _label(
                    names.get(one.upload_id, "file"), one.status, day(one.created_at), one.horizon_days
                )
                for one in sessions
            }
            st.session_state[_CHOICE] = session.session_id
            st.selectbox(
                "Analysis",
                options=list(labels),
                format_func=lambda session_id: labels[session_id],
                key=_CHOICE,
                on_change=_switch,
            )
        st.caption(f"churnkit {__version__}")


def _label(name: str, status: str, made: str, horizon_days: int | None) -> str:
    parts = [name if len(name) <= 28 else name[:27] + "…", made]
    if horizon_days:
        parts.append(f"{horizon_days} days")
    if _STATUS.get(status):
        parts.append(_STATUS[status])
    return " · ".join(parts)


def _switch() -> None:
    st.query_params[PARAMETER] = st.session_state[_CHOICE]
    remember(st.session_state[_CHOICE])
