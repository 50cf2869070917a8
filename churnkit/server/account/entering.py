"""Signing in with a password, signing out, and the first person's set-up."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from churnkit.errors import ChurnkitError
from churnkit.server.account.answers import (
    asking,
    goes_to,
    hashing,
    page,
    signed_in_response,
    signed_out_response,
)
from churnkit.server.account.forms import form_of, own_path
from churnkit.server.account.lost_cookie import lost_cookie
from churnkit.server.cookies import cookie_headers, sign_in_token
from churnkit.server.visitors import address_of, network_of, root_store, visitor
from churnkit.services.access.people import set_up
from churnkit.services.access.setup_code import is_setup_code
from churnkit.services.access.sign_in import by_password, end_sign_in, sign_in
from churnkit.services.access.throttle import Throttle
from churnkit.store import Person

THROTTLE = Throttle()
LONGEST_EMAIL = 254
# Under a name of its own, for tests that do not wait.
pause = asyncio.sleep
_log = logging.getLogger(__name__)
_WRONG = (
    "Address and password do not belong together. Mind capital letters, and which of your addresses it is."
)
_SAID = {
    "out": "You are signed out.",
    "password": "The new password is set. Sign in with it.",
    "ended": "You were signed out: the sign-in was ended, or not used for too long.",
}


async def show_login(request: Request) -> Response:
    """The form, unless somebody is signed in already or nobody can be."""
    wanted = own_path(request.query_params.get("next"))
    if await asking(_nobody_yet):
        return goes_to("/account/setup")
    if await visitor(request.scope) is not None:
        return goes_to(wanted)
    said = _SAID.get(request.query_params.get("said", ""), "")
    return page("login", said=said, wanted=wanted, email="", wrong=lost_cookie(request))


async def login(request: Request) -> Response:
    """Let somebody in whose password is right."""
    form = await form_of(request)
    email = form.get("email", "").strip().lower()[:LONGEST_EMAIL]
    async with slowed_down(email, request):
        person = await hashing(by_password, root_store(), email, form.get("password", ""))
        if person is not None:
            THROTTLE.succeeded(email, network_of(address_of(request.scope)))
            return await let_in(request, person, form.get("next"))
    _log.info("a sign-in failed")
    return page("login", 403, said="", wanted=own_path(form.get("next")), email=email, wrong=_WRONG)


async def let_in(request: Request, person: Person, wanted: str | None, tenant: str | None = None) -> Response:
    """Let a person in, whose right to it has been seen to; what the browser held before ends."""
    new = await asking(
        sign_in,
        root_store(),
        person.person_id,
        address=address_of(request.scope),
        user_agent=request.headers.get("user-agent"),
        replaces=sign_in_token(cookie_headers(request.scope)),
        tenant_id=tenant,
    )
    return signed_in_response(request, new, wanted)


async def show_logout(request: Request) -> Response:
    """Ask whether to sign out: a link alone must not do it."""
    found = await visitor(request.scope)
    return goes_to("/account/login") if found is None else page("logout", me=found)


async def logout(request: Request) -> Response:
    """End the browser's sign-in."""
    await form_of(request)
    found = await visitor(request.scope)
    if found is not None:
        await asking(end_sign_in, root_store(), found.sign_in_id, found.person_id)
    return signed_out_response(request, "/account/login?said=out")


async def show_setup(request: Request) -> Response:
    """The first person's form, for as long as there is nobody."""
    if not await asking(_nobody_yet):
        return goes_to("/account/login")
    return page("setup", form={}, wrong="")


async def setup(request: Request) -> Response:
    """Make the first person, if they know what stands in the server's log."""
    form = await form_of(request)
    async with slowed_down("/account/setup", request):
        if not is_setup_code(form.get("code", "")):
            wrong = "This is not the code that stands in the server's log. It is a new one after every start."
            return page("setup", 403, form=form, wrong=wrong)
        THROTTLE.succeeded("/account/setup", network_of(address_of(request.scope)))
    if form.get("password") != form.get("again"):
        return page("setup", 422, form=form, wrong="The two passwords differ.")
    try:
        person = await hashing(
            set_up,
            root_store(),
            workspace=form.get("workspace", ""),
            email=form.get("email", ""),
            name=form.get("name", ""),
            password=form.get("password", ""),
        )
    except ChurnkitError as error:
        return page("setup", 422, form=form, wrong=str(error))
    _log.info("the first person has been set up")
    return await let_in(request, person, "/")


def _nobody_yet() -> bool:
    return root_store().people.is_empty()


@asynccontextmanager
async def slowed_down(account: str, request: Request) -> AsyncIterator[None]:
    """Let one try through, later where many failed of late; it counts as failed until it is said to be none.

    Raises
    ------
    HTTPException
        The address has too many tries under way (429).
    """
    address = network_of(address_of(request.scope))
    if not THROTTLE.begin(address):
        seconds = THROTTLE.seconds(account, address)
        raise HTTPException(
            429,
            "Too many tries from this address at once. Wait half a minute, then try again.",
            {"retry-after": str(math.ceil(seconds) or 1)},
        )
    try:
        await pause(THROTTLE.seconds(account, address))
        THROTTLE.failed(account, address)
        yield
    finally:
        THROTTLE.end(address)
