"""``/mcp``: the endpoint that an assistant is given, with a key of the API (https://modelcontextprotocol.io)."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from churnkit.api.assistant.calls import Call, ask
from churnkit.api.problems import problem
from churnkit.api.threads import in_thread

if TYPE_CHECKING:
    from churnkit.api.assistant.server import McpServer

MOST_BYTES = 256_000
_PACKAGE = "mcp"


class AssistantEndpoint:
    """ASGI application: one request in, one answer out, nothing kept between them.

    Parameters
    ----------
    api
        The API whose routes answer.
    """

    def __init__(self, api: ASGIApp) -> None:
        self._api = api
        self._server: McpServer | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = await self._refusal(Request(scope))
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if self._server is None:
            # Importing the package takes a while, and the first page must not wait for it.
            self._server = await in_thread(_make_server, self._api)
        await self._server.answer(scope, receive, send, most_bytes=MOST_BYTES)

    async def _refusal(self, request: Request) -> Response | None:
        """Why a request is not answered: the package is missing, another method, or no key that may read."""
        if importlib.util.find_spec(_PACKAGE) is None:
            return problem(
                request,
                404,
                "not_installed",
                "This server has no endpoint for assistants.",
                "Install it beside churnkit: pip install 'churnkit[mcp]'.",
            )
        if request.method != "POST":
            detail = "An assistant's requests are POST; nothing is streamed here."
            return problem(request, 405, "method_not_allowed", detail, headers={"Allow": "POST"})
        reply = await ask(self._api, request.scope, Call(("me",)))
        if reply.status == 200:
            return None
        said = json.loads(reply.body)
        return problem(
            request, reply.status, said["code"], said["detail"], said["remedy"], headers=reply.headers
        )


def _make_server(api: ASGIApp) -> McpServer:
    from churnkit.api.assistant.server import McpServer

    return McpServer(api)
