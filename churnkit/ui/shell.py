"""The sidebar: which analysis is open, and the way to the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from churnkit import __version__
from churnkit.store import JobKind, JobStatus, Session
from churnkit.text.figures import day, days
from churnkit.ui import address, keys
from churnkit.ui.analysis_note import show_note
from churnkit.ui.brand_form import show_brand
from churnkit.ui.chosen import (
    UPLOAD,
    Chosen,
    chosen_session,
    note_waiting,
    remember,
    was_dropped,
)
from churnkit.ui.example import is_example
from churnkit.ui.expert_view import expert_switch
from churnkit.ui.locale_here import use_locale
from churnkit.ui.navigation import HELP, page_file
from churnkit.ui.open_door import open_door_note
from churnkit.ui.rights import note_readers
from churnkit.ui.share_form import share_form, show_link
from churnkit.ui.who_is_here import claim_offer, who_is_here
from churnkit.ui.workspace import workspace

_NOT_THERE = (
    "The address named an analysis that is not here: it was deleted, or the link to it is not complete, has ended or was"
    " taken back. What is open now stands in the sidebar."
)

LINK_WORDS = "Opened from a link: you can read this analysis, not change it."
EXAMPLE_WORDS = "A finished example: a made-up coffee shop. You can look at everything and change nothing."

Work = tuple[JobKind, JobStatus]


def sidebar(*, finished: bool = False) -> None:
    """The analyses of this workspace, newest first; choosing one opens it on the page one is on.

    ``finished`` as in :func:`chosen_session`: whether the page is one of results.
    """
    configuring = not finished and UPLOAD in st.query_params
    if configuring:
        address.name(address.NOTHING)
        st.session_state[keys.FOREIGN] = None
    chosen = None if configuring else chosen_session(finished=finished)
    here = workspace()
    use_locale(here.store, *([chosen.store] if chosen is not None else []))
    note_readers(here.store.actor, chosen.store.actor if chosen is not None and not chosen.mine else None)
    if was_dropped():
        st.warning(_NOT_THERE, icon=":material/link_off:")
    with st.sidebar:
        show_brand(here.store)
        _list(chosen)
        new = share_form(chosen.session) if chosen is not None and chosen.mine else None
        expert_switch(here.store)
        st.page_link(page_file(HELP.stem), label=HELP.title, icon=f":material/{HELP.icon}:")
        open_door_note()
        who_is_here(here)
        st.caption(f"churnkit {__version__}")
    if new is not None:
        show_link(new)
    claim_offer(here)


def _list(chosen: Chosen | None) -> None:
    store = workspace().store
    sessions = store.sessions.all()
    names = {upload.upload_id: upload.filename for upload in store.uploads.all()}
    work = store.jobs.newest_work()
    if chosen is not None and not chosen.mine:
        st.caption(EXAMPLE_WORDS if is_example(chosen.store) else LINK_WORDS)
        sessions = [chosen.session, *sessions]
        names[chosen.session.upload_id] = chosen.store.uploads.get(chosen.session.upload_id).filename
        work |= chosen.store.jobs.newest_work()
    if not sessions:
        st.caption("No analysis yet.")
        return
    current = chosen.session.session_id if chosen else None
    state = work.get(current) if current else None
    note_waiting(current if state is not None and state[1] == "pending" else None)
    _choice(_labels(sessions, names, work), current)
    if chosen is not None:
        show_note(chosen.session, mine=chosen.mine)


def _choice(labels: Mapping[str, str], current: str | None) -> None:
    """A list to choose from.

    Streamlit's list tells its options by their label, and labels change with what they name: a browser that sends one
    from before the change would choose what is not there any more. Hence a list of its own for every set of labels.
    """
    key = f"{keys.CHOICE}_{hashlib.sha256(repr(labels).encode()).hexdigest()[:12]}"
    st.session_state[key] = current
    st.selectbox(
        "Analysis",
        options=list(labels),
        format_func=labels.__getitem__,
        key=key,
        index=None if current is None else 0,
        placeholder="Open an analysis",
        on_change=_switch,
        args=(key, frozenset(labels)),
    )


def _switch(key: str, known: frozenset[str]) -> None:
    wanted = st.session_state.get(key)
    if wanted in known:
        st.query_params.pop(UPLOAD, None)
        remember(wanted)


def _labels(
    sessions: Sequence[Session], names: Mapping[str, str], work: Mapping[str, Work]
) -> dict[str, str]:
    """A label for each analysis; those that read the same are numbered."""
    labels: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for session in sessions:
        name = session.name or names.get(session.upload_id, "file")
        label = _label(session, name, work.get(session.session_id))
        seen[label] += 1
        labels[session.session_id] = label if seen[label] == 1 else f"{label} ({seen[label]})"
    return labels


def _label(session: Session, name: str, work: Work | None) -> str:
    parts = [name if len(name) <= 28 else name[:27] + "…", day(session.created_at)]
    if session.horizon_days:
        parts.append(days(session.horizon_days))
    state = _state(session, work)
    return " · ".join([*parts, state] if state else parts)


def _state(session: Session, work: Work | None) -> str:
    """What a label says of the work on an analysis; nothing of one that is done."""
    kind, status = work or ("look", "completed")
    if status in ("pending", "running"):
        return "being read" if kind == "look" else "waiting" if status == "pending" else "running"
    if session.run_id is not None:
        return ""
    if status == "failed":
        return "stopped" if kind == "analyze" else "not read"
    return "not analysed yet"
