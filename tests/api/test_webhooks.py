"""Webhooks through the API: added with a secret that is shown once, told by a real request, and never into the network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from churnkit import api
from churnkit.config import PRIVATE_HOSTS, SECRET_KEY
from churnkit.jobs import Platform

Headers = Callable[..., dict[str, str]]
URL = "/api/v1/webhooks"
KEY = "a key of thirty-two characters!!"


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for secrets, and every name that is no number in the open internet."""
    monkeypatch.setenv(SECRET_KEY, KEY)
    asked = socket.getaddrinfo

    def look_up(host: str, *args: Any, **more: Any) -> Any:
        if host.endswith(".example"):
            host = "1.1.1.1"
        elif host.endswith(".invalid"):
            raise socket.gaierror(-2, "Name or service not known")
        return asked(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it is told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[dict[str, str], bytes]] = []
        self.told = threading.Semaphore(0)


class Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()
        self.server.told.release()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def add(
    client: TestClient, headers: dict[str, str], url: str = "https://hooks.example/a", **more: Any
) -> Any:
    answer = client.post(URL, json={"url": url, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer


def test_the_secret_is_shown_once(client: TestClient, key: Headers) -> None:
    headers = key("admin")
    answer = add(client, headers)
    made = answer.json()
    assert made["secret"].startswith("whsec_") and answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"{URL}/{made['webhook_id']}"
    shown = client.get(answer.headers["location"], headers=headers).json()
    assert shown == {name: value for name, value in made.items() if name != "secret"}
    assert client.get(URL, headers=headers).json() == {"items": [shown]}
    assert "whsec_" not in client.get(URL, headers=headers).text
    rotated = client.post(f"{URL}/{made['webhook_id']}/secret", headers=headers).json()
    assert rotated["secret"].startswith("whsec_") and rotated["secret"] != made["secret"]


def test_no_secret_lies_in_the_data_folder(client: TestClient, key: Headers, platform: Platform) -> None:
    secret = add(client, key("admin")).json()["secret"]
    with platform.store_for("shop", platform._root.actor).cursor() as cursor:
        cursor.execute("FORCE CHECKPOINT")
    kept = platform.folders.database.read_bytes()
    assert b"https://hooks.example/a" in kept
    for text in (secret, secret.removeprefix("whsec_"), KEY):
        assert text.encode() not in kept
    assert base64.b64decode(secret.removeprefix("whsec_")) not in kept


def test_a_test_event_arrives_and_is_signed(client: TestClient, key: Headers, receiver: Receiver) -> None:
    headers = key("admin")
    made = add(client, headers, f"http://127.0.0.1:{receiver.server_port}/hook").json()
    sent = client.post(f"{URL}/{made['webhook_id']}/test", headers=headers)
    assert (sent.status_code, sent.json()["status"]) == (202, "waiting")
    assert receiver.told.acquire(timeout=30)
    ((told, body),) = receiver.seen
    assert json.loads(body)["type"] == "webhook.test"
    assert told["webhook-id"] == sent.json()["event_id"]
    secret = base64.b64decode(made["secret"].removeprefix("whsec_"))
    signed = f"{told['webhook-id']}.{told['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert told["webhook-signature"] == f"v1,{expected}"
    # The guide's receiver agrees.
    guide = (Path(api.__file__).with_name("README.md")).read_text(encoding="utf-8")
    recipe = guide.split("```python receiver\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(recipe, "README.md", "exec"), names)
    assert names["is_from_churnkit"](made["secret"], told, body)
    assert not names["is_from_churnkit"](made["secret"], told, body + b" ")
    assert not names["is_from_churnkit"](made["secret"], {**told, "webhook-timestamp": "1"}, body)
    page = f"{URL}/{made['webhook_id']}/deliveries"
    (listed,) = client.get(page, headers=headers).json()["items"]
    again = client.post(f"{page}/{listed['delivery_id']}/send-again", headers=headers)
    # It may not be noted yet that the first one arrived.
    assert again.status_code in (202, 409)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "https"),
        ("https://hooks.example:8443/", "port must be 443"),
        ("https://127.0.0.1/", "open internet"),
        ("https://169.254.169.254/latest/meta-data", "open internet"),
        ("https://[::ffff:10.0.0.1]/", "open internet"),
        ("https://2130706433/", "open internet"),
        ("https://me:secret@hooks.example/", "user name"),
        ("https://nowhere.invalid/", "not known"),
        ("file:///etc/passwd", "write it as https"),
    ],
)
def test_what_is_not_called(client: TestClient, key: Headers, url: str, why: str) -> None:
    headers = key("admin")
    for answer in (
        client.post(URL, json={"url": url}, headers=headers),
        client.patch(
            f"{URL}/{add(client, headers).json()['webhook_id']}", json={"url": url}, headers=headers
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "address")
        assert why in answer.json()["detail"] and "secret" not in answer.text


def test_without_a_key_for_secrets_none_is_added(
    client: TestClient, key: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_KEY)
    answer = client.post(URL, json={"url": "https://hooks.example/"}, headers=key("admin"))
    assert answer.status_code == 422 and SECRET_KEY in answer.json()["remedy"]


def test_life_of_one(client: TestClient, key: Headers) -> None:
    headers = key("admin")
    made = add(client, headers, events=["analysis.failed"]).json()
    path = f"{URL}/{made['webhook_id']}"
    changed = client.patch(
        path, json={"url": "https://b.example/", "is_enabled": False}, headers=headers
    ).json()
    assert (changed["url"], changed["events"]) == ("https://b.example/", ["analysis.failed"])
    assert changed["disabled_why"] == "it was switched off"
    assert client.post(f"{path}/test", headers=headers).status_code == 409
    assert client.patch(path, json={"is_enabled": True}, headers=headers).json()["disabled_at"] is None
    assert client.delete(path, headers=headers).status_code == 204
    for answer in (
        client.get(path, headers=headers),
        client.post(f"{path}/test", headers=headers),
        client.get(f"{URL}/nonsense", headers=headers),
        client.post(f"{path}/deliveries/x/send-again", headers=headers),
    ):
        assert answer.status_code == 404


def test_only_so_many(client: TestClient, key: Headers) -> None:
    headers = key("admin")
    for _ in range(20):
        add(client, headers)
    answer = client.post(URL, json={"url": "https://hooks.example/"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_they_are_for_administrators_of_the_workspace(client: TestClient, key: Headers) -> None:
    made = add(client, key("admin")).json()
    path = f"{URL}/{made['webhook_id']}"
    for scope in ("read", "run"):
        assert client.get(URL, headers=key(scope)).status_code == 403
        assert client.post(URL, json={"url": "https://x.example/"}, headers=key(scope)).status_code == 403
    other = key("admin", "another")
    assert client.get(URL, headers=other).json() == {"items": []}
    assert client.get(path, headers=other).status_code == 404
    assert client.delete(path, headers=other).status_code == 404
