"""Answers that a client has already: what a run found never changes, so its id (and what else it depends on) is the tag."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends, Request, Response

from churnkit import __version__


class NotModified(Exception):
    """The client has the answer already."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        super().__init__(tag)


class Tagging:
    """Tags the answer of a request; made for each request by :data:`Tagged`."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response

    def of(self, *parts: object) -> None:
        """Tag the answer by what it depends on, the id of the run first; leave at once if the client has it.

        Call it before the work. Whatever else changes the answer must be among the parts, e.g. assumptions about money.

        Raises
        ------
        NotModified
            The client named this tag in ``If-None-Match``: 304 is answered.
        """
        tag = tag_of(*parts)
        if _names(self._request.headers.get("if-none-match", ""), tag):
            raise NotModified(tag)
        self._response.headers.update(headers_of(tag))


def tag_of(*parts: object) -> str:
    """The tag of what depends on ``parts``. A weak one: what travels may be compressed."""
    text = "\0".join([__version__, *(str(part) for part in parts)])
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def headers_of(tag: str) -> dict[str, str]:
    """What an answer with a tag says: keep it, but ask each time whether it is still so."""
    return {"ETag": tag, "Cache-Control": "private, max-age=0"}


def _names(header: str, tag: str) -> bool:
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or tag.removeprefix("W/") in named


async def not_modified(request: Request, error: Exception) -> Response:
    """The answer to who has it already."""
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=headers_of(error.tag))


async def tagging(request: Request, response: Response) -> Tagging:
    """Tags for the answer of this request."""
    return Tagging(request, response)


Tagged = Annotated[Tagging, Depends(tagging)]
