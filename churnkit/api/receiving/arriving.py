"""The bytes of a request as they come: counted, in pieces worth a thread, and never awaited for long."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio
from starlette.requests import ClientDisconnect, Request

from churnkit.api.problems import ApiError
from churnkit.config import MEGABYTE
from churnkit.text.figures import count

PIECE_BYTES = 1 << 20
IDLE_SECONDS = 30.0


async def pieces(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    """The body in pieces of a megabyte or so.

    Raises
    ------
    ApiError
        It is larger than ``max_bytes`` (413), nothing came for too long (408), or it broke off (400).
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) < 20 and int(announced) > max_bytes:
        raise too_large(max_bytes)
    stream, gathered, arrived = request.stream(), bytearray(), 0
    while (chunk := await _next(stream)) is not None:
        arrived += len(chunk)
        if arrived > max_bytes:
            raise too_large(max_bytes)
        gathered += chunk
        if len(gathered) >= PIECE_BYTES:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def too_large(max_bytes: int) -> ApiError:
    """What is answered to a body, or files in it, beyond the server's limit."""
    return ApiError(
        413,
        "too_large",
        f"Receiving the file: {count(max_bytes / MEGABYTE)} MB at most are taken, this one has more.",
        "Export a shorter period, leave columns out, zip the file, or have the limit raised: CHURNKIT_MAX_BYTES of the"
        " server.",
    )


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    try:
        with anyio.fail_after(IDLE_SECONDS):
            return await anext(stream, None)
    except TimeoutError as error:
        raise ApiError(408, "too_slow", "Receiving the file: nothing came for too long.") from error
    except ClientDisconnect as error:
        raise ApiError(400, "broken_off", "Receiving the file: it broke off before its end.") from error
