"""Files that a route gives out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from fastapi import Response
from starlette.responses import StreamingResponse

from churnkit.api.access import Caller
from churnkit.api.threads import in_thread
from churnkit.results.look_folder import reading_file
from churnkit.services.access.taking_out import take_out

_PIECE_BYTES = 1 << 20


def file_responses(*mimes: str) -> dict[int | str, dict[str, Any]]:
    """What a route that gives out files says of its answers."""
    content = {mime: {"schema": {"type": "string", "format": "binary"}} for mime in mimes}
    return {200: {"description": "The file.", "content": content}}


def file_answer(
    caller: Caller, make: Callable[[], bytes], name: str, mime: str, subject_id: str | None = None
) -> Response:
    """A file to take away, made now.

    Raises
    ------
    AccessError
        The key may take nothing out; nothing was made.
    """
    return Response(take_out(caller.store, name, make, subject_id), media_type=mime, headers=_headers(name))


def file_stream(caller: Caller, path: Path, name: str, mime: str, subject_id: str | None = None) -> Response:
    """A file of an analysis to take away, piece by piece.

    Raises
    ------
    AccessError
        The key may take nothing out.
    DataError
        The file is missing.
    """

    def measured() -> int:
        with reading_file(path):
            return path.stat().st_size

    size_bytes = take_out(caller.store, name, measured, subject_id)
    headers = {**_headers(name), "Content-Length": str(size_bytes)}
    return StreamingResponse(_pieces(path), media_type=mime, headers=headers)


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file: BinaryIO = await in_thread(open, path, "rb")
    try:
        while piece := await in_thread(file.read, _PIECE_BYTES):
            yield piece
    finally:
        file.close()


def _headers(name: str) -> dict[str, str]:
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
    }
