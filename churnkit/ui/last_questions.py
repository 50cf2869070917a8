"""The last question before something goes, most of it for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from churnkit.errors import ChurnkitError
from churnkit.store import Session
from churnkit.ui import keys
from churnkit.ui.address import ANALYSIS
from churnkit.ui.chosen import forget
from churnkit.ui.workspace import leave, workspace


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """A button: its label and its key."""

    label: str
    key: str


@st.dialog("Delete this analysis?")
def confirm_deletion(session: Session, name: str) -> None:
    """Whether an analysis goes; ``name`` is what it is called in a list."""
    st.text(name)
    st.write(
        "It leaves every page, link and schedule, with its file, results, models and predictions, and with the scenarios"
        " and lists of everybody who made some on it. Work on it is stopped. For 24 hours you can bring it back from"
        " **Recently deleted** on this page; then it goes for good."
    )
    _ask(
        _Answer(label="Delete", key="confirm_delete"),
        ":material/delete:",
        lambda: _delete(session.session_id),
        _Answer(label="Keep", key="keep"),
    )


@st.dialog("Delete everything?")
def confirm_deletion_of_all() -> None:
    """Whether the workspace is emptied."""
    st.write(
        "All files, analyses, models, scenarios, lists and remembered answers of this workspace go, recently deleted"
        " analyses too. This cannot be undone. Your settings stay."
    )
    _ask(
        _Answer(label="Delete everything", key="confirm_all"),
        ":material/delete:",
        _delete_all,
        _Answer(label="Keep", key="keep_all"),
    )


@st.dialog("Leave this workspace?")
def confirm_leaving() -> None:
    """Whether nobody is to open the workspace again."""
    st.write(
        "This browser, and every other one with the same cookie, loses the workspace; its keys and links end. There is"
        " no account to come back with: nobody can list, change or delete again what is stored here. If the data"
        " themselves must go, choose **Delete everything** first."
    )
    _ask(
        _Answer(label="Leave", key="confirm_leave"),
        ":material/logout:",
        leave,
        _Answer(label="Stay", key="stay"),
    )


def _ask(yes: _Answer, icon: str, do: Callable[[], None], no: _Answer) -> None:
    with st.container(horizontal=True):
        if st.button(yes.label, type="primary", icon=icon, key=yes.key, on_click=do):
            st.rerun()
        if st.button(no.label, key=no.key):
            st.rerun()


def _delete(session_id: str) -> None:
    """Put an analysis away, and close it if it is the open one."""
    here = workspace()
    try:
        here.platform.put_away(here.store, session_id)
    except ChurnkitError as error:
        st.session_state[keys.NOT_DELETED] = f"{error.message} {error.remedy or ''}".strip()
        return
    st.session_state[keys.JUST_DELETED] = session_id
    if st.query_params.get(ANALYSIS) == session_id:
        forget()


def _delete_all() -> None:
    """Empty the workspace."""
    here = workspace()
    here.platform.delete_everything(here.store)
    forget()
