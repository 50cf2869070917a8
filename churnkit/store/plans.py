"""Planned campaigns: frozen customers with their arms and scores, who was left out, and what was read out later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from churnkit.errors import StoreError
from churnkit.store.records import PlannedCampaign, StoredReadout, to_json, to_utc
from churnkit.store.sql import insert, quoted
from churnkit.store.tenant import TenantTables, new_id, records

_TEXT = ("customer_id", "arm", "stratum", "risk_tier", "segment", "factor_1")
_NUMBERS = (
    "p_churn",
    "p_alive",
    "clv",
    "clv_if_kept",
    "value_at_risk",
    "mean_order_value",
    "expected_orders",
    "expected_spend",
    "recency_days",
    "order_count",
    "monetary_total",
    "savable",
    "expected_gain",
)

_PLAN = "SELECT * FROM campaign_plans WHERE tenant_id = ? AND plan_id = ?"
_PLANS = """
SELECT * FROM campaign_plans
WHERE tenant_id = $tenant_id AND ($session_id IS NULL OR session_id = $session_id)
ORDER BY created_at DESC, plan_id
"""
_MEMBERS = "SELECT * EXCLUDE (plan_id) FROM campaign_plan_members WHERE plan_id = $plan_id ORDER BY place"
_EXCLUDED = """
SELECT customer_id, reason, detail FROM campaign_plan_exclusions WHERE plan_id = $plan_id ORDER BY reason, customer_id
"""
_BUSY = """
SELECT m.customer_id, min(p.name)
FROM campaign_plan_members m JOIN campaign_plans p USING (plan_id)
WHERE p.tenant_id = ? AND p.status <> 'ended'
GROUP BY m.customer_id
"""
_LATEST = """
SELECT r.* FROM campaign_readouts r JOIN campaign_plans p USING (plan_id)
WHERE p.tenant_id = ? AND r.is_complete ORDER BY r.looked_at DESC, r.readout_id LIMIT 1
"""


class PlanTables(TenantTables):
    """Methods on planned campaigns and their readouts; they belong to the tenant, their session may be another's."""

    def save_plan(
        self,
        session_id: str,
        name: str,
        *,
        run_id: str,
        facts: Mapping[str, Any],
        members: pd.DataFrame,
        excluded: pd.DataFrame,
        created_at: datetime,
    ) -> PlannedCampaign:
        """Keep a planned campaign as it is, all or nothing.

        Parameters
        ----------
        facts
            JSON values: settings, assumptions, promise.
        members
            One row per customer, best first: customer_id, arm, stratum, risk_tier, p_churn, clv_if_kept,
            mean_order_value, savable and expected_gain, and any of the other columns of the table.
        excluded
            customer_id, reason, detail.
        """
        plan_id = new_id()
        rows, left_out = _members(members), _exclusions(excluded)
        with self._database.writing("saving a planned campaign") as cursor:
            if not cursor.execute("SELECT 1 FROM sessions WHERE session_id = ?", [session_id]).fetchall():
                raise StoreError(
                    f"Looking for session {session_id!r}: there is none.", "It may have been deleted: reload."
                )
            insert(
                cursor,
                "campaign_plans",
                {
                    "plan_id": plan_id,
                    "tenant_id": self._tenant_id,
                    "session_id": session_id,
                    "run_id": run_id,
                    "name": name,
                    "status": "planned",
                    "facts": to_json("facts", facts),
                    "created_at": to_utc("created_at", created_at),
                },
            )
            _insert_rows(cursor, "campaign_plan_members", rows, plan_id)
            _insert_rows(cursor, "campaign_plan_exclusions", left_out, plan_id)
            return self._plan(cursor, plan_id)

    def plan(self, plan_id: str) -> PlannedCampaign:
        """One planned campaign."""
        with self._database.reading("reading a planned campaign") as cursor:
            return self._plan(cursor, plan_id)

    def plans(self, session_id: str | None = None) -> list[PlannedCampaign]:
        """The tenant's planned campaigns, of one session or of all, newest first."""
        with self._database.reading("listing planned campaigns") as cursor:
            values = {"tenant_id": self._tenant_id, "session_id": session_id}
            return records(PlannedCampaign, cursor.execute(_PLANS, values))

    def plan_members(self, plan_id: str) -> pd.DataFrame:
        """The customers of a plan, best first: the columns that :meth:`save_plan` was given, missing ones as NaN."""
        return self._frame(plan_id, _MEMBERS)

    def plan_exclusions(self, plan_id: str) -> pd.DataFrame:
        """Who was left out: ``customer_id``, ``reason``, ``detail``."""
        return self._frame(plan_id, _EXCLUDED)

    def start_plan(self, plan_id: str, started_on: date) -> PlannedCampaign:
        """Record the day on which a campaign went out; until it has ended, another day corrects it."""
        return self._set_status(plan_id, "running", started_on)

    def end_plan(self, plan_id: str) -> PlannedCampaign:
        """Let a campaign's customers go, so that others may contact them; it must have gone out."""
        return self._set_status(plan_id, "ended", None)

    def delete_plan(self, plan_id: str) -> None:
        """Take out a planned campaign with its customers and readouts."""
        with self._database.writing("deleting a planned campaign") as cursor:
            self._plan(cursor, plan_id)
            delete_plans(cursor, [plan_id])

    def busy_customers(self) -> dict[str, str]:
        """Name of a planned or running campaign by customer."""
        with self._database.reading("listing customers of campaigns") as cursor:
            return dict(cursor.execute(_BUSY, [self._tenant_id]).fetchall())

    def save_readout(
        self,
        plan_id: str,
        *,
        source: str,
        figures: Mapping[str, Any],
        words: Sequence[str],
        is_complete: bool,
        looked_at: datetime,
    ) -> StoredReadout:
        """Keep what was read out, and from what."""
        readout_id = new_id()
        with self._database.writing("saving a readout") as cursor:
            self._plan(cursor, plan_id)
            insert(
                cursor,
                "campaign_readouts",
                {
                    "readout_id": readout_id,
                    "plan_id": plan_id,
                    "source": source,
                    "figures": to_json("figures", figures),
                    "words": to_json("words", list(words)),
                    "is_complete": is_complete,
                    "looked_at": to_utc("looked_at", looked_at),
                },
            )
        return next(found for found in self.readouts(plan_id) if found.readout_id == readout_id)

    def readouts(self, plan_id: str) -> list[StoredReadout]:
        """A campaign's readouts, newest first."""
        with self._database.reading("listing readouts") as cursor:
            self._plan(cursor, plan_id)
            return records(
                StoredReadout,
                cursor.execute(
                    "SELECT * FROM campaign_readouts WHERE plan_id = ? ORDER BY looked_at DESC, readout_id",
                    [plan_id],
                ),
            )

    def latest_complete_readout(self) -> StoredReadout | None:
        """The tenant's newest readout of a campaign whose window was over."""
        with self._database.reading("looking for a readout") as cursor:
            return next(iter(records(StoredReadout, cursor.execute(_LATEST, [self._tenant_id]))), None)

    def _set_status(self, plan_id: str, status: str, started_on: date | None) -> PlannedCampaign:
        with self._database.writing("recording a campaign's status") as cursor:
            plan = self._plan(cursor, plan_id)
            if plan.status == "ended" or (status == "ended" and plan.status != "running"):
                raise StoreError(
                    f"Recording that campaign {plan.name!r} is {status}: it must have gone out and not have ended, but"
                    f" it is {plan.status}.",
                    "Reload the page.",
                )
            cursor.execute(
                "UPDATE campaign_plans SET status = ?, started_on = coalesce(?, started_on) WHERE plan_id = ?",
                [status, started_on, plan_id],
            )
            return self._plan(cursor, plan_id)

    def _frame(self, plan_id: str, query: str) -> pd.DataFrame:
        with self._database.reading("reading a campaign's customers") as cursor:
            self._plan(cursor, plan_id)
            customers: pd.DataFrame = (
                cursor.sql(query, params={"plan_id": plan_id}).to_arrow_table().to_pandas()
            )
            return customers

    def _plan(self, cursor: duckdb.DuckDBPyConnection, plan_id: str) -> PlannedCampaign:
        return self._one(cursor, PlannedCampaign, _PLAN, plan_id)


