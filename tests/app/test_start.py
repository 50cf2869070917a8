"""The first minute: the first page, the finished example on every page, and the way to one's own file."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import Actor, rights_of_role
from churnkit.jobs import Platform
from churnkit.jobs.example import ARCHIVE, EXAMPLE_TENANT
from churnkit.services.look.sample_shops import SAMPLE_SHOPS
from churnkit.store import Store
from churnkit.text.figures import count
from churnkit.ui.page_rules import PAGES
from tests.app.conftest import SHELL, app


def words(app: AppTest) -> str:
    parts = [*app.title, *app.markdown, *app.caption, *app.text, *app.error, *app.warning]
    return "\n".join(str(part.value) for part in parts)


def example_of(platform: Platform) -> str:
    """The id of the example."""
    return platform.example()[1].session_id


def test_the_first_page_shows_the_examples_own_figures(empty_app: AppTest, platform: Platform) -> None:
    shown = empty_app.run()
    assert not shown.exception
    _, session = platform.example()
    folder = platform.run_folder(session)
    assert folder is not None
    from churnkit.results.folders import Results

    active = Results(folder).summary.customers.active
    metrics = {metric.label: metric.value for metric in shown.metric}
    assert metrics["Active customers"] == count(active.customers)
    assert metrics["About to leave"] == count(active.expected_leavers)
    keys = [button.key for button in shown.button]
    assert keys.count("see_example") == keys.count("use_export") == 1


def test_looking_at_the_first_page_stores_nothing(
    empty_app: AppTest, store: Store, platform: Platform
) -> None:
    assert not empty_app.run().exception
    assert platform.store_for(EXAMPLE_TENANT, store.actor).sessions.all() == []


def test_the_example_opens_and_is_left(
    shell: None, empty_app: AppTest, store: Store, platform: Platform
) -> None:
    shown = empty_app.run()
    shown.button(key="see_example").click().run()
    assert not shown.exception and not shown.error
    assert shown.query_params["analysis"] in (example_of(platform), [example_of(platform)])
    assert "A finished example" in words(shown)
    assert store.sessions.all() == []
    shown.button(key="leave_example").click().run()
    assert not shown.exception
    assert shown.file_uploader
    assert "analysis" not in shown.query_params
    assert "A finished example" not in words(shown)


@pytest.mark.slow
def test_the_example_opens_on_every_page_and_nothing_of_it_can_be_changed(
    shell: None, empty_app: AppTest, platform: Platform, store: Store
) -> None:
    session_id = example_of(platform)
    for stem in sorted(set(PAGES) - {"start"}):
        shown = AppTest.from_file(str(SHELL), default_timeout=60)
        shown.query_params["analysis"] = session_id
        shown.switch_page(f"pages/{stem}.py").run()
        assert not shown.exception, stem
        assert not [one.value for one in shown.error], stem
        assert shown.query_params["analysis"] in (session_id, [session_id]), stem
        assert {"start_analysis", "cancel_job", "start_again"}.isdisjoint(
            {button.key for button in shown.button if not button.disabled}
        ), stem
    assert store.sessions.all() == []


def test_an_own_analysis_is_where_the_bare_address_leads(shell: None, small_app: AppTest) -> None:
    shown = small_app.run()
    assert not shown.exception
    assert "see_example" not in {button.key for button in shown.button}
    assert "A finished example" not in words(shown)


def test_the_address_of_an_upload_leads_to_it(
    shell: None, empty_app: AppTest, platform: Platform, store: Store
) -> None:
    with SAMPLE_SHOPS[0].path.open("rb") as stream:
        upload = platform.receive_upload(store, stream, "orders.csv", 10**7)
    session = store.sessions.create(
        upload_id=upload.upload_id, column_mapping={}, created_at=datetime.now(UTC)
    )
    assert session.run_id is None
    empty_app.query_params["upload"] = "new"
    assert empty_app.run().file_uploader


def test_a_viewer_may_see_the_example(
    shell: None, empty_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = Actor("person", "p", "viewer", rights_of_role("viewer", may_export=False))
    monkeypatch.setattr(importlib.import_module("churnkit.ui.workspace"), "OWNER", viewer)
    shown = empty_app.run()
    assert shown.button(key="use_export").disabled
    assert "an analyst of the workspace does" in words(shown)
    shown.button(key="see_example").click().run()
    assert not shown.exception and not shown.error
    assert shown.button(key="leave_example").disabled


def test_without_the_bundled_example_there_is_one_way(
    shell: None, empty_app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("churnkit.ui.example.ARCHIVE", tmp_path / ARCHIVE.name)
    shown = empty_app.run()
    assert not shown.exception
    assert {button.key for button in shown.button} >= {"use_export"}
    assert "see_example" not in {button.key for button in shown.button}


def test_the_demo_shows_the_example_to_who_has_nothing(
    shell: None, empty_app: AppTest, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_DEMO", "1")
    shown = empty_app.run()
    assert not shown.exception and not shown.error
    assert shown.query_params["analysis"] in (example_of(platform), [example_of(platform)])
    again = app().run()
    assert again.query_params["analysis"] in (example_of(platform), [example_of(platform)])
    assert len(platform.store_for(EXAMPLE_TENANT, platform.follower.store.actor).sessions.all()) == 1
