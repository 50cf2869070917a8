"""JSON bodies are read once, up to a limit, and refused where they are no strict JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.api.operations import operation_of
from churnkit.api.problems import problem
from churnkit.config import MEGABYTE, max_file_bytes

MOST_BYTES = 4 * MEGABYTE
# What Python reads and JSON does not have, or what no table can hold, can only come with one of these.
_SUSPICIOUS = re.compile(rb"NaN|Infinity|\\u|[0-9.][eE]\+?[0-9]")

_WITHOUT = frozenset({"GET", "HEAD", "OPTIONS"})


class Bodies:
    """ASGI middleware: buffers the body of an operation that takes JSON or nothing, for the layers within.

    Files are counted as they come, and end with 413 above what an upload may have.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(scope)
        if operation is None or scope["method"] in _WITHOUT:
            await self.app(scope, receive, send)
            return
        if operation.body == "file" or not _is_read_whole(scope, operation.body):
            await self.app(scope, _counted(receive, max_file_bytes() + MOST_BYTES), send)
            return
        body = await _read(receive)
        if body is None:
            return
        refusal = _refusal(Request(scope), body)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        scope["state"]["body"] = body
        await self.app(scope, _again(body, receive), send)


def _counted(receive: Receive, most_bytes: int) -> Receive:
    """What comes, until it is too much.

    Raises
    ------
    HTTPException
        It is (413).
    """
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most_bytes:
            words = f"Reading the request: it may come to {most_bytes // MEGABYTE} MB, found more."
            raise HTTPException(413, words)
        return message

    return receive_counted


def _is_read_whole(scope: Scope, body: str) -> bool:
    return body == "json" or scope["method"] == "POST"


async def _read(receive: Receive) -> bytes | None:
    """The body, cut just above the limit; None if the client has left."""
    parts: list[bytes] = []
    size = 0
    while size <= MOST_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body"):
            break
    return b"".join(parts)


def _refusal(request: Request, body: bytes) -> Response | None:
    if len(body) > MOST_BYTES:
        detail = f"Reading the request: its body may come to {MOST_BYTES // MEGABYTE} MB, found more."
        return problem(request, 413, "too_large", detail, "Send it in parts, or as a file.")
    try:
        _require_strict(body)
    except ValueError as error:
        return problem(
            request, 422, "invalid", f"Reading the request: {error}.", "Send strict JSON in UTF-8."
        )
    return None


def _require_strict(body: bytes) -> None:
    """See that a body holds nothing that JSON or the tables have no form for; whether it is JSON is asked later.

    Raises
    ------
    ValueError
        It holds NaN, an infinite number, half of a surrogate pair or a NUL character.
    """
    if not _SUSPICIOUS.search(body):
        return
    try:
        value = json.loads(body, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        return
    _require_texts(value)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _require_texts(value: Any) -> None:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            pending += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            pending += one
        elif isinstance(one, float) and one in (float("inf"), float("-inf")):
            raise ValueError("a number is too large")
        elif isinstance(one, str) and ("\0" in one or any("\ud800" <= letter <= "\udfff" for letter in one)):
            raise ValueError("a text holds a NUL character or half of a surrogate pair")


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
