"""A private workspace for every browser, without a sign-in: a cookie that this server signed.

In a shared workspace the cookie opens nothing, and still tells browsers apart: a Streamlit session belongs to one.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.accounts import SYSTEM
from churnkit.config import AuthSettings, data_dir, models_dir
from churnkit.errors import StoreError
from churnkit.server.tokens import (
    RENEWED_AFTER_SECONDS,
    VALID_SECONDS,
    Token,
    is_workspace_id,
    issue,
    new_workspace_id,
    read,
    server_key,
    tenant_of,
)

# The store comes when it is first asked: the server listens before it.
if TYPE_CHECKING:
    from churnkit.store import Store

COOKIE = "churnkit_workspace"
SIGN_IN_COOKIE = "churnkit_sign_in"
SHARE_COOKIE = "churnkit_share"
XSRF_COOKIE = "_streamlit_xsrf"

# The store is asked in a thread of these, so that a slow disk holds up no more than the pages that wait for it.
_ASKING = anyio.CapacityLimiter(2)


def cookie_values(headers: Iterable[str], name: str) -> list[str]:
    """Every value that Cookie headers hold under a name, whatever else stands there."""
    return [value for found, value in _pairs(headers) if found == name]


def _pairs(headers: Iterable[str]) -> Iterator[tuple[str, str]]:
    for header in headers:
        for part in header.split(";"):
            name, equals, value = part.partition("=")
            if equals:
                yield name.strip(), value.strip().strip('"')


def cookie_headers(scope: Scope) -> list[str]:
    """The Cookie headers of a request or a WebSocket's handshake."""
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"cookie"]


def token_of(headers: Iterable[str]) -> Token | None:
    """The first token of ours that is valid.

    Raises
    ------
    StoreError
        The server's key cannot be read.
    """
    values = [value for value in cookie_values(headers, COOKIE) if value.startswith("v1.")]
    if not values:
        return None
    key = server_key(data_dir().resolve())
    return next((token for value in values if (token := read(value, key, time.time()))), None)


def old_id_of(headers: Iterable[str]) -> str | None:
    """What may be the cookie of an earlier version: the bare id of a workspace."""
    return next((value for value in cookie_values(headers, COOKIE) if is_workspace_id(value)), None)


def sign_in_token(headers: Iterable[str]) -> str | None:
    """What a browser shows of a sign-in, unchecked; None where nobody signs in, whatever it shows."""
    if not AuthSettings.from_environment().has_accounts:
        return None
    return next(iter(cookie_values(headers, SIGN_IN_COOKIE)), None)


def browser_of(headers: Iterable[str]) -> str | None:
    """Something that only one browser can show, hashed: its sign-in where people sign in, else its workspace, else
    Streamlit's own random cookie, else None.

    The last serves where a host lets no cookie of ours through; it opens no workspace.
    """
    known = list(headers)
    sign_in = sign_in_token(known)
    if sign_in is not None:
        return "sign-in " + hashlib.sha256(sign_in.encode()).hexdigest()
    token = token_of(known)
    if token is not None:
        return "workspace " + tenant_of(token.workspace_id)
    secret = next((found for value in cookie_values(known, XSRF_COOKIE) if (found := _unmasked(value))), None)
    return "visit " + hashlib.sha256(secret).hexdigest() if secret else None


def _unmasked(value: str) -> bytes | None:
    """The random bytes of ``2|mask|masked|time``, whose mask changes with every answer."""
    parts = value.split("|")
    try:
        version, mask, masked, _ = parts[0], bytes.fromhex(parts[1]), bytes.fromhex(parts[2]), int(parts[3])
    except (ValueError, IndexError):
        return None
    if version != "2" or len(mask) != 4 or len(masked) < 16:
        return None
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))


@dataclass(frozen=True)
class Standing:
    """What the store says of a workspace."""

    is_in_use: bool
    is_left: bool

    @classmethod
    def of(cls, store: Store) -> Standing:
        """The standing of the store's tenant."""
        return cls(store.workspace.is_in_use(), store.workspace.is_left())


class WorkspaceCookie:
    """ASGI middleware: a browser that comes for a page leaves with a valid token.

    A token that somebody made up is replaced. The bare id of an earlier version becomes a token if its workspace
    holds something; an old token is renewed, one whose workspace was left is replaced.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(scope, message):
                value = await _next_token(cookie_headers(scope))
                if value is not None:
                    header = _set_cookie(value, secure=is_secure(scope))
                    message = {**message, "headers": [*message["headers"], (b"set-cookie", header)]}
            await send(message)

        await self.app(scope, receive, send_with_cookie)


async def _next_token(headers: list[str]) -> str | None:
    """The token that a browser should hold from now on, None to leave it with what it has.

    Where key or store cannot be opened the cookie stays as it is: the page says what is wrong.
    """
    try:
        key = server_key(data_dir().resolve())
        token = token_of(headers)
        known = token.workspace_id if token else old_id_of(headers)
        if known is None:
            return issue(new_workspace_id(), key, time.time())
        standing = await anyio.to_thread.run_sync(_standing, known, limiter=_ASKING)
    except StoreError:
        return None
    if standing.is_left or (token is None and not standing.is_in_use):
        return issue(new_workspace_id(), key, time.time())
    if token is not None and token.age_seconds(time.time()) < RENEWED_AFTER_SECONDS:
        return None
    return issue(known, key, time.time())


def _standing(workspace_id: str) -> Standing:
    # Imported late: it brings what the first page need not wait for.
    from churnkit.jobs import open_platform

    platform = open_platform(data_dir(), models_dir())
    return Standing.of(platform.store_for(tenant_of(workspace_id), SYSTEM))


def _is_page(scope: Scope, message: Message) -> bool:
    """Whether an answer is the page itself; "not modified" has no type, but the browser asked for a page."""
    if message["status"] == 304:
        return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in message["headers"]
    )


def is_secure(scope: Scope) -> bool:
    """Whether the browser came over TLS, here or at a proxy in front."""
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    return scope.get("scheme") == "https" or any(value.startswith(b"https") for value in forwarded)


def _set_cookie(token: str, *, secure: bool) -> bytes:
    flags = "; Secure" if secure else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={VALID_SECONDS}; HttpOnly; SameSite=Lax{flags}".encode()
