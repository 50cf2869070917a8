"""A shop's destinations, and what was sent there."""

from __future__ import annotations

from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.results.codec import to_json
from churnkit.results.destination import DestinationKind, DestinationSettings, PushFigures
from churnkit.store.destination_records import Destination, Push
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.schedule_table import delete_schedules_about
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable

_DESTINATIONS = "SELECT * EXCLUDE (sealed) FROM destinations WHERE tenant_id = ?"
_PUSHES = "SELECT * FROM pushes WHERE tenant_id = ?"


class DestinationTable(TenantTable):
    """``store.destinations``: who gets a shop's scores; all of it takes the right to."""

    def add(
        self,
        shop_id: str,
        kind: DestinationKind,
        name: str,
        settings: DestinationSettings,
        *,
        destination_id: str,
        sealed: str | None,
        after_runs: bool,
        at: datetime,
    ) -> Destination:
        """Record a destination."""
        with self._writing("adding a destination", Action.SOURCES, destination_id) as cursor:
            self._shop(cursor, shop_id)
            insert(
                cursor,
                "destinations",
                {
                    "destination_id": destination_id,
                    "tenant_id": self._tenant_id,
                    "shop_id": shop_id,
                    "kind": kind,
                    "name": name,
                    "destination_settings": json_text("destination_settings", to_json(settings)),
                    "sealed": sealed,
                    "after_runs": after_runs,
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", at),
                },
            )
            return self._destination(cursor, destination_id)

    def get(self, destination_id: str) -> Destination:
        """One destination."""
        with self._reading("looking for a destination", Action.SOURCES) as cursor:
            return self._destination(cursor, destination_id)

    def of_shop(self, shop_id: str) -> list[Destination]:
        """A shop's destinations, the oldest first."""
        with self._reading("listing destinations", Action.SOURCES) as cursor:
            self._shop(cursor, shop_id)
            found = cursor.execute(
                f"{_DESTINATIONS} AND shop_id = ? ORDER BY created_at, destination_id",
                [self._tenant_id, shop_id],
            )
            return records(Destination, found)

    def set_after_runs(self, destination_id: str, after_runs: bool) -> Destination:
        """Say whether it gets the scores after each new version."""
        return self._set("changing a destination", destination_id, "after_runs = ?", [after_runs])

    def pause(self, destination_id: str, *, at: datetime) -> Destination:
        """Send nothing there until it is resumed; what waits is sent then."""
        moment = to_utc("paused_at", at)
        return self._set(
            "pausing a destination", destination_id, "paused_at = coalesce(paused_at, ?)", [moment]
        )

    def resume(self, destination_id: str) -> Destination:
        """Send there again."""
        return self._set("resuming a destination", destination_id, "paused_at = NULL", [])

    def delete(self, destination_id: str) -> None:
        """Remove a destination with its credentials and what was noted of it; what it holds stays there."""
        with self._writing("deleting a destination", Action.SOURCES, destination_id) as cursor:
            self._destination(cursor, destination_id)
            cursor.execute("DELETE FROM pushed_customers WHERE destination_id = ?", [destination_id])
            cursor.execute("DELETE FROM pushes WHERE destination_id = ?", [destination_id])
            delete_schedules_about(cursor, destination_id)
            cursor.execute("DELETE FROM destinations WHERE destination_id = ?", [destination_id])

    def queue(self, destination_id: str, run_id: str, *, push_id: str, at: datetime) -> Push:
        """Send a run's scores; the same id is queued once, and one of another run that waits is replaced."""
        moment = to_utc("created_at", at)
        with self._writing("sending scores to a destination", Action.SOURCES, destination_id) as cursor:
            destination = self._destination(cursor, destination_id)
            if not cursor.execute("SELECT 1 FROM pushes WHERE push_id = ?", [push_id]).fetchall():
                cursor.execute(
                    "UPDATE pushes SET status = 'replaced', done_at = ? WHERE destination_id = ? AND status = 'waiting'",
                    [moment, destination_id],
                )
                insert(
                    cursor,
                    "pushes",
                    {
                        "push_id": push_id,
                        "destination_id": destination_id,
                        "tenant_id": self._tenant_id,
                        "shop_id": destination.shop_id,
                        "run_id": run_id,
                        "status": "waiting",
                        "attempts": 0,
                        "push_figures": json_text("push_figures", to_json(PushFigures())),
                        "push_words": "",
                        "created_at": moment,
                        "next_at": moment,
                    },
                )
            return self._one(cursor, Push, f"{_PUSHES} AND push_id = ?", push_id)

    def push(self, push_id: str) -> Push:
        """One sending."""
        with self._reading("looking for a sending", Action.SOURCES) as cursor:
            return self._one(cursor, Push, f"{_PUSHES} AND push_id = ?", push_id)

    def pushes(self, destination_id: str) -> list[Push]:
        """What was sent to a destination, the newest first; of the last 90 days."""
        with self._reading("listing what was sent", Action.SOURCES) as cursor:
            self._destination(cursor, destination_id)
            found = cursor.execute(
                f"{_PUSHES} AND destination_id = ? ORDER BY created_at DESC, push_id",
                [self._tenant_id, destination_id],
            )
            return records(Push, found)

    def _set(self, doing: str, destination_id: str, what: str, values: list[object]) -> Destination:
        with self._writing(doing, Action.SOURCES, destination_id) as cursor:
            self._destination(cursor, destination_id)
            cursor.execute(
                f"UPDATE destinations SET {what} WHERE destination_id = ?",  # noqa: S608 (texts of this module)
                [*values, destination_id],
            )
            return self._destination(cursor, destination_id)

    def _destination(self, cursor: duckdb.DuckDBPyConnection, destination_id: str) -> Destination:
        return self._one(cursor, Destination, f"{_DESTINATIONS} AND destination_id = ?", destination_id)
