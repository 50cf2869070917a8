"""Long answers in pages: where the next one begins is told by an opaque text that holds what must not have changed."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from churnkit.api.problems import ApiError

MOST_ROWS = 200
USUAL_ROWS = 50
MOST_OFFSET = 100_000_000
_OWN = ("limit", "after", "offset")

Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """A page of a longer answer."""

    items: list[Item]
    total: int = Field(description="Of all pages.")
    next: str | None = Field(None, description="The `after` of the next page; null on the last one.")


class Paging:
    """Which page was asked for; made for each request by :data:`Paged`.

    Attributes
    ----------
    limit
        Rows of a page, 1 to 200.
    """

    def __init__(
        self, request: Request, response: Response, limit: int, after: str | None, offset: int
    ) -> None:
        self.limit = limit
        self._request = request
        self._response = response
        self._after = after
        self._offset = offset

    def first(self, version: str) -> int:
        """Index of the page's first row in rows that stay the same under ``version``, e.g. a run's customers.

        Raises
        ------
        ApiError
            ``after`` is none of ours, or was made for other filters (422), or for another version (409).
        """
        held = self._read(version)
        return self._offset if held is None else int(held)

    def of_rows(self, items: list[Item], total: int, version: str) -> dict[str, Any]:
        """The body of a page of rows that stay the same under ``version``; ``items`` begin at :meth:`first`."""
        end = self.first(version) + len(items)
        return self._body(items, total, end if items and end < total else None, version)

    def of_list(
        self, rows: Sequence[Row], place: Callable[[Row], tuple[str, ...]]
    ) -> tuple[list[Row], dict[str, Any]]:
        """A page of a list that may change between pages, and the body of its answer without the items.

        Parameters
        ----------
        rows
            All of them, in falling order of ``place``: the newest first.
        place
            What a row is sorted by, made unique by its id, e.g. ``(created_at.isoformat(), job_id)``. The next page
            begins below the last row of this one, whatever was added or removed meanwhile.

        Raises
        ------
        ApiError
            ``after`` is none of ours, or was made for other filters (422).
        """
        held = self._read("")
        if held is None:
            start = self._offset
        else:
            below = tuple(held)
            start = next((index for index, row in enumerate(rows) if place(row) < below), len(rows))
        page = list(rows[start : start + self.limit])
        more = start + len(page) < len(rows)
        return page, self._body([], len(rows), list(place(page[-1])) if page and more else None, "")

    def _body(self, items: list[Any], total: int, following: object, version: str) -> dict[str, Any]:
        after = None
        if following is not None:
            after = _packed([following, version, self._filters()])
            query = [
                (name, value) for name, value in self._request.query_params.multi_items() if name not in _OWN
            ]
            query += [("limit", str(self.limit)), ("after", after)]
            self._response.headers["Link"] = f'<{self._request.url.path}?{urlencode(query)}>; rel="next"'
        return {"items": items, "total": total, "next": after}

    def _read(self, version: str) -> Any:
        if self._after is None:
            return None
        try:
            following, of_version, filters = _unpacked(self._after)
        except ValueError as error:
            raise _refused("It is not one that an answer's `next` gave.") from error
        if filters != self._filters():
            raise _refused("It belongs to other filters or another address than this request has.")
        if of_version != version:
            raise ApiError(
                409,
                "changed",
                "Reading the next page: what the pages before were made of has been replaced by a newer run.",
                "Begin with the first page.",
            )
        return following

    def _filters(self) -> str:
        query = sorted(pair for pair in self._request.query_params.multi_items() if pair[0] not in _OWN)
        text = json.dumps([self._request.url.path, query])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _unpacked(text: str) -> tuple[Any, str, str]:
    """The three parts of a cursor.

    Raises
    ------
    ValueError
        It is none.
    """
    value = json.loads(base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)))
    match value:
        case [int(first), str(version), str(filters)] if 0 <= first <= MOST_OFFSET and not isinstance(
            first, bool
        ):
            return first, version, filters
        case [list(place), "", str(filters)] if place and all(isinstance(part, str) for part in place):
            return place, "", filters
    raise ValueError(text)


def _refused(why: str) -> ApiError:
    return ApiError(422, "invalid", f"Reading `after`: {why}", "Begin with the first page.")


async def paging(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")] = USUAL_ROWS,
    after: Annotated[str | None, Query(max_length=1000, description="The `next` of the page before.")] = None,
    offset: Annotated[
        int, Query(ge=0, le=MOST_OFFSET, description="Rows to leave out; not beside `after`.")
    ] = 0,
) -> Paging:
    """Which page is asked for.

    Raises
    ------
    ApiError
        Both ``after`` and ``offset`` are given.
    """
    if after is not None and offset:
        raise ApiError(422, "invalid", "Reading the request: `after` and `offset` exclude each other.")
    return Paging(request, response, limit, after, offset)


Paged = Annotated[Paging, Depends(paging)]
