"""The books of the files that browsers bring: which were asked for, which arrive, which lie in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from churnkit.config import ServerSettings

# A browser asks for an address a moment before it sends; one that asks for more has the oldest taken away.
MOST_OFFERS = 100

Refusal = Literal["unknown", "too many", "too large", "full"]


@dataclass
class _Slot:
    state: Literal["offered", "arriving", "held", "claimed"]
    size_bytes: int
    since: float


class UploadLedger:
    """One entry for every address that was handed out; an address serves one file, once. Safe from any thread.

    Times are seconds of a monotonic clock.
    """

    def __init__(self) -> None:
        self._slots: dict[str, dict[str, _Slot]] = {}
        self._lock = threading.Lock()

    def offer(self, session_id: str, file_ids: Iterable[str], now: float) -> None:
        """Note that addresses were handed out."""
        with self._lock:
            slots = self._slots.setdefault(session_id, {})
            slots.update({file_id: _Slot("offered", 0, now) for file_id in file_ids})
            offered = [file_id for file_id, slot in slots.items() if slot.state == "offered"]
            for file_id in offered[:-MOST_OFFERS]:
                del slots[file_id]

    def knows(self, session_id: str, file_id: str) -> bool:
        """Whether an address was handed out and its file has not gone."""
        with self._lock:
            return file_id in self._slots.get(session_id, {})

    def reserve(
        self, session_id: str, file_id: str, size_bytes: int, settings: ServerSettings, now: float
    ) -> Refusal | None:
        """Make room for a file that is about to arrive, or say why not; "full" may pass."""
        with self._lock:
            slots = self._slots.get(session_id, {})
            slot = slots.get(file_id)
            if slot is None or slot.state != "offered":
                return "unknown"
            if size_bytes > settings.upload_session_bytes:
                return "too large"
            if sum(one.state != "offered" for one in slots.values()) >= settings.upload_session_files:
                return "too many"
            if _total(slots) + size_bytes > settings.upload_session_bytes:
                return "full"
            if sum(_total(one) for one in self._slots.values()) + size_bytes > settings.upload_total_bytes:
                return "full"
            slots[file_id] = _Slot("arriving", size_bytes, now)
            return None

    def hold(self, session_id: str, file_id: str, size_bytes: int, now: float) -> bool:
        """Note that a file has arrived; False if nobody waits for it any more."""
        with self._lock:
            slot = self._slots.get(session_id, {}).get(file_id)
            if slot is None or slot.state != "arriving":
                return False
            self._slots[session_id][file_id] = _Slot("held", size_bytes, now)
            return True

    def claim(self, session_id: str, file_ids: Iterable[str]) -> None:
        """Note that a page has taken files up: they stay until it lets go of them."""
        with self._lock:
            slots = self._slots.get(session_id, {})
            for file_id in file_ids:
                if file_id in slots and slots[file_id].state == "held":
                    slots[file_id].state = "claimed"

    def end_arrival(self, session_id: str, file_id: str) -> None:
        """Give the room back if the file has not come in full."""
        with self._lock:
            slots = self._slots.get(session_id, {})
            if file_id in slots and slots[file_id].state == "arriving":
                self._remove(session_id, file_id)

    def drop(self, session_id: str, file_id: str) -> None:
        """Note that a file has gone."""
        with self._lock:
            self._remove(session_id, file_id)

    def drop_session(self, session_id: str) -> None:
        """Note that a session has ended, with all its files."""
        with self._lock:
            self._slots.pop(session_id, None)

    def overdue(self, settings: ServerSettings, now: float) -> list[tuple[str, str]]:
        """Session and file of what was offered or has arrived too long ago and nobody took up."""
        oldest = now - 60 * settings.upload_minutes
        with self._lock:
            return [
                (session_id, file_id)
                for session_id, slots in self._slots.items()
                for file_id, slot in slots.items()
                if slot.state in ("offered", "held") and slot.since < oldest
            ]

    def total_bytes(self) -> int:
        """What lies in memory or is on its way there."""
        with self._lock:
            return sum(_total(slots) for slots in self._slots.values())

    def _remove(self, session_id: str, file_id: str) -> None:
        slots = self._slots.get(session_id, {})
        slots.pop(file_id, None)
        if not slots:
            self._slots.pop(session_id, None)


def _total(slots: dict[str, _Slot]) -> int:
    return sum(slot.size_bytes for slot in slots.values())
