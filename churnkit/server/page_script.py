"""The one script of our own that stands in Streamlit's page: it keeps the browser's history to steps that somebody took."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BEFORE = b"<head>"
# An answer that says that the browser's copy still holds would leave a copy without the script in use.
_CONDITIONS = (b"if-none-match", b"if-modified-since")
_VALIDATORS = ("etag", "last-modified")


@functools.cache
def script() -> str:
    """What is run before anything else of the page."""
    return Path(__file__).with_name("history.js").read_text(encoding="utf-8")


def script_hash() -> str:
    """The source by which the policy of the page allows the script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()}'"


class PageScript:
    """ASGI middleware: puts the script into the page that Streamlit serves to browsers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self.app(scope, receive, send)
            return
        # Packed, the page could not be read here.
        kept = [pair for pair in scope["headers"] if pair[0] not in (*_CONDITIONS, b"accept-encoding")]
        await self.app({**scope, "headers": kept}, receive, _Rewriting(send))


class _Rewriting:
    """Sends an answer on, and a page with the script in its head."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        body = self._body.replace(_BEFORE, _BEFORE + f"<script>{script()}</script>".encode(), 1)
        headers = MutableHeaders(raw=list(start["headers"]))
        for name in _VALIDATORS:
            del headers[name]
        if self._body:
            headers["content-length"] = str(len(body))
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return start["status"] == 200 and headers.get("content-type", "").startswith("text/html")
