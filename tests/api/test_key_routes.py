"""Keys through the API: made, listed, revoked, by keys that may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

Headers = Callable[..., dict[str, str]]


def test_key_is_made_shown_once_and_revoked(client: TestClient, key: Headers) -> None:
    mine = key()
    made = client.post(
        "/api/v1/keys", headers=mine, json={"name": "nightly", "scope": "read", "days_valid": 7}
    )
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    new = {"Authorization": f"Bearer {made.json()['text']}"}
    assert client.get("/api/v1/me", headers=new).json()["rights"] == ["export", "read"]
    listed = client.get("/api/v1/keys", headers=mine).json()["items"]
    assert [one["name"] for one in listed] == ["nightly", "test"]
    assert made.json()["text"] not in client.get("/api/v1/keys", headers=mine).text
    key_id = made.json()["key_id"]
    assert client.delete(f"/api/v1/keys/{key_id}", headers=mine).json()["revoked_at"]
    assert client.get("/api/v1/me", headers=new).status_code == 401


@pytest.mark.parametrize("scope", ["read", "run"])
def test_keys_take_a_key_that_may(client: TestClient, key: Headers, scope: str) -> None:
    headers = key(scope)
    for answer in (
        client.get("/api/v1/keys", headers=headers),
        client.post("/api/v1/keys", headers=headers, json={"name": "more"}),
        client.delete("/api/v1/keys/any", headers=headers),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "access")


def test_keys_of_another_workspace_are_not_there(client: TestClient, key: Headers) -> None:
    mine, others = key(), key(tenant="other")
    (listed,) = client.get("/api/v1/keys", headers=others).json()["items"]
    assert client.delete(f"/api/v1/keys/{listed['key_id']}", headers=mine).status_code == 404
    assert client.get("/api/v1/me", headers=others).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"name": " "}, {"name": "a", "scope": "all"}, {"name": "a", "days_valid": 0}]
)
def test_key_that_cannot_be_is_refused(client: TestClient, key: Headers, body: dict[str, object]) -> None:
    assert client.post("/api/v1/keys", headers=key(), json=body).status_code == 422


def test_ready_asks_store_and_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/api/v1/ready").json() == {"status": "ready"}
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", str(10**18))
    answer = client.get("/api/v1/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "disk")
    assert "MB" not in answer.text
