"""A person's own account: their sign-ins, their password, the workspace that is open."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from churnkit.errors import ChurnkitError
from churnkit.server.account.answers import asking, goes_to, hashing, page
from churnkit.server.account.forms import form_of
from churnkit.server.visitors import address_of, root_store, visitor
from churnkit.services.access.browser_words import browser_words
from churnkit.services.access.people import change_password
from churnkit.services.access.sign_in import end_all, end_sign_in, open_workspace, sign_ins_of
from churnkit.store import SignedIn

_SAID = {
    "ended": "That sign-in has ended.",
    "others": "All other sign-ins have ended.",
    "password": "The new password is set, and every other sign-in has ended.",
}
_LOGIN = "/account/login?next=/account/"


async def show_account(request: Request) -> Response:
    """Who one is here, and where one is signed in."""
    found = await visitor(request.scope)
    if found is None:
        return goes_to(_LOGIN)
    return await _account(found, said=_SAID.get(request.query_params.get("said", ""), ""))


async def end_sign_ins(request: Request) -> Response:
    """End one of the person's sign-ins, or all but this one."""
    form = await form_of(request)
    found = await visitor(request.scope)
    if found is None:
        return goes_to(_LOGIN)
    if form.get("which") == "others":
        await asking(end_all, root_store(), found.person_id, found.sign_in_id)
        return goes_to("/account/?said=others")
    await asking(end_sign_in, root_store(), form.get("which", ""), found.person_id)
    return goes_to("/account/?said=ended")


async def set_password(request: Request) -> Response:
    """Change the person's password."""
    form = await form_of(request)
    found = await visitor(request.scope)
    if found is None:
        return goes_to(_LOGIN)
    if form.get("password") != form.get("again"):
        return await _account(found, wrong="The two passwords differ.", status=422)
    try:
        await hashing(
            change_password,
            root_store(),
            found.person_id,
            form.get("old", ""),
            form.get("password", ""),
            keep=found.sign_in_id,
            address=address_of(request.scope),
        )
    except ChurnkitError as error:
        return await _account(found, wrong=str(error), status=422)
    return goes_to("/account/?said=password")


async def show_workspaces(request: Request) -> Response:
    """The workspaces that the person belongs to."""
    found = await visitor(request.scope)
    if found is None:
        return goes_to("/account/login?next=/account/workspaces")
    known = await asking(root_store().people.memberships, found.person_id)
    return page("workspaces", me=found, workspaces=known, wrong="")


async def choose_workspace(request: Request) -> Response:
    """Open another workspace in this browser."""
    form = await form_of(request)
    found = await visitor(request.scope)
    if found is None:
        return goes_to("/account/login?next=/account/workspaces")
    try:
        await asking(open_workspace, root_store(), found, form.get("workspace", ""))
    except ChurnkitError as error:
        known = await asking(root_store().people.memberships, found.person_id)
        return page("workspaces", 403, me=found, workspaces=known, wrong=str(error))
    return goes_to("/")


async def _account(found: SignedIn, said: str = "", wrong: str = "", status: int = 200) -> Response:
    sign_ins = await asking(sign_ins_of, root_store(), found.person_id)
    known = await asking(root_store().people.memberships, found.person_id)
    return page(
        "account",
        status,
        me=found,
        sign_ins=[(one, browser_words(one.user_agent)) for one in sign_ins],
        workspaces=known,
        now=datetime.now(UTC),
        said=said,
        wrong=wrong,
    )
