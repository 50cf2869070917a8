"""Alerts on the settings page: added, tried out, changed, what was sent, deleted; for a viewer their own."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import SYSTEM, Actor, rights_of_role
from churnkit.config import SECRET_KEY
from churnkit.jobs import Platform
from churnkit.results.shop import ShopSettings
from churnkit.store import Store
from churnkit.ui import keys
from tests.app.conftest import SHELL

PAGE = "pages/settings.py"
ANN = "ann@shop.example"


@pytest.fixture(autouse=True)
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_SMTP_HOST", "mail.example")
    monkeypatch.setenv("CHURNKIT_MAIL_FROM", "churn@shop.example")
    monkeypatch.setenv("CHURNKIT_URL", "https://churn.shop.example")
    # Nothing leaves: what is queued stays.
    monkeypatch.setattr(Platform, "tell_webhooks", lambda self: None)


def opened(app: AppTest) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = "Alerts"
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption, *app.info])


def added(app: AppTest, address: str = ANN) -> AppTest:
    app.text_input(key="told_address").set_value(address)
    app.button(key="told_add").click().run()
    assert not app.exception
    return app


def test_somebody_is_entered_tried_out_changed_and_taken_out(empty_app: AppTest, store: Store) -> None:
    shop = store.shops.create("Tea *& Co*", ShopSettings(), created_at=datetime.now(UTC))
    app = opened(empty_app)
    assert "Nobody is told anything yet." in texts(app)
    app.selectbox(key="told_shop").set_value(shop.shop_id)
    app.selectbox(key="told_rhythm").set_value("weekly")
    app.checkbox(key="told_kinds_promoted").check()
    app.checkbox(key="told_report").check()
    added(app)
    (one,) = store.subscriptions.all()
    assert (one.address, one.shop_id, one.rhythm, one.with_report) == (ANN, shop.shop_id, "weekly", True)
    assert "promoted" in one.kinds and "run_ready" in one.kinds and "retrain_started" not in one.kinds
    assert one.report_at is not None and one.report_at.weekday() == 0
    assert "Tea *& Co* · Mondays at 8" in texts(app)
    app.button(key=f"try_{one.subscription_id}").click().run()
    (message,) = store.subscriptions.messages(one.subscription_id)
    app.selectbox(key=f"rhythm_{one.subscription_id}").set_value("soon")
    app.button(key=f"changed_{one.subscription_id}").click().run()
    assert store.subscriptions.get(one.subscription_id).rhythm == "soon"
    mailbox = store.for_tenant(store.tenant_id, SYSTEM).mailbox
    mailbox.missed(message.message_id, words="No such person.", next_at=None, at=datetime.now(UTC))
    app.run()
    assert "A test from churnkit · given up · No such person." in texts(app)
    app.button(key=f"resend_{message.message_id}").click().run()
    assert store.subscriptions.messages(one.subscription_id)[0].status == "waiting"
    app.button(key=f"untell_{one.subscription_id}").click().run()
    assert not app.exception and store.subscriptions.all() == []


def test_an_address_that_is_none_is_refused_in_words(empty_app: AppTest, store: Store) -> None:
    app = added(opened(empty_app), "ann")
    assert "it must be like name" in app.error[0].value
    assert store.subscriptions.all() == []


def test_a_chat_is_offered_where_its_address_can_be_sealed(
    empty_app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not opened(empty_app).segmented_control
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")
    monkeypatch.setenv("CHURNKIT_ALLOW_PRIVATE_HOSTS", "localhost")
    app = empty_app.run()
    app.segmented_control(key="told_channel").set_value("slack").run()
    app.text_input(key="told_chat").set_value("http://localhost:9/services/s3cret")
    app.button(key="told_add").click().run()
    assert not app.exception and not app.error
    (one,) = store.subscriptions.all()
    assert (one.channel, one.address) == ("slack", "localhost …cret")


def test_without_a_mail_server_it_says_how_to_name_one(
    empty_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHURNKIT_SMTP_HOST")
    app = opened(empty_app)
    assert "`CHURNKIT_SMTP_HOST`" in texts(app)
    assert not [one for one in app.button if one.key == "told_add"]


def test_a_viewer_enters_themselves_alone(
    empty_app: AppTest, store: Store, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    added(opened(empty_app), "bob@shop.example")
    viewer = Actor("person", "p", ANN, rights_of_role("viewer", may_export=False))
    monkeypatch.setattr(importlib.import_module("churnkit.ui.workspace"), "OWNER", viewer)
    app = opened(AppTest.from_file(str(SHELL), default_timeout=60))
    assert "bob@shop.example" not in texts(app)
    assert app.text_input(key="told_address").disabled and app.checkbox(key="told_report").disabled
    app.button(key="told_add").click().run()
    assert not app.exception and not app.error
    assert ANN in texts(app)
    assert {one.address for one in store.subscriptions.all()} == {ANN, "bob@shop.example"}
