"""Lists of customers that a reader wants to contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb
import pyarrow as pa

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.store.decision_records import ContactList
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

# The tables are older than the word: what they call a campaign is a list here, and a campaign is a frozen plan.
_LISTS = """
SELECT * RENAME (campaign_id AS list_id),
    (SELECT count(*) FROM campaign_members m WHERE m.campaign_id = c.campaign_id) AS customer_count
FROM campaigns c WHERE tenant_id = ?
"""

_ADD = """
INSERT INTO campaign_members
SELECT DISTINCT $campaign_id, customer_id FROM incoming
WHERE customer_id NOT IN (SELECT customer_id FROM campaign_members WHERE campaign_id = $campaign_id)
"""


class ContactListTable(TenantTable):
    """``store.contact_lists``: the tenant's own, their session may be another's."""

    def create(
        self, session_id: str, name: str, *, created_at: datetime, customer_ids: Iterable[str] = ()
    ) -> ContactList:
        """Begin a list of customers, each of them once."""
        list_id = new_id()
        with self._writing("creating a list of customers", Action.PLAN, session_id) as cursor:
            self._require_readable(cursor, session_id)
            insert(
                cursor,
                "campaigns",
                {
                    "campaign_id": list_id,
                    "tenant_id": self._tenant_id,
                    "session_id": session_id,
                    "name": name,
                    "created_at": to_utc("created_at", created_at),
                },
            )
            _add_members(cursor, list_id, customer_ids)
            return self._list(cursor, list_id)

    def add(self, list_id: str, customer_ids: Iterable[str]) -> ContactList:
        """Add customers; those already on the list stay there once."""
        with self._writing("adding to a list of customers", Action.PLAN, list_id) as cursor:
            self._list(cursor, list_id)
            _add_members(cursor, list_id, customer_ids)
            return self._list(cursor, list_id)

    def of_session(self, session_id: str) -> list[ContactList]:
        """The tenant's lists on a session, newest first."""
        with self._reading("listing lists of customers") as cursor:
            return records(
                ContactList,
                cursor.execute(
                    f"{_LISTS} AND session_id = ? ORDER BY created_at DESC, campaign_id",
                    [self._tenant_id, session_id],
                ),
            )

    def customers(self, list_id: str) -> list[str]:
        """The customers on a list, in the order of their ids."""
        with self._reading("reading the customers of a list") as cursor:
            self._list(cursor, list_id)
            rows = cursor.execute(
                "SELECT customer_id FROM campaign_members WHERE campaign_id = ? ORDER BY customer_id",
                [list_id],
            ).fetchall()
            return [customer_id for (customer_id,) in rows]

    def delete(self, list_id: str) -> None:
        """Take out a list; its customers stay in the analysis."""
        with self._writing("deleting a list of customers", Action.PLAN, list_id) as cursor:
            self._list(cursor, list_id)
            cursor.execute("DELETE FROM campaign_members WHERE campaign_id = ?", [list_id])
            cursor.execute("DELETE FROM campaigns WHERE campaign_id = ?", [list_id])

    def _list(self, cursor: duckdb.DuckDBPyConnection, list_id: str) -> ContactList:
        return self._one(cursor, ContactList, f"{_LISTS} AND campaign_id = ?", list_id)


def _add_members(cursor: duckdb.DuckDBPyConnection, list_id: str, customer_ids: Iterable[str]) -> None:
    customers = list(customer_ids)
    if not all(isinstance(customer, str) for customer in customers):
        raise StoreError("Adding to a list of customers: they must be given as text.")
    cursor.register("incoming", pa.table({"customer_id": pa.array(customers, pa.string())}))
    cursor.execute(_ADD, {"campaign_id": list_id})
    cursor.unregister("incoming")
