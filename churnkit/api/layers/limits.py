"""How often a key may ask, and an address without one."""

from __future__ import annotations

import math

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.accounts import Action
from churnkit.api.access import key_text
from churnkit.api.buckets import Buckets, Rate, Taken
from churnkit.api.keyring import keyring
from churnkit.api.operations import Operation, operation_of
from churnkit.api.problems import problem
from churnkit.config import ApiSettings
from churnkit.server.visitors import address_of, network_of

# Asked by machines that watch the server.
_UNLIMITED = frozenset({"/health", "/ready"})
_PREDICTIONS = ("predict", "simulate")


class Limits:
    """ASGI middleware: 429 with ``Retry-After`` for who asks too often, and ``RateLimit`` on every answer.

    A valid key has buckets of its own; whoever has none, or a wrong one, shares those of the address.
    """

    def __init__(self, app: ASGIApp, settings: ApiSettings, buckets: Buckets | None = None) -> None:
        self.app = app
        self._settings = settings
        self._buckets = buckets or Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = operation_of(scope)
        if operation is None or operation.path in _UNLIMITED:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        who = await self._who(request)
        rate = rate_of(operation, scope["method"], self._settings)
        if rate is None:
            await self.app(scope, receive, send)
            return
        taken = self._buckets.take(who, rate)
        headers = _headers(rate, taken)
        if taken.wait_seconds:
            seconds = max(1, math.ceil(taken.wait_seconds))
            headers["Retry-After"] = str(seconds)
            detail = f"Too many {rate.name} at once: {rate.burst} in {rate.window_seconds} s are taken."
            answer = problem(request, 429, "too_many", detail, f"Ask again in {seconds} s.", headers=headers)
            await answer(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    async def _who(self, request: Request) -> str:
        address = address_of(request.scope)
        text = key_text(request)
        known = await keyring().find(text, address) if text else None
        if known is None:
            return f"address {network_of(address)}"
        state = request.scope["state"]
        state["key_id"], state["tenant_id"] = known.key_id, known.tenant_id
        return f"key {known.key_id}"


def rate_of(operation: Operation, method: str, settings: ApiSettings) -> Rate | None:
    """The rate that a request counts against, None where it is not limited."""
    if method == "POST" and any(word in operation.path for word in _PREDICTIONS) and not starts(operation):
        per_second = settings.predictions_per_second
        return Rate("predictions", per_second, math.ceil(per_second)) if per_second else None
    if method == "POST" and starts(operation):
        per_minute = settings.starts_per_minute
        return Rate("starts", per_minute / 60, math.ceil(per_minute)) if per_minute else None
    per_second = settings.reads_per_second
    return Rate("requests", per_second, math.ceil(2 * per_second)) if per_second else None


def starts(operation: Operation) -> bool:
    """Whether the operation starts work."""
    return Action.RUN in operation.actions


def _headers(rate: Rate, taken: Taken) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{rate.name}";q={rate.burst};w={rate.window_seconds}',
        "RateLimit": f'"{rate.name}";r={taken.left};t={math.ceil(taken.full_seconds)}',
    }
