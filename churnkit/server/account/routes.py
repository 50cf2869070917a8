"""The routes under ``/account``; where nobody signs in there is but the one that ends a subscription."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from churnkit.config import AuthMode, AuthSettings
from churnkit.errors import (
    AccessError,
    ChurnkitError,
    ConflictError,
    NotFoundError,
    StoreError,
)
from churnkit.server.account import elsewhere, entering, links, own, stopping
from churnkit.server.account.answers import page

Handler = Callable[[Request], Awaitable[Response]]
EVERYWHERE: tuple[AuthMode, ...] = ("none", "local", "oidc", "proxy")
EVERY_WAY: tuple[AuthMode, ...] = ("local", "oidc", "proxy")
OWN_WAY: tuple[AuthMode, ...] = ("local",)
PROVIDERS_WAY: tuple[AuthMode, ...] = ("oidc",)
_ELSEWHERE = "Who comes in is decided by the system that signs people in for this server, and no password is kept here."
_STORE = "The server cannot work with its store; its log says why. What was confirmed is kept."
_STATUS: tuple[tuple[type[ChurnkitError], int], ...] = (
    (NotFoundError, 404),
    (AccessError, 403),
    (ConflictError, 409),
)
_log = logging.getLogger(__name__)


def guarded(handler: Handler, modes: Collection[AuthMode] = EVERY_WAY) -> Handler:
    """A handler that answers with a page whatever happens, and is there where people sign in in one of these ways."""

    async def run(request: Request) -> Response:
        mode = AuthSettings.from_environment().mode
        if mode == "none" and mode not in modes:
            return page("message", 404, title="Nobody signs in here", words="This server has no accounts.")
        if mode not in modes:
            return page("message", 404, title="Not here", words=_ELSEWHERE)
        try:
            return await handler(request)
        except HTTPException as error:
            response = page("message", error.status_code, title="This did not work", words=error.detail)
            response.headers.update(error.headers or {})
            return response
        except ChurnkitError as error:
            return _refused(request, error)

    return run


def _refused(request: Request, error: ChurnkitError) -> Response:
    """What went wrong: of the store a stranger learns nothing, and of people the log."""
    doing = request.url.path.split("/")[2]
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
    if status == 503:
        _log.error("%s failed: %s", doing, error)
    else:
        _log.warning("%s was refused: %s", doing, error.code)
    is_store = status == 503 and isinstance(error, StoreError)
    return page("message", status, title="This did not work", words=_STORE if is_store else str(error))


def both(path: str, shown: Handler, sent: Handler, modes: Collection[AuthMode] = EVERY_WAY) -> list[Route]:
    """A form and what is sent with it."""
    return [
        Route(path, guarded(shown, modes), methods=["GET"]),
        Route(path, guarded(sent, modes), methods=["POST"]),
    ]


async def show_login(request: Request) -> Response:
    """The way in: a form for a password, or the way to who vouches."""
    is_local = AuthSettings.from_environment().mode == "local"
    return await (entering.show_login if is_local else elsewhere.show_login)(request)


async def show_nothing(request: Request) -> Response:
    """An address that leads nowhere."""
    return page(
        "message", 404, title="There is nothing here", words="The address is not complete, or out of date."
    )


ROUTES = [
    Route("/login", guarded(show_login), methods=["GET"]),
    Route("/login", guarded(entering.login, OWN_WAY), methods=["POST"]),
    Route("/oidc", guarded(elsewhere.leave, PROVIDERS_WAY), methods=["GET"]),
    Route("/oidc/logout", guarded(elsewhere.end_from_provider, PROVIDERS_WAY), methods=["POST"]),
    Route("/oidc/callback", guarded(elsewhere.come_back, PROVIDERS_WAY), methods=["GET"]),
    *both("/setup", entering.show_setup, entering.setup, OWN_WAY),
    *both("/logout", entering.show_logout, entering.logout),
    *both("/invite/{token}", links.show_invitation, links.accept_invitation, OWN_WAY),
    *both("/reset/{token}", links.show_reset, links.reset, OWN_WAY),
    *both("/stop/{token}", stopping.show_stop, stopping.stop, EVERYWHERE),
    Route("/", guarded(own.show_account), methods=["GET"]),
    Route("/sign-ins", guarded(own.end_sign_ins), methods=["POST"]),
    Route("/password", guarded(own.set_password, OWN_WAY), methods=["POST"]),
    *both("/workspaces", own.show_workspaces, own.choose_workspace),
    Route("/{anything:path}", guarded(show_nothing), methods=["GET"]),
]
