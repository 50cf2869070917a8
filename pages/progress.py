"""How the work on the open analysis is doing: steps with what each found, time left, a way to stop and to go on."""

from typing import Literal

import streamlit as st

from churnkit import ui
from churnkit.accounts import Action
from churnkit.jobs import JobView, StepView
from churnkit.text.figures import count, duration, escape_markdown, percent
from churnkit.ui.chosen import catch_up, chosen_session
from churnkit.ui.notification import offer_notification
from churnkit.ui.read_account import known_before
from churnkit.ui.results_ready import DONE, lead_to_results
from churnkit.ui.waiting import time_left
from churnkit.ui.way import way

TITLES = {"look": "First look at the file", "analyze": "Analysis"}
ICONS = {
    "done": ":green[:material/check_circle:]",
    "running": ":blue[:material/pending:]",
    "waiting": ":gray[:material/radio_button_unchecked:]",
    "stopped": ":red[:material/cancel:]",
}
REFRESH_SECONDS = 0.5
# The work may be started anew in another tab.
RESTING_SECONDS = 5.0


def nothing_to_follow() -> None:
    """The empty state."""
    with ui.empty(
        "Nothing to follow yet",
        "When a file is read or analysed, each step shows here what it found and how long the rest will take.",
        icon=":material/hourglass_empty:",
    ):
        if st.button(
            "Upload or try a sample",
            type="primary",
            icon=":material/upload_file:",
            key="go_upload",
            **ui.needs(Action.UPLOAD),
        ):
            st.switch_page("pages/upload.py")


def step_line(step: StepView, *, active: bool) -> str:
    """One step as a line of Markdown."""
    state = "stopped" if step.state == "running" and not active else step.state
    name = step.name if step.state == "waiting" else f"**{step.name}**"
    found = f" – {escape_markdown(step.found)}" if step.found else ""
    took = f" :gray[· {duration(step.seconds)}]" if step.state == "done" and step.seconds else ""
    return f"{ICONS[state]} {name}{found}{took}"


def checklist(view: JobView) -> None:
    """All steps, ticked as far as they are done."""
    with st.container(border=True, gap="small", key="steps"):
        for step in view.steps:
            st.markdown(step_line(step, active=view.is_active))


def at_work(view: JobView) -> None:
    """The bar, the time left and the way to stop; the browser's tab says how far it is."""
    st.set_page_config(page_title=f"{percent(round(view.percent) / 100)} · churnkit")
    if view.status == "pending":
        place = view.queue_position or 1
        ahead = "It is next." if place == 1 else f"{count(place - 1)} more are before it."
        st.progress(0.0, text=f"Waiting for its turn: other work keeps this machine busy. {ahead}")
    else:
        st.progress(min(1.0, view.percent / 100), text=f"{view.step}{time_left(view)}")
    if view.models_total:
        st.caption(f"Models tried: {count(view.models_done)} of {count(view.models_total)}")
    checklist(view)
    st.caption(
        "You may close this page: the work goes on, and this address shows how it is doing. If you stay, it leads to the"
        " results, and the title of the browser's tab says how far it is."
    )
    if mine and st.button("Stop", icon=":material/stop_circle:", key="cancel_job", **ui.needs(Action.RUN)):
        here.platform.cancel(store, view.job_id)
        st.rerun()


def stopped(view: JobView) -> None:
    """Why it ended, what can be done, and the way to start again."""
    words = escape_markdown(f"{view.error_message} {view.error_remedy or ''}".strip(), limit=2000)
    if view.ended_by == "cancelled":
        st.info(words, icon=":material/stop_circle:")
    elif view.ended_by == "interrupted":
        st.warning(f"**Interrupted.** {words}", icon=":material/power_off:")
    else:
        st.error(words, icon=":material/error:")
    if session.run_id:
        st.caption("The results of the last finished analysis are still there.")
    with st.container(horizontal=True):
        if mine and st.button(
            "Start again",
            type="primary",
            icon=":material/restart_alt:",
            key="start_again",
            **ui.needs(Action.RUN),
        ):
            here.platform.retry(store, view.job_id)
            st.rerun()
        if mine and st.button(
            "Check the columns", icon=":material/tune:", key="check_columns", **ui.needs(Action.UPLOAD)
        ):
            st.switch_page("pages/upload.py", query_params={"upload": session.upload_id})
        if session.run_id:
            dashboard_button("secondary")
    checklist(view)


def finished(view: JobView) -> None:
    """Where to go from here."""
    if view.kind == "look":
        st.success("The file has been read.", icon=":material/check_circle:")
        if st.button("Choose the churn threshold", type="primary", key="go_threshold"):
            st.switch_page("pages/upload.py")
    else:
        st.success(DONE, icon=":material/check_circle:")
        dashboard_button("primary")
    checklist(view)


def dashboard_button(weight: Literal["primary", "secondary"]) -> None:
    """The way to the results."""
    if st.button("Open the dashboard", type=weight, icon=":material/dashboard:", key="go_dashboard"):
        st.switch_page("pages/dashboard.py")


def follow() -> None:
    """The newest work on this analysis; a change of its state redraws the whole page, the sidebar too."""
    with ui.guarded():
        draw()


def draw() -> None:
    """The state that the work is in."""
    view = here.platform.progress(store, session.session_id)
    if view is None:
        if drawn is not None:
            st.rerun()
        nothing_to_follow()
        return
    if (view.job_id, view.status) != drawn:
        st.rerun()
    if view.kind == "analyze" or view.is_active:
        st.header(TITLES[view.kind])
    if view.is_active:
        at_work(view)
    elif view.status == "failed":
        stopped(view)
    else:
        finished(view)


chosen = chosen_session()
if chosen is None:
    ui.title("Progress")
    nothing_to_follow()
    st.stop()
here, store, session, mine = chosen
way(5)
ui.title("Progress", escape_markdown(session.name or store.uploads.get(session.upload_id).filename))
newest = here.platform.progress(store, session.session_id)
catch_up(session.session_id, is_running=newest is not None and newest.status == "running")
drawn = (newest.job_id, newest.status) if newest else None
lead_to_results(newest)
if newest is not None and newest.is_active and newest.kind == "analyze":
    offer_notification(newest.job_id)
    if session.look_id is not None:
        known_before(ui.open_look())
st.fragment(follow, run_every=REFRESH_SECONDS if newest and newest.is_active else RESTING_SECONDS)()
