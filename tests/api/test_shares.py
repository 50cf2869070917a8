"""Links to an analysis, made and taken back by programs."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.services.access.shares import open_share
from tests.api.conftest import TENANT
from tests.unit.store.filled import begin

Headers = Callable[..., dict[str, str]]


def test_a_link_is_made_listed_and_taken_back(client: TestClient, platform: Platform, key: Headers) -> None:
    store = platform.store_for(TENANT, OWNER)
    session, headers = begin(store), key("admin")
    address = f"/api/v1/analyses/{session.session_id}/shares"
    answer = client.post(address, headers=headers, json={"days_valid": 7})
    made = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert made["path"] == f"/dashboard?share={made['token']}"
    opened = open_share(store, made["token"])
    assert opened is not None
    assert opened.session == session
    (listed,) = client.get("/api/v1/shares", headers=headers).json()["items"]
    assert listed == {name: value for name, value in made.items() if name not in ("token", "path")}
    taken = client.delete(f"/api/v1/shares/{made['share_id']}", headers=headers)
    assert taken.json()["revoked_at"] is not None
    assert open_share(store, made["token"]) is None
    assert client.delete("/api/v1/shares/nothing", headers=headers).status_code == 404
    assert client.post(address, headers=headers, json={"days_valid": 0}).status_code == 422
    assert client.post(address, headers=key("run"), json={}).status_code == 403
