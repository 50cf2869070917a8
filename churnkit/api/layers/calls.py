"""A line of the log for each call, and the id by which client and log name it."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.api.operations import operation_of

REQUEST_ID = "X-Request-Id"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Asked by machines every few seconds: only a failure is worth a line.
_QUIET = frozenset({"/health", "/ready"})
_log = logging.getLogger(__name__)


class CallLog:
    """ASGI middleware: logs who called what, and how it went.

    A call is named by the path of its route and a key by its id: a path may hold a customer, a name may be a person's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        begun, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            self._note(scope, status, (time.perf_counter() - begun) * 1000)

    def _note(self, scope: Scope, status: int, milliseconds: float) -> None:
        operation = operation_of(scope)
        path = operation.path if operation else "(unknown address)"
        if path in _QUIET and status < 400:
            return
        state = scope["state"]
        _log.info(
            "%s key=%s %s %s %d %.0f ms",
            state["request_id"],
            state.get("key_id", "none"),
            scope["method"],
            path,
            status,
            milliseconds,
        )
