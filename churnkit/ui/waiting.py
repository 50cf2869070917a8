"""A page whose analysis is not ready: what goes on, until the page can show what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

import streamlit as st

from churnkit.jobs import JobView
from churnkit.text.figures import duration
from churnkit.ui.chosen import UPLOAD, Chosen, catch_up, find
from churnkit.ui.parts import empty, guarded

WORKING_SECONDS = 2.0
# Somebody may start the work in another tab, or its owner may while a visitor looks.
RESTING_SECONDS = 5.0


def not_ready(chosen: Chosen) -> NoReturn:
    """Draw what the analysis waits for and stop the page; it runs anew as soon as that has changed."""
    view = _work_on(chosen)
    catch_up(chosen.session.session_id, is_running=view is not None and view.status == "running")
    seconds = WORKING_SECONDS if view is not None and view.is_active else RESTING_SECONDS
    st.fragment(_follow, run_every=seconds)(chosen, _state(chosen, view))
    st.stop()


def _follow(chosen: Chosen, drawn: tuple[object, ...]) -> None:
    with guarded():
        now = find(chosen.workspace, chosen.session.session_id)
        if now is None:
            st.rerun()
        view = _work_on(now)
        if _state(now, view) != drawn:
            st.rerun()
        _draw(now, view)


def _work_on(chosen: Chosen) -> JobView | None:
    return chosen.workspace.platform.progress(chosen.store, chosen.session.session_id)


def _state(chosen: Chosen, view: JobView | None) -> tuple[object, ...]:
    """What a page of an analysis depends on; how far the work is does not matter."""
    work = (view.job_id, view.status) if view is not None else ()
    return (chosen.session.look_id, chosen.session.run_id, *work)


def _draw(chosen: Chosen, view: JobView | None) -> None:
    if view is not None and view.is_active:
        _working(view)
    elif view is not None and view.status == "failed":
        headline = "The file could not be read" if view.kind == "look" else "The analysis did not finish"
        _resting(
            headline, view.error_message or "It was stopped.", "pages/progress.py", "See why, start again"
        )
    elif chosen.mine and chosen.session.look_id is None:
        words = "What was read of this file is not kept any more: read it again."
        upload = {UPLOAD: chosen.session.upload_id}
        _resting("This file has not been analysed yet", words, "pages/upload.py", "Check the columns", upload)
    elif chosen.mine:
        words = "The file has been read. Choose the churn threshold and start the analysis."
        _resting("This file has not been analysed yet", words, "pages/upload.py", "Go on")
    else:
        words = "Its owner has not started the analysis. This page opens once it is done."
        _resting(
            "This file has not been analysed yet", words, "pages/data_quality.py", "See the file's quality"
        )


def time_left(view: JobView) -> str:
    """How long work under way will take, to stand behind what it does; empty where nobody knows."""
    if view.is_overdue:
        return " · takes longer than expected on this machine"
    return f" · about {duration(view.seconds_left)} left" if view.seconds_left else ""


def _working(view: JobView) -> None:
    headline = "The file is being read" if view.kind == "look" else "The analysis is running"
    with empty(headline, "This page opens as soon as it is done.", icon=":material/hourglass_top:"):
        st.progress(
            min(1.0, view.percent / 100), text=f"{view.step or 'It waits for its turn.'}{time_left(view)}"
        )
        _way_on("pages/progress.py", "Watch its progress")


def _resting(
    headline: str, words: str, page: str, label: str, query: Mapping[str, str] | None = None
) -> None:
    with empty(headline, "", icon=":material/hourglass_empty:"):
        st.text(words)
        _way_on(page, label, query)


def _way_on(page: str, label: str, query: Mapping[str, str] | None = None) -> None:
    if st.button(label, type="primary", key="go_on"):
        st.switch_page(page, query_params=dict(query or {}))
