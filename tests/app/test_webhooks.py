"""Webhooks on the settings page: added, secret shown once, switched off and on, tested, sent again, deleted."""

from __future__ import annotations

import base64
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import SYSTEM
from churnkit.config import SECRET_KEY
from churnkit.store import Store
from churnkit.ui import keys

PAGE = "pages/settings.py"


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")
    asked: Callable[..., Any] = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *args, **more: asked("1.1.1.1" if host == "hooks.example" else host, *args, **more),
    )


def opened(app: AppTest) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = "Webhooks"
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def added(app: AppTest, url: str = "https://hooks.example/<b>_x_") -> AppTest:
    app.text_input(key="webhook_url").set_value(url)
    app.button(key="webhook_add").click().run()
    assert not app.exception
    return app


def secrets_on(app: AppTest) -> list[str]:
    return [one.value for one in app.code if one.value.startswith("whsec_")]


def test_its_secret_is_shown_once(empty_app: AppTest, store: Store) -> None:
    app = added(opened(empty_app))
    (secret,) = secrets_on(app)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    (webhook,) = store.webhooks.all()
    assert webhook.url == "https://hooks.example/<b>_x_"
    app.run()
    assert not secrets_on(app)
    assert "https://hooks.example/<b>_x_" in [text.value for text in app.text]
    app.button(key=f"rotate_{webhook.webhook_id}").click().run()
    app.button(key="confirm_rotation").click().run()
    (another,) = secrets_on(app)
    assert another != secret
    assert store.webhooks.get(webhook.webhook_id).generation == 2


def test_an_address_in_the_own_network_is_refused(empty_app: AppTest, store: Store) -> None:
    app = added(opened(empty_app), "https://169.254.169.254/")
    assert "open internet" in app.error[0].value
    assert store.webhooks.all() == []


def test_without_a_key_the_page_says_what_to_set(empty_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SECRET_KEY)
    app = opened(empty_app)
    assert f"`{SECRET_KEY}`" in app.info[0].value and not app.error
    assert "webhook_add" not in [button.key for button in app.button]


def test_it_is_tested_switched_and_sent_again(empty_app: AppTest, store: Store) -> None:
    app = added(opened(empty_app))
    (webhook,) = store.webhooks.all()
    app.run()
    app.button(key=f"test_{webhook.webhook_id}").click().run()
    (delivery,) = store.webhooks.deliveries(webhook.webhook_id)
    assert (delivery.event, delivery.status) == ("webhook.test", "waiting")
    outbox = store.for_tenant(store.tenant_id, SYSTEM).outbox
    now = datetime.now(UTC)
    words = "it answered with status 404"
    outbox.missed(delivery, words=words, answer_status=404, next_at=None, switched_off=None, at=now)
    app.run()
    assert f"A test · given up after 1 attempt · {words}" in texts(app)
    assert "nothing has arrived since" in texts(app)
    app.button(key=f"again_{delivery.delivery_id}").click().run()
    assert store.webhooks.deliveries(webhook.webhook_id)[0].status == "waiting"
    app.button(key=f"switch_{webhook.webhook_id}").click().run()
    assert "switched off" in texts(app)
    assert app.button(key=f"test_{webhook.webhook_id}").disabled
    app.button(key=f"switch_{webhook.webhook_id}").click().run()
    assert store.webhooks.get(webhook.webhook_id).disabled_at is None


def test_it_is_deleted_after_a_question(empty_app: AppTest, store: Store) -> None:
    app = added(opened(empty_app))
    (webhook,) = store.webhooks.all()
    app.run()
    app.button(key=f"delete_webhook_{webhook.webhook_id}").click().run()
    assert len(store.webhooks.all()) == 1
    app.button(key="confirm_delete_webhook").click().run()
    assert not app.exception and store.webhooks.all() == []
    assert "Nobody is told anything yet." in texts(app)
