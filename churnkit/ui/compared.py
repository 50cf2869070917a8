"""The version on screen beside an earlier one: worked out once for everybody who looks at both."""

from __future__ import annotations

import streamlit as st

from churnkit.results.folders import Results
from churnkit.services.since.came_true import CameTrue, came_true, run_to_check
from churnkit.services.since.changes import Changes, compare_runs
from churnkit.services.since.earlier_runs import is_same_model
from churnkit.store import Run
from churnkit.ui.opened import Opened, folder_stamp, open_version

_CACHED = 16


def changes_since(opened: Opened, shown: Run, before: Run) -> Changes:
    """What changed from an earlier version to the one on screen."""
    earlier, now = open_version(opened, before.run_id), opened.results
    return _changes(*_key(earlier), *_key(now), is_same_model(before, shown), earlier, now)


def forecast_check(opened: Opened, before: Run, earlier: list[Run]) -> CameTrue:
    """What came of an earlier forecast: of the chosen version, else of the latest whose window is over."""
    run = run_to_check(earlier, before, opened.results.summary.question.cutoff)
    checked, now = open_version(opened, run.run_id), opened.results
    return _came_true(*_key(checked), *_key(now), checked, now)


def _key(results: Results) -> tuple[str, int]:
    return results.source, folder_stamp(results.folder)


@st.cache_resource(max_entries=_CACHED, show_spinner="Comparing both versions …")
def _changes(
    before: str, stamp: int, now: str, now_stamp: int, same: bool, _before: Results, _now: Results
) -> Changes:
    return compare_runs(_before, _now, same_model=same)


@st.cache_resource(max_entries=_CACHED, show_spinner="Looking what came of the forecast …")
def _came_true(
    before: str, stamp: int, now: str, now_stamp: int, _before: Results, _now: Results
) -> CameTrue:
    return came_true(_before, _now)
