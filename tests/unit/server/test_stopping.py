"""The link at the end of a mail: it asks once, ends one subscription, and needs no sign-in wherever people sign in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from churnkit.server.visitors import root_store
from churnkit.store import Store
from tests.unit.server.accounts_app import browser
from tests.unit.store.filled import NOON
from tests.unit.store.test_tenants import a_message, subscribe


@pytest.fixture(params=["none", "local"])
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Store:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CHURNKIT_AUTH", request.param)
    return root_store()


def test_it_asks_and_then_ends_one_subscription(store: Store) -> None:
    for name in ("one", "two"):
        subscribe(store, name)
        store.subscriptions.queue(name, a_message(name), at=NOON)
    shown = browser().get("/account/stop/one")
    assert shown.status_code == 200 and "one@shop.example is told" in shown.text
    assert len(store.subscriptions.all()) == 2
    ended = browser().post("/account/stop/one", data={"List-Unsubscribe": "One-Click"})
    assert ended.status_code == 200 and "Nothing more is sent to one@shop.example" in ended.text
    assert [one.subscription_id for one in store.subscriptions.all()] == ["two"]
    assert len(store.subscriptions.messages("two")) == 1
    if os.environ["CHURNKIT_AUTH"] == "none":
        assert "This server has no accounts" in browser().get("/account/login").text
    for again in (browser().get("/account/stop/one"), browser().post("/account/stop/one")):
        assert again.status_code == 404 and "ended before" in again.text
