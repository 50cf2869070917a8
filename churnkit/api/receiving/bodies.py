"""A file that is the whole body of a request."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.requests import Request

from churnkit.api.problems import ApiError
from churnkit.api.receiving.arriving import pieces
from churnkit.api.threads import in_thread
from churnkit.errors import disk_failures
from churnkit.services.look.received_files import PARTIAL, known_suffix

_HEX = re.compile("[0-9a-fA-F]{64}")
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]*):")
_RECEIVING = "Receiving the file"


@dataclass(frozen=True)
class ReceivedFile:
    """A file on disk that has no row yet; ``filename`` is what its sender calls it."""

    path: Path
    filename: str
    size_bytes: int
    sha256: str


class Sink:
    """A file that is being written; every method blocks."""

    def __init__(self, folder: Path, filename: str) -> None:
        self.filename = filename
        # A name that the sweep of leftovers knows, should the server die in between.
        self.path = folder / f"{uuid.uuid4().hex}{known_suffix(filename)}{PARTIAL}"
        self.size_bytes = 0
        self._digest = hashlib.sha256()
        with disk_failures(_RECEIVING):
            folder.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = self.path.open("wb")

    def write(self, piece: bytes | memoryview) -> None:
        """Add bytes."""
        with disk_failures(_RECEIVING):
            self._file.write(piece)
        self._digest.update(piece)
        self.size_bytes += len(piece)

    def finished(self) -> ReceivedFile:
        """Close the file."""
        with disk_failures(_RECEIVING):
            self._file.close()
        return ReceivedFile(self.path, self.filename, self.size_bytes, self._digest.hexdigest())

    def forget(self) -> None:
        """Close and remove it, unless somebody has moved it away."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@asynccontextmanager
async def receive_body(
    request: Request, folder: Path, filename: str, max_bytes: int
) -> AsyncIterator[ReceivedFile]:
    """The body of a request as a file in ``folder``, which is gone afterwards unless it was moved.

    Raises
    ------
    ApiError
        It is too large, too slow, broke off, or is not what the headers say of its digest.
    DiskError
        The disk is full.
    """
    expected = expected_digest(request.headers)
    sink = await in_thread(Sink, folder, filename)
    try:
        async for piece in pieces(request, max_bytes):
            await in_thread(sink.write, piece)
        received = await in_thread(sink.finished)
        if expected is not None and received.sha256 != expected:
            raise ApiError(
                422,
                "digest",
                f"Receiving the file: its SHA-256 is {received.sha256}, the request announced {expected}.",
                "Send it again.",
            )
        yield received
    finally:
        sink.forget()


def expected_digest(headers: Mapping[str, str]) -> str | None:
    """The SHA-256 that a request announces (``Repr-Digest``, ``Content-Digest``, ``Content-SHA256``) in hex digits.

    Raises
    ------
    ApiError
        It is none (422).
    """
    plain = headers.get("content-sha256")
    if plain is not None:
        if not _HEX.fullmatch(plain.strip()):
            raise _no_digest("Content-SHA256", "64 hexadecimal digits")
        return plain.strip().lower()
    for name in ("repr-digest", "content-digest"):
        found = _SHA256.search(headers.get(name, ""))
        if found is None:
            continue
        try:
            digest = base64.b64decode(found[1], validate=True)
        except (binascii.Error, ValueError):
            digest = b""
        if len(digest) != hashlib.sha256().digest_size:
            raise _no_digest(name.title(), "sha-256=:…: with 32 bytes in base64")
        return digest.hex()
    return None


def _no_digest(header: str, shape: str) -> ApiError:
    return ApiError(422, "digest", f"Reading the header {header}: it must be {shape}.")
