"""A shop begins with a source on the upload page; sources are tested, pulled, paused, changed and deleted."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.config import PRIVATE_HOSTS, SECRET_KEY, SOURCES_FOLDER
from churnkit.jobs import Platform
from churnkit.store import NewSourceFile, Store
from tests.unit.store.filled import NOON

PAGE = "pages/upload.py"


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(SECRET_KEY, "k" * 32)
    monkeypatch.setenv(SOURCES_FOLDER, str(tmp_path))


def texts(app: AppTest) -> str:
    shown = [*app.text, *app.markdown, *app.caption, *app.error, *app.info]
    return "\n".join(str(part.value) for part in shown).replace("\\", "")


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def begun(app: AppTest) -> AppTest:
    app.selectbox(key="first_source_kind").select("woocommerce").run()
    app.text_input(key="first_source_shop_woocommerce").set_value("Tea <b>shop</b>")
    app.text_input(key="first_woocommerce_address").set_value("http://127.0.0.1:9/shop")
    app.text_input(key="first_woocommerce_secret_consumer_key").set_value("ck_1")
    app.text_input(key="first_woocommerce_secret_consumer_secret").set_value("cs_geheim")
    app.button(key="first_source_begin_woocommerce").click().run()
    assert not app.exception
    return app


def test_a_shop_begins_with_a_source(empty_app: AppTest, still_platform: Platform, store: Store) -> None:
    app = begun(opened(empty_app))
    (source,) = store.sources.all()
    (job,) = store.jobs.of_session(source.shop_id)
    assert (source.kind, source.gives, job.kind, job.status) == ("woocommerce", "changes", "pull", "pending")
    assert "Fetching the orders" in texts(app)
    assert "cs_geheim" not in texts(app)
    still_platform.cancel(store, job.job_id)
    app.run()
    assert "It was cancelled. What was known before stays as it is." in texts(app)
    app.button(key=f"test_source_{source.source_id}").click().run()
    assert "Testing" in texts(app)


def test_a_form_that_is_refused_leaves_no_shop(
    empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    app = opened(empty_app)
    app.selectbox(key="first_source_kind").select("link").run()
    app.text_input(key="first_source_shop_link").set_value("Tea shop")
    app.text_input(key="first_link_url").set_value("https://10.0.0.1:81/orders.csv")
    app.button(key="first_source_begin_link").click().run()
    assert "its port must be 443" in texts(app)
    assert store.shops.all() == []


def test_sources_are_paused_changed_and_deleted(
    empty_app: AppTest, still_platform: Platform, store: Store
) -> None:
    app = begun(opened(empty_app))
    (source,) = store.sources.all()
    key = source.source_id
    (job,) = store.jobs.of_session(source.shop_id)
    store.jobs.claim(job.job_id, at=NOON)
    file = NewSourceFile(still_platform.folders.uploads / "x.csv", "may.csv", 1, "0", None)
    store.sources.finish_pull(job.job_id, key, [file], pull_cursor={}, words="3 orders.", at=NOON)
    store.sources.hand_on(store.sources.files(key)[0].file_id, refused_why="It is of another shop.")
    app.run()
    assert "3 orders." in texts(app)
    assert "may.csv · It is of another shop." in texts(app)
    app.button(key=f"again_{store.sources.files(key)[0].file_id}").click().run()
    assert "waits for other work" in texts(app)
    app.button(key=f"pause_source_{key}").click().run()
    assert store.sources.get(key).paused_at is not None and "paused" in texts(app)
    app.text_input(key=f"change_{key}_name").set_value("The shop")
    app.button(key=f"change_{key}_save").click().run()
    assert store.sources.get(key).name == "The shop"
    app.text_input(key=f"change_{key}_address").set_value("https://evil.example")
    app.button(key=f"change_{key}_save").click().run()
    assert "Enter them again" in texts(app)
    app.button(key=f"delete_source_{key}").click().run()
    app.button(key="confirm_delete_source").click().run()
    assert store.sources.all() == [] and not app.exception


def test_what_the_server_lacks_is_said(
    empty_app: AppTest, still_platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_KEY)
    monkeypatch.delenv(SOURCES_FOLDER)
    app = opened(empty_app)
    assert "keeps no credentials yet" in texts(app)
    app.selectbox(key="first_source_kind").select("folder").run()
    assert "has no folder for sources" in texts(app)