def delete_plans(cursor: duckdb.DuckDBPyConnection, plan_ids: Sequence[str]) -> None:
    """Take out plans with all that hangs on them, inside the caller's transaction."""
    for table in (
        "campaign_plan_members",
        "campaign_plan_exclusions",
        "campaign_readouts",
        "campaign_plans",
    ):
        cursor.execute(
            f"DELETE FROM {quoted(table)} WHERE list_contains(?, plan_id)",  # noqa: S608 (names of this module)
            [list(plan_ids)],
        )


def _members(members: pd.DataFrame) -> pa.Table:
    columns: dict[str, pa.Array] = {"place": pa.array(range(1, len(members) + 1), pa.int32())}
    for kind, names in ((pa.string(), _TEXT), (pa.float64(), _NUMBERS)):
        for name in names:
            if name in members:
                columns[name] = pa.array(members[name], kind, from_pandas=True)
    return pa.table(columns)


def _exclusions(excluded: pd.DataFrame) -> pa.Table:
    names = ("customer_id", "reason", "detail")
    return pa.table({name: pa.array(excluded[name].astype(str), pa.string()) for name in names})


def _insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, plan_id: str) -> None:
    cursor.register("incoming", rows)
    cursor.execute(
        f"INSERT INTO {quoted(table)} BY NAME SELECT *, $plan_id AS plan_id FROM incoming",  # noqa: S608 (as above)
        {"plan_id": plan_id},
    )
    cursor.unregister("incoming")
