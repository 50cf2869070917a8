"""The application that app.py mounts."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from churnkit import __version__
from churnkit.api.problems import MEDIA_TYPE, Problem, handle_problems
from churnkit.api.routes import server_state

PREFIX = "/api/v1"
ROUTERS = (server_state.router,)

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
        responses={"4XX": _PROBLEM},
    )
    handle_problems(api)
    for router in ROUTERS:
        api.include_router(router)
    return api
