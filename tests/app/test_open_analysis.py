"""Which analysis a page opens: by address, by the sidebar, by neither; in every state of its work."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.services.access.shares import make_share, revoke_share
from churnkit.store import Session, Store
from tests.app.played import begin, write_status

REPOSITORY = Path(__file__).resolve().parents[2]
DASHBOARD, UPLOAD, CUSTOMERS = "dashboard", "upload", "customers"

Visit = Callable[[], AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Begins a new visit of the app.

    AppTest takes a folder of pages for the old kind of app and runs a page without its shell; here the shell stands
    around every page, as it does in the server.
    """
    monkeypatch.setattr("streamlit.testing.v1.app_test.PagesManager", type("Served", (PagesManager,), {}))
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    return lambda: AppTest.from_file(str(REPOSITORY / "main.py"), default_timeout=60)


def words(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.markdown, *app.text, *app.warning, *app.caption]
    return "\n".join(str(part.value) for part in parts)


def address(app: AppTest) -> str | None:
    found = app.query_params.get("analysis")
    return found[0] if isinstance(found, list) else found


def go(app: AppTest, page: str) -> AppTest:
    """Follow a link of the navigation, which leaves the address' parameters behind."""
    app.query_params.clear()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def chooser(app: AppTest) -> Any:
    """The sidebar's list of analyses."""
    (choice,) = [one for one in app.sidebar.selectbox if one.label == "Analysis"]
    return choice


def reload(again: AppTest, page: str, session: Session) -> str:
    """Open an address in a new visit; what the sidebar calls the analysis, and what is on the page."""
    again.query_params["analysis"] = session.session_id
    again.run()
    again.switch_page(f"pages/{page}.py").run()
    assert not again.exception
    assert address(again) == session.session_id
    choice = chooser(again)
    assert choice.value == session.session_id
    return f"{choice.format_func(session.session_id)}\n{words(again)}"


def test_an_address_opens_its_analysis_in_every_state(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store
) -> None:
    def shown(page: str) -> str:
        return reload(visit(), page, session)

    session, look = begin(still_platform, store, "new.csv")
    assert "being read" in shown(UPLOAD)
    assert "The file is being read" in shown(DASHBOARD)
    still_platform.cancel(store, look.job_id)
    assert "not read" in shown(UPLOAD)
    assert "The file could not be read" in shown(DASHBOARD)

    read_as(store, session, still_platform)
    text = shown(DASHBOARD)
    assert "not analysed yet" in text
    assert "This file has not been analysed yet" in text
    assert "What was read" in shown(UPLOAD)

    job = still_platform.start_analysis(store, session.session_id, AnalysisSettings())
    assert "waiting" in shown(DASHBOARD)
    still_platform.follower.tick()
    write_status(still_platform, job)
    text = shown(DASHBOARD)
    assert "· running" in text
    assert "The analysis is running" in text
    still_platform.cancel(store, job.job_id)
    text = shown(DASHBOARD)
    assert "stopped" in text
    assert "The analysis did not finish" in text
    assert "It was cancelled" in text


def read_as(store: Store, session: Session, platform: Platform) -> None:
    """Let a session have the first look of the finished analysis."""
    finished = next(one for one in store.sessions.all() if one.look_id)
    job = platform.start_look(
        store, session.upload_id, Reading(), AnalysisSettings(), session_id=session.session_id
    )
    platform.follower.tick()
    (look,) = [one for one in store.jobs.of_session(job.session_id) if one.status == "running"]
    there = platform.folders.look(session.session_id, look.job_id)
    shutil.copytree(platform.folders.look(finished.session_id, finished.look_id or ""), there)
    store.looks.finish(
        look.job_id,
        at=datetime.now(UTC),
        column_mapping={},
        horizon_days=30,
        row_count=10,
        transactions_path=there / "transactions.parquet",
    )


def test_a_file_that_was_merely_read_hides_no_results(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store
) -> None:
    (finished,) = store.sessions.all()
    read, _ = begin(still_platform, store, "new.csv")
    app = go(visit(), UPLOAD)
    assert address(app) == read.session_id
    go(app, DASHBOARD)
    assert address(app) == finished.session_id
    assert "Is the data fresh?" in words(app)
    app.run()
    assert address(go(app, UPLOAD)) == read.session_id
    assert "not analysed yet" not in words(go(app, CUSTOMERS))


