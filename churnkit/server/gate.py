"""Where people sign in, nothing of the app is served without: no page, no picture, no upload, no WebSocket."""

from __future__ import annotations

import logging
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from churnkit.config import AuthSettings
from churnkit.errors import StoreError
from churnkit.server.headers import answer
from churnkit.server.links import let_visitor_in, link_token
from churnkit.server.sign_in_watch import Watched
from churnkit.server.visitors import visitor

LOGIN = "/account/login"
WORKSPACES = "/account/workspaces"

# Open to everybody: the forms themselves, what pages are drawn with, and what asks for keys of its own.
OPEN_FOLDERS = ("/account", "/static", "/api/v1", "/mcp")
OPEN_PATHS = frozenset({"/_stcore/health", "/health", "/mcp", "/favicon.ico", "/favicon.png"})
# With server.baseUrlPath Streamlit's own addresses stand behind a prefix, which may be one of these folders.
_STREAMLIT = "/_stcore"
_log = logging.getLogger(__name__)


class AccountGate:
    """ASGI middleware: sends a browser without a sign-in to the form, and refuses everything else.

    Who has a link to an analysis may look at the pages without one; they show that analysis alone.

    What this sees as open must be what the app behind it does, so a path counts as it is, never cleaned.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        if not AuthSettings.from_environment().has_accounts:
            await self.app(scope, receive, send)
            return
        try:
            found = await visitor(scope)
            link = await link_token(scope) if found is None else None
        except StoreError:
            _log.exception("nobody can be let in: the store cannot be opened")
            await _refuse(scope, send, 503, "The server cannot open its store; its log says why.")
            return
        if link is not None:
            await let_visitor_in(self.app, link, scope, receive, send)
        elif found is None:
            await _to_form(scope, send, f"{LOGIN}?next={quote(_own_path(scope), safe='')}")
        elif found.tenant is None:
            await _to_form(scope, send, WORKSPACES)
        elif scope["type"] == "websocket":
            await self.app(scope, Watched(receive, scope, found), send)
        else:
            await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Whether everybody may come to a path."""
    inside = any(path.startswith(f"{folder}/") for folder in OPEN_FOLDERS)
    return path in OPEN_PATHS or (inside and _STREAMLIT not in path)


async def _to_form(scope: Scope, send: Send, form: str) -> None:
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and _wants_page(scope):
        headers = [(b"location", form.encode("latin-1")), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await _refuse(scope, send, 401, "Sign in first.")


async def _refuse(scope: Scope, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        # Closed before it is accepted: the browser sees a 403.
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(send, status, words)


def _wants_page(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


def _own_path(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")
