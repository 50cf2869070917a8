"""The application that app.py mounts."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from churnkit import __version__
from churnkit.api.caching import NotModified, not_modified
from churnkit.api.layers.entrance import Entrance
from churnkit.api.problems import MEDIA_TYPE, Problem, handle_problems
from churnkit.api.routes import customers, results, server_state, shops

PREFIX = "/api/v1"
ROUTERS = (
    server_state.router,
    shops.router,
    results.router,
    customers.router,
)

_DESCRIPTION = """\
Who is about to leave, what they are worth, why, and what to do: what the pages show, for programs.

Every request but `/health` takes a key (`Authorization: Bearer ck_live_…`), made under Settings. Failures come as
`application/problem+json`. Times are RFC 3339 in UTC; money stands beside its currency.
"""
_PROBLEM: dict[str, Any] = {"model": Problem, "content": {MEDIA_TYPE: {}}}


def make_api() -> FastAPI:
    """The API with all its routes."""
    api = FastAPI(
        title="churnkit",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": _PROBLEM},
    )
    handle_all_problems(api)
    for router in ROUTERS:
        api.include_router(router)
    add_layers(api)
    return api


def handle_all_problems(api: FastAPI) -> None:
    """Let every failure, and what a client has already, leave in its shape."""
    handle_problems(api)
    api.add_exception_handler(NotModified, not_modified)


def add_layers(api: FastAPI) -> None:
    """Put around the routes what every request passes; the last added is the outermost."""
    api.add_middleware(Entrance, api=api)
