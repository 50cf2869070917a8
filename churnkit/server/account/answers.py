"""How the server answers under ``/account``: pages from templates, and ways to elsewhere."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import streamlit
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from churnkit.config import AuthSettings
from churnkit.server.account.forms import own_path
from churnkit.server.cookies import SIGN_IN_COOKIE, is_secure
from churnkit.services.access.sign_in import NewSignIn
from churnkit.text import figures

TEMPLATES = Path(__file__).parent / "templates"
SECONDS_A_DAY = 24 * 3600
# A hash takes 19 MiB and a core for a moment: two at once leave the pages their share.
_HASHING = anyio.CapacityLimiter(2)
_ASKING = anyio.CapacityLimiter(4)

Result = TypeVar("Result")


async def asking(work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """What ``work`` returns, which asks the store."""
    return await anyio.to_thread.run_sync(functools.partial(work, *args, **kwargs), limiter=_ASKING)


async def hashing(work: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """What ``work`` returns, which hashes a password; two such at once."""
    return await anyio.to_thread.run_sync(functools.partial(work, *args, **kwargs), limiter=_HASHING)


def page(name: str, status: int = 200, **values: Any) -> Response:
    """A page from a template; every value is escaped."""
    text = _environment().get_template(f"{name}.html.j2").render(**values)
    return HTMLResponse(text, status, headers={"cache-control": "no-store"})


def goes_to(path: str) -> Response:
    """Send the browser on; ``path`` is one of ours."""
    return RedirectResponse(path, 303, headers={"cache-control": "no-store"})


def signed_in_response(request: Request, new: NewSignIn, wanted: str | None) -> Response:
    """Send a browser on that has just been let in, with what it shows from now on.

    Parameters
    ----------
    wanted
        Where it wanted to go; another server's address leads to the start page.
    """
    response = goes_to(own_path(wanted))
    response.headers.append("set-cookie", _cookie(new.token, request.scope))
    return response


def signed_out_response(request: Request, path: str) -> Response:
    """Send a browser on that shows nothing any more."""
    response = goes_to(path)
    response.headers.append("set-cookie", _cookie("", request.scope))
    return response


def _cookie(token: str, scope: Scope) -> str:
    lasts = AuthSettings.from_environment().longest_days * SECONDS_A_DAY if token else 0
    flags = "; Secure" if is_secure(scope) else ""
    return f"{SIGN_IN_COOKIE}={token}; Path=/; Max-Age={lasts}; HttpOnly; SameSite=Lax{flags}"


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["instant"] = figures.instant
    environment.filters["day"] = figures.day
    environment.globals["font"] = _font()
    return environment


def _font() -> str:
    """Address of the pages' own typeface, which Streamlit brings; its name changes with the version."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "media"
    found = sorted(path.name for path in folder.glob("SourceSansVF-Upright*.woff2"))
    return f"/static/media/{found[0]}" if found else ""
