"""The server's thread that tells webhooks and people what happened."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from churnkit.config import secret_key
from churnkit.errors import ChurnkitError
from churnkit.outgoing import post
from churnkit.services.alerts.noting import FAILURES, note_failure
from churnkit.services.webhooks.delivering import (
    Outcome,
    Post,
    deliver,
    next_attempt,
    why_switched_off,
)
from churnkit.services.webhooks.events import OF_KINDS, ended_event, shop_event_body
from churnkit.store import DueDelivery, Store

IDLE_SECONDS = 600.0
TROUBLE_SECONDS = 30.0
_AT_ONCE = 4
_FORGET_EVERY = timedelta(days=1)
_MOST = 20
_log = logging.getLogger(__name__)


class Courier:
    """Sends what is due, one :meth:`tick` at a time.

    All that it knows stands in the store: a server that dies sends again what it had not noted as arrived, under the
    same id.

    Parameters
    ----------
    store
        The program's.
    rounds
        Other ways to tell people, each asked after the webhooks; when it must be asked again, None if nothing waits.
    send, clock
        How one request is sent, and the time; for tests.
    """

    def __init__(
        self,
        store: Store,
        *,
        rounds: Sequence[Callable[[], datetime | None]] = (),
        send: Post = post,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._rounds = rounds
        self._send = send
        self._clock = clock
        self._forgotten_at: datetime | None = None
        self._wake = threading.Event()
        self._going = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Send from now on, in a thread of its own."""
        self._going = True
        self._thread = threading.Thread(target=self._run, name="churnkit-courier", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something happened that may have to be told."""
        self._wake.set()

    def close(self) -> None:
        """End the thread; a request under way has its time."""
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
                _log.exception("telling webhooks")
                wait = TROUBLE_SECONDS
            self._wake.wait(wait)

    def tick(self) -> float:
        """Queue what has happened and send what is due; seconds until something is due again."""
        outbox = self._store.outbox
        self._note_failures()
        outbox.note_ended(ended_event, at=self._clock())
        outbox.note_events(OF_KINDS, shop_event_body, at=self._clock())
        due = outbox.due(at=self._clock(), most=_MOST)
        if due:
            key = secret_key()
            with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="churnkit-webhook") as threads:
                outcomes = threads.map(lambda one: deliver(one, key, self._clock(), self._send), due)
                for one, outcome in zip(due, outcomes, strict=True):
                    self._note(one, outcome)
        self._forget_old()
        following = [outbox.next_at(), *(round_() for round_ in self._rounds)]
        waits = [(one - self._clock()).total_seconds() for one in following if one is not None]
        return min(max(min(waits, default=IDLE_SECONDS), 0.0), IDLE_SECONDS)

    def _note_failures(self) -> None:
        for owned in self._store.outbox.failed_jobs(list(FAILURES), at=self._clock()):
            note_failure(self._store.for_tenant(owned.tenant_id), owned.job, at=self._clock())

    def _forget_old(self) -> None:
        now = self._clock()
        if self._forgotten_at is None or now - self._forgotten_at >= _FORGET_EVERY:
            self._forgotten_at = now
            self._store.outbox.forget_old(at=now)
            self._store.mailbox.forget_old(at=now)

    def _note(self, due: DueDelivery, outcome: Outcome) -> None:
        now, delivery = self._clock(), due.delivery
        if outcome.arrived:
            self._store.outbox.arrived(delivery.delivery_id, outcome.status or 0, at=now)
            return
        # Of the address only the webhook's id: its path may be a secret.
        _log.info("webhook %s: attempt %d failed", due.webhook.webhook_id, delivery.attempts + 1)
        self._store.outbox.missed(
            delivery,
            words=outcome.words,
            answer_status=outcome.status,
            next_at=next_attempt(delivery, outcome, now),
            switched_off=why_switched_off(due.webhook, outcome, now),
            at=now,
        )
