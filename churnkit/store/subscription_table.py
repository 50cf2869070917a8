"""Who of a workspace is told what happens to its shops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.errors import ConflictError
from churnkit.results.shop_events import EventKind
from churnkit.store.mailbox import queue_message
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.subscription_records import Channel, Message, NewMessage, Rhythm, Subscription
from churnkit.store.tenant_table import TenantTable

# Who may not see to all of them sees to their own.
_SEEN = "SELECT * FROM subscriptions WHERE tenant_id = ? AND (? OR person_id = ?)"
_MESSAGES = "SELECT * FROM messages WHERE tenant_id = ? AND message_id = ?"


class SubscriptionTable(TenantTable):
    """``store.subscriptions``: people see and change their own; who sees to sources, everybody's."""

    def add(
        self,
        address: str,
        *,
        subscription_id: str,
        stop_token: str,
        kinds: Sequence[EventKind],
        rhythm: Rhythm,
        with_report: bool,
        time_zone: str,
        at: datetime,
        report_at: datetime | None,
        shop_id: str | None = None,
        channel: Channel = "mail",
        sealed_address: str | None = None,
    ) -> Subscription:
        """Let an address be told what happens from now on; a person's own takes no right but to see the workspace.

        A report holds customers, so it takes the right to take files out.
        """
        is_own = channel == "mail" and self._actor.kind == "person" and address == self._actor.name
        if with_report:
            self._require(Action.EXPORT)
        action = Action.READ if is_own else Action.SOURCES
        with self._writing("adding a subscription", action, subscription_id) as cursor:
            if shop_id is not None:
                self._shop(cursor, shop_id)
            last = cursor.execute("SELECT coalesce(max(event_number), 0) FROM shop_events").fetchall()[0][0]
            insert(
                cursor,
                "subscriptions",
                {
                    "subscription_id": subscription_id,
                    "tenant_id": self._tenant_id,
                    "shop_id": shop_id,
                    "person_id": self._actor.actor_id if is_own else None,
                    "channel": channel,
                    "address": address,
                    "sealed_address": sealed_address,
                    "kinds": list(kinds),
                    "rhythm": rhythm,
                    "with_report": with_report,
                    "time_zone": time_zone,
                    "stop_token": stop_token,
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", at),
                    "told_until": last,
                    "report_at": None if report_at is None else to_utc("report_at", report_at),
                },
            )
            return self._subscription(cursor, subscription_id)

    def all(self) -> list[Subscription]:
        """The subscriptions that the actor may see, newest first."""
        with self._reading("listing subscriptions") as cursor:
            found = cursor.execute(f"{_SEEN} ORDER BY created_at DESC, subscription_id", self._bound())
            return records(Subscription, found)

    def get(self, subscription_id: str) -> Subscription:
        """The subscription with an id."""
        with self._reading("looking for a subscription") as cursor:
            return self._subscription(cursor, subscription_id)

    def change(
        self,
        subscription_id: str,
        *,
        kinds: Sequence[EventKind],
        rhythm: Rhythm,
        with_report: bool,
        report_at: datetime | None,
    ) -> Subscription:
        """Tell an address of other things, or at other times."""
        if with_report:
            self._require(Action.EXPORT)
        with self._writing("changing a subscription", Action.READ, subscription_id) as cursor:
            self._subscription(cursor, subscription_id)
            cursor.execute(
                "UPDATE subscriptions SET kinds = ?, rhythm = ?, with_report = ?, report_at = ?, next_at = NULL"
                " WHERE subscription_id = ?",
                [
                    list(kinds),
                    rhythm,
                    with_report,
                    None if report_at is None else to_utc("report_at", report_at),
                    subscription_id,
                ],
            )
            return self._subscription(cursor, subscription_id)

    def delete(self, subscription_id: str) -> None:
        """Tell an address nothing any more."""
        with self._writing("deleting a subscription", Action.READ, subscription_id) as cursor:
            self._subscription(cursor, subscription_id)
            cursor.execute("DELETE FROM messages WHERE subscription_id = ?", [subscription_id])
            cursor.execute("DELETE FROM subscriptions WHERE subscription_id = ?", [subscription_id])

    def messages(self, subscription_id: str) -> list[Message]:
        """What was told to an address, or is to be, newest first; the last 30 days of it."""
        with self._reading("listing messages") as cursor:
            self._subscription(cursor, subscription_id)
            return records(
                Message,
                cursor.execute(
                    "SELECT * FROM messages WHERE tenant_id = ? AND subscription_id = ?"
                    " ORDER BY created_at DESC, message_id",
                    [self._tenant_id, subscription_id],
                ),
            )

    def queue(self, subscription_id: str, message: NewMessage, *, at: datetime) -> bool:
        """Queue a message; whether there was none with its id."""
        with self._writing("queueing a message", Action.READ, subscription_id) as cursor:
            self._subscription(cursor, subscription_id)
            return queue_message(cursor, self._tenant_id, subscription_id, message, at)

    def send_again(self, message_id: str, *, at: datetime) -> Message:
        """Queue a message that was given up once more, with all its attempts.

        Raises
        ------
        ConflictError
            It waits, or has arrived.
        """
        with self._writing("sending a message again", Action.READ, message_id) as cursor:
            message = self._message(cursor, message_id)
            if message.status != "failed":
                raise ConflictError("Sending again: this message was not given up.", "Nothing need be done.")
            cursor.execute(
                "UPDATE messages SET status = 'waiting', attempts = 0, next_at = ?, done_at = NULL"
                " WHERE message_id = ?",
                [to_utc("next_at", at), message_id],
            )
            return self._message(cursor, message_id)

    def _bound(self) -> list[object]:
        sees_all = self._actor.may(Action.SOURCES)
        return [self._tenant_id, sees_all, self._actor.actor_id if self._actor.kind == "person" else ""]

    def _subscription(self, cursor: duckdb.DuckDBPyConnection, subscription_id: str) -> Subscription:
        found = records(
            Subscription,
            cursor.execute(f"{_SEEN} AND subscription_id = ?", [*self._bound(), subscription_id]),
        )
        return self._found(Subscription, found, subscription_id)

    def _message(self, cursor: duckdb.DuckDBPyConnection, message_id: str) -> Message:
        message = self._one(cursor, Message, _MESSAGES, message_id)
        self._subscription(cursor, message.subscription_id)
        return message
