"""Which sites may open a WebSocket to this server: its own pages, and those that the configuration names."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from churnkit.server.cookies import COOKIE, SIGN_IN_COOKIE, cookie_headers, cookie_values

_LOGGER = logging.getLogger(__name__)


class OwnOrigin:
    """ASGI middleware: a WebSocket from a page of another host is refused, whatever ``server.enableCORS`` says.

    A browser always names the page's origin. Where none is named no browser asks, or something on the way took the
    name out, and with it the proof that the user wanted this: then no cookie of ours may come with it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        origin = _header(scope, b"origin")
        if not _is_allowed(origin, scope):
            _LOGGER.warning("WebSocket refused: origin %r, host %r", origin, _header(scope, b"host"))
            await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(_as_own_page(scope, origin), receive, send)


def _is_allowed(origin: str | None, scope: Scope) -> bool:
    if origin is None:
        held = cookie_headers(scope)
        return not cookie_values(held, COOKIE) and not cookie_values(held, SIGN_IN_COOKIE)
    return is_own_page(origin, scope)


def is_own_page(origin: str, scope: Scope) -> bool:
    """Whether a request comes from a page of this server, or of a site that the configuration names."""
    return _host_of(origin) in _own_hosts(scope) or origin in _named_origins()


def _own_hosts(scope: Scope) -> set[str]:
    """The host as the browser knows it; no page can make a browser send the second header."""
    named = (_header(scope, b"host"), _header(scope, b"x-forwarded-host"))
    return {host.strip().lower() for host in named if host}


def _named_origins() -> set[str]:
    return {str(origin).strip() for origin in config.get_option("server.corsAllowedOrigins") or ()}


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _as_own_page(scope: Scope, origin: str | None) -> Scope:
    """Spare Streamlit its own check where the hosts differ: it would ask an outside server for its address."""
    host = _header(scope, b"host")
    if origin is None or not host or _host_of(origin) == host.lower():
        return scope
    scheme = "https" if origin.startswith("https:") else "http"
    headers = [pair for pair in scope["headers"] if pair[0].lower() != b"origin"]
    return {**scope, "headers": [*headers, (b"origin", f"{scheme}://{host}".encode("latin-1"))]}


def _header(scope: Scope, wanted: bytes) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted), None)
