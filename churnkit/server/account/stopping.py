"""The link at the end of a mail: no more of these.

It needs no sign-in, and a mail program may follow it by itself (RFC 8058).
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from churnkit.server.account.answers import asking, page
from churnkit.server.account.forms import fields_of
from churnkit.server.visitors import root_store

_TITLE = "No more mail"
_GONE = "This address is told nothing any more: the subscription was ended before."


async def show_stop(request: Request) -> Response:
    """Ask once: programs that look at every link in a mail must not end anything."""
    found = await asking(root_store().mailbox.by_stop_token, _token(request))
    if found is None:
        return page("message", 404, title=_TITLE, words=_GONE)
    return page("stop", address=found.address)


async def stop(request: Request) -> Response:
    """End the subscription."""
    await fields_of(request)
    found = await asking(root_store().mailbox.stop, _token(request))
    if found is None:
        return page("message", 404, title=_TITLE, words=_GONE)
    return page(
        "message", title=_TITLE, words=f"Nothing more is sent to {found.address} from this subscription."
    )


def _token(request: Request) -> str:
    return str(request.path_params["token"])
