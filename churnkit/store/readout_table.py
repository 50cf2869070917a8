"""What campaigns turned out to have done, each time that somebody looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from churnkit.accounts import Action
from churnkit.errors import NotFoundError
from churnkit.store.decision_records import StoredReadout
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

_LATEST = """
SELECT r.* RENAME (plan_id AS campaign_id) FROM campaign_readouts r JOIN campaign_plans p USING (plan_id)
WHERE p.tenant_id = ? AND r.is_complete ORDER BY r.looked_at DESC, r.readout_id LIMIT 1
"""

_NAME = """
SELECT p.name FROM campaign_readouts r JOIN campaign_plans p USING (plan_id)
WHERE p.tenant_id = ? AND r.readout_id = ?
"""


class ReadoutTable(TenantTable):
    """``store.readouts``: of the tenant's own campaigns.

    A link to an analysis sees what it is worked out with, the newest readout that is complete, and none by its campaign.
    """

    _seen_by_links = True

    def add(
        self,
        campaign_id: str,
        *,
        source: str,
        figures: Mapping[str, object],
        words: Sequence[str],
        is_complete: bool,
        looked_at: datetime,
        automatic: bool = False,
    ) -> StoredReadout:
        """Keep what was read out, and from what; ``automatic`` where nobody asked for it."""
        readout_id = new_id()
        with self._writing("saving a readout", Action.PLAN, campaign_id) as cursor:
            self._campaign(cursor, campaign_id)
            insert(
                cursor,
                "campaign_readouts",
                {
                    "readout_id": readout_id,
                    "plan_id": campaign_id,
                    "source": source,
                    "figures": json_text("figures", figures),
                    "words": json_text("words", list(words)),
                    "is_complete": is_complete,
                    "looked_at": to_utc("looked_at", looked_at),
                    "is_automatic": automatic,
                },
            )
        return next(found for found in self.of_campaign(campaign_id) if found.readout_id == readout_id)

    def of_campaign(self, campaign_id: str) -> list[StoredReadout]:
        """A campaign's readouts, newest first."""
        with self._reading("listing readouts") as cursor:
            self._campaign(cursor, campaign_id)
            return records(
                StoredReadout,
                cursor.execute(
                    "SELECT * RENAME (plan_id AS campaign_id) FROM campaign_readouts WHERE plan_id = ?"
                    " ORDER BY looked_at DESC, readout_id",
                    [campaign_id],
                ),
            )

    def campaign_name(self, readout_id: str) -> str:
        """What the campaign of a readout is called."""
        with self._reading("reading the name of a campaign") as cursor:
            rows = cursor.execute(_NAME, [self._tenant_id, readout_id]).fetchall()
        if not rows:
            raise NotFoundError(f"Looking for readout {readout_id!r}: there is none.", "Load the page again.")
        return str(rows[0][0])

    def latest_complete(self) -> StoredReadout | None:
        """The tenant's newest readout of a campaign whose window was over."""
        with self._reading("looking for a readout") as cursor:
            return next(iter(records(StoredReadout, cursor.execute(_LATEST, [self._tenant_id]))), None)
