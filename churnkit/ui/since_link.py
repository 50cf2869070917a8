"""The versions before the one on screen, and whether a visit begins with what changed since."""

from __future__ import annotations

import streamlit as st

from churnkit.services.since.earlier_runs import earlier_runs
from churnkit.store import Run
from churnkit.ui import keys
from churnkit.ui.chosen import UPLOAD, chosen_session
from churnkit.ui.opened import Opened


def versions_before(opened: Opened) -> tuple[Run, list[Run]]:
    """The version on screen, and those whose orders end earlier, the latest first."""
    runs = opened.workspace.platform.runs(opened.store, opened.session.session_id)
    shown = next(run for run in runs if run.run_id == opened.run_id)
    return shown, earlier_runs(runs, shown)


def begins_with_changes() -> bool:
    """Whether this visit begins with what changed: asked once a tab, true where the open shop has an earlier version."""
    if st.session_state.setdefault(keys.BEGUN, False):
        return False
    st.session_state[keys.BEGUN] = True
    chosen = None if UPLOAD in st.query_params else chosen_session(finished=True)
    if chosen is None or not chosen.mine or chosen.session.run_id is None:
        return False
    runs = chosen.workspace.platform.runs(chosen.store, chosen.session.session_id)
    shown = next((run for run in runs if run.run_id == chosen.session.run_id), None)
    return shown is not None and bool(earlier_runs(runs, shown))
