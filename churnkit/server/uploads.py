"""Streamlit's upload endpoint, open only to files that a page asked this browser for, and never beyond the caps."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Sequence
from typing import NoReturn

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec, UploadFileUrlInfo

from churnkit.config import MEGABYTE, ServerSettings, max_file_bytes
from churnkit.errors import SettingsError, StoreError
from churnkit.server.cookies import browser_of, cookie_headers
from churnkit.server.headers import answer
from churnkit.server.sessions import SESSIONS, Sessions
from churnkit.server.upload_ledger import Refusal, UploadLedger

ROOM_SECONDS = 30.0
IDLE_SECONDS = 30.0
SWEEP_SECONDS = 30.0
# What the form around a file adds to its bytes; Streamlit allows the same.
FORM_BYTES = 1024 * 1024

_PREFIX = "/_stcore/upload_file"
_ADDRESS = re.compile(rf"(?:.*){_PREFIX}/([^/]+)/([^/]+)", re.DOTALL)
_ANSWERS: dict[Refusal, tuple[int, str]] = {
    "unknown": (403, "Uploading: this address was not handed out to this browser, or has been used."),
    "too many": (
        429,
        "Uploading: this tab keeps too many files already. Remove some, or load the page again.",
    ),
    "too large": (
        413,
        "Uploading: the file is larger than this server takes. Whoever runs it can raise CHURNKIT_MAX_BYTES.",
    ),
    "full": (429, "Uploading: the server has no room for the file just now. Try again in a minute."),
}

_WHERE = "CHURNKIT_MAX_BYTES"

LEDGER = UploadLedger()


class GuardedUploads(MemoryUploadedFileManager):
    """Streamlit's uploaded files, with every file in the ledger."""

    def get_upload_urls(self, session_id: str, file_names: Sequence[str]) -> list[UploadFileUrlInfo]:
        urls = super().get_upload_urls(session_id, file_names)
        LEDGER.offer(session_id, [url.file_id for url in urls], time.monotonic())
        return urls

    def add_file(self, session_id: str, file: UploadedFileRec) -> None:
        if LEDGER.hold(session_id, file.file_id, len(file.data), time.monotonic()):
            super().add_file(session_id, file)

    def get_files(self, session_id: str, file_ids: Sequence[str]) -> list[UploadedFileRec]:
        LEDGER.claim(session_id, file_ids)
        return super().get_files(session_id, file_ids)

    def remove_file(self, session_id: str, file_id: str) -> None:
        super().remove_file(session_id, file_id)
        LEDGER.drop(session_id, file_id)

    def remove_session_files(self, session_id: str) -> None:
        super().remove_session_files(session_id)
        LEDGER.drop_session(session_id)


def guard_uploads() -> None:
    """Let the runtime, which is made when the server starts, keep uploaded files in :class:`GuardedUploads`.

    Streamlit has no public setting for it; :func:`watch_uploads` stops the start where this had no effect.
    """
    memory_uploaded_file_manager.MemoryUploadedFileManager = GuardedUploads  # type: ignore[misc]  # a class is put in another's place


def take_large_uploads() -> None:
    """Let Streamlit take files as large as a reading may be: ``CHURNKIT_MAX_BYTES`` goes before its own setting.

    It reads its settings until the server lives, and again whenever their file changes.
    """
    config.set_option("server.maxUploadSize", max(1, math.ceil(max_file_bytes() / MEGABYTE)), _WHERE)


async def watch_uploads(manager: object) -> NoReturn:
    """Let go of files that nobody takes up, until cancelled.

    Raises
    ------
    SettingsError
        ``manager`` is another one than ours: this version of Streamlit makes it in another way.
    """
    if not isinstance(manager, GuardedUploads):
        raise SettingsError(
            "Starting the server: uploads must be kept by churnkit, so that strangers cannot fill the memory;"
            f" found {type(manager).__name__}.",
            "Install the version of Streamlit that requirements.txt names.",
        )
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        sweep(manager)


def sweep(manager: GuardedUploads) -> None:
    """Let go of every file that has waited too long for a page."""
    for session_id, file_id in LEDGER.overdue(ServerSettings.from_environment(), time.monotonic()):
        manager.remove_file(session_id, file_id)


class UploadGate:
    """ASGI middleware in front of the upload endpoint; it refuses before a byte of the file is read."""

    def __init__(self, app: ASGIApp, sessions: Sessions = SESSIONS, ledger: UploadLedger = LEDGER) -> None:
        self.app = app
        self.sessions = sessions
        self.ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _PREFIX not in scope["path"] or scope["method"] == "OPTIONS":
            await self.app(scope, receive, send)
            return
        address = _ADDRESS.fullmatch(scope["path"])
        if address is None or not self._is_theirs(address[1], address[2], scope):
            await answer(send, *_ANSWERS["unknown"])
        elif scope["method"] == "PUT":
            await self._put(address[1], address[2], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_theirs(self, session_id: str, file_id: str, scope: Scope) -> bool:
        try:
            browser = browser_of(cookie_headers(scope))
        except StoreError:
            return False
        return self.sessions.may_send(session_id, browser) and self.ledger.knows(session_id, file_id)

    async def _put(self, session_id: str, file_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        size_bytes = _declared_bytes(scope)
        refusal = await self._room(session_id, file_id, size_bytes)
        if refusal is not None:
            await answer(send, *_ANSWERS[refusal])
            return
        try:
            await self.app(scope, _Arriving(receive, size_bytes), send)
        finally:
            self.ledger.end_arrival(session_id, file_id)

    async def _room(self, session_id: str, file_id: str, size_bytes: int) -> Refusal | None:
        """Wait for room, since most files leave memory in a second."""
        settings, deadline = ServerSettings.from_environment(), time.monotonic() + ROOM_SECONDS
        while True:
            refusal = self.ledger.reserve(session_id, file_id, size_bytes, settings, time.monotonic())
            if refusal != "full" or time.monotonic() > deadline:
                return refusal
            await asyncio.sleep(0.2)


class _Arriving:
    """The body of a request, no longer than it was announced, and never silent for long."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._left_bytes = most_bytes

    async def __call__(self) -> Message:
        try:
            message = await asyncio.wait_for(self._receive(), IDLE_SECONDS)
        except TimeoutError as error:
            raise HTTPException(408, "Uploading: nothing came for too long.") from error
        self._left_bytes -= len(message.get("body", b""))
        if self._left_bytes < 0:
            raise HTTPException(413, "Uploading: the file is larger than announced.")
        return message


def _declared_bytes(scope: Scope) -> int:
    """The announced length of the body; without one, the most that Streamlit takes."""
    most = int(config.get_option("server.maxUploadSize")) * 1024 * 1024 + FORM_BYTES
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else most
