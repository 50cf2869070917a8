"""Which analysis is open: it stands in the address, so a link or a reload opens the same screen."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, cast

import streamlit as st

from churnkit.errors import NotFoundError
from churnkit.services.access.shares import open_share
from churnkit.store import Session, Store
from churnkit.ui import address, keys
from churnkit.ui.address import Address
from churnkit.ui.demo import is_demo
from churnkit.ui.example import open_example, the_example
from churnkit.ui.workspace import Workspace, workspace

UPLOAD = "upload"


class Chosen(NamedTuple):
    """An analysis with whose it is.

    ``store`` is the owner's, as far as it may be seen; ``mine`` is False for one opened from a link. Notes on one that is
    not mine go to ``workspace.store``.
    """

    workspace: Workspace
    store: Store
    session: Session
    mine: bool


def chosen_session(*, finished: bool = False) -> Chosen | None:
    """The analysis that this page is about; None in an empty workspace.

    The address says which: by its id one of this workspace's, by the token of a link somebody else's. Anything else is
    dropped from it, and :func:`was_dropped` says so.

    Without an address it is the one last opened in this tab, else the newest. Pages of results ask for a ``finished``
    one: for them an analysis counts that has a run or whose run is under way, so that a file that was merely read does
    not hide what has been analysed. What they show in its place is not taken for opened: the file that was read is
    still the open one on the pages that can show it.
    """
    here = workspace()
    found = (
        _addressed(here, finished) or _last_opened(here, finished) or _newest(here, finished) or _demo(here)
    )
    st.session_state[keys.FOREIGN] = None if found is None or found.mine else found.session.session_id
    return found


def find(here: Workspace, session_id: str) -> Chosen | None:
    """An analysis of this workspace by its id, or of another if a link to it was opened in this tab; None otherwise."""
    try:
        return Chosen(here, here.store, here.store.sessions.get(session_id), here.store.actor.only is None)
    except NotFoundError:
        pass
    token = _tokens().get(session_id)
    opened = open_share(here.store, token, here.store.actor.address) if token else None
    if opened is not None:
        return _foreign(here, opened.store, opened.session)
    example = open_example(here.platform, session_id)
    return None if example is None else _foreign(here, *example)


def store_here() -> Store:
    """The store through which the page sees what is open: that of the link, or the workspace's own.

    Raises
    ------
    NotFoundError
        The link has ended since the page was drawn.
    """
    here = workspace()
    foreign = st.session_state.get(keys.FOREIGN)
    if foreign is None:
        return here.store
    found = find(here, foreign)
    if found is None:
        raise NotFoundError("The link to this analysis has ended or was taken back.", "Load the page again.")
    return found.store


def _foreign(here: Workspace, store: Store, session: Session) -> Chosen:
    """Somebody else's analysis, on which this workspace may keep notes."""
    actor = replace(here.store.actor, guest_of=frozenset({session.session_id}))
    guest = replace(here, store=here.store.for_tenant(here.store.tenant_id, actor))
    return Chosen(guest, store, session, False)


def link_token(session_id: str) -> str | None:
    """The token of the link by which an analysis was opened in this tab."""
    return _tokens().get(session_id)


def _tokens() -> dict[str, str]:
    """The tokens of the links that were opened in this tab, by analysis."""
    return cast("dict[str, str]", st.session_state.setdefault(keys.TOKENS, {}))


def _addressed(here: Workspace, finished: bool) -> Chosen | None:
    addressed = address.now()
    named = _linked(here, addressed.share) or addressed.analysis
    if named is None or (named == st.session_state.get(keys.STAND_IN) and not finished):
        return None
    found = find(here, named)
    if found is None:
        _drop()
        return None
    address.name(addressed if addressed.share else Address(named))
    if named != st.session_state.get(keys.STAND_IN):
        st.session_state[keys.OPENED] = named
    return found


def _linked(here: Workspace, token: str | None) -> str | None:
    """The analysis that a link in the address opens; a token that opens nothing is dropped from there."""
    if token is None:
        return None
    opened = open_share(here.store, token, here.store.actor.address)
    if opened is None:
        _drop()
        return None
    session_id = opened.session.session_id
    if opened.store.tenant_id != here.store.tenant_id:
        _tokens()[session_id] = token
    return session_id


def _drop() -> None:
    address.name(address.NOTHING)
    st.session_state[keys.DROPPED] = True


def remember(session_id: str) -> None:
    """Open an analysis: it goes into the address with the next run, and stays when the visitor moves to another page."""
    st.session_state[keys.OPENED] = session_id
    _write(session_id)
    address.move()


def forget() -> None:
    """Open none: the address names none any more."""
    for key in (keys.OPENED, keys.STAND_IN):
        st.session_state.pop(key, None)
    address.name(address.NOTHING)
    address.move()


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
        address.name(Address(newest.session_id))
    else:
        _open(newest.session_id)
    return Chosen(here, here.store, newest, True)


def _demo(here: Workspace) -> Chosen | None:
    if not is_demo():
        return None
    store, session = the_example(here.platform)
    _open(session.session_id)
    return _foreign(here, store, session)


def _has_results(session: Session) -> bool:
    return session.run_id is not None


def _open(session_id: str) -> None:
    st.session_state[keys.OPENED] = session_id
    _write(session_id)


def _write(session_id: str) -> None:
    """Name an analysis in the address: by the token of its link where one has opened it, so that a reload opens it too."""
    st.session_state.pop(keys.STAND_IN, None)
    token = _tokens().get(session_id)
    address.name(Address(share=token) if token else Address(session_id))
