"""Frozen campaigns: their customers with arms and scores, and who was left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import duckdb
import pandas as pd
import pyarrow as pa

from churnkit.accounts import Action
from churnkit.errors import StoreError
from churnkit.store.decision_records import CampaignStatus, FrozenCampaign
from churnkit.store.deletion import delete_campaigns
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.sql import insert, quoted
from churnkit.store.tenant_table import TenantTable, new_id

_TEXT = ("customer_id", "arm", "stratum", "status", "risk_tier", "segment", "factor_1")
_NUMBERS = (
    "p_churn",
    "p_alive",
    "clv",
    "clv_if_kept",
    "clv_if_lost",
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

_CAMPAIGNS = """
SELECT * RENAME (plan_id AS campaign_id) FROM campaign_plans
WHERE tenant_id = ?
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

_OF_CUSTOMER = """
SELECT m.plan_id, m.arm
FROM campaign_plan_members m JOIN campaign_plans p USING (plan_id)
WHERE p.tenant_id = ? AND p.session_id = ? AND m.customer_id = ?
"""


class CampaignTable(TenantTable):
    """``store.campaigns``: the tenant's own, their session may be another's."""

    def freeze(
        self,
        session_id: str,
        name: str,
        *,
        run_id: str,
        facts: Mapping[str, object],
        members: pd.DataFrame,
        excluded: pd.DataFrame,
        created_at: datetime,
    ) -> FrozenCampaign:
        """Freeze a planned campaign, all or nothing.

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
        campaign_id = new_id()
        rows, left_out = _members(members), _exclusions(excluded)
        with self._writing("freezing a campaign", Action.PLAN, session_id) as cursor:
            self._require_readable(cursor, session_id)
            insert(
                cursor,
                "campaign_plans",
                {
                    "plan_id": campaign_id,
                    "tenant_id": self._tenant_id,
                    "session_id": session_id,
                    "run_id": run_id,
                    "name": name,
                    "status": "planned",
                    "facts": json_text("facts", facts),
                    "created_at": to_utc("created_at", created_at),
                },
            )
            _insert_rows(cursor, "campaign_plan_members", rows, campaign_id)
            _insert_rows(cursor, "campaign_plan_exclusions", left_out, campaign_id)
            return self._campaign(cursor, campaign_id)

    def get(self, campaign_id: str) -> FrozenCampaign:
        """One campaign."""
        with self._reading("reading a campaign") as cursor:
            return self._campaign(cursor, campaign_id)

    def all(self) -> list[FrozenCampaign]:
        """The tenant's campaigns, newest first."""
        with self._reading("listing campaigns") as cursor:
            return records(FrozenCampaign, cursor.execute(_CAMPAIGNS, [self._tenant_id]))

    def members(self, campaign_id: str) -> pd.DataFrame:
        """The customers of a campaign, best first: the columns that :meth:`freeze` was given, missing ones as NaN."""
        return self._frame(campaign_id, _MEMBERS)

    def exclusions(self, campaign_id: str) -> pd.DataFrame:
        """Who was left out: ``customer_id``, ``reason``, ``detail``."""
        return self._frame(campaign_id, _EXCLUDED)

    def busy_customers(self) -> dict[str, str]:
        """Name of a planned or running campaign by customer."""
        with self._reading("listing customers of campaigns") as cursor:
            return dict(cursor.execute(_BUSY, [self._tenant_id]).fetchall())

    def of_customer(self, session_id: str, customer_id: str) -> list[tuple[FrozenCampaign, str]]:
        """The tenant's campaigns of an analysis that have a customer, newest first, each with the customer's arm."""
        with self._reading("listing a customer's campaigns") as cursor:
            among = [self._tenant_id, session_id, customer_id]
            arms: dict[str, str] = dict(cursor.execute(_OF_CUSTOMER, among).fetchall())
            campaigns = records(FrozenCampaign, cursor.execute(_CAMPAIGNS, [self._tenant_id]))
        return [(one, arms[one.campaign_id]) for one in campaigns if one.campaign_id in arms]

    def start(self, campaign_id: str, started_on: date) -> FrozenCampaign:
        """Record the day on which a campaign went out; until it has ended, another day corrects it."""
        return self._set_status(campaign_id, "running", started_on)

    def end(self, campaign_id: str) -> FrozenCampaign:
        """Let a campaign's customers go, so that others may contact them; it must have gone out."""
        return self._set_status(campaign_id, "ended", None)

    def delete(self, campaign_id: str) -> None:
        """Take out a campaign with its customers and readouts."""
        with self._writing("deleting a campaign", Action.PLAN, campaign_id) as cursor:
            self._campaign(cursor, campaign_id)
            delete_campaigns(cursor, [campaign_id])

    def _set_status(
        self, campaign_id: str, status: CampaignStatus, started_on: date | None
    ) -> FrozenCampaign:
        with self._writing("recording a campaign's status", Action.PLAN, campaign_id) as cursor:
            campaign = self._campaign(cursor, campaign_id)
            if campaign.status == "ended" or (status == "ended" and campaign.status != "running"):
                raise StoreError(
                    f"Recording that campaign {campaign.name!r} is {status}: it must have gone out and not have ended,"
                    f" but it is {campaign.status}.",
                    "Reload the page.",
                )
            cursor.execute(
                "UPDATE campaign_plans SET status = ?, started_on = coalesce(?, started_on) WHERE plan_id = ?",
                [status, started_on, campaign_id],
            )
            return self._campaign(cursor, campaign_id)

    def _frame(self, campaign_id: str, query: str) -> pd.DataFrame:
        with self._reading("reading a campaign's customers") as cursor:
            self._campaign(cursor, campaign_id)
            customers: pd.DataFrame = (
                cursor.sql(query, params={"plan_id": campaign_id}).to_arrow_table().to_pandas()
            )
            return customers


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


def _insert_rows(cursor: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, campaign_id: str) -> None:
    cursor.register("incoming", rows)
    cursor.execute(
        f"INSERT INTO {quoted(table)} BY NAME SELECT *, $plan_id AS plan_id FROM incoming",  # noqa: S608 (as above)
        {"plan_id": campaign_id},
    )
    cursor.unregister("incoming")
