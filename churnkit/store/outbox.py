"""What is to be told to webhooks of every workspace; for the program alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import duckdb

from churnkit.results.shop_events import EventKind
from churnkit.store.program_table import ProgramTable
from churnkit.store.row_codec import records, to_record, to_utc
from churnkit.store.webhook_records import (
    Delivery,
    DueDelivery,
    EndedAnalysis,
    EventType,
    UntoldEvent,
    Webhook,
)
from churnkit.store.webhook_table import queue_delivery, switch_off
from churnkit.store.work_records import JobKind, OwnedJob, TrainingJob

KEPT_DAYS = 30
# An analysis that ended longer ago is not told: the server or the webhook was not there.
TOLD_DAYS = 5

_ENDED = """
SELECT webhooks.tenant_id, webhook_id, job_id, training_jobs.session_id,
       training_jobs.status = 'completed' AS is_completed, completed_at AS ended_at
FROM training_jobs JOIN sessions USING (session_id) JOIN webhooks USING (tenant_id)
WHERE training_jobs.kind IN ('analyze', 'refresh') AND training_jobs.status IN ('completed', 'failed')
  AND coalesce(training_jobs.ended_by, '') <> 'cancelled'
  AND completed_at >= greatest(events_from_at, ?) AND webhooks.disabled_at IS NULL
  AND list_contains(events, if(training_jobs.status = 'completed', 'analysis.completed', 'analysis.failed'))
  AND NOT EXISTS (SELECT 1 FROM webhook_deliveries AS told
                  WHERE told.webhook_id = webhooks.webhook_id AND told.event_id = 'evt_' || job_id)
ORDER BY completed_at, job_id, webhook_id LIMIT 100
"""
_UNTOLD = """
SELECT webhooks.tenant_id, webhook_id, named.event, event_id, shop_id, sentence, details, happened_at
FROM shop_events JOIN webhooks USING (tenant_id)
    JOIN (SELECT unnest($kinds) AS kind, unnest($events) AS event) AS named USING (kind)
WHERE happened_at >= greatest(events_from_at, $since) AND webhooks.disabled_at IS NULL
  AND list_contains(webhooks.events, named.event)
  AND NOT EXISTS (SELECT 1 FROM webhook_deliveries AS told
                  WHERE told.webhook_id = webhooks.webhook_id AND told.event_id = 'evt_' || shop_events.event_id)
ORDER BY event_number, webhook_id LIMIT 100
"""
_FAILED = """
SELECT sessions.tenant_id, training_jobs.* FROM training_jobs JOIN sessions USING (session_id)
WHERE training_jobs.status = 'failed' AND list_contains(?, training_jobs.kind)
  AND coalesce(training_jobs.ended_by, '') <> 'cancelled' AND completed_at >= ?
  AND NOT EXISTS (SELECT 1 FROM shop_events AS noted
                  WHERE noted.shop_id = training_jobs.session_id AND noted.event_key = training_jobs.job_id)
