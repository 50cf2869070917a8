"""Who is told of a shop, through the API: added, tried, taken out, by whoever may see to sources."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.results.shop import ShopSettings

Headers = Callable[..., dict[str, str]]
NEW = {"address": "Kim@shop.example", "kinds": ["risk_crossed"], "with_report": True}


@pytest.fixture(autouse=True)
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_SMTP_HOST", "mail.example")
    monkeypatch.setenv("CHURNKIT_MAIL_FROM", "churn@shop.example")
    monkeypatch.setenv("CHURNKIT_URL", "https://churn.shop.example")
    monkeypatch.setattr(Platform, "tell_webhooks", lambda self: None)


@pytest.fixture
def shop(platform: Platform) -> str:
    store = platform.store_for("shop", OWNER)
    return store.shops.create("Beans", ShopSettings(), created_at=datetime.now(UTC)).shop_id


def url(shop: str, *path: str) -> str:
    return "/".join([f"/api/v1/shops/{shop}", *path])


def test_life_of_a_subscription(client: TestClient, key: Headers, shop: str) -> None:
    headers = key("admin")
    made = client.post(url(shop, "subscriptions"), json=NEW, headers=headers)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["address"], told["kinds"], told["with_report"]) == (
        "kim@shop.example",
        ["risk_crossed"],
        True,
    )
    assert "token" not in made.text
    path = url(shop, "subscriptions", told["subscription_id"])
    assert made.headers["location"].endswith(path)
    assert client.get(path, headers=headers).json() == told
    assert client.get(url(shop, "subscriptions"), headers=headers).json()["items"] == [told]
    assert client.post(url(shop, "subscriptions"), json=NEW, headers=headers).status_code == 409
    tried = client.post(f"{path}/test", headers=headers)
    assert (tried.status_code, tried.json()["status"]) == (202, "waiting")
    assert (
        client.get(url("other", "subscriptions", told["subscription_id"]), headers=headers).status_code == 404
    )
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(path, headers=headers).status_code == 404


def test_who_is_told_takes_the_right_to_sources(client: TestClient, key: Headers, shop: str) -> None:
    for answer in (
        client.get(url(shop, "subscriptions"), headers=key("run")),
        client.post(url(shop, "subscriptions"), json=NEW, headers=key("run")),
    ):
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "change", [{"address": "kim"}, {"kinds": ["another"]}, {"time_zone": "Mars"}, {"more": 1}]
)
def test_what_cannot_be_told_is_refused(
    client: TestClient, key: Headers, shop: str, change: dict[str, object]
) -> None:
    answer = client.post(url(shop, "subscriptions"), json={**NEW, **change}, headers=key("admin"))
    assert answer.status_code == 422
