"""Which analysis is open: it stands in the address, so a link or a reload opens the same screen."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from churnkit.errors import StoreError
from churnkit.store import Session, Store
from churnkit.ui import keys
from churnkit.ui.demo import demo_session, is_demo
from churnkit.ui.workspace import Workspace, workspace

PARAMETER = "analysis"
UPLOAD = "upload"


class Chosen(NamedTuple):
    """An analysis with whose it is; ``store`` is the owner's, and ``mine`` is False for one opened from a link."""

    workspace: Workspace
    store: Store
    session: Session
    mine: bool


def chosen_session(*, finished: bool = False) -> Chosen | None:
    """The analysis that this page is about; None in an empty workspace.

    The address says which. It takes ids of analyses that are there only: anything else is dropped from it, and
    :func:`was_dropped` says so. Ids are unguessable, so whoever has a link may read the analysis behind it; only its
    owner's workspace lists it.

    Without an address it is the one last opened in this tab, else the newest. Pages of results ask for a ``finished``
    one: for them an analysis counts that has a run or whose run is under way, so that a file that was merely read does
    not hide what has been analysed. What they show in its place is not taken for opened: the file that was read is
    still the open one on the pages that can show it.
    """
    here = workspace()
    named = st.query_params.get(PARAMETER)
    if named is not None:
        found = find(here, named)
        if found is not None:
            if named != st.session_state.get(keys.STAND_IN):
                st.session_state[keys.OPENED] = named
            return found
        st.query_params.pop(PARAMETER)
        st.session_state[keys.DROPPED] = True
    return _last_opened(here, finished) or _newest(here, finished) or _demo(here)


def find(here: Workspace, session_id: str) -> Chosen | None:
    """An analysis of anybody's by its id, None if there is none."""
    owner = here.store.overview.owner_of(session_id)
    if owner is None:
        return None
    mine = owner == here.store.tenant_id
    store = here.store if mine else here.store.for_tenant(owner)
    try:
        return Chosen(here, store, store.sessions.get(session_id), mine)
    except StoreError:
        # Deleted between the two queries, by another tab.
        return None


def remember(session_id: str) -> None:
    """Open an analysis: it goes into the address, and stays when the visitor moves to another page."""
    st.session_state[keys.OPENED] = session_id
    _write(session_id)


def forget() -> None:
    """Open none: the address names none any more."""
    for key in (keys.OPENED, keys.STAND_IN):
        st.session_state.pop(key, None)
    st.query_params.pop(PARAMETER, None)


def was_dropped() -> bool:
    """Whether the address has just named an analysis that is not there; true once."""
    return bool(st.session_state.pop(keys.DROPPED, False))


def note_waiting(session_id: str | None) -> None:
    """Note of which analysis the sidebar of this run says that it waits."""
    st.session_state[keys.WAITING] = session_id


def catch_up(session_id: str, *, is_running: bool) -> None:
    """Run the page anew if the work on an analysis has begun since this run's sidebar called it waiting."""
    if is_running and st.session_state.pop(keys.WAITING, None) == session_id:
        st.rerun()


def _last_opened(here: Workspace, finished: bool) -> Chosen | None:
    opened = st.session_state.get(keys.OPENED)
    found = find(here, opened) if opened else None
    if found is None:
        st.session_state.pop(keys.OPENED, None)
        return None
    if finished and not _has_results(found.session) and found.session.status != "training":
        return None
    _write(found.session.session_id)
    return found


def _newest(here: Workspace, finished: bool) -> Chosen | None:
    sessions = here.store.sessions.all()
    if not sessions:
        return None
    newest = sessions[0]
    if finished:
        started = next((one for one in sessions if one.status == "training"), newest)
        newest = next((one for one in sessions if _has_results(one)), started)
    if st.session_state.get(keys.OPENED) not in (None, newest.session_id):
        st.session_state[keys.STAND_IN] = newest.session_id
        st.query_params[PARAMETER] = newest.session_id
    else:
        remember(newest.session_id)
    return Chosen(here, here.store, newest, True)


def _demo(here: Workspace) -> Chosen | None:
    if not is_demo():
        return None
    store, session = demo_session(here.platform)
    remember(session.session_id)
    return Chosen(here, store, session, False)


def _has_results(session: Session) -> bool:
    return session.run_id is not None


def _write(session_id: str) -> None:
    st.session_state.pop(keys.STAND_IN, None)
    if st.query_params.get(PARAMETER) != session_id:
        st.query_params[PARAMETER] = session_id
