"""Keys: what opens the API and what does not."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.services.access.keys import is_key, make_key, new_key_text, revoke_key
from tests.api.conftest import TENANT

Headers = Callable[..., dict[str, str]]


def test_health_is_open_and_everything_else_takes_a_key(client: TestClient) -> None:
    assert client.get("/api/v1/health").json()["status"] == "ok"
    refused = client.get("/api/v1/me")
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert refused.headers["www-authenticate"] == "Bearer"


def test_key_opens_its_workspace(client: TestClient, key: Headers) -> None:
    me = client.get("/api/v1/me", headers=key("read")).json()
    assert (me["workspace"], me["rights"]) == (TENANT, ["export", "read"])


def test_x_api_key_is_taken_too(client: TestClient, key: Headers) -> None:
    text = key("read")["Authorization"].removeprefix("Bearer ")
    assert client.get("/api/v1/me", headers={"X-API-Key": text}).status_code == 200


def test_tenant_header_must_agree(client: TestClient, key: Headers) -> None:
    headers = key("admin")
    assert client.get("/api/v1/me", headers={**headers, "X-Tenant-Id": TENANT}).status_code == 200
    assert client.get("/api/v1/me", headers={**headers, "X-Tenant-Id": "other"}).status_code == 403


def test_revoked_key_opens_nothing(client: TestClient, platform: Platform) -> None:
    store = platform.store_for(TENANT, OWNER)
    new = make_key(store, "script", "run")
    headers = {"Authorization": f"Bearer {new.text}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    assert store.keys.all()[0].last_used_at is not None
    revoke_key(store, new.record.key_id)
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_checksum_tells_a_key_of_ours() -> None:
    text = new_key_text()
    assert is_key(text)
    assert not is_key(text[:-1] + ("0" if text[-1] != "0" else "1"))
    assert not is_key("ck_live_" + "a" * 51)


def test_unknown_path_is_a_problem(client: TestClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
