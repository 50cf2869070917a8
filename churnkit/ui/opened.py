"""What a page shows of the open analysis: its first look, or its results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd
import streamlit as st

from churnkit.accounts import Action
from churnkit.config import Money, models_dir
from churnkit.errors import DataError, NotFoundError, StoreError
from churnkit.results.folders import PRICED, Results
from churnkit.results.look_folder import Look
from churnkit.services.decide.reach import Reach, reach_of
from churnkit.services.decide.repricing import digest, open_priced, priced_folder, priced_place
from churnkit.services.decide.run_words import fallback_words
from churnkit.services.decide.shop_assumptions import ShopAssumptions, shop_assumptions
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import ModelSeal, Session, Store
from churnkit.text.figures import escape_markdown
from churnkit.text.locale import current
from churnkit.ui.chosen import chosen_session
from churnkit.ui.example_note import example_button
from churnkit.ui.parts import chart, empty
from churnkit.ui.rights import needs
from churnkit.ui.waiting import not_ready
from churnkit.ui.workspace import Workspace, workspace

if TYPE_CHECKING:
    from churnkit.services.whatif.changed_customer import Scorer

_CACHED_ANALYSES = 8
_CACHED_FIGURES = 256


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

    def chart(self, make: Callable[..., Any], *data: Any, alt: str, key: str) -> None:
        """A figure that is the same for everybody who opens this analysis: ``make(*data)``, built once for its ``key``.

        What a visitor may choose must not go into it, only what lies in the analysis' files and its currency.
        """
        stamp = folder_stamp(self.look.folder)
        chart(_figure(self.look.source, stamp, self.currency, key, make, data), alt, key=key)


@dataclass(frozen=True)
class Opened(OpenedLook):
    """A session with a finished run.

    Attributes
    ----------
    results
        Under the assumptions about money that hold now.
    assumed
        These assumptions, and where they come from.
    base_money
        Those that the run was made with.
    """

    results: Results
    run_id: str
    assumed: ShopAssumptions
    base_money: Money


def open_look() -> OpenedLook:
    """The chosen session's first look; draws what there is to do and stops the page where there is none."""
    chosen = chosen_session()
    if chosen is None:
        _nothing_yet()
    here, store, session, mine = chosen
    folder = here.platform.look_folder(session)
    if folder is None:
        not_ready(chosen)
    look = _look(str(folder), folder_stamp(folder), load_preferences(here.store).currency, current().code)
    return OpenedLook(here, store, session, look, mine)


def open_results() -> Opened:
    """The chosen session's current run; draws the empty, running or failed state and stops the page without one."""
    chosen = chosen_session(finished=True)
    if chosen is None:
        _nothing_yet()
    here, store, session, mine = chosen
    folder = here.platform.run_folder(session)
    if folder is None:
        not_ready(chosen)
    base = _results(str(folder), folder_stamp(folder), load_preferences(here.store).currency, current().code)
    made_with = base.summary.settings.money
    assumed = shop_assumptions(store, session.session_id, made_with)
    results = _under(base, assumed.money)
    fallen_back = fallback_words(results.summary)
    if fallen_back is not None:
        st.warning(escape_markdown(fallen_back, 600))
    return Opened(here, store, session, results, mine, results, folder.name, assumed, made_with)


def open_version(opened: Opened, run_id: str) -> Results:
    """Another version of the open analysis, under the assumptions about money that hold now."""
    folder = opened.workspace.platform.run_folder(opened.session, run_id)
    assert folder is not None
    base = _results(str(folder), folder_stamp(folder), opened.look.fallback_currency, current().code)
    return _under(base, opened.assumed.money)


def open_other(opened: Opened, session: Session) -> Results:
    """The run on screen of another analysis of the workspace, under the assumptions about money that hold for it."""
    folder = opened.workspace.platform.run_folder(session)
    if folder is None:
        raise NotFoundError("The results of this analysis are not there any more.", "Load the page again.")
    base = _results(
        str(folder), folder_stamp(folder), load_preferences(opened.workspace.store).currency, current().code
    )
    made_with = base.summary.settings.money
    return _under(base, shop_assumptions(opened.workspace.store, session.session_id, made_with).money)


def _under(base: Results, money: Money) -> Results:
    """The run under the assumptions that hold now; the first visitor after a change waits until it is worked out."""
    folder = base.folder
    place = priced_place(base, money)
    if place is None and priced_folder(folder) is None:
        return base
    there = place or folder / PRICED / digest(money)
    stamp = there.stat().st_mtime_ns if there.exists() else 0
    return _priced(str(there), stamp, base.fallback_currency, current().code, folder, money)


def reach(opened: OpenedLook) -> Reach:
    """How the customers of this shop can be reached."""
    return reach_of(opened.look, load_preferences(opened.store).channels or ())


def contacts_of_session(store: Store, session_id: str) -> pd.DataFrame | None:
    """Contacts by the file of an analysis; None where it has none or the analysis is gone."""
    try:
        session = store.sessions.get(session_id)
    except StoreError:
        return None
    folder = workspace().platform.look_folder(session)
    return None if folder is None else _look(str(folder), folder_stamp(folder), None, current().code).contacts


def scorer(opened: Opened) -> Scorer | None:
    """Scores changed customers with the run's model; None where simple rules scored. Loads the model on first use."""
    seal = opened.store.runs.seal(opened.run_id)
    if seal is None:
        return None
    return _scorer(str(opened.results.folder), str(models_dir()), seal)


@st.cache_resource(max_entries=4, show_spinner="Loading the model …")
def _scorer(folder: str, models_folder: str, seal: ModelSeal) -> Scorer | None:
    from churnkit.services.whatif.changed_customer import load_scorer

    return load_scorer(Path(folder), Path(models_folder), seal)


def folder_stamp(folder: Path) -> int:
    """What tells a run's folder from one that has taken its place: part of the key of whatever is kept of it.

    Raises
    ------
    DataError
        The folder is missing.
    """
    try:
        return folder.stat().st_mtime_ns
    except FileNotFoundError:
        raise DataError(
            f"Opening an analysis: its folder {folder.name} is missing from the data folder.",
            "Start the analysis again, or restore the data folder from a backup.",
        ) from None


@st.cache_resource(max_entries=_CACHED_ANALYSES, show_spinner=False)
def _look(folder: str, stamp: int, currency: str | None, locale: str) -> Look:
    return Look(Path(folder), currency)


@st.cache_resource(max_entries=_CACHED_ANALYSES, show_spinner=False)
def _results(folder: str, stamp: int, currency: str | None, locale: str) -> Results:
    return Results(Path(folder), currency)


@st.cache_resource(max_entries=_CACHED_ANALYSES, show_spinner="Working out the assumptions …")
def _priced(
    there: str, stamp: int, currency: str | None, locale: str, _folder: Path, _money: Money
) -> Results:
    return open_priced(_folder, currency, _money)


@st.cache_resource(max_entries=_CACHED_FIGURES, show_spinner=False)
def _figure(
    folder: str,
    stamp: int,
    currency: str | None,
    key: str,
    _make: Callable[..., Any],
    _data: tuple[Any, ...],
) -> Any:
    return _make(*_data)


def _nothing_yet() -> NoReturn:
    box = empty(
        "Nothing to look at yet",
        "Upload your shop's order export, or try one of the samples: the first look takes seconds.",
    )
    with box:
        if st.button(
            "Upload or try a sample",
            type="primary",
            icon=":material/upload_file:",
            key="go_upload",
            **needs(Action.UPLOAD),
        ):
            st.switch_page("pages/upload.py")
        example_button()
    st.stop()
