"""Signing in where another system vouches: an OpenID provider, or the proxy in front."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from churnkit.config import AuthSettings, GroupRule, OidcSettings, ProxySettings
from churnkit.errors import AccessError, ConflictError, ProviderError, SettingsError
from churnkit.server.account import entering
from churnkit.server.account.answers import asking, goes_to, page, signed_in_response
from churnkit.server.account.attempts import PATH, attempt_cookie, attempt_of, no_attempt_cookie
from churnkit.server.account.forms import fields_of, own_path
from churnkit.server.cookies import cookie_headers, sign_in_token
from churnkit.server.proxied import comes_from_proxy, named_by_proxy
from churnkit.server.visitors import address_of, root_store, visitor
from churnkit.services.access.openid import Attempt, way_in, way_out, who
from churnkit.services.access.openid_logout import end_by_provider
from churnkit.services.access.sign_in import NewSignIn, sign_in
from churnkit.services.access.vouched import Vouched, admit
from churnkit.store import Store

Result = TypeVar("Result")
# A provider that does not answer holds up nobody but those who sign in.
_WAITING = anyio.CapacityLimiter(4)
_log = logging.getLogger(__name__)
_REFUSALS = (AccessError, ConflictError, SettingsError)


async def show_login(request: Request) -> Response:
    """The way in: a link to the provider, or what the proxy says; after a sign-out the way out there too."""
    wanted = own_path(request.query_params.get("next"))
    is_out = request.query_params.get("said") == "out"
    if not is_out and await visitor(request.scope) is not None:
        return goes_to(wanted)
    if AuthSettings.from_environment().mode == "proxy":
        settings = ProxySettings.from_environment()
        if not is_out:
            return await _by_proxy(request, settings, wanted)
        return _door("the proxy in front", "/account/login", is_out, settings.sign_out)
    provider = OidcSettings.from_environment()
    out = await _at_provider(way_out, provider) if is_out else None
    return _door(provider.name, f"{PATH}?next={quote(wanted, safe='')}", is_out, out)


async def _at_provider(work: Callable[..., Result], *args: Any) -> Result:
    return await anyio.to_thread.run_sync(functools.partial(work, *args), limiter=_WAITING)


def _door(system: str, way: str, is_out: bool, way_out: str | None) -> Response:
    return page("elsewhere", system=system, way=way, is_out=is_out, way_out=way_out)


async def leave(request: Request) -> Response:
    """Send the browser to the provider."""
    attempt = Attempt.begin(own_path(request.query_params.get("next")))
    try:
        address = await _at_provider(way_in, OidcSettings.from_environment(), attempt)
    except ProviderError as error:
        _log.warning("nobody can be sent to the provider: %s", error)
        return page("message", 502, title="The sign-in cannot be reached", words=str(error))
    response = RedirectResponse(address, 303, headers={"cache-control": "no-store"})
    response.headers.append("set-cookie", attempt_cookie(attempt, request.scope))
    return response


async def come_back(request: Request) -> Response:
    """Let somebody in whom the provider sent back."""
    settings = OidcSettings.from_environment()
    address = address_of(request.scope) or ""
    account = f"{PATH} {address}"
    attempt = attempt_of(request.scope)
    try:
        if attempt is None:
            raise ProviderError(
                "Signing in: this browser did not begin it here, or more than ten minutes ago.",
                "Begin again from the sign-in page.",
            )
        async with entering.slowed_down(account, request):
            vouched = await _at_provider(who, settings, attempt, dict(request.query_params))
            entering.THROTTLE.succeeded(account, address)
    except ProviderError as error:
        _log.warning("a sign-in failed, from %s: %s", address, error.message)
        return _without_attempt(page("message", 403, title="You are not signed in", words=str(error)))
    return _without_attempt(await _let_in(request, vouched, settings.rules, attempt.wanted))


async def end_from_provider(request: Request) -> Response:
    """Take the provider's word that somebody has signed out there; it asks for no page."""
    text = (await fields_of(request)).get("logout_token", "")
    address = address_of(request.scope) or ""
    account = f"{PATH} {address}"
    headers = {"cache-control": "no-store"}
    try:
        async with entering.slowed_down(account, request):
            await _at_provider(end_by_provider, root_store(), OidcSettings.from_environment(), text)
            entering.THROTTLE.succeeded(account, address)
    except ProviderError as error:
        _log.warning("a sign-out was not believed, from %s: %s", address, error.message)
        return JSONResponse({"error": "invalid_request", "error_description": error.message}, 400, headers)
    return Response(status_code=200, headers=headers)


async def _by_proxy(request: Request, settings: ProxySettings, wanted: str) -> Response:
    vouched = named_by_proxy(request.scope, settings)
    if vouched is not None:
        return await _let_in(request, vouched, settings.rules, wanted)
    if comes_from_proxy(request.scope, settings):
        words = f"The sign-in in front of this server named nobody (no single header {settings.user})."
    else:
        words = "This server is reached through its sign-in proxy only."
    return page("message", 403, title="You are not signed in", words=words)


async def _let_in(request: Request, vouched: Vouched, rules: tuple[GroupRule, ...], wanted: str) -> Response:
    try:
        new = await asking(
            _signed_in,
            root_store(),
            vouched,
            rules,
            address=address_of(request.scope),
            user_agent=request.headers.get("user-agent"),
            replaces=sign_in_token(cookie_headers(request.scope)),
        )
    except _REFUSALS as error:
        _log.info("somebody whom %s knows was not let in: %s", vouched.source, error.code)
        return page("message", 403, title="You are known, but not let in", words=str(error))
    return signed_in_response(request, new, wanted)


def _signed_in(
    root: Store,
    vouched: Vouched,
    rules: tuple[GroupRule, ...],
    *,
    address: str | None,
    user_agent: str | None,
    replaces: str | None,
) -> NewSignIn:
    person = admit(root, vouched, rules)
    return sign_in(root, person.person_id, address=address, user_agent=user_agent, replaces=replaces)


def _without_attempt(response: Response) -> Response:
    response.headers.append("set-cookie", no_attempt_cookie())
    return response
