"""What every answer says to the browser: where scripts, pictures and connections may come from, and who may frame it."""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.config import ServerSettings
from churnkit.server.first_page import SCRIPTS
from churnkit.server.printing import PRINT

# Streamlit's own inline script and ours are allowed by their hash, so that no other is.
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_METRICS = "/_stcore/metrics"
_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()",
    ),
)


class SecurityHeaders:
    """ASGI middleware: adds the headers, and answers 404 for Streamlit's metrics unless they are opened."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        settings = ServerSettings.from_environment()
        headers = security_headers(settings)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in headers}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message = {**message, "headers": [*kept, *headers]}
            await send(message)

        if scope["path"].rstrip("/").endswith(_METRICS) and not settings.metrics_open:
            await answer(send_with_headers, 404, "Not found")
            return
        await self.app(scope, receive, send_with_headers)


async def failed(request: Request, error: Exception) -> Response:
    """The answer to a request that failed: it passes no middleware, hence its own headers."""
    headers = security_headers(ServerSettings.from_environment())
    return PlainTextResponse(
        "Internal server error", 500, headers={name.decode(): value.decode() for name, value in headers}
    )


def security_headers(settings: ServerSettings) -> list[tuple[bytes, bytes]]:
    """Names in lower case, and values."""
    policy = content_security_policy(settings.frame_ancestors)
    return [(b"content-security-policy", policy.encode()), *_FIXED]


@functools.lru_cache(maxsize=8)
def content_security_policy(frame_ancestors: tuple[str, ...]) -> str:
    """The policy that Streamlit, its charts and tables can live with.

    Inline styles are how Streamlit styles everything; its charts draw to ``data:`` and ``blob:`` pictures.
    """
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *_inline_script_hashes()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(frame_ancestors),
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _inline_script_hashes() -> list[str]:
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = [*_INLINE_SCRIPT.findall(page.read_text(encoding="utf-8")), *SCRIPTS, PRINT]
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    ]


async def answer(send: Send, status: int, words: str) -> None:
    """Send a short answer in plain text."""
    body = words.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
