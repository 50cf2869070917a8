"""Pages of a pull that goes on where it broke off: whole pages count, half ones never do."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from churnkit.errors import disk_failures
from churnkit.results.codec import JsonObject
from churnkit.results.files import write_text_whole
from churnkit.sources.pulling import too_large

OLDEST = timedelta(hours=20)
"""What broke off longer ago begins anew: marks of pages do not last."""
# JSON says everything twice: names and values.
_JSON_BYTES_PER_BYTE = 10


class Partial:
    """The pages so far, on disk.

    Parameters
    ----------
    folder
        Of the source; it outlives the process.
    key
        What was asked for; pages of another question are thrown away.
    now
        In UTC.

    Attributes
    ----------
    next
        Where to go on, None at the beginning.
    started_at
        When the first page was asked for.
    """

    def __init__(self, folder: Path, key: JsonObject, now: datetime, *, max_bytes: int) -> None:
        self._lines = folder / "pages.jsonl"
        self._state = folder / "pages.json"
        self._key = key
        self._max_bytes = max_bytes * _JSON_BYTES_PER_BYTE
        self._size = 0
        self.next: JsonObject | None = None
        self.started_at = now
        found = self._found(now)
        if found is None:
            self.clear()
            return
        self.next = found["next"]
        self.started_at = datetime.fromisoformat(found["started_at"])
        self._size = found["bytes"]
        with self._lines.open("r+b") as file:
            # What stands behind is a page that was not written to its end.
            file.truncate(self._size)

    @property
    def is_resumed(self) -> bool:
        """Whether pages of an earlier pull are there."""
        return self.next is not None

    def add(self, objects: Iterable[Any], onward: JsonObject) -> None:
        """Keep a page; after a crash the pull goes on at ``onward``.

        Raises
        ------
        SourceFailed
            There are more orders than a file may hold.
        """
        text = "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in objects).encode()
        if self._size + len(text) > self._max_bytes:
            raise too_large("the orders", self._max_bytes // _JSON_BYTES_PER_BYTE)
        with disk_failures("Keeping a page of orders"):
            with self._lines.open("ab") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            self._size += len(text)
            self.next = onward
            state = {
                "key": self._key,
                "bytes": self._size,
                "next": onward,
                "started_at": self.started_at.isoformat(),
            }
            write_text_whole(self._state, json.dumps(state))

    def newest(self, identity: str, changed: str) -> Iterator[JsonObject]:
        """Each order once, as it was told last; by its id, in the order in which they were first told.

        Parameters
        ----------
        identity, changed
            Names of an order's id and of the time of its last change, which compare as texts.
        """
        newest: dict[Any, tuple[str, int]] = {}
        for number, one in enumerate(self._objects()):
            told = str(one.get(changed) or "")
            known = newest.get(one[identity])
            if known is None or told >= known[0]:
                newest[one[identity]] = (told, number)
        wanted = {number for _, number in newest.values()}
        for number, one in enumerate(self._objects()):
            if number in wanted:
                yield one

    def clear(self) -> None:
        """Forget all pages."""
        self._state.unlink(missing_ok=True)
        self._lines.unlink(missing_ok=True)
        self._size, self.next = 0, None

    def _objects(self) -> Iterator[JsonObject]:
        if not self._lines.exists():
            return
        with self._lines.open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def _found(self, now: datetime) -> JsonObject | None:
        """The state that an earlier pull of the same question left, None where nothing can be used."""
        try:
            found: JsonObject = json.loads(self._state.read_text(encoding="utf-8"))
            is_whole = self._lines.stat().st_size >= found["bytes"]
            is_young = timedelta(0) <= now - datetime.fromisoformat(found["started_at"]) <= OLDEST
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            # Nothing, or nothing that can be read: the pull begins anew.
            return None
        return found if found["key"] == self._key and is_whole and is_young else None
