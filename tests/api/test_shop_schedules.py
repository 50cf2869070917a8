"""Schedules and destinations through the API: added, run, paused, deleted; of this shop, by whoever may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from churnkit.accounts import OWNER
from churnkit.config import SECRET_KEY
from churnkit.jobs import Platform
from churnkit.results.shop import ShopSettings

Headers = Callable[..., dict[str, str]]
DAILY = {"every": "daily", "hour": 7, "minute": 30}


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")


@pytest.fixture
def shop(platform: Platform) -> str:
    store = platform.store_for("shop", OWNER)
    zone = ShopSettings(time_zone="Europe/Berlin")
    return store.shops.create("Beans", zone, created_at=datetime.now(UTC)).shop_id


def url(shop: str, *path: str) -> str:
    return "/".join([f"/api/v1/shops/{shop}", *path])


def test_life_of_a_schedule(client: TestClient, key: Headers, shop: str) -> None:
    headers = key("run")
    made = client.post(url(shop, "schedules"), json={"what": "refresh", "rule": DAILY}, headers=headers)
    assert made.status_code == 201, made.text
    schedule = made.json()
    assert (schedule["words"], schedule["zone"]) == ("every day at 07:30", "Europe/Berlin")
    path = url(shop, "schedules", schedule["schedule_id"])
    assert made.headers["Location"] == path
    twice = client.post(url(shop, "schedules"), json={"what": "refresh", "rule": DAILY}, headers=headers)
    assert twice.status_code == 409
    assert client.get(url(shop, "schedules"), headers=headers).json()["items"] == [schedule]
    paused = client.patch(path, json={"is_paused": True}, headers=headers).json()
    assert paused["paused_why"] == "somebody paused it"
    assert client.patch(path, json={"is_paused": False}, headers=headers).json()["paused_at"] is None
    weekly = {"every": "weekly", "hour": 6, "minute": 15, "weekday": 4, "day": 1}
    moved = client.patch(path, json={"rule": weekly, "is_paused": True}, headers=headers).json()
    assert (moved["words"], moved["rule"]) == ("every Friday at 06:15", weekly)
    assert moved["paused_at"] is not None
    assert client.patch(path, json={}, headers=headers).json() == moved
    on = client.patch(path, json={"is_paused": False}, headers=headers).json()
    assert on["next_due_at"] >= moved["next_due_at"] and on["paused_at"] is None
    run = client.post(f"{path}/run", headers=headers)
    assert (run.status_code, run.json()["cause"]) == (202, "by_hand")
    (listed,) = client.get(f"{path}/runs", headers=headers).json()["items"]
    assert listed["schedule_run_id"] == run.json()["schedule_run_id"]
    assert client.get(url("other", "schedules", schedule["schedule_id"]), headers=headers).status_code == 404
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {"what": "refresh", "rule": {"every": "daily", "hour": 24}},
        {"what": "refresh", "rule": {"every": "yearly"}},
        {"what": "refresh", "rule": DAILY, "about_id": "x"},
        {"what": "push", "rule": DAILY},
        {"what": "refresh", "rule": DAILY, "zone": "UTC"},
    ],
)
def test_what_is_no_schedule_is_refused(
    client: TestClient, key: Headers, shop: str, wanted: dict[str, Any]
) -> None:
    assert client.post(url(shop, "schedules"), json=wanted, headers=key("admin")).status_code == 422


def test_what_leaves_takes_the_right_to_sources(client: TestClient, key: Headers, shop: str) -> None:
    push = {"what": "push", "rule": DAILY, "about_id": "x"}
    assert client.post(url(shop, "schedules"), json=push, headers=key("run")).status_code == 403
    assert client.get(url(shop, "destinations"), headers=key("run")).status_code == 403


def test_life_of_a_destination(client: TestClient, key: Headers, shop: str) -> None:
    headers = key("admin")
    wanted = {"kind": "hubspot", "name": "CRM", "credentials": {"token": "pat-secret"}}
    made = client.post(url(shop, "destinations"), json=wanted, headers=headers)
    assert made.status_code == 201, made.text
    assert "pat-secret" not in made.text
    destination = made.json()
    assert (destination["after_runs"], destination["settings"]["audience"]) == (True, "everybody")
    path = url(shop, "destinations", destination["destination_id"])
    changed = client.patch(path, json={"is_paused": True, "after_runs": False}, headers=headers).json()
    assert changed["paused_at"] is not None and changed["after_runs"] is False
    sent = client.post(f"{path}/send", headers=headers)
    assert (sent.status_code, "no finished analysis" in sent.text) == (409, True)
    assert client.get(f"{path}/sendings", headers=headers).json()["items"] == []
    assert (
        client.get(url("other", "destinations", destination["destination_id"]), headers=headers).status_code
        == 404
    )
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(url(shop, "destinations"), headers=headers).json()["items"] == []


def test_a_destination_without_what_it_needs_is_refused(client: TestClient, key: Headers, shop: str) -> None:
    for wanted in (
        {"kind": "hubspot", "name": "CRM"},
        {"kind": "s3", "name": "B", "credentials": {"access_key": "a", "secret_key": "b"}},
        {"kind": "folder", "name": "F", "settings": {"folder": "../etc"}},
        {
            "kind": "s3",
            "name": "B",
            "settings": {"bucket": "exports", "endpoint": "http://169.254.169.254"},
            "credentials": {"access_key": "a", "secret_key": "b"},
        },
    ):
        answer = client.post(url(shop, "destinations"), json=wanted, headers=key("admin"))
        assert answer.status_code == 422, answer.text
