"""Visitors who have a link to an analysis and no account: the gate lets them in to look, not to hand over files."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from urllib.parse import parse_qs

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.server.cookies import SHARE_COOKIE, cookie_headers, cookie_values, is_secure
from churnkit.server.visitors import root_store

PARAMETER = "share"
_METHODS = ("GET", "HEAD")
_ASKING = anyio.CapacityLimiter(2)


def share_token(headers: Iterable[str]) -> str | None:
    """The token of the link that a browser has opened last, None without one."""
    return next(iter(cookie_values(headers, SHARE_COOKIE)), None)


async def link_token(scope: Scope) -> str | None:
    """The token of the link by which a request may look at an analysis, None if it may not.

    The address comes before the cookie: a browser may have opened another link earlier.

    Raises
    ------
    StoreError
        The store cannot be opened.
    """
    if scope["type"] == "http" and scope["method"] not in _METHODS:
        return None
    tokens: list[str] = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(PARAMETER, [])[:1]
    tokens += cookie_values(cookie_headers(scope), SHARE_COOKIE)[:1]
    for token in tokens:
        if await anyio.to_thread.run_sync(functools.partial(_is_open, token), limiter=_ASKING):
            return token
    return None


async def let_visitor_in(app: ASGIApp, token: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve a request, and have the browser keep the link for the requests that a page makes."""

    async def keeping(message: Message) -> None:
        if message["type"] == "http.response.start" and share_token(cookie_headers(scope)) != token:
            flags = "; Secure" if is_secure(scope) else ""
            cookie = f"{SHARE_COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax{flags}"
            message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode("latin-1"))]
        await send(message)

    await app(scope, receive, keeping)


def _is_open(token: str) -> bool:
    # Imported late: it brings what the first page need not wait for.
    from churnkit.services.access.shares import open_share

    return open_share(root_store(), token) is not None
