"""The versions of a shop on the History page: the next one is begun there, watched, stopped, and an older one put back."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.store import Store
from churnkit.ui import keys


def test_the_next_version_is_begun_watched_and_stopped(
    small_app: AppTest, still_platform: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    small_app.session_state[keys.HISTORY_TAB] = "Versions"
    small_app.run()
    small_app.switch_page("pages/history.py").run()
    assert not small_app.exception
    shown = small_app.dataframe[0].value
    assert "No models: too little history" in shown.to_string()
    small_app.button(key="refresh_now").click().run()
    small_app.button(key="refresh_now").click().run()
    small_app.button(key="retrain_now").click().run()
    waiting = [job for job in store.jobs.of_session(session.session_id) if job.status == "pending"]
    assert [job.kind for job in waiting] == ["analyze", "refresh"]
    for job in waiting:
        small_app.button(key=f"stop_{job.job_id}").click().run()
    assert not small_app.exception
    assert {store.jobs.get(job.job_id).ended_by for job in waiting} == {"cancelled"}
