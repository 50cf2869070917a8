"""Analyses that were deleted and can still be brought back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs.removal import BROUGHT_BACK_FOR
from churnkit.store import PutAway
from churnkit.text.figures import duration, instant
from churnkit.ui import keys
from churnkit.ui.chosen import remember
from churnkit.ui.parts import guarded
from churnkit.ui.rights import needs
from churnkit.ui.workspace import workspace

_NOTICED_FOR = timedelta(minutes=10)


def deletion_notice() -> None:
    """What was just deleted in this tab, with the way back; or why it was not."""
    trouble = st.session_state.pop(keys.NOT_DELETED, None)
    if trouble:
        st.warning(trouble)
    session_id = st.session_state.get(keys.JUST_DELETED)
    now = datetime.now(UTC)
    for away in workspace().store.put_away.all() if session_id else ():
        if away.session_id == session_id and now - away.put_away_at < _NOTICED_FOR:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.text(f"Deleted: {away.name}. For 24 hours it can be brought back.")
                _back(away, "undo_deletion")


def recently_deleted() -> None:
    """The list of them, each with the way back and the way out."""
    listed = workspace().store.put_away.all()
    if not listed:
        return
    st.header("Recently deleted")
    st.caption(
        "Nothing of these shows anywhere else, and nothing is done for them. After 24 hours they go for good. When a"
        " customer is erased, they go at once."
    )
    for away in listed:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(f"{away.name} · deleted {instant(away.put_away_at)} · {_left(away)}")
            _back(away, f"bring_back_{away.session_id}")
            if st.button(
                "Delete now",
                key=f"delete_now_{away.session_id}",
                icon=":material/delete_forever:",
                **needs(Action.DELETE),
            ):
                with guarded():
                    workspace().platform.delete_put_away(workspace().store, away.session_id)
                    st.rerun()


def _back(away: PutAway, key: str) -> None:
    if st.button("Bring it back", key=key, icon=":material/undo:", **needs(Action.DELETE)):
        with guarded():
            here = workspace()
            here.platform.bring_back(here.store, away.session_id)
            st.session_state.pop(keys.JUST_DELETED, None)
            remember(away.session_id)
            st.rerun()


def _left(away: PutAway) -> str:
    seconds = (away.put_away_at + BROUGHT_BACK_FOR - datetime.now(UTC)).total_seconds()
    return f"goes for good in {duration(seconds)}" if seconds > 0 else "goes for good any minute"
