"""Earlier versions of an analysis, and the way back to one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs import Platform
from churnkit.services.decide.model_views import share_leaving, versions_view
from churnkit.store import Run, Session, Store
from churnkit.text.figures import day, days, instant
from churnkit.tournament.names import model_label
from churnkit.ui.expert_view import is_expert
from churnkit.ui.newer_file_form import newer_file
from churnkit.ui.opened import Opened, folder_stamp
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.tables import table

A_PAGE = 10
_COLUMNS = (
    "on_screen",
    "scored_on",
    "origin",
    "made",
    "version.champion",
    "threshold_days",
    "customers",
    "version.mean_p_churn",
)
_EXPERT_COLUMNS = ("test_roc_auc_active", "test_roc_auc", "test_log_loss", "test_ece")


def version_columns() -> tuple[str, ...]:
    """Columns of a table of versions: how well each was tested is for experts."""
    return (*_COLUMNS, *(_EXPERT_COLUMNS if is_expert() else ()))


def version_view(opened: Opened) -> None:
    """A table of all versions, and a button for each that its owner can put on screen."""
    runs = opened.workspace.platform.runs(opened.store, opened.session.session_id)
    pages = -(-len(runs) // A_PAGE)
    page = st.pagination(pages, key="versions_page", bind="query-params") if pages > 1 else 1
    shown = runs[(page - 1) * A_PAGE : page * A_PAGE]
    st.caption("Every analysis of this file is kept. The one marked ● is on screen everywhere.")
    table(
        versions_view(
            shown, opened.session.run_id, runs, leaving(opened.workspace.platform, opened.session, shown)
        ),
        version_columns(),
        key="versions_table",
        alt="Versions of this analysis",
    )
    others = [run for run in shown if run.run_id != opened.session.run_id]
    if not opened.mine:
        note("Only its owner can put another version on screen.")
    elif not others:
        note("There is one version so far. Another threshold on the upload page makes another one.")
    current = next((one for one in runs if one.run_id == opened.session.run_id), None)
    for run in others if opened.mine else []:
        newer = current is None or run.finished_at > current.finished_at
        promotion(opened.workspace.platform, opened.store, opened.session.session_id, run, newer=newer)
    newer_file(opened, runs)


def leaving(platform: Platform, session: Session, runs: Sequence[Run]) -> dict[str, float]:
    """By version: the share of its active customers that is expected to leave."""
    found = {}
    for run in runs:
        folder = platform.run_folder(session, run.run_id)
        share = _share(str(folder), folder_stamp(folder)) if folder is not None and folder.exists() else None
        if share is not None:
            found[run.run_id] = share
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def _share(folder: str, stamp: int) -> float | None:
    return share_leaving(Path(folder))


def promotion(platform: Platform, store: Store, session_id: str, run: Run, *, newer: bool) -> None:
    """A version that is not on screen, with the button that puts it there."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.text(_named(run))
        if st.button(
            "Promote" if newer else "Roll back to this",
            key=f"promote_{run.run_id}",
            icon=":material/publish:" if newer else ":material/undo:",
            **needs(Action.RUN),
        ):
            with guarded():
                platform.promote(store, session_id, run.run_id)
                st.rerun()


def _named(run: Run) -> str:
    """Which version it is: by the date that its customers were scored at, since several may have been made on one day."""
    scored = f"Customers as of {day(run.summary.cutoff)}; " if run.summary.cutoff else ""
    made = f"{model_label(run.champion)}, {days(run.horizon_days)}, made {instant(run.finished_at)} UTC"
    return f"{scored}{made}"
