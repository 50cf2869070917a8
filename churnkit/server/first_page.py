"""The one HTML file that every page begins with: its own name in the tab, where the server is, what keys do.

Streamlit's browser part looks for its server below the address of the open page first, and only then where it is: two
requests that fail, two errors in the console, and a later first picture. Told beforehand, it asks once.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

WHERE = "window.__streamlit={BACKEND_BASE_URL:new URL('.',location.href).href}"
"""Pages are files beside each other: the server is where the open one lies."""
STEPS = Path(__file__).with_name("history.js").read_text(encoding="utf-8")
"""The browser's Back leads to the page before in one step."""
ENTER = Path(__file__).with_name("grid.js").read_text(encoding="utf-8")
"""Enter opens the customer of a row."""
SCRIPTS = (WHERE, STEPS, ENTER)

_TITLE = (b"<title>Streamlit</title>", b"<title>churnkit</title>")
_HEAD = b"<head>"


class FirstPage:
    """ASGI middleware: adds to Streamlit's HTML what it should know."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        # It is changed as text: it must not come packed.
        headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, _Rewriting(send))


class _Rewriting:
    """Sends an answer on; Streamlit's HTML as a whole and changed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body
        if _TITLE[0] in body:
            scripts = "".join(f"<script>{script}</script>" for script in SCRIPTS).encode()
            body = body.replace(*_TITLE, 1).replace(_HEAD, _HEAD + scripts, 1)
            headers = MutableHeaders(raw=list(start["headers"]))
            if "content-length" in headers and self._body:
                headers["content-length"] = str(len(body))
            for name in ("etag", "last-modified"):
                del headers[name]
            start = {**start, "headers": headers.raw}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith(
        "text/html"
    )
