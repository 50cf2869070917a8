"""What a browser sends with a form of ours: from a page of ours alone, and no more than a form holds."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

from churnkit.server.origins import is_own_page

MOST_BYTES = 16_384
MOST_FIELDS = 20


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last value of each; spaces around them stay.

    Raises
    ------
    HTTPException
        The form was sent from another site's page (403), or is none that we drew (400, 413).
    """
    origin = request.headers.get("origin")
    if origin is None or not is_own_page(origin, request.scope):
        raise HTTPException(
            403, "This form was not sent from a page of this server. Go back and load it again."
        )
    return await fields_of(request)


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form, whoever sent it.

    Raises
    ------
    HTTPException
        It is none, or longer than any of ours (400, 413).
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "What was typed is too long.")
    try:
        fields = parse_qs(
            body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise HTTPException(400, "What was sent cannot be read.") from error
    return {name: values[-1] for name, values in fields.items()}


def own_path(text: str | None) -> str:
    """Where to go after a sign-in: a path of this server, else the start page."""
    wanted = text or "/"
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_path = (
        not parts.scheme and not parts.netloc and wanted.startswith("/") and wanted[1:2] not in ("/", "\\")
    )
    # A browser drops tabs and line breaks, which would make another host of "/\t/".
    return wanted if is_path and wanted.isascii() and wanted.isprintable() and "\\" not in wanted else "/"
