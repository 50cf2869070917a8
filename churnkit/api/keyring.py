"""Which key opens which workspace: asked on every request, so it is remembered for some seconds."""

from __future__ import annotations

import functools
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from churnkit.accounts import SYSTEM, Actor, rights_of_scope
from churnkit.api.threads import in_thread
from churnkit.config import data_dir, models_dir
from churnkit.jobs import open_platform
from churnkit.services.access.keys import is_key, key_hash, revocations
from churnkit.store import LOCAL_TENANT, ApiKey, Store

# A revoked key is forgotten at once; this is for what changes otherwise.
REMEMBERED_SECONDS = 5.0
NOTED_EVERY_SECONDS = 60.0
MOST_KEYS = 10_000


@dataclass(frozen=True)
class KnownKey:
    """A valid key: its workspace, and who it is to the store."""

    tenant_id: str
    key_id: str
    actor: Actor


class Keyring:
    """The keys that were asked for lately; may be asked from any thread."""

    def __init__(self, remembered_seconds: float = REMEMBERED_SECONDS) -> None:
        self._remembered_seconds = remembered_seconds
        self._known: dict[str, tuple[float, tuple[str, ApiKey] | None]] = {}
        self._noted: dict[str, float] = {}
        self._revocations = revocations()
        self._lock = threading.Lock()

    async def find(self, text: str, address: str | None) -> KnownKey | None:
        """The valid key with a text, None if there is none."""
        if not is_key(text):
            return None
        wanted = key_hash(text)
        with self._lock:
            if self._revocations != revocations():
                self._known.clear()
                self._revocations = revocations()
            at, found = self._known.get(wanted, (0.0, None))
        if time.monotonic() - at > self._remembered_seconds or not at:
            found = await in_thread(self._look_up, wanted)
        if found is None or not found[1].is_valid(datetime.now(UTC)):
            return None
        tenant_id, key = found
        actor = Actor("key", key.key_id, f"{key.name} ({key.prefix}…)", rights_of_scope(key.scope), address)
        return KnownKey(tenant_id, key.key_id, actor)

    def forget(self) -> None:
        """Ask the store anew: a key was revoked."""
        with self._lock:
            self._known.clear()

    def _look_up(self, wanted: str) -> tuple[str, ApiKey] | None:
        store = _root()
        before = revocations()
        found = store.overview.key(wanted)
        now = time.monotonic()
        with self._lock:
            if len(self._known) >= MOST_KEYS:
                self._known.clear()
            if before == revocations():
                self._known[wanted] = (now, found)
        if (
            found is not None
            and now - self._noted.get(found[1].key_id, -NOTED_EVERY_SECONDS) >= NOTED_EVERY_SECONDS
        ):
            self._noted[found[1].key_id] = now
            store.overview.note_key_used(found[1].key_id, at=datetime.now(UTC))
        return found


def _root() -> Store:
    return open_platform(data_dir(), models_dir()).store_for(LOCAL_TENANT, SYSTEM)


@functools.cache
def keyring() -> Keyring:
    """The one of this process."""
    return Keyring()
