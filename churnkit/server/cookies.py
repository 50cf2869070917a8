"""A private workspace for every browser, without a sign-in: a random cookie that nobody can guess.

The store knows only a hash of it, so the database does not open anybody's workspace.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from http.cookies import SimpleCookie
from typing import Any

COOKIE = "churnkit_workspace"
SHARED = "local"
MAX_AGE_SECONDS = 365 * 24 * 3600
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def workspaces_are_shared() -> bool:
    """Whether everybody who reaches the server works in one workspace (``CHURNKIT_WORKSPACES=shared``)."""
    return os.environ.get("CHURNKIT_WORKSPACES", "browser") == "shared"


def new_token() -> str:
    """144 random bits."""
    return secrets.token_urlsafe(24)


def tenant_of(token: str) -> str:
    """The tenant that a cookie stands for."""
    return "browser-" + hashlib.sha256(token.encode()).hexdigest()[:32]


def is_token(text: object) -> bool:
    """Whether ``text`` could be a cookie of ours."""
    return isinstance(text, str) and _TOKEN.fullmatch(text) is not None


class WorkspaceCookie:
    """ASGI middleware: a browser that comes for a page without a workspace's cookie is given one."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or workspaces_are_shared() or is_token(_cookie(scope)):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Any) -> None:
            if message["type"] == "http.response.start" and _is_page(message["headers"]):
                header = _set_cookie(new_token(), secure=_is_secure(scope))
                message = {**message, "headers": [*message["headers"], (b"set-cookie", header)]}
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookie(scope: Any) -> str | None:
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            jar.load(value.decode("latin-1"))
    return jar[COOKIE].value if COOKIE in jar else None


def _is_page(headers: Any) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _is_secure(scope: Any) -> bool:
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    return scope.get("scheme") == "https" or b"https" in forwarded


def _set_cookie(token: str, *, secure: bool) -> bytes:
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax{flags}".encode()
