"""Whoever holds the other end of a connection is known, whatever X-Forwarded-For says."""

from __future__ import annotations

from typing import Any

import anyio
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from churnkit.server.peers import keep_peers, peer_of


def seen(connects: str, says: str, trusted: str) -> tuple[str | None, str | None]:
    """The peer, and the client that uvicorn makes of it."""
    found: list[tuple[str | None, str | None]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append((peer_of(scope), scope["client"][0]))

    headers = [(b"x-forwarded-for", says.encode())]
    scope: Any = {"type": "http", "client": (connects, 1), "headers": headers, "scheme": "http"}
    keep_peers()
    as_uvicorn: Any = ProxyHeadersMiddleware(app, trusted)
    anyio.run(as_uvicorn, scope, None, None)
    return found[0]


def test_the_peer_is_who_connected() -> None:
    assert seen("10.0.0.2", "192.0.2.7", trusted="10.0.0.2") == ("10.0.0.2", "192.0.2.7")
    assert seen("10.0.0.9", "10.0.0.2", trusted="10.0.0.2") == ("10.0.0.9", "10.0.0.9")
    assert seen("10.0.0.9", "10.0.0.2", trusted="*") == ("10.0.0.9", "10.0.0.2")


def test_without_uvicorn_the_client_is_the_peer() -> None:
    assert peer_of({"type": "http", "client": ("10.0.0.9", 1)}) == "10.0.0.9"
    assert peer_of({"type": "http", "client": None}) is None
