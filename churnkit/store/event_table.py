"""What happened to shops: one log for people, alerts and the models' own history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from churnkit.accounts import Action
from churnkit.results.shop_events import EventKind
from churnkit.store.event_records import ShopEvent
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.tenant_table import TenantTable, new_id

# By shop, kind and key an event is one.
_NOTE = """
INSERT INTO shop_events
    (event_id, event_number, tenant_id, shop_id, kind, event_key, sentence, details, happened_at)
SELECT $event_id, nextval('shop_event_numbers'), $tenant, $shop, $kind, $key, $sentence, $details, $happened
WHERE NOT EXISTS (
    SELECT 1 FROM shop_events
    WHERE tenant_id = $tenant AND shop_id = $shop AND kind = $kind AND event_key = $key
)
"""
_OF_SHOP = """
SELECT * FROM shop_events
WHERE tenant_id = $tenant AND shop_id = $shop
    AND ($kinds IS NULL OR list_contains($kinds, kind))
    AND ($since IS NULL OR happened_at >= $since)
ORDER BY happened_at DESC, event_number DESC LIMIT $most
"""


class EventTable(TenantTable):
    """``store.events``: everybody notes, alerts tell."""

    _seen_by_links = True

    def note(
        self,
        shop_id: str,
        kind: EventKind,
        *,
        key: str,
        words: str,
        at: datetime,
        details: Mapping[str, object] | None = None,
    ) -> bool:
        """Note that something happened to a shop, unless the same was noted before.

        Parameters
        ----------
        key
            Of all events of this kind and shop, the same for the same one: the id of a run, a job or a schedule's time.
        words
            One plain sentence without any customer's id or name.
        details
            JSON values for programs, without any customer's id or name.

        Returns
        -------
        bool
            Whether it was new.
        """
        self._require(Action.RUN)
        # What led to it stands in the audit log already.
        with self._database.writing("noting what happened to a shop") as cursor:
            self._shop(cursor, shop_id)
            row = cursor.execute(
                _NOTE,
                {
                    "event_id": new_id(),
                    "tenant": self._tenant_id,
                    "shop": shop_id,
                    "kind": kind,
                    "key": key,
                    "sentence": words,
                    "details": json_text("details", dict(details or {})),
                    "happened": to_utc("at", at),
                },
            ).fetchone()
            return row is not None and bool(row[0])

    def of_shop(
        self,
        shop_id: str,
        *,
        kinds: Collection[EventKind] | None = None,
        since: datetime | None = None,
        most: int = 500,
    ) -> list[ShopEvent]:
        """What happened to a shop, newest first: all of it, or some kinds, or from a time on."""
        with self._reading("listing what happened to a shop") as cursor:
            self._shop(cursor, shop_id)
            return records(
                ShopEvent,
                cursor.execute(
                    _OF_SHOP,
                    {
                        "tenant": self._tenant_id,
                        "shop": shop_id,
                        "kinds": None if kinds is None else sorted(kinds),
                        "since": None if since is None else to_utc("since", since),
                        "most": most,
                    },
                ),
            )
