"""The work list: whom a shop means to speak to, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import duckdb
import pyarrow as pa

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.store.decision_records import WorkEntry, WorkState
from churnkit.store.row_codec import records, to_utc
from churnkit.store.tenant_table import TenantTable

_NEWEST = """
SELECT * EXCLUDE (place, entry_id, last_contact_on) REPLACE (last_contact_on AS contacted_on)
FROM (
    SELECT *,
        row_number() OVER (PARTITION BY customer_id ORDER BY noted_at DESC) AS place,
        max(contacted_on) OVER (PARTITION BY customer_id) AS last_contact_on
    FROM work_list WHERE tenant_id = ? AND shop_id = ?
)
WHERE place = 1
ORDER BY noted_at DESC, customer_id
"""

_OF_CUSTOMER = """
SELECT * EXCLUDE (entry_id) FROM work_list WHERE tenant_id = ? AND shop_id = ? AND customer_id = ?
ORDER BY noted_at DESC
"""

# What was said last stays the last when the clock was set back.
_NOTED = """
SELECT greatest($at, coalesce(max(noted_at) + INTERVAL 1 MICROSECOND, $at)) FROM work_list WHERE shop_id = $shop_id
"""

_ADD = """
INSERT INTO work_list BY NAME
SELECT uuid() AS entry_id, $tenant_id AS tenant_id, $shop_id AS shop_id, customer_id, $state AS state, $note AS note,
    $contacted_on AS contacted_on, $known_until AS known_until, $noted_by AS noted_by, $automatic AS is_automatic,
    $noted AS noted_at
FROM (SELECT DISTINCT customer_id FROM incoming)
"""


class WorkListTable(TenantTable):
    """``store.worklist``: of the tenant's own shops; a link to an analysis shows nothing of it."""

    def note(
        self,
        shop_id: str,
        customer_ids: Iterable[str],
        state: WorkState,
        *,
        known_until: datetime,
        at: datetime,
        note: str = "",
        contacted_on: date | None = None,
        automatic: bool = False,
    ) -> None:
        """Say how it stands with some customers.

        Parameters
        ----------
        known_until
            Up to when their orders are known, in the shop's own time, without a zone.
        contacted_on
            The day on which somebody spoke to them, where this says that somebody did.
        automatic
            Whether the program says so and nobody else.
        """
        customers = list(customer_ids)
        if not all(isinstance(customer, str) for customer in customers):
            raise StoreError("Writing to the work list: customers must be given as text.")
        with self._writing("changing the work list", Action.PLAN, shop_id) as cursor:
            self._session(cursor, shop_id)
            moment = {"at": to_utc("noted_at", at), "shop_id": shop_id}
            (noted,) = cursor.execute(_NOTED, moment).fetchall()[0]
            cursor.register("incoming", pa.table({"customer_id": pa.array(customers, pa.string())}))
            cursor.execute(
                _ADD,
                {
                    "tenant_id": self._tenant_id,
                    "shop_id": shop_id,
                    "state": state,
                    "note": note,
                    "contacted_on": contacted_on,
                    "known_until": known_until,
                    "noted_by": self._actor.name
                    if self._actor.kind in ("person", "key") and not automatic
                    else "",
                    "automatic": automatic,
                    "noted": noted,
                },
            )
            cursor.unregister("incoming")

    def of_shop(self, shop_id: str) -> list[WorkEntry]:
        """How it stands with each customer of the list, newest first; ``contacted_on`` is the last day ever."""
        with self._reading("reading the work list") as cursor:
            self._session(cursor, shop_id)
            return self._entries(cursor, _NEWEST, [self._tenant_id, shop_id])

    def of_customer(self, shop_id: str, customer_id: str) -> list[WorkEntry]:
        """All that was said of one customer, newest first."""
        with self._reading("reading the work list") as cursor:
            self._session(cursor, shop_id)
            return self._entries(cursor, _OF_CUSTOMER, [self._tenant_id, shop_id, customer_id])

    def _entries(
        self, cursor: duckdb.DuckDBPyConnection, query: str, values: list[object]
    ) -> list[WorkEntry]:
        return records(WorkEntry, cursor.execute(query, values))
