"""The first look at a request: which route it is for, and whether what it carries can be meant at all."""

from __future__ import annotations

import functools

from fastapi import FastAPI, Request
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from churnkit.api.operations import Operation, Operations, path_below
from churnkit.api.problems import problem


class Entrance:
    """ASGI middleware: names the operation for the layers within, and refuses what no route takes.

    Unknown paths are 404, known ones under another method 405 with all that they take in ``Allow``, OPTIONS is answered,
    HEAD is GET without its body, and a query parameter that the route does not have is an error: misspelt, it would
    otherwise be left out in silence.
    """

    def __init__(self, app: ASGIApp, api: FastAPI) -> None:
        self.app = app
        self._api = api

    @functools.cached_property
    def _operations(self) -> Operations:
        return Operations(self._api)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        operation = self._operations.find(scope["method"], path_below(scope))
        scope.setdefault("state", {})["operation"] = operation
        refusal = self._refusal(scope, operation)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope, operation: Operation | None) -> Response | None:
        request = Request(scope)
        if operation is None:
            return self._unknown(request, self._operations.allowed(path_below(scope)))
        if "\0" in scope["path"]:
            return problem(
                request, 404, "not_found", "The address holds a NUL character: there is nothing there."
            )
        return _wrong_query(request, operation)

    def _unknown(self, request: Request, allowed: list[str]) -> Response:
        if not allowed:
            remedy = "The description of the API lists all addresses: openapi.json."
            return problem(request, 404, "not_found", "There is nothing at this address.", remedy)
        headers = {"Allow": ", ".join(allowed)}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        detail = f"{request.method} is not taken here; {headers['Allow']} are."
        return problem(request, 405, "method_not_allowed", detail, headers=headers)


def _wrong_query(request: Request, operation: Operation) -> Response | None:
    query = QueryParams(request.scope.get("query_string", b""))
    for name, value in query.multi_items():
        if name not in operation.parameters:
            known = ", ".join(sorted(operation.parameters)) or "none"
            detail = f"Reading the request: there is no query parameter {name!r} here; there are: {known}."
            return problem(request, 422, "invalid", detail, "See how it is spelt.")
        if "\0" in value:
            return problem(request, 422, "invalid", f"Reading the request: {name} holds a NUL character.")
    return None


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
