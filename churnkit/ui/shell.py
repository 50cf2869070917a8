"""The sidebar: which analysis is open, and the way to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from churnkit import __version__
from churnkit.formats import day
from churnkit.store import Session
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
            labels = _labels(sessions, names)
            st.session_state[_CHOICE] = session.session_id
            st.selectbox(
                "Analysis",
                options=list(labels),
                format_func=lambda session_id: labels[session_id],
                key=_CHOICE,
                on_change=_switch,
            )
        st.caption(f"churnkit {__version__}")


def _labels(sessions: Sequence[Session], names: Mapping[str, str]) -> dict[str, str]:
    """A label for each analysis; those that read the same are numbered, since Streamlit tells options by their label."""
    labels: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for session in sessions:
        label = _label(session, session.name or names.get(session.upload_id, "file"))
        seen[label] += 1
        labels[session.session_id] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return labels


def _label(session: Session, name: str) -> str:
    parts = [name if len(name) <= 28 else name[:27] + "…", day(session.created_at)]
    if session.horizon_days:
        parts.append(f"{session.horizon_days} days")
    if _STATUS.get(session.status):
        parts.append(_STATUS[session.status])
    return " · ".join(parts)


def _switch() -> None:
    st.query_params[PARAMETER] = st.session_state[_CHOICE]
    remember(st.session_state[_CHOICE])
