"""The progress page: nothing, waiting, at work, failed, interrupted, cancelled, done."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.jobs import Platform
from churnkit.services.access.shares import make_share
from churnkit.store import Store
from churnkit.ui import keys
from tests.app.played import NoWorkers, begin, write_status

PAGE = "pages/progress.py"


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success, *app.title]
    return "\n".join(str(part.value) for part in parts)


def test_without_an_upload_it_says_what_will_be_here(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert "Nothing to follow yet" in words(app)
    assert app.button(key="go_upload").label == "Upload or try a sample"


def test_waiting_job_says_how_many_are_before_it(
    empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    begin(still_platform, store, "first.csv")
    session, job = begin(still_platform, store)
    empty_app.query_params["analysis"] = session.session_id
    app = opened(empty_app)
    (bar,) = app.get("progress")
    assert "Waiting for its turn" in bar.proto.text
    assert "1 more are before it" in bar.proto.text
    assert "beans \\& \\<i\\>tea" in words(app)
    app.button(key="cancel_job").click().run()
    assert store.jobs.get(job.job_id).ended_by == "cancelled"
    assert "It was cancelled" in words(app)


def test_work_shows_steps_with_what_they_found(
    empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    _, job = begin(still_platform, store)
    still_platform.follower.tick()
    write_status(still_platform, job)
    app = opened(empty_app)
    text = words(app)
    assert "**Starting**" in text
    assert "812 rows read, 99 customers" in text
    assert text.count(":material/radio_button_unchecked:") == 2
    (bar,) = app.get("progress")
    # Which of the two depends on how busy this machine is.
    assert re.fullmatch(
        r"Reading the file · (about .+|takes longer than expected on this machine)", bar.proto.text
    )
    assert 0 < bar.proto.value < 100


def test_models_are_counted(empty_app: AppTest, still_platform: Platform, store: Store) -> None:
    _, job = begin(still_platform, store)
    still_platform.follower.tick()
    write_status(still_platform, job, models_done=3, models_total=12)
    assert "Models tried: 3 of 12" in words(opened(empty_app))


def test_failure_says_why_and_starts_again(
    empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    session, job = begin(still_platform, store)
    still_platform.follower.tick()
    write_status(still_platform, job, "failed", message="No *date* column.", remedy="Map one.")
    still_platform.follower.tick()
    app = opened(empty_app)
    assert "No \\*date\\* column\\. Map one\\." in app.error[0].value
    assert ":material/cancel:" in words(app)
    app.button(key="start_again").click().run()
    assert [one.status for one in store.jobs.of_session(session.session_id)] == ["pending", "failed"]
    assert "Waiting for its turn" in app.get("progress")[0].proto.text


def test_interruption_is_plainly_marked(empty_app: AppTest, still_platform: Platform, store: Store) -> None:
    _, job = begin(still_platform, store)
    still_platform.follower.tick()
    write_status(still_platform, job)
    workers = still_platform.follower.workers
    assert isinstance(workers, NoWorkers)
    workers.alive = False
    still_platform.follower.tick()
    app = opened(empty_app)
    assert app.warning[0].value.startswith("**Interrupted.**")
    assert app.button(key="start_again").label == "Start again"
    assert not app.get("progress")


def test_finished_analysis_leads_to_the_dashboard(full_app: AppTest) -> None:
    app = opened(full_app)
    assert app.success[0].value == "The analysis is done."
    text = words(app)
    assert "300 customers" in text
    assert "champion\\: " in text
    assert app.button(key="go_dashboard").label == "Open the dashboard"


def test_finished_look_leads_to_the_threshold(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    look = next(job for job in store.jobs.of_session(session.session_id) if job.kind == "look")
    request = look.request
    again = store.jobs.create(session.session_id, created_at=datetime.now(UTC), kind="look", request=request)
    store.jobs.claim(again.job_id, at=datetime.now(UTC))
    store.jobs.finish(again.job_id, at=datetime.now(UTC))
    app = opened(full_app)
    assert app.button(key="go_threshold").label == "Choose the churn threshold"


def test_failed_rerun_points_to_the_last_results(
    full_app: AppTest, still_platform: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    job = still_platform.start_analysis(store, session.session_id, AnalysisSettings(horizon_days=33))
    still_platform.cancel(store, job.job_id)
    app = opened(full_app)
    assert "last finished analysis are still there" in words(app)
    assert app.button(key="go_dashboard")


def test_a_reader_by_link_cannot_stop_the_work(empty_app: AppTest, still_platform: Platform) -> None:
    owner = still_platform.store_for("somebody else", OWNER)
    session, job = begin(still_platform, owner)
    empty_app.query_params["share"] = make_share(owner, session.session_id).text
    app = opened(empty_app)
    assert app.get("progress")
    assert "cancel_job" not in [button.key for button in app.button]
    assert owner.jobs.get(job.job_id).status == "pending"


def test_who_watches_is_led_home_when_it_is_done_and_who_comes_later_is_not(
    full_app: AppTest, still_platform: Platform, store: Store
) -> None:
    app = opened(full_app)
    assert [one.value for one in app.title] == ["Progress"]
    (session,) = store.sessions.all()
    done = next(job for job in store.jobs.of_session(session.session_id) if job.kind == "analyze")
    app.session_state[keys.WATCHED] = done.job_id
    app.run()
    assert not app.exception
    assert [one.value for one in app.title] == ["Home"]
    assert app.session_state[keys.JUST_DONE]
    assert keys.WATCHED not in app.session_state
