"""The newest word on a shop's earlier forecasts: the run whose orders reach furthest tells it, on screen or not."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from churnkit.results.drift import DRIFT_FILE, DriftDocument
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
from churnkit.services.monitor.newest import most_recent
from churnkit.text.locale import current
from churnkit.ui.opened import Opened, folder_stamp


def scorecards_of(opened: Opened) -> Found[ScorecardsDocument] | Missing:
    """What became of the shop's forecasts, as far as its newest orders tell."""
    folder = _newest(opened)
    return _scorecards(str(folder), folder_stamp(folder), current().code)


def drift_of(opened: Opened) -> Found[DriftDocument] | Missing:
    """What has changed up to the shop's newest orders."""
    folder = _newest(opened)
    if (folder / SCORECARDS_FILE).exists() and not (folder / DRIFT_FILE).exists():
        return Missing("There is no earlier date to compare with yet.")
    return _drift(str(folder), folder_stamp(folder), current().code)


def _newest(opened: Opened) -> Path:
    """Folder of the shop's latest run by the date that it knows; the one on screen where runs do not tell."""
    runs = opened.workspace.platform.runs(opened.store, opened.session.session_id)
    newest = most_recent(runs)
    if newest is None:
        return opened.results.folder
    folder = opened.workspace.platform.folders.run(opened.session.session_id, newest.run_id)
    return folder if folder.exists() else opened.results.folder


@st.cache_resource(max_entries=16, show_spinner=False)
def _scorecards(folder: str, stamp: int, locale: str) -> Found[ScorecardsDocument] | Missing:
    return Results(Path(folder)).later(ScorecardsDocument, SCORECARDS_FILE)


@st.cache_resource(max_entries=16, show_spinner=False)
def _drift(folder: str, stamp: int, locale: str) -> Found[DriftDocument] | Missing:
    return Results(Path(folder)).later(DriftDocument, DRIFT_FILE)
