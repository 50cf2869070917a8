"""Asks the API in the same process, with the key of whoever asked the assistant's endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import anyio
from starlette.types import ASGIApp, Message, Scope

from churnkit.api.application import PREFIX
from churnkit.results.codec import JsonObject

# Of the outer request: who asks. Nothing else of it reaches a route.
_TAKEN = (b"authorization", b"x-api-key", b"x-tenant-id")
# Of the route's answer: what the asker must know too.
_PASSED_ON = ("www-authenticate", "retry-after", "ratelimit", "ratelimit-policy", "x-request-id")


@dataclass(frozen=True)
class Call:
    """A request of the API.

    Attributes
    ----------
    parts
        Of the path below the API's prefix, as they are meant.
    query
        Values by name; None is left out, a list stands for several of one name.
    body
        Sent as JSON with POST; without one it is GET.
    """

    parts: tuple[str, ...]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: JsonObject | None = None


@dataclass(frozen=True)
class Reply:
    """What a route answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(api: ASGIApp, outer: Scope, call: Call) -> Reply:
    """The answer of a route to a call, asked by whoever sent the outer request."""
    encoded = b"" if call.body is None else json.dumps(call.body).encode()
    started: dict[str, Any] = {}
    chunks: list[bytes] = []
    is_sent = False

    async def receive() -> Message:
        nonlocal is_sent
        if is_sent:
            # Nobody hangs up in here; what listens for it is ended with the request.
            await anyio.sleep_forever()
        is_sent = True
        return {"type": "http.request", "body": encoded, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif message["type"] == "http.response.body":
            chunks.append(message.get("body", b""))

    await api(_scope(outer, call, encoded), receive, send)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in started["headers"]}
    passed_on = {name: value for name, value in headers.items() if name in _PASSED_ON}
    return Reply(int(started["status"]), passed_on, b"".join(chunks))


def _scope(outer: Scope, call: Call, encoded: bytes) -> Scope:
    path = "".join(f"/{part}" for part in call.parts)
    pairs = [(name, value) for name, value in call.query.items() if value is not None]
    headers = [pair for pair in outer["headers"] if pair[0].lower() in _TAKEN]
    headers += [(b"host", b"localhost"), (b"accept", b"application/json")]
    if call.body is not None:
        headers += [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(encoded)).encode()),
        ]
    return {
        "type": "http",
        "asgi": outer.get("asgi", {"version": "3.0"}),
        "http_version": "1.1",
        "method": "GET" if call.body is None else "POST",
        "scheme": outer.get("scheme", "http"),
        "path": PREFIX + path,
        "raw_path": (PREFIX + quote(path)).encode(),
        "root_path": PREFIX,
        "query_string": urlencode(pairs, doseq=True).encode(),
        "headers": headers,
        "client": outer.get("client"),
        "server": outer.get("server"),
        "extensions": {},
    }
