"""Every route, for every scope of key, without one, and with a key of another workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from churnkit.accounts import OWNER, SCOPES, Action, Scope
from churnkit.api.application import PREFIX, make_api
from churnkit.api.operations import Operation, Operations
from churnkit.jobs import Platform
from churnkit.store import Store
from tests.api.conftest import TENANT
from tests.unit.store.filled import row_counts
from tests.unit.store.test_tenants import DESTINATION, SOURCE, furnish

Headers = Callable[..., dict[str, str]]

# Open to whoever can reach the server: nothing of a workspace is in them.
OPEN = {"/health", "/ready", "/docs", "/openapi.json"}
# POST routes that answer a question and change nothing.
ASKING = {
    "/analyses/{analysis_id}/predict", "/analyses/{analysis_id}/predictions:batch", "/analyses/{analysis_id}/simulate",
    "/analyses/{analysis_id}/campaigns:draft", "/predict", "/simulate",
}  # fmt: skip
# These wait for a reader or for a worker, who have no file here.
READERS = {"/uploads/{upload_id}/preview", "/uploads/{upload_id}/inspection", "/configure", "/backups"}
SEEING = {Action.READ, Action.EXPORT, Action.KEYS, Action.SOURCES, Action.PEOPLE, Action.AUDIT, Action.SHARE}
REMOVING = set(Action) - {Action.READ, Action.EXPORT}


class Call:
    """One way to ask: a method of a route, with ids of the workspace wherever one belongs."""

    def __init__(
        self, operation: Operation, method: str, ids: dict[str, str], document: dict[str, Any]
    ) -> None:
        self.path, self.method = operation.path, method
        self.actions = operation.actions
        self.url = PREFIX + re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], operation.path)
        asked = document["paths"].get(operation.path, {}).get(method.lower(), {})
        body = asked.get("requestBody", {}).get("content", {}).get("application/json")
        self.body = None if body is None else with_ids(body["example"], ids)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def send(self, client: TestClient, headers: dict[str, str]) -> Any:
        return client.request(self.method, self.url, headers=headers, json=self.body)


def with_ids(value: Any, ids: dict[str, str]) -> Any:
    """An example of a body with the ids of a workspace in place of made-up ones."""
    if not isinstance(value, dict):
        return value
    return {name: ids.get(name, with_ids(part, ids)) for name, part in value.items()}


@pytest.fixture(scope="module")
def api() -> FastAPI:
    return make_api()


@pytest.fixture(scope="module")
def operations(api: FastAPI) -> tuple[Operation, ...]:
    return tuple(Operations(api))


@pytest.fixture(scope="module")
def document(api: FastAPI) -> dict[str, Any]:
    """What the API says of itself, with an example of every body."""
    return api.openapi()


@pytest.fixture
def store(platform: Platform) -> Iterator[Store]:
    """A workspace with a row in every table; nobody works on its jobs."""
    platform.follower.close()
    owner = platform.store_for(TENANT, OWNER)
    furnish(owner)
    owner.webhooks.delete("own")
    yield owner


@pytest.fixture
def ids(store: Store) -> dict[str, str]:
    (session,) = store.sessions.all()
    (job,) = store.jobs.all()
    (campaign,) = store.campaigns.all()
    (model,) = store.models.of_session(session.session_id)
    (key,) = store.keys.all()
    (share,) = store.shares.all()
    (schedule,) = store.schedules.of_shop(session.session_id)
    job_id, session_id = job.job_id, session.session_id
    return {
        "analysis_id": session_id, "session_id": session_id, "shop_id": session_id, "upload_id": session.upload_id,
        "job_id": job_id, "run_id": job_id, "scoring_id": job_id, "prediction_id": job_id, "model_id": model.model_id,
        "campaign_id": campaign.campaign_id, "key_id": key.key_id, "share_id": share.share_id,
        "schedule_id": schedule.schedule_id, "destination_id": DESTINATION, "source_id": SOURCE,
        "subscription_id": "0" * 32, "webhook_id": "0" * 32, "delivery_id": "0" * 32,
        "customer_id": "00123", "kind": "scores", "name": "own",
    }  # fmt: skip


@pytest.fixture
def calls(operations: tuple[Operation, ...], ids: dict[str, str], document: dict[str, Any]) -> list[Call]:
    """Every call that takes a right, those that take things away last."""
    found = [
        Call(operation, method, ids, document)
        for operation in operations
        for method in sorted(operation.methods)
        if operation.path not in OPEN
    ]
    return sorted(found, key=lambda call: (call.method == "DELETE", call.path == "/workspace/contents"))


def test_every_route_takes_a_right_that_fits_what_it_does(operations: tuple[Operation, ...]) -> None:
    assert len(operations) > 90
    for operation in operations:
        if operation.path in OPEN:
            assert not operation.actions, operation.path
            continue
        assert operation.actions, f"{operation.path} needs a dependency of churnkit.api.access"
        for method in operation.methods:
            if method == "DELETE":
                assert operation.actions <= REMOVING, operation.path
            elif method != "GET" and operation.path not in ASKING:
                assert not operation.actions & {Action.READ, Action.EXPORT}, f"{method} {operation.path}"
            elif method == "GET" and operation.path not in READERS:
                assert operation.actions <= SEEING, operation.path


def test_nothing_is_answered_without_a_key(client: TestClient, calls: list[Call]) -> None:
    for call in calls:
        for headers in ({}, {"Authorization": "Bearer ck_live_x"}, {"Cookie": "churnkit_workspace=x"}):
            assert call.send(client, headers).status_code == 401, str(call)


@pytest.mark.parametrize("scope", SCOPES)
def test_every_route_refuses_a_key_without_its_right(
    client: TestClient, store: Store, calls: list[Call], key: Headers, scope: Scope
) -> None:
    headers, rows = key(scope), row_counts(store)
    for call in calls:
        if not call.actions <= SCOPES[scope]:
            answer = call.send(client, headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "access"), str(call)
    assert row_counts(store) == rows


@pytest.mark.parametrize("scope", SCOPES)
def test_every_route_takes_a_key_with_its_right(
    client: TestClient, calls: list[Call], key: Headers, scope: Scope
) -> None:
    headers = key(scope)
    for call in calls:
        if call.actions <= SCOPES[scope] and call.path not in READERS:
            status = call.send(client, headers).status_code
            assert status not in (401, 403), str(call)
            assert status < 500, str(call)


def test_a_key_of_another_workspace_finds_nothing(
    client: TestClient, store: Store, ids: dict[str, str], calls: list[Call], key: Headers
) -> None:
    headers, rows = key("admin", "somebody else's"), row_counts(store)
    secret = {*(ids[name] for name in ids if name.endswith("_id")), "00123"} - {"0" * 32}
    for call in calls:
        answer = call.send(client, headers)
        asked = call.url + json.dumps(call.body)
        if any(value in asked for value in secret) and "{scoring_id}/files" not in call.path:
            assert answer.status_code in (404, 422), f"{call}: {answer.status_code} {answer.text}"
        told = [value for value in secret if value in answer.text and value not in asked]
        assert not told, f"{call}: {answer.text}"
    assert row_counts(store) == rows


def test_the_header_of_another_workspace_is_refused(
    client: TestClient, store: Store, calls: list[Call], key: Headers
) -> None:
    headers = {**key("admin", "somebody else's"), "X-Tenant-Id": TENANT}
    for call in calls:
        assert call.send(client, headers).status_code == 403, str(call)
