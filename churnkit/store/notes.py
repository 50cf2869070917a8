"""What a reader adds to an analysis that need not be his own: scenarios, and lists of customers to contact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa

from churnkit.errors import StoreError
from churnkit.store.records import Campaign, Scenario, to_json, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant import TenantTables, new_id, records

_CAMPAIGNS = """
SELECT *, (SELECT count(*) FROM campaign_members m WHERE m.campaign_id = c.campaign_id) AS customer_count
FROM campaigns c WHERE tenant_id = ?
"""

_ADD = """
INSERT INTO campaign_members
SELECT DISTINCT $campaign_id, customer_id FROM incoming
WHERE customer_id NOT IN (SELECT customer_id FROM campaign_members WHERE campaign_id = $campaign_id)
"""


class NoteTables(TenantTables):
    """Methods on scenarios and campaigns; they belong to the tenant, their session may be another's."""

    def save_scenario(
        self,
        session_id: str,
        name: str,
        *,
        settings: Mapping[str, Any],
        figures: Mapping[str, Any],
        created_at: datetime,
    ) -> Scenario:
        """Keep a scenario under a name; one of the same name is replaced."""
        values = {
            "tenant_id": self._tenant_id,
            "session_id": session_id,
            "name": name,
            "settings": to_json("settings", settings),
            "figures": to_json("figures", figures),
            "created_at": to_utc("created_at", created_at),
        }
        with self._database.writing("saving a scenario") as cursor:
            _require_session(cursor, session_id)
            cursor.execute(
                "DELETE FROM scenarios WHERE tenant_id = ? AND session_id = ? AND name = ?",
                [self._tenant_id, session_id, name],
            )
            insert(cursor, "scenarios", values)
        return next(s for s in self.scenarios(session_id) if s.name == name)

    def scenarios(self, session_id: str) -> list[Scenario]:
        """The tenant's scenarios of a session, oldest first."""
        with self._database.reading("listing scenarios") as cursor:
            return records(
                Scenario,
                cursor.execute(
                    "SELECT * FROM scenarios WHERE tenant_id = ? AND session_id = ? ORDER BY created_at, name",
                    [self._tenant_id, session_id],
                ),
            )

    def delete_scenario(self, session_id: str, name: str) -> None:
        """Take out a scenario, if it is there."""
        with self._database.writing("deleting a scenario") as cursor:
            cursor.execute(
                "DELETE FROM scenarios WHERE tenant_id = ? AND session_id = ? AND name = ?",
                [self._tenant_id, session_id, name],
            )

    def create_campaign(
        self, session_id: str, name: str, *, created_at: datetime, customer_ids: Iterable[str] = ()
    ) -> Campaign:
        """Begin a list of customers, each of them once."""
        campaign_id = new_id()
        with self._database.writing("creating a campaign") as cursor:
            _require_session(cursor, session_id)
            insert(
                cursor,
                "campaigns",
                {
                    "campaign_id": campaign_id,
                    "tenant_id": self._tenant_id,
                    "session_id": session_id,
                    "name": name,
                    "created_at": to_utc("created_at", created_at),
                },
            )
            _add_members(cursor, campaign_id, customer_ids)
            return self._campaign(cursor, campaign_id)

    def add_to_campaign(self, campaign_id: str, customer_ids: Iterable[str]) -> Campaign:
        """Add customers; those already on the list stay there once."""
        with self._database.writing("adding to a campaign") as cursor:
            self._campaign(cursor, campaign_id)
            _add_members(cursor, campaign_id, customer_ids)
            return self._campaign(cursor, campaign_id)

    def remove_from_campaign(self, campaign_id: str, customer_ids: Iterable[str]) -> Campaign:
        """Take customers off the list, where they are on it."""
        with self._database.writing("removing from a campaign") as cursor:
            self._campaign(cursor, campaign_id)
            cursor.execute(
                "DELETE FROM campaign_members WHERE campaign_id = ? AND list_contains(?, customer_id)",
                [campaign_id, list(customer_ids)],
            )
            return self._campaign(cursor, campaign_id)

    def campaign(self, campaign_id: str) -> Campaign:
        """One campaign."""
        with self._database.reading("reading a campaign") as cursor:
            return self._campaign(cursor, campaign_id)

    def campaigns(self, session_id: str) -> list[Campaign]:
        """The tenant's campaigns on a session, newest first."""
        with self._database.reading("listing campaigns") as cursor:
            return records(
                Campaign,
                cursor.execute(
                    f"{_CAMPAIGNS} AND session_id = ? ORDER BY created_at DESC, campaign_id",
                    [self._tenant_id, session_id],
                ),
            )

    def campaign_customers(self, campaign_id: str) -> list[str]:
        """The customers on a list, in the order of their ids."""
        with self._database.reading("listing a campaign's customers") as cursor:
            self._campaign(cursor, campaign_id)
            rows = cursor.execute(
                "SELECT customer_id FROM campaign_members WHERE campaign_id = ? ORDER BY customer_id",
                [campaign_id],
            ).fetchall()
            return [customer_id for (customer_id,) in rows]

    def delete_campaign(self, campaign_id: str) -> None:
        """Take out a campaign with its list."""
        with self._database.writing("deleting a campaign") as cursor:
            self._campaign(cursor, campaign_id)
            cursor.execute("DELETE FROM campaign_members WHERE campaign_id = ?", [campaign_id])
            cursor.execute("DELETE FROM campaigns WHERE campaign_id = ?", [campaign_id])

    def _campaign(self, cursor: duckdb.DuckDBPyConnection, campaign_id: str) -> Campaign:
        return self._one(cursor, Campaign, f"{_CAMPAIGNS} AND campaign_id = ?", campaign_id)


def _require_session(cursor: duckdb.DuckDBPyConnection, session_id: str) -> None:
    if not cursor.execute("SELECT 1 FROM sessions WHERE session_id = ?", [session_id]).fetchall():
        raise StoreError(
            f"Looking for session {session_id!r}: there is none.", "It may have been deleted: reload."
        )


def _add_members(cursor: duckdb.DuckDBPyConnection, campaign_id: str, customer_ids: Iterable[str]) -> None:
    customers = list(customer_ids)
    if not all(isinstance(customer, str) for customer in customers):
        raise StoreError("Adding to a campaign: customers must be given as text.")
    cursor.register("incoming", pa.table({"customer_id": pa.array(customers, pa.string())}))
    cursor.execute(_ADD, {"campaign_id": campaign_id})
    cursor.unregister("incoming")
