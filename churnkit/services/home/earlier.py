"""How the shop stood before, as far as Home compares it: no order is read for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from churnkit.results.folders import Results
from churnkit.segments.standing import ACTIVE
from churnkit.services.since.moves import have_tiers, standings


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An earlier version beside the one on screen.

    Attributes
    ----------
    cutoff
        The date of the earlier one.
    leaver_share
        Mean probability of the active then; None where the threshold was another.
    at_risk
        Value at risk of the active then, money; None where nothing was proven, or the threshold was another.
    newly_at_risk
        Who is at high risk now and was not then, the most at risk first; None where nobody can tell.
    same_model
        Whether one model scored both.
    """

    cutoff: datetime
    leaver_share: float | None
    at_risk: float | None
    newly_at_risk: tuple[str, ...] | None
    same_model: bool


def earlier_standing(before: Results, now: Results, *, same_model: bool) -> Earlier:
    """What an earlier version said, as far as it can be compared with the later one."""
    same_question = before.horizon_days == now.horizon_days
    active = before.customers[before.customers["status"] == ACTIVE]
    risk = active["value_at_risk"]
    return Earlier(
        cutoff=before.summary.question.cutoff,
        leaver_share=float(active["p_churn"].mean()) if same_question and len(active) else None,
        at_risk=float(risk.sum()) if same_question and risk.notna().any() else None,
        newly_at_risk=_newly(before, now) if have_tiers(before, now) else None,
        same_model=same_model,
    )


def _newly(before: Results, now: Results) -> tuple[str, ...]:
    horizon = now.horizon_days
    then = before.customers["customer_id"][standings(before, horizon, tiers=True) == "leaving"]
    leaving = now.customers[standings(now, horizon, tiers=True) == "leaving"]
    return most_at_risk(leaving[~leaving["customer_id"].isin(then)])


def newly_since_a_threshold_ago(customers: pd.DataFrame) -> tuple[str, ...]:
    """Who is at high risk and was not one threshold ago, by the forecast that the same method made then."""
    before = customers["risk_tier_before"]
    return most_at_risk(customers[(customers["risk_tier"] == "high") & before.notna() & (before != "high")])


def most_at_risk(rows: pd.DataFrame) -> tuple[str, ...]:
    """Ids, those with most at risk first."""
    ordered = rows.sort_values(["value_at_risk", "customer_id"], ascending=[False, True], na_position="last")
    return tuple(ordered["customer_id"].astype(str))
