"""The same request again gets the same answer: ``Idempotency-Key`` on what starts or makes something."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.accounts import SYSTEM, Action
from churnkit.api.operations import Operation, operation_of
from churnkit.api.problems import problem
from churnkit.api.threads import in_thread
from churnkit.config import data_dir, models_dir
from churnkit.jobs import open_platform
from churnkit.store import KeptAnswer, Store

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
MOST_BYTES = 1_000_000
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("content-type", "location", "retry-after", "etag")
# A claim of an earlier process will never end.
_STARTED = datetime.now(UTC)


class KeptAnswers:
    """ASGI middleware: keeps the answers of POST requests that carry a key, for a day.

    What changes nothing is not kept, nor is a failure (nothing was done: it may be tried again), nor an answer that
    is ``no-store``, because it shows a secret once.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation, state = operation_of(scope), scope.get("state", {})
        given = Headers(scope=scope).get(HEADER)
        if (
            operation is None
            or given is None
            or "key_id" not in state
            or not is_kept(operation, scope["method"])
        ):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if operation.body == "file" or not _KEY.fullmatch(given):
            await _refused(request, operation)(scope, receive, send)
            return
        store = open_platform(data_dir(), models_dir()).store_for(state["tenant_id"], SYSTEM)
        key = f"{state['key_id']} {given}"
        method_path = f"{scope['method']} {request.url.path}?{request.url.query}"
        digest = hashlib.sha256(state.get("body", b"")).hexdigest()
        now = datetime.now(UTC)
        before = await in_thread(
            store.kept_answers.claim,
            key,
            method_path=method_path,
            body_sha256=digest,
            begun_after=_STARTED,
            at=now,
        )
        if before is None:
            await self._first(store, key, scope, receive, send)
        else:
            await _repeated(request, before, method_path, digest)(scope, receive, send)

    async def _first(self, store: Store, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send)
        try:
            await self.app(scope, receive, answer.send)
        finally:
            if answer.is_kept:
                await in_thread(
                    store.kept_answers.keep,
                    key,
                    status=answer.status,
                    headers=answer.headers,
                    answer=answer.body.decode(),
                )
            else:
                await in_thread(store.kept_answers.release, key)
        await answer.end()


class _Answer:
    """An answer on its way; its last part waits until it is kept."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._last: Message | None = None
        self._whole = True
        self.status = 500
        self.headers: dict[str, str] = {}
        self.body = bytearray()

    @property
    def is_kept(self) -> bool:
        return self._last is not None and self._whole and 200 <= self.status < 400

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            self.headers = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
            json = self.headers.get("content-type", "application/json").startswith("application/json")
            self._whole = json and "no-store" not in headers.get("cache-control", "")
        elif message["type"] == "http.response.body":
            if self._whole:
                self.body += message.get("body", b"")
                self._whole = len(self.body) <= MOST_BYTES
            if not message.get("more_body"):
                self._last = message
                return
        await self._send(message)

    async def end(self) -> None:
        if self._last is not None:
            await self._send(self._last)


def is_kept(operation: Operation, method: str) -> bool:
    """Whether answers of an operation are kept: those of a POST that changes something."""
    return method == "POST" and not operation.actions <= {Action.READ, Action.EXPORT}


def _refused(request: Request, operation: Operation) -> Response:
    if operation.body == "file":
        detail = f"{HEADER} is taken with JSON bodies alone: a file is known by its own SHA-256."
        return problem(request, 422, "invalid", detail, "Leave the header out.")
    detail = f"{HEADER} must be 1 to 255 characters of ASCII without spaces."
    return problem(request, 422, "invalid", detail, "A UUID is usual.")


def _repeated(request: Request, before: KeptAnswer, method_path: str, digest: str) -> Response:
    if (before.method_path, before.body_sha256) != (method_path, digest):
        detail = f"{HEADER} was used for another request in the last 24 hours."
        return problem(request, 422, "key_reused", detail, "Give each request a key of its own.")
    if before.status is None:
        detail = f"The first request with this {HEADER} is still being worked on."
        return problem(
            request, 409, "in_progress", detail, "Ask again in a moment.", headers={"Retry-After": "2"}
        )
    headers = {**(before.headers or {}), REPLAYED: "true"}
    return Response(before.answer or "", before.status, headers=headers)
