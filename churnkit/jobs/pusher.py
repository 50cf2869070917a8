"""The server's thread that sends scores to destinations."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from churnkit.errors import ChurnkitError
from churnkit.jobs.layout import Folders
from churnkit.store import DuePush, Store

if TYPE_CHECKING:
    from churnkit.services.destinations.places import Place

IDLE_SECONDS = 600.0
TROUBLE_SECONDS = 30.0
# After each attempt that failed but the last.
WAITS = (60, 300, 1800, 7200, 18_000)
MOST_WAIT_SECONDS = 86_400
_AT_ONCE = 4
_FORGET_EVERY = timedelta(days=1)
_log = logging.getLogger(__name__)


def _open(due: DuePush) -> Place:
    # Libraries that the server starts without come with the first sending.
    from churnkit.services.destinations.opening import open_place

    return open_place(due)


class Pusher:
    """Sends what is due, one :meth:`tick` at a time.

    All that it knows stands in the store: a server that dies goes on with what had not been noted as arrived.

    Parameters
    ----------
    store
        The program's.
    places, clock
        How a place is opened, and the time; for tests.
    """

    def __init__(
        self,
        store: Store,
        folders: Folders,
        *,
        places: Callable[[DuePush], Place] = _open,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._folders = folders
        self._places = places
        self._clock = clock
        self._forgotten_at: datetime | None = None
        self._wake = threading.Event()
        self._going = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="churnkit-pusher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something may wait to be sent."""
        self._wake.set()

    def close(self) -> None:
        """End the thread; a batch under way has its time."""
        self._going = False
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._going:
            self._wake.clear()
            try:
                wait = self.tick()
            except (ChurnkitError, OSError):
                _log.exception("sending scores")
                wait = TROUBLE_SECONDS
            self._wake.wait(wait)

    def tick(self) -> float:
        """Send what is due; seconds until something is due again."""
        due = self._store.push_outbox.due(at=self._clock(), most=_AT_ONCE)
        if due:
            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="churnkit-push") as threads:
                list(threads.map(self._send, due))
        self._forget_old()
        following = self._store.push_outbox.next_at()
        if following is None:
            return IDLE_SECONDS
        return min(max((following - self._clock()).total_seconds(), 0.0), IDLE_SECONDS)

    def _send(self, due: DuePush) -> None:
        from churnkit.results.folders import Results
        from churnkit.services.destinations.places import PushFailed
        from churnkit.services.destinations.pushing import push_once

        results = Results(self._folders.run(due.push.shop_id, due.push.run_id))
        try:
            figures = push_once(
                self._store, due, self._places(due), results, goes_on=lambda: self._goes_on(due)
            )
        except PushFailed as error:
            self._missed(due, error, error.wait_seconds, is_final=error.is_final)
        except ChurnkitError as error:
            self._missed(due, error, 0, is_final=True)
        else:
            if figures is not None:
                self._store.push_outbox.done(due, figures, at=self._clock())

    def _goes_on(self, due: DuePush) -> bool:
        return self._going and self._store.push_outbox.is_waiting(due.push.push_id)

    def _missed(self, due: DuePush, error: ChurnkitError, wait_seconds: int, *, is_final: bool) -> None:
        now, push = self._clock(), due.push
        attempts = self._attempts(due) + 1
        if is_final or attempts > len(WAITS):
            next_at = None
        else:
            wait = max(WAITS[attempts - 1] if not wait_seconds else 1, min(wait_seconds, MOST_WAIT_SECONDS))
            next_at = now + timedelta(seconds=wait)
        words = f"{error.message} {error.remedy}".strip()
        _log.info("destination %s: attempt %d failed", due.destination.destination_id, attempts)
        self._store.push_outbox.missed(due, words, attempts=attempts, next_at=next_at, at=now)
        if next_at is None:
            self._store.for_tenant(due.tenant_id).events.note(
                push.shop_id,
                "destination_failed",
                key=push.push_id,
                words=f"Scores did not arrive at {due.destination.name}. {words}",
                at=now,
                details={"destination_id": push.destination_id, "run_id": push.run_id},
            )

    def _attempts(self, due: DuePush) -> int:
        """Attempts since something last arrived: a long sending that is asked to wait again and again goes on."""
        now = self._store.for_tenant(due.tenant_id).destinations.push(due.push.push_id)
        return due.push.attempts if now.push_figures == due.push.push_figures else 0

    def _forget_old(self) -> None:
        now = self._clock()
        if self._forgotten_at is None or now - self._forgotten_at >= _FORGET_EVERY:
            self._forgotten_at = now
            self._store.push_outbox.forget_old(at=now)
