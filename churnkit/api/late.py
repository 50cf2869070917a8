"""The API and the endpoint for assistants, made after the server has begun to listen.

What their routes import takes longer than everything that the first page needs, so the first page must not wait for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from churnkit.api.threads import in_thread

PREFIX = "/api/v1"
ASSISTANT = "/mcp"


class LateApp:
    """ASGI application that is made at its first request, or by :meth:`get_ready`, whichever comes first."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._made: ASGIApp | None = None
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._made
        if app is None:
            app = await in_thread(self.get_ready)
        await app(scope, receive, send)

    def get_ready(self) -> ASGIApp:
        """Make it now; from any thread."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made


def _make_api() -> ASGIApp:
    from churnkit.api.application import make_api

    return make_api()


def _make_assistant() -> ASGIApp:
    from churnkit.api.assistant.endpoint import AssistantEndpoint

    return AssistantEndpoint(API.get_ready())


API = LateApp(_make_api)
ASSISTANT_API = LateApp(_make_assistant)
