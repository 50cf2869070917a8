"""Files that a route gives out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import Response

from churnkit.accounts import Action
from churnkit.api.access import Caller


def file_responses(*mimes: str) -> dict[int | str, dict[str, Any]]:
    """What a route that gives out files says of its answers."""
    content = {mime: {"schema": {"type": "string", "format": "binary"}} for mime in mimes}
    return {200: {"description": "The file.", "content": content}}


def file_answer(
    caller: Caller, make: Callable[[], bytes], name: str, mime: str, subject_id: str | None = None
) -> Response:
    """A file to take away.

    Raises
    ------
    AccessError
        The key may take nothing out; nothing was made.
    """
    caller.actor.require(Action.EXPORT)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return Response(make(), media_type=mime, headers=headers)
