"""Coming in by a link: an invitation, or a new password."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from churnkit.errors import AccessError, ChurnkitError, NotFoundError
from churnkit.server.account.answers import asking, goes_to, hashing, page
from churnkit.server.account.entering import let_in
from churnkit.server.account.forms import form_of
from churnkit.server.visitors import address_of, root_store, visitor
from churnkit.services.access.people import accept, accept_as, opened, use_reset
from churnkit.services.access.sign_in import open_workspace
from churnkit.store import OpenedLink, SignedIn


async def show_invitation(request: Request) -> Response:
    """What somebody is invited to."""
    try:
        link = await asking(opened, root_store(), "invitation", request.path_params["token"])
    except NotFoundError as error:
        return gone(error)
    return _invitation(request, link, await visitor(request.scope), {}, "")


async def accept_invitation(request: Request) -> Response:
    """Let somebody into a workspace: a new person with a password, or the one who is signed in."""
    form = await form_of(request)
    token = request.path_params["token"]
    found = await visitor(request.scope)
    try:
        link = await asking(opened, root_store(), "invitation", token)
    except NotFoundError as error:
        return gone(error)
    try:
        if link.person_id is not None:
            return await _join(request, token, found)
        if form.get("password") != form.get("again"):
            return _invitation(request, link, found, form, "The two passwords differ.", 422)
        person, tenant = await hashing(
            accept,
            root_store(),
            token,
            name=form.get("name", ""),
            password=form.get("password", ""),
            address=address_of(request.scope),
        )
    except ChurnkitError as error:
        return _invitation(request, link, found, form, str(error), 422)
    return await let_in(request, person, "/", tenant)


async def show_reset(request: Request) -> Response:
    """The form for a new password."""
    try:
        link = await asking(opened, root_store(), "reset", request.path_params["token"])
    except NotFoundError as error:
        return gone(error)
    return page("reset", link=link, wrong="")


async def reset(request: Request) -> Response:
    """Set a new password; every sign-in of the person ends."""
    form = await form_of(request)
    token = request.path_params["token"]
    try:
        link = await asking(opened, root_store(), "reset", token)
    except NotFoundError as error:
        return gone(error)
    if form.get("password") != form.get("again"):
        return page("reset", 422, link=link, wrong="The two passwords differ.")
    try:
        await hashing(
            use_reset, root_store(), token, form.get("password", ""), address=address_of(request.scope)
        )
    except ChurnkitError as error:
        return page("reset", 422, link=link, wrong=str(error))
    return goes_to("/account/login?said=password")


def gone(error: ChurnkitError) -> Response:
    """A link that opens nothing."""
    return page("message", 404, title="This link does not work any more", words=str(error))


async def _join(request: Request, token: str, found: SignedIn | None) -> Response:
    if found is None:
        raise AccessError("Accepting the invitation: you have an account already.", "Sign in first.")
    tenant = await asking(accept_as, root_store(), token, found.person_id, address=address_of(request.scope))
    await asking(open_workspace, root_store(), found, tenant)
    return goes_to("/")


def _invitation(
    request: Request,
    link: OpenedLink,
    found: SignedIn | None,
    form: dict[str, str],
    wrong: str,
    status: int = 200,
) -> Response:
    return page(
        "invite",
        status,
        link=link,
        me=found,
        form=form,
        wrong=wrong,
        here=quote(request.url.path, safe=""),
    )
