"""A workspace's webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id
from churnkit.store.webhook_records import Delivery, EventType, Webhook

_WEBHOOKS = "SELECT * EXCLUDE (events_from_at) FROM webhooks WHERE tenant_id = ?"
_DELIVERIES = "SELECT * FROM webhook_deliveries WHERE tenant_id = ?"


class WebhookTable(TenantTable):
    """``store.webhooks``: whom the workspace tells what happened, and what was told; all of it takes the right to."""

    def add(
        self, url: str, events: Sequence[EventType], *, webhook_id: str, key_mark: str, at: datetime
    ) -> Webhook:
        """Record a webhook, which is told what ends from now on."""
        moment = to_utc("created_at", at)
        with self._writing("adding a webhook", Action.SOURCES, webhook_id) as cursor:
            insert(
                cursor,
                "webhooks",
                {
                    "webhook_id": webhook_id,
                    "tenant_id": self._tenant_id,
                    "url": url,
                    "events": list(events),
                    "generation": 1,
                    "key_mark": key_mark,
                    "created_by": self._actor.name,
                    "created_at": moment,
                    "events_from_at": moment,
                },
            )
            return self._webhook(cursor, webhook_id)

    def all(self) -> list[Webhook]:
        """The workspace's webhooks, newest first."""
        with self._reading("listing webhooks", Action.SOURCES) as cursor:
            found = cursor.execute(f"{_WEBHOOKS} ORDER BY created_at DESC, webhook_id", [self._tenant_id])
            return records(Webhook, found)

    def get(self, webhook_id: str) -> Webhook:
        """The webhook with an id."""
        with self._reading("looking for a webhook", Action.SOURCES) as cursor:
            return self._webhook(cursor, webhook_id)

    def change(self, webhook_id: str, *, url: str, events: Sequence[EventType]) -> Webhook:
        """Let a webhook lead elsewhere, or be told of other events."""
        with self._writing("changing a webhook", Action.SOURCES, webhook_id) as cursor:
            self._webhook(cursor, webhook_id)
            cursor.execute(
                "UPDATE webhooks SET url = ?, events = ? WHERE webhook_id = ?",
                [url, list(events), webhook_id],
            )
            return self._webhook(cursor, webhook_id)

    def rotate(self, webhook_id: str, *, key_mark: str, at: datetime) -> Webhook:
        """Begin the next generation of a webhook's secret."""
        with self._writing("rotating a webhook's secret", Action.SOURCES, webhook_id) as cursor:
            self._webhook(cursor, webhook_id)
            cursor.execute(
                "UPDATE webhooks SET generation = generation + 1, rotated_at = ?, key_mark = ? WHERE webhook_id = ?",
                [to_utc("rotated_at", at), key_mark, webhook_id],
            )
            return self._webhook(cursor, webhook_id)

    def disable(self, webhook_id: str, *, why: str, at: datetime) -> Webhook:
        """Tell a webhook nothing any more; what waits for it has failed."""
        with self._writing("switching a webhook off", Action.SOURCES, webhook_id) as cursor:
            self._webhook(cursor, webhook_id)
            switch_off(cursor, webhook_id, why, at)
            return self._webhook(cursor, webhook_id)

    def enable(self, webhook_id: str, *, at: datetime) -> Webhook:
        """Tell a webhook what ends from now on."""
        with self._writing("switching a webhook on", Action.SOURCES, webhook_id) as cursor:
            if self._webhook(cursor, webhook_id).disabled_at is not None:
                cursor.execute(
                    "UPDATE webhooks SET disabled_at = NULL, disabled_why = NULL, failing_from_at = NULL,"
                    " events_from_at = ? WHERE webhook_id = ?",
                    [to_utc("events_from_at", at), webhook_id],
                )
            return self._webhook(cursor, webhook_id)

    def delete(self, webhook_id: str) -> None:
        """Remove a webhook with what was told to it."""
        with self._writing("deleting a webhook", Action.SOURCES, webhook_id) as cursor:
            self._webhook(cursor, webhook_id)
            cursor.execute("DELETE FROM webhook_deliveries WHERE webhook_id = ?", [webhook_id])
            cursor.execute("DELETE FROM webhooks WHERE webhook_id = ?", [webhook_id])

    def deliveries(self, webhook_id: str) -> list[Delivery]:
        """What was told to a webhook, or is to be, newest first; the last 30 days of it."""
        with self._reading("listing deliveries", Action.SOURCES) as cursor:
            self._webhook(cursor, webhook_id)
            found = cursor.execute(
                f"{_DELIVERIES} AND webhook_id = ? ORDER BY created_at DESC, delivery_id DESC",
                [self._tenant_id, webhook_id],
            )
            return records(Delivery, found)

    def send_test(self, webhook_id: str, *, event_id: str, body: str, at: datetime) -> Delivery:
        """Queue an event that nothing led to."""
        with self._writing("sending a test to a webhook", Action.SOURCES, webhook_id) as cursor:
            self._webhook(cursor, webhook_id)
            delivery_id = queue_delivery(
                cursor, self._tenant_id, webhook_id, event_id, "webhook.test", body, at
            )
            return self._delivery(cursor, delivery_id)

    def send_again(self, delivery_id: str, *, at: datetime) -> Delivery:
        """Queue a delivery once more, with all its attempts."""
        with self._writing("sending to a webhook again", Action.SOURCES, delivery_id) as cursor:
            self._delivery(cursor, delivery_id)
            cursor.execute(
                "UPDATE webhook_deliveries SET status = 'waiting', attempts = 0, next_at = ?, done_at = NULL"
                " WHERE delivery_id = ?",
                [to_utc("next_at", at), delivery_id],
            )
            return self._delivery(cursor, delivery_id)

    def _webhook(self, cursor: duckdb.DuckDBPyConnection, webhook_id: str) -> Webhook:
        return self._one(cursor, Webhook, f"{_WEBHOOKS} AND webhook_id = ?", webhook_id)

    def _delivery(self, cursor: duckdb.DuckDBPyConnection, delivery_id: str) -> Delivery:
        return self._one(cursor, Delivery, f"{_DELIVERIES} AND delivery_id = ?", delivery_id)


def queue_delivery(
    cursor: duckdb.DuckDBPyConnection,
    tenant_id: str,
    webhook_id: str,
    event_id: str,
    event: EventType,
    body: str,
    at: datetime,
) -> str:
    """Add a delivery that is due at once; its id."""
    delivery_id = new_id()
    moment = to_utc("created_at", at)
    insert(
        cursor,
        "webhook_deliveries",
        {
            "delivery_id": delivery_id,
            "webhook_id": webhook_id,
            "tenant_id": tenant_id,
            "event_id": event_id,
            "event": event,
            "body": body,
            "status": "waiting",
            "attempts": 0,
            "created_at": moment,
            "next_at": moment,
        },
    )
    return delivery_id


def switch_off(cursor: duckdb.DuckDBPyConnection, webhook_id: str, why: str, at: datetime) -> None:
    """Disable a webhook and end what waits for it."""
    moment = to_utc("disabled_at", at)
    cursor.execute(
        "UPDATE webhooks SET disabled_at = ?, disabled_why = ? WHERE webhook_id = ? AND disabled_at IS NULL",
        [moment, why, webhook_id],
    )
    cursor.execute(
        "UPDATE webhook_deliveries SET status = 'failed', done_at = ?, answer_words = coalesce(answer_words, ?)"
        " WHERE webhook_id = ? AND status = 'waiting'",
        [moment, why, webhook_id],
    )