def test_an_analysis_under_way_is_the_open_one_on_pages_of_results(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store
) -> None:
    new, _ = begin(still_platform, store, "new.csv")
    read_as(store, new, still_platform)
    still_platform.start_analysis(store, new.session_id, AnalysisSettings())
    app = go(visit(), UPLOAD)
    assert address(go(app, DASHBOARD)) == new.session_id
    assert "The analysis is running" in words(app)
    stranger = visit().run()
    stranger.session_state["_analysis"] = "gone"
    assert address(go(stranger, DASHBOARD)) != new.session_id
    assert "Is the data fresh?" in words(stranger)


@pytest.mark.parametrize("named", ["f" * 32, "coffee_shop_demo.csv · 1 Nov 2026 · running", "", "../x"])
def test_an_unknown_address_is_dropped_in_words(
    visit: Visit, small_app: AppTest, store: Store, named: str
) -> None:
    app = visit()
    app.query_params["analysis"] = named
    app.run()
    assert not app.exception
    assert "The address named an analysis that is not here" in app.warning[0].value
    assert address(app) == store.sessions.all()[0].session_id
    app.run()
    assert not app.warning


def test_a_label_of_before_is_never_adopted(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store
) -> None:
    session, _ = begin(still_platform, store, "new.csv")
    app = go(visit(), UPLOAD)
    choice = chooser(app)
    late = WidgetStates()
    late.widgets.add(id=choice.id, string_value="new.csv · 1 Nov 2026 · running")
    app._run(late)
    assert not app.exception
    assert not app.warning
    assert address(app) == session.session_id


def test_choosing_in_the_sidebar_leaves_the_file_being_configured(
    visit: Visit, small_app: AppTest, store: Store
) -> None:
    (finished,) = store.sessions.all()
    app = visit()
    app.query_params["upload"] = finished.upload_id
    app.run()
    assert "Check what was understood" in words(app)
    assert address(app) is None
    choice = chooser(app)
    assert choice.value is None
    choice.select_index(0).run()
    assert address(app) == finished.session_id
    assert "upload" not in app.query_params
    assert "What was read" in words(app)


def by_link(visit: Visit, page: str, token: str) -> AppTest:
    """Open a link in a new visit."""
    again = visit()
    again.query_params["share"] = token
    again.run()
    again.switch_page(f"pages/{page}.py").run()
    assert not again.exception
    return again


def shared(app: AppTest) -> str | None:
    found = app.query_params.get("share")
    return found[0] if isinstance(found, list) else found


def test_a_visitor_by_link_sees_a_file_being_read(
    visit: Visit, empty_app: AppTest, still_platform: Platform
) -> None:
    owner = still_platform.store_for("somebody else", OWNER)
    session, _ = begin(still_platform, owner)
    link = make_share(owner, session.session_id).text
    for page in (UPLOAD, DASHBOARD):
        app = by_link(visit, page, link)
        assert "Opened from a link" in words(app)
        assert "being read" in str(chooser(app).format_func(session.session_id))
        assert (shared(app), address(app)) == (link, None)


def test_an_id_alone_opens_nothing(visit: Visit, empty_app: AppTest, still_platform: Platform) -> None:
    session, _ = begin(still_platform, still_platform.store_for("somebody else", OWNER))
    app = visit()
    app.query_params["analysis"] = session.session_id
    app.run()
    assert not app.exception
    assert "not here" in words(app)
    assert address(app) is None


def test_a_link_shows_results_until_it_is_taken_back(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    link = make_share(store, session.session_id)
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    app = by_link(visit, DASHBOARD, link.text)
    assert "Is the data fresh?" in words(app)
    assert "Opened from a link" in words(go(app, CUSTOMERS))
    revoke_share(store, link.record.share_id)
    app.run()
    assert not app.exception
    assert "taken back" in words(app)
    assert "Nothing to look at yet" in words(app)
    assert shared(app) is None


def test_a_link_opens_one_analysis_and_no_other(
    visit: Visit, small_app: AppTest, still_platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    other, _ = begin(still_platform, store, "private.csv")
    link = make_share(store, session.session_id)
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    app = by_link(visit, DASHBOARD, link.text)
    assert "private.csv" not in words(app) + str(chooser(app).options)
    app.query_params.clear()
    app.query_params["analysis"] = other.session_id
    app.run()
    assert "not here" in words(app)
    assert "private.csv" not in words(app) + str(chooser(app).options)


def test_an_analysis_without_its_first_look_leads_to_the_columns(
    visit: Visit, empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    upload = still_platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), "old.csv", 100)
    session = store.sessions.create(
        upload_id=upload.upload_id, column_mapping={}, created_at=datetime.now(UTC)
    )
    app = visit()
    app.query_params["analysis"] = session.session_id
    go_on = app.run().button(key="go_on")
    assert go_on.label == "Check the columns"
    go_on.click().run()
    assert not app.exception
    assert "Check what was understood" in app.title[0].value
