"""What is to be told to subscriptions of every workspace; for the program alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import duckdb

from churnkit.store.event_records import ShopEvent
from churnkit.store.program_table import ProgramTable
from churnkit.store.row_codec import records, to_record, to_utc
from churnkit.store.subscription_records import DueMessage, Message, NewMessage, Subscription

KEPT_DAYS = 30

# A person's own subscription tells only while they belong to the workspace; a report while they may take files out.
_TOLD = """
SELECT subscriptions.* REPLACE (
    with_report AND coalesce(memberships.role <> 'viewer' OR memberships.may_export, TRUE) AS with_report
)
FROM subscriptions
    LEFT JOIN memberships ON memberships.person_id = subscriptions.person_id
        AND memberships.tenant_id = subscriptions.tenant_id
    LEFT JOIN people ON people.person_id = subscriptions.person_id
WHERE subscriptions.person_id IS NULL OR (memberships.person_id IS NOT NULL AND people.disabled_at IS NULL)
ORDER BY created_at, subscription_id
"""
_UNTOLD = """
SELECT * FROM shop_events
WHERE tenant_id = ? AND shop_id = coalesce(?, shop_id) AND event_number > ? AND list_contains(?, kind)
ORDER BY event_number LIMIT 1000
"""
_DUE = """
SELECT * FROM messages WHERE status = 'waiting' AND next_at <= ? ORDER BY next_at, message_id LIMIT ?
"""
_NEXT = """
SELECT min(moment) FROM (
    SELECT next_at AS moment FROM messages WHERE status = 'waiting'
    UNION ALL SELECT next_at FROM subscriptions
    UNION ALL SELECT report_at FROM subscriptions
) AS moments
"""


class Mailbox(ProgramTable):
    """``store.mailbox``: whom to tell, what was not told yet, and what waits to be sent."""

    @contextmanager
    def _writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Nothing in here says who may do what: whoever remembers that need not ask anew."""
        self._require_program(doing)
        with self._database.writing(doing) as cursor:
            yield cursor

    def subscriptions(self) -> list[tuple[str, Subscription]]:
        """Everybody who is told anything, each with the tenant."""
        with self._reading("listing who is told") as cursor:
            cursor.execute(_TOLD)
            columns = [column[0] for column in cursor.description or []]
            place = columns.index("tenant_id")
            return [(row[place], to_record(Subscription, columns, row)) for row in cursor.fetchall()]

    def listening(self) -> list[str]:
        """Tenants of whom anybody or any program is told."""
        with self._reading("listing who listens") as cursor:
            rows = cursor.execute(
                "SELECT tenant_id FROM subscriptions UNION SELECT tenant_id FROM webhooks WHERE disabled_at IS NULL"
                " ORDER BY tenant_id"
            ).fetchall()
        return [tenant_id for (tenant_id,) in rows]

    def untold(self, tenant_id: str, subscription: Subscription) -> list[ShopEvent]:
        """What has happened that a subscription is to be told of, oldest first."""
        with self._reading("looking for what is to be told") as cursor:
            wanted = [tenant_id, subscription.shop_id, subscription.told_until, subscription.kinds]
            return records(ShopEvent, cursor.execute(_UNTOLD, wanted))

    def set_next(self, subscription_id: str, next_at: datetime) -> None:
        """Note when the next digest goes."""
        with self._writing("noting when somebody is told") as cursor:
            cursor.execute(
                "UPDATE subscriptions SET next_at = ? WHERE subscription_id = ?",
                [to_utc("next_at", next_at), subscription_id],
            )

    def tell(
        self, tenant_id: str, subscription: Subscription, message: NewMessage, *, until: int, at: datetime
    ) -> None:
        """Queue a digest; its events, up to the number ``until``, count as told from now on."""
        with self._writing("queueing a digest") as cursor:
            queue_message(cursor, tenant_id, subscription.subscription_id, message, at)
            cursor.execute(
                "UPDATE subscriptions SET told_until = ?, told_at = ?, next_at = NULL WHERE subscription_id = ?",
                [until, to_utc("told_at", at), subscription.subscription_id],
            )

    def set_report(self, subscription_id: str, report_at: datetime) -> None:
        """Note when the next report goes."""
        with self._writing("noting when a report goes") as cursor:
            cursor.execute(
                "UPDATE subscriptions SET report_at = ? WHERE subscription_id = ?",
                [to_utc("report_at", report_at), subscription_id],
            )

    def queue(self, tenant_id: str, subscription_id: str, message: NewMessage, *, at: datetime) -> bool:
        """Queue a message; whether there was none with its id."""
        with self._writing("queueing a message") as cursor:
            return queue_message(cursor, tenant_id, subscription_id, message, at)

    def due(self, *, at: datetime, most: int) -> list[DueMessage]:
        """Messages whose time has come, the longest due first."""
        with self._reading("looking for mail that is due") as cursor:
            messages = cursor.execute(_DUE, [to_utc("at", at), most])
            columns = [column[0] for column in messages.description or []]
            place = columns.index("tenant_id")
            found = []
            for row in messages.fetchall():
                message = to_record(Message, columns, row)
                cursor.execute(
                    "SELECT * FROM subscriptions WHERE subscription_id = ?", [message.subscription_id]
                )
                found += [DueMessage(row[place], one, message) for one in records(Subscription, cursor)]
            return found

    def next_at(self) -> datetime | None:
        """When something is due next, None if nothing waits."""
        with self._reading("looking for mail that is due") as cursor:
            row = cursor.execute(_NEXT).fetchone()
        return None if row is None or row[0] is None else row[0].replace(tzinfo=UTC)

    def arrived(self, message_id: str, *, at: datetime) -> None:
        """A message was taken."""
        with self._writing("noting mail that was taken") as cursor:
            cursor.execute(
                "UPDATE messages SET status = 'delivered', attempts = attempts + 1, done_at = ?,"
                " answer_words = NULL, attachment = NULL WHERE message_id = ?",
                [to_utc("done_at", at), message_id],
            )

    def missed(self, message_id: str, *, words: str, next_at: datetime | None, at: datetime) -> None:
        """An attempt failed; ``next_at`` is None where there is no other."""
        moment = to_utc("done_at", at)
        with self._writing("noting mail that was not taken") as cursor:
            cursor.execute(
                "UPDATE messages SET status = ?, attempts = attempts + 1, next_at = ?, done_at = ?,"
                " answer_words = ? WHERE message_id = ?",
                [
                    "failed" if next_at is None else "waiting",
                    moment if next_at is None else to_utc("next_at", next_at),
                    moment if next_at is None else None,
                    words,
                    message_id,
                ],
            )

    def stop(self, stop_token: str) -> Subscription | None:
        """End the subscription whose link was followed; None if there is none (any more)."""
        with self._writing("ending a subscription") as cursor:
            found = records(
                Subscription,
                cursor.execute("SELECT * FROM subscriptions WHERE stop_token = ?", [stop_token]),
            )
            for one in found:
                cursor.execute("DELETE FROM messages WHERE subscription_id = ?", [one.subscription_id])
                cursor.execute("DELETE FROM subscriptions WHERE subscription_id = ?", [one.subscription_id])
            return next(iter(found), None)

    def by_stop_token(self, stop_token: str) -> Subscription | None:
        """The subscription that a link ends; None if there is none (any more)."""
        with self._reading("looking for a subscription") as cursor:
            found = cursor.execute("SELECT * FROM subscriptions WHERE stop_token = ?", [stop_token])
            return next(iter(records(Subscription, found)), None)

    def forget_old(self, *, at: datetime) -> None:
        """Take out messages that ended longer than 30 days ago."""
        with self._writing("forgetting old mail") as cursor:
            cursor.execute(
                "DELETE FROM messages WHERE done_at < ?", [to_utc("at", at - timedelta(days=KEPT_DAYS))]
            )


_QUEUE = """
INSERT INTO messages (message_id, tenant_id, subscription_id, shop_id, subject, plain, html, attachment,
    attachment_name, status, attempts, created_at, next_at)
SELECT $message_id, $tenant_id, $subscription_id, $shop_id, $subject, $plain, $html, $attachment,
    $attachment_name, 'waiting', 0, $at, $at
WHERE NOT EXISTS (SELECT 1 FROM messages WHERE message_id = $message_id)
"""


def queue_message(
    cursor: duckdb.DuckDBPyConnection, tenant_id: str, subscription_id: str, message: NewMessage, at: datetime
) -> bool:
    """Queue a message that is due at once, unless there is one with its id; whether there was none."""
    row = cursor.execute(
        _QUEUE,
        {
            "message_id": message.message_id,
            "tenant_id": tenant_id,
            "subscription_id": subscription_id,
            "shop_id": message.shop_id,
            "subject": message.subject,
            "plain": message.plain,
            "html": message.html,
            "attachment": message.attachment,
            "attachment_name": message.attachment_name,
            "at": to_utc("created_at", at),
        },
    ).fetchone()
    return row is not None and bool(row[0])
