"""Which addresses the app has: to any other a program is told that there is nothing, while a browser gets the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from churnkit import __version__

HEALTH = "/health"
# First parts of what is mounted beside the pages, ours and Streamlit's.
MOUNTED = frozenset(
    {"api", "mcp", "account", "auth", "oauth2callback", "static", "app", "media", "component", "_stcore"}
)
# Streamlit's files for browsers, asked for relative to the page that is open.
_FILES = frozenset({"_stcore", "static", "media", "component"})
_SINGLE = frozenset({"favicon.ico", "favicon.png", "robots.txt", "manifest.json"})


def page_names(folder: Path) -> frozenset[str]:
    """Addresses of the pages whose files lie in a folder."""
    return frozenset(path.stem for path in folder.glob("*.py"))


# No address has one, and patterns of routes stop at a line break.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class KnownAddresses:
    """ASGI middleware: answers ``/health``, and 404 at an address that the app does not have to who takes no HTML.

    A browser gets the app there, which says that there is no such page.
    """

    def __init__(self, app: ASGIApp, pages: frozenset[str]) -> None:
        self.app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, asks = _below_base(scope["path"]), scope["method"] in ("GET", "HEAD")
        if asks and path == HEALTH:
            body = {"status": "ok", "version": __version__}
            await _answer(scope, send, 200, "application/json", body)
        elif _CONTROL.search(path) or (asks and not self._is_known(path) and not _takes_html(scope)):
            await _answer(scope, send, 404, "application/problem+json", _not_found(path))
        else:
            await self.app(scope, receive, send)

    def _is_known(self, path: str) -> bool:
        parts = path.strip("/").split("/")
        if len(parts) == 1:
            return parts[0] in self._pages | _SINGLE | MOUNTED | {""}
        return parts[0] in MOUNTED or not _FILES.isdisjoint(parts)


def _not_found(path: str) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "instance": path,
        "code": "not_found",
        "remedy": "The API is described at /api/v1/docs.",
    }


def _below_base(path: str) -> str:
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return path.removeprefix(f"/{base}") or "/" if base else path


def _takes_html(scope: Scope) -> bool:
    return "text/html" in Headers(scope=scope).get("accept", "")


async def _answer(scope: Scope, send: Send, status: int, media_type: str, value: object) -> None:
    body = json.dumps(value).encode()
    headers = [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    headers.append((b"cache-control", b"no-store"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
