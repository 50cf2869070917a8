"""The routes under ``/account``; where nobody signs in there are none."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from churnkit.config import AuthSettings
from churnkit.errors import ChurnkitError
from churnkit.server.account import entering, links, own
from churnkit.server.account.answers import page

Handler = Callable[[Request], Awaitable[Response]]
_log = logging.getLogger(__name__)


def guarded(handler: Handler) -> Handler:
    """A handler that answers with a page whatever happens, and is not there where nobody signs in."""

    async def run(request: Request) -> Response:
        if not AuthSettings.from_environment().has_accounts:
            return page("message", 404, title="Nobody signs in here", words="This server has no accounts.")
        try:
            return await handler(request)
        except HTTPException as error:
            response = page("message", error.status_code, title="This did not work", words=error.detail)
            response.headers.update(error.headers or {})
            return response
        except ChurnkitError as error:
            _log.error("%s failed: %s", request.url.path.split("/")[2], error)
            return page("message", 503, title="This did not work", words=f"{error.message} {error.remedy}")

    return run


def both(path: str, shown: Handler, sent: Handler) -> list[Route]:
    """A form and what is sent with it."""
    return [
        Route(path, guarded(shown), methods=["GET"]),
        Route(path, guarded(sent), methods=["POST"]),
    ]


ROUTES = [
    *both("/login", entering.show_login, entering.login),
    *both("/setup", entering.show_setup, entering.setup),
    *both("/logout", entering.show_logout, entering.logout),
    *both("/invite/{token}", links.show_invitation, links.accept_invitation),
    *both("/reset/{token}", links.show_reset, links.reset),
    Route("/", guarded(own.show_account), methods=["GET"]),
    Route("/sign-ins", guarded(own.end_sign_ins), methods=["POST"]),
    Route("/password", guarded(own.set_password), methods=["POST"]),
    *both("/workspaces", own.show_workspaces, own.choose_workspace),
]
