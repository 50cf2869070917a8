"""An analysis' files -> what its report is made from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from churnkit.reports.content import ReportContent
from churnkit.results.folders import Look, Results
from churnkit.results.profile import Profile
from churnkit.services.workspace.stored_settings import settings_from_json

CONTACTS_SHOWN = 25
_CONTACT_COLUMNS = (
    "customer_id",
    "p_churn",
    "risk_tier",
    "value_at_risk",
    "last_purchase_at",
    "order_count",
    "factor_1",
)


def report_content(results: Results, name: str) -> ReportContent:
    """Read what a report shows.

    Parameters
    ----------
    name
        What the analysis is called: the uploaded file's name.

    Raises
    ------
    DataError
        If a file of the analysis is missing.
    """
    return ReportContent(
        name=name,
        currency=results.currency,
        summary=results.summary,
        tier_limits=settings_from_json(results.summary.settings).tiers,
        profile=profile_of(results),
        evidence=results.evidence,
        leaderboard=records(results.leaderboard),
        contact=records(first_to_contact(results.customers)),
        customer_count=len(results.customers),
    )


def profile_of(look: Look) -> Profile:
    """The profile, with the analysis currency where its own rows name none."""
    profile = look.profile
    return replace(profile, scope=replace(profile.scope, currency=profile.scope.currency or look.currency))


def first_to_contact(customers: pd.DataFrame, number: int = CONTACTS_SHOWN) -> pd.DataFrame:
    """At high or medium risk, highest value at risk first, ties by id; columns of the report's table."""
    present = [column for column in _CONTACT_COLUMNS if column in customers]
    if "value_at_risk" not in customers:
        return customers[present].head(number)
    valued = customers[(customers["value_at_risk"] > 0) & (customers["risk_tier"] != "low")]
    ordered = valued.sort_values(["value_at_risk", "customer_id"], ascending=[False, True])
    return ordered[present].head(number)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dicts of plain values, None for what is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in plain.to_dict("records")]
