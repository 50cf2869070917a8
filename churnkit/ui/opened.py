"""The analysis being looked at: it stands in the URL, so a link or a reload opens the same screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from churnkit.config import models_dir
from churnkit.errors import DataError, StoreError
from churnkit.services.preferences import load_preferences
from churnkit.services.results import Look, Results
from churnkit.store import ModelSeal, Session, Store
from churnkit.ui.demo import demo_session, is_demo
from churnkit.ui.parts import empty
from churnkit.ui.workspace import Workspace, workspace

PARAMETER = "analysis"
_KEY = "_analysis"
_CACHED_ANALYSES = 8


@dataclass(frozen=True)
class OpenedLook:
    """A session with a first look.

    Attributes
    ----------
    mine
        False for an analysis opened from somebody's link, which may be read and not changed.
    store
        The owner's; notes of the viewer (scenarios, lists) go to ``workspace.store``.
    """

    workspace: Workspace
    store: Store
    session: Session
    look: Look
    mine: bool

    @property
    def currency(self) -> str | None:
        """The currency that money is written in, None where nobody named one."""
        return self.look.currency


@dataclass(frozen=True)
class Opened(OpenedLook):
    """A session with a finished run."""

    results: Results
    run_id: str


def chosen_session() -> tuple[Workspace, Store, Session, bool] | None:
    """The session of the URL, else the one last looked at, else the newest; None in an empty workspace.

    Ids are unguessable, so whoever has a link may read the analysis behind it; only its owner's workspace lists it.
    """
    here = workspace()
    wanted = st.query_params.get(PARAMETER) or st.session_state.get(_KEY)
    if wanted:
        found = _find(here, wanted)
        if found:
            remember(wanted)
            return found
        forget()
    sessions = here.store.sessions()
    if not sessions and is_demo():
        store, session = demo_session(here.platform)
        remember(session.session_id)
        return here, store, session, False
    if not sessions:
        return None
    remember(sessions[0].session_id)
    return here, here.store, sessions[0], True


def _find(here: Workspace, session_id: str) -> tuple[Workspace, Store, Session, bool] | None:
    owner = here.store.owner_of(session_id)
    if owner is None:
        return None
    mine = owner == here.store.tenant_id
    store = here.store if mine else here.store.for_tenant(owner)
    try:
        return here, store, store.session(session_id), mine
    except StoreError:
        # Deleted between the two queries, by another tab.
        return None


def remember(session_id: str) -> None:
    """Put an analysis into the URL and keep it when the visitor moves to another page."""
    st.session_state[_KEY] = session_id
    if st.query_params.get(PARAMETER) != session_id:
        st.query_params[PARAMETER] = session_id


def forget() -> None:
    """Take the analysis out of the URL."""
    st.session_state.pop(_KEY, None)
    st.query_params.pop(PARAMETER, None)


def open_look() -> OpenedLook:
    """The chosen session's first look; draws what there is to do and stops the page where there is none."""
    chosen = chosen_session()
    if chosen is None:
        _nothing_yet()
    here, store, session, mine = chosen
    folder = here.platform.look_folder(session)
    if folder is None:
        _not_ready(here, store, session)
    look = _look(str(folder), _stamp(folder), load_preferences(here.store).currency)
    return OpenedLook(here, store, session, look, mine)


def open_results() -> Opened:
    """The chosen session's current run; draws the empty, running or failed state and stops the page without one."""
    chosen = chosen_session()
    if chosen is None:
        _nothing_yet()
    here, store, session, mine = chosen
    folder = here.platform.run_folder(session)
    if folder is None:
        _not_ready(here, store, session)
    results = _results(str(folder), _stamp(folder), load_preferences(here.store).currency)
    return Opened(here, store, session, results, mine, results, folder.name)


def scorer(opened: Opened) -> Any | None:
    """Scores changed customers with the run's model; None where simple rules scored. Loads the model on first use."""
    seal = opened.store.seal_of_run(opened.run_id)
    if seal is None:
        return None
    return _scorer(str(opened.results.folder), str(models_dir()), seal)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …")
def _scorer(folder: str, models_folder: str, seal: ModelSeal) -> Any:
    from churnkit.services.whatif_customer import load_scorer

    return load_scorer(Path(folder), Path(models_folder), seal)


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        raise DataError(
            f"Opening an analysis: its folder {folder.name} is missing from the data folder.",
            "Start the analysis again, or restore the data folder from a backup.",
        ) from None


@st.cache_resource(max_entries=_CACHED_ANALYSES, show_spinner=False)
def _look(folder: str, stamp: int, currency: str | None) -> Look:
    return Look(Path(folder), currency)


@st.cache_resource(max_entries=_CACHED_ANALYSES, show_spinner=False)
def _results(folder: str, stamp: int, currency: str | None) -> Results:
    return Results(Path(folder), currency)


def _nothing_yet() -> NoReturn:
    box = empty(
        "Nothing to look at yet",
        "Upload your shop's order export, or try one of the samples: the first look takes seconds.",
    )
    with box:
        if st.button(
            "Upload or try a sample", type="primary", icon=":material/upload_file:", key="go_upload"
        ):
            st.switch_page("pages/upload.py")
    st.stop()


def _not_ready(here: Workspace, store: Store, session: Session) -> NoReturn:
    job = here.platform.progress(store, session.session_id)
    if job is None or (job.kind != "analyze" and job.status == "completed"):
        words = "The file has been read. Choose the churn threshold and start the analysis."
        headline, target, label = "This file has not been analysed yet", "pages/upload.py", "Go on"
    elif job.status in ("pending", "running"):
        words = job.step or "It waits for its turn."
        headline, target, label = "The analysis is running", "pages/progress.py", "Watch its progress"
    else:
        words = job.error_message or "It was stopped."
        headline, target, label = "The analysis did not finish", "pages/progress.py", "See why, start again"
    box = empty(headline, "", icon=":material/hourglass_top:")
    with box:
        st.text(words)
        if st.button(label, type="primary", key="go_on"):
            st.switch_page(target)
    st.stop()
