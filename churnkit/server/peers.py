"""Who really connected: uvicorn puts the address that a proxy names in place of the proxy's own."""

from __future__ import annotations

from typing import Any

from starlette.types import Scope
from uvicorn.middleware import proxy_headers

_PEER = "churnkit.peer"
_believe = proxy_headers.ProxyHeadersMiddleware.__call__


async def _note_peer(self: Any, scope: Any, receive: Any, send: Any) -> None:
    client = scope.get("client")
    scope[_PEER] = client[0] if client else None
    await _believe(self, scope, receive, send)


def keep_peers() -> None:
    """Let uvicorn, whose part this runs before any of ours, note the address before it believes X-Forwarded-For."""
    proxy_headers.ProxyHeadersMiddleware.__call__ = _note_peer  # type: ignore[method-assign]  # there is no setting for it


def peer_of(scope: Scope) -> str | None:
    """The address of whoever holds the other end of the connection, None if unknown."""
    if _PEER in scope:
        peer: str | None = scope[_PEER]
        return peer
    client = scope.get("client")
    return str(client[0]) if client else None
