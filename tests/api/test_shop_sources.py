"""Sources through the API: added, tested, pulled, paused and deleted; their credentials are never told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from churnkit.config import PRIVATE_HOSTS, SECRET_KEY
from churnkit.jobs import Platform
from churnkit.services.sources.registering import begin_shop
from tests.api.conftest import TENANT

Headers = Callable[..., dict[str, str]]
WANTED = {
    "kind": "woocommerce",
    "settings": {"address": "http://127.0.0.1:9"},
    "credentials": {"consumer_key": "ck_1", "consumer_secret": "cs_geheim"},
}


@pytest.fixture
def url(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the sources of a shop that has no file yet."""
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    monkeypatch.setenv(SECRET_KEY, "k" * 32)
    platform.follower.close()
    shop = begin_shop(platform.store_for(TENANT, platform._root.actor), "Tea shop")
    return f"/api/v1/shops/{shop.shop_id}/sources"


def test_life_of_a_source(client: TestClient, key: Headers, url: str) -> None:
    headers = key("admin")
    made = client.post(url, json=WANTED, headers=headers)
    assert made.status_code == 201 and "geheim" not in made.text
    source = made.json()
    assert (source["name"], source["gives"], source["has_credentials"]) == ("WooCommerce", "changes", True)
    path = made.headers["Location"]
    assert client.get(path, headers=headers).json() == source
    for doing in ("test", "pull"):
        started = client.post(f"{path}/{doing}", headers=headers)
        assert (started.status_code, started.json()["kind"]) == (202, "pull")
        assert client.get(started.headers["Location"], headers=headers).status_code == 200
    assert client.patch(path, json={"is_paused": True}, headers=headers).json()["paused_at"] is not None
    moved = client.patch(path, json={"settings": {"address": "https://evil.example"}}, headers=headers)
    assert moved.status_code == 422 and "Enter them again" in moved.text
    assert client.get(url, headers=headers).json()["items"][0]["source_id"] == source["source_id"]
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(path, headers=headers).status_code == 404


def test_what_is_none_is_refused(client: TestClient, key: Headers, url: str) -> None:
    headers = key("admin")
    changes: list[dict[str, object]] = [
        {"kind": "ftp"},
        {"settings": {}},
        {"credentials": {"token": "x"}},
        {"more": 1},
    ]
    for change in changes:
        assert client.post(url, json={**WANTED, **change}, headers=headers).status_code == 422, change
    assert client.post(url, json=WANTED, headers=key("run")).status_code == 403
    assert client.get("/api/v1/shops/x/sources", headers=headers).status_code == 404