ORDER BY completed_at, job_id LIMIT 100
"""
_DUE = """
SELECT * FROM webhook_deliveries WHERE status = 'waiting' AND next_at <= ?
QUALIFY row_number() OVER (PARTITION BY webhook_id ORDER BY next_at, created_at, delivery_id) = 1
ORDER BY next_at, delivery_id LIMIT ?
"""


_WEBHOOK = "SELECT * EXCLUDE (events_from_at) FROM webhooks WHERE webhook_id = ?"


class Outbox(ProgramTable):
    """``store.outbox``: events are found from what the tables say, so that none is lost however the server ends."""

    @contextmanager
    def _writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Nothing in here says who may do what: whoever remembers that need not ask anew."""
        self._require_program(doing)
        with self._database.writing(doing) as cursor:
            yield cursor

    def note_ended(self, write: Callable[[EndedAnalysis], tuple[EventType, str]], *, at: datetime) -> int:
        """Queue what has ended since and was not queued yet; ``write`` makes its kind and body. How many."""
        since = to_utc("at", at - timedelta(days=TOLD_DAYS))
        with self._reading("looking for what ended") as cursor:
            if not cursor.execute(_ENDED, [since]).fetchall():
                return 0
        with self._writing("queueing what is told to webhooks") as cursor:
            cursor.execute(_ENDED, [since])
            columns = [column[0] for column in cursor.description or []]
            found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            for row in found:
                ended = EndedAnalysis(**row)
                event, body = write(ended)
                event_id = f"evt_{ended.job_id}"
                queue_delivery(cursor, ended.tenant_id, ended.webhook_id, event_id, event, body, at)
            return len(found)

    def note_events(
        self,
        names: Mapping[EventKind, EventType],
        write: Callable[[UntoldEvent], str],
        *,
        at: datetime,
    ) -> int:
        """Queue what has happened to shops since and was not queued yet; how many.

        Parameters
        ----------
        names
            What webhooks call the kinds of events that they are told of.
        write
            Makes the body.
        """
        since = to_utc("at", at - timedelta(days=TOLD_DAYS))
        with self._reading("looking for what happened to shops") as cursor:
            bound = {"kinds": list(names), "events": list(names.values()), "since": since}
            if not cursor.execute(_UNTOLD, bound).fetchall():
                return 0
        with self._writing("queueing what is told to webhooks") as cursor:
            cursor.execute(_UNTOLD, bound)
            columns = [column[0] for column in cursor.description or []]
            found = [(row[0], to_record(UntoldEvent, columns, row)) for row in cursor.fetchall()]
            for tenant_id, one in found:
                event_id = f"evt_{one.event_id}"
                queue_delivery(cursor, tenant_id, one.webhook_id, event_id, one.event, write(one), at)
            return len(found)

    def failed_jobs(self, kinds: Collection[JobKind], *, at: datetime) -> list[OwnedJob]:
        """Jobs of some kinds that failed in the last days and of which no event of their shop speaks, oldest first."""
        since = to_utc("at", at - timedelta(days=TOLD_DAYS))
        with self._reading("looking for failed jobs") as cursor:
            cursor.execute(_FAILED, [sorted(kinds), since])
            columns = [column[0] for column in cursor.description or []]
            return [OwnedJob(row[0], to_record(TrainingJob, columns, row)) for row in cursor.fetchall()]

    def due(self, *, at: datetime, most: int) -> list[DueDelivery]:
        """Deliveries whose time has come, one for each webhook, the longest due first."""
        with self._reading("looking for what is due to webhooks") as cursor:
            cursor.execute(_DUE, [to_utc("at", at), most])
            columns = [column[0] for column in cursor.description or []]
            found: list[DueDelivery] = []
            for row in cursor.fetchall():
                delivery = to_record(Delivery, columns, row)
                webhooks = records(Webhook, cursor.execute(_WEBHOOK, [delivery.webhook_id]))
                found += [DueDelivery(webhook, delivery) for webhook in webhooks]
            return found

    def next_at(self) -> datetime | None:
        """When the next delivery is due, None if none waits."""
        with self._reading("looking for what is due to webhooks") as cursor:
            row = cursor.execute(
                "SELECT min(next_at) AS next_at FROM webhook_deliveries WHERE status = 'waiting'"
            ).fetchone()
        return None if row is None or row[0] is None else row[0].replace(tzinfo=UTC)

    def arrived(self, delivery_id: str, answer_status: int, *, at: datetime) -> None:
        """A delivery was accepted."""
        with self._writing("noting what a webhook accepted") as cursor:
            cursor.execute(
                "UPDATE webhook_deliveries SET status = 'delivered', attempts = attempts + 1, done_at = ?,"
                " answer_status = ?, answer_words = NULL WHERE delivery_id = ?",
                [to_utc("done_at", at), answer_status, delivery_id],
            )
            cursor.execute(
                "UPDATE webhooks SET failing_from_at = NULL WHERE webhook_id ="
                " (SELECT webhook_id FROM webhook_deliveries WHERE delivery_id = ?)",
                [delivery_id],
            )

    def missed(
        self,
        delivery: Delivery,
        *,
        words: str,
        answer_status: int | None,
        next_at: datetime | None,
        switched_off: str | None,
        at: datetime,
    ) -> None:
        """An attempt failed.

        Parameters
        ----------
        next_at
            When it is tried again; None if it never is.
        switched_off
            Why the webhook is told nothing any more, None if it is.
        """
        moment = to_utc("done_at", at)
        with self._writing("noting what a webhook did not accept") as cursor:
            cursor.execute(
                "UPDATE webhook_deliveries SET status = ?, attempts = attempts + 1, next_at = ?, done_at = ?,"
                " answer_status = ?, answer_words = ? WHERE delivery_id = ?",
                [
                    "failed" if next_at is None else "waiting",
                    moment if next_at is None else to_utc("next_at", next_at),
                    moment if next_at is None else None,
                    answer_status,
                    words,
                    delivery.delivery_id,
                ],
            )
            cursor.execute(
                "UPDATE webhooks SET failing_from_at = coalesce(failing_from_at, ?) WHERE webhook_id = ?",
                [moment, delivery.webhook_id],
            )
            if switched_off is not None:
                switch_off(cursor, delivery.webhook_id, switched_off, at)

    def forget_old(self, *, at: datetime) -> None:
        """Remove deliveries that ended more than 30 days ago."""
        with self._writing("forgetting old deliveries") as cursor:
            cursor.execute(
                "DELETE FROM webhook_deliveries WHERE done_at < ?",
                [to_utc("at", at - timedelta(days=KEPT_DAYS))],
            )
