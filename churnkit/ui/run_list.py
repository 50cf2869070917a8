"""The versions of a shop: refresh, train again, compare, and put another one on screen."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from churnkit.accounts import Action
from churnkit.jobs import JobView
from churnkit.services.decide.model_views import versions_view
from churnkit.store import Run, Store, TrainingJob
from churnkit.ui.chosen import Chosen
from churnkit.ui.parts import guarded, note
from churnkit.ui.rights import needs
from churnkit.ui.tables import table
from churnkit.ui.version_view import leaving, promotion, version_columns
from churnkit.ui.waiting import WORKING_SECONDS, time_left
from churnkit.ui.workspace import Workspace

A_PAGE = 10
_TITLES = {
    "refresh": "The forecast is being refreshed",
    "analyze": "Models are being trained",
    "add": "A file is being added to the history",
    "bulk": "Many orders are being scored on an engine",
}


def run_list(chosen: Chosen) -> None:
    """All versions of the shop, what can be done for the next one, and what goes on."""
    platform, store = chosen.workspace.platform, chosen.store
    shop_id = chosen.session.session_id
    current = chosen.session.run_id
    runs = [run for run in platform.runs(store, shop_id) if not run.is_challenger or run.run_id == current]
    if not runs:
        note("There is no version yet: start the analysis on the upload page.")
        return
    if chosen.mine:
        _begin(chosen)
        under_way(chosen)
    pages = -(-len(runs) // A_PAGE)
    page = st.pagination(pages, key="run_list_page", bind="query-params") if pages > 1 else 1
    shown = runs[(page - 1) * A_PAGE : page * A_PAGE]
    table(
        versions_view(shown, chosen.session.run_id, runs, leaving(platform, chosen.session, shown)),
        version_columns(),
        key="run_list",
        alt="Versions of this shop",
    )
    st.caption(
        "The one marked ● is on screen everywhere. The test figures of a version that was scored by an earlier model were"
        " measured when that model was trained."
    )
    if not chosen.mine:
        note("Only its owner can put another version on screen.")
        return
    _promotions(chosen.workspace, store, shop_id, chosen.session.run_id, shown)


def _promotions(here: Workspace, store: Store, shop_id: str, current: str | None, shown: list[Run]) -> None:
    on_screen = next((run for run in shown if run.run_id == current), None)
    for run in shown:
        if run.run_id != current:
            newer = on_screen is None or run.finished_at > on_screen.finished_at
            promotion(here.platform, store, shop_id, run, newer=newer)


def _begin(chosen: Chosen) -> None:
    platform, store = chosen.workspace.platform, chosen.store
    shop_id = chosen.session.session_id
    with st.container(horizontal=True):
        _button(
            "Refresh the forecast",
            "refresh_now",
            ":material/sync:",
            "Scores the newest orders by the model that there is: no training, less than a minute for most shops.",
            lambda: platform.start_refresh(store, shop_id),
        )
        _button(
            "Train again",
            "retrain_now",
            ":material/model_training:",
            "Trains and compares models on all orders known now, with the same churn threshold: minutes.",
            lambda: platform.start_retrain(store, shop_id),
        )


def _button(label: str, key: str, icon: str, help_words: str, start: Callable[[], TrainingJob]) -> None:
    rights = needs(Action.RUN)
    if st.button(label, key=key, icon=icon, **{"help": help_words, **rights}):
        with guarded():
            start()
            st.rerun()


def _jobs(chosen: Chosen) -> list[TrainingJob]:
    return [job for job in chosen.store.jobs.of_session(chosen.session.session_id) if job.kind in _TITLES]


def under_way(chosen: Chosen) -> None:
    """What goes on with the shop, drawn anew until it has ended; and why the last of it failed."""
    jobs = _jobs(chosen)
    active = [job.job_id for job in jobs if job.status in ("pending", "running")]
    if active:
        st.fragment(_follow, run_every=WORKING_SECONDS)(chosen, active)
    elif jobs and jobs[0].status == "failed" and jobs[0].ended_by != "cancelled":
        st.warning(f"{jobs[0].error_message} {jobs[0].error_remedy or ''}".strip())
        _button(
            "Try again",
            "run_list_retry",
            ":material/replay:",
            "The same once more.",
            lambda: chosen.workspace.platform.retry(chosen.store, jobs[0].job_id),
        )


def _follow(chosen: Chosen, drawn: list[str]) -> None:
    with guarded():
        active = [job for job in _jobs(chosen) if job.status in ("pending", "running")]
        if [job.job_id for job in active] != drawn:
            st.rerun()
        for job in reversed(active):
            _working(chosen, chosen.workspace.platform.job_view(chosen.store, job))


def _working(chosen: Chosen, view: JobView) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        step = view.step or "It waits for its turn."
        st.progress(
            min(1.0, view.percent / 100),
            text=f"{_TITLES[view.kind]}: {step}{time_left(view)}",
            width="stretch",
        )
        if st.button("Stop", key=f"stop_{view.job_id}", icon=":material/stop:", **needs(Action.RUN)):
            with guarded():
                chosen.workspace.platform.cancel(chosen.store, view.job_id)
                st.rerun()
