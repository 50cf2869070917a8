"""Where the customers stand: tiers, the churn rate and the revenue at risk with intervals, who moved up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.results.customer import Tier
from churnkit.results.evidence.standing_now import Estimate, TierFigures, TierMoves
from churnkit.results.found import Found, Missing
from churnkit.roi import Uncertainty
from churnkit.segments.standing import ACTIVE
from churnkit.text import figures

TIERS: tuple[Tier, ...] = ("high", "medium", "low")
# Of the standard normal distribution: an interval of 80 %.
_QUANTILE = 1.2815515655446004
UNPROVEN = "Nothing in this shop's past proves that the forecast tells who leaves, so no money is said to be at risk."
_RANK = {"low": 0, "medium": 1, "high": 2}


def tiers(customers: pd.DataFrame) -> tuple[TierFigures, ...]:
    """One per tier, high first, of the active customers; means are NaN in an empty one. Money as in their columns."""
    there = customers[customers["status"] == ACTIVE]
    return tuple(_tier(tier, there) for tier in TIERS)


def _tier(tier: Tier, customers: pd.DataFrame) -> TierFigures:
    some = customers[customers["risk_tier"] == tier]
    return TierFigures(
        tier=tier,
        customers=len(some),
        share=len(some) / max(1, len(customers)),
        mean_p_churn=float(some["p_churn"].mean()),
        clv=float(some["clv"].sum()),
        value_at_risk=float(some["value_at_risk"].sum()),
        mean_clv=float(some["clv"].mean()),
        mean_recency_days=float(some["recency_days"].mean()),
        mean_order_count=float(some["order_count"].mean()),
        mean_order_value=float(some["mean_order_value"].mean()),
        expected_churners=float(some["p_churn"].sum()),
    )


def churn_rate(p_churn: np.ndarray, uncertainty: Uncertainty) -> Estimate:
    """Mean probability of the customers and its 80 % interval, from the errors of the level in past windows."""
    mean = float(p_churn.mean())
    centre = math.log(mean / (1 - mean)) if 0 < mean < 1 else math.copysign(30.0, mean - 0.5)
    reach = _QUANTILE * uncertainty.level_sd
    return Estimate(
        value=mean,
        low=_expit(centre - reach),
        high=_expit(centre + reach),
        interval_words=_words(
            uncertainty, "from how far the churn rate forecast at earlier dates was from the one that came"
        ),
    )


def revenue_at_risk(p_churn: np.ndarray, value_lost: np.ndarray, uncertainty: Uncertainty) -> Estimate:
    """Sum of p_churn x (value if kept - value if lost), money, with an 80 % interval.

    The error of the level moves everybody's log-odds, that of value everybody's money. Their effects on the
    logarithm of the sum are independent and added in squares, on each side.
    """
    value = float((p_churn * value_lost).sum())
    money = _QUANTILE * uncertainty.value_log_sd
    margin = np.log(np.clip(p_churn, 1e-6, 1 - 1e-6)) - np.log1p(-np.clip(p_churn, 1e-6, 1 - 1e-6))
    ends = []
    for side in (-1.0, 1.0):
        shifted = 1.0 / (1.0 + np.exp(-(margin + side * _QUANTILE * uncertainty.level_sd)))
        level = math.log(float((shifted * value_lost).sum()) / value) if value > 0 else 0.0
        ends.append(value * math.exp(side * math.hypot(level, money)))
    return Estimate(
        value=value,
        low=ends[0],
        high=ends[1],
        interval_words=_words(
            uncertainty, "from how far churn rate and spend forecast at earlier dates were from what came"
        ),
    )


def active_totals(customers: pd.DataFrame, uncertainty: Uncertainty | None) -> tuple[Estimate, Estimate]:
    """Churn rate and revenue at risk of the active; without a past window the figure stands without its interval."""
    there = customers[customers["status"] == ACTIVE]
    p_churn = there["p_churn"].to_numpy(dtype=float)
    lost = (there["clv_if_kept"] - there["clv_if_lost"]).to_numpy(dtype=float)
    # The sum of what stands beside each customer, to the cent.
    total = float(there["value_at_risk"].sum())
    if uncertainty is not None and len(there):
        found = revenue_at_risk(p_churn, lost, uncertainty)
        scale = total / found.value if found.value > 0 else 1.0
        ends = [None if end is None else scale * end for end in (found.low, found.high)]
        return churn_rate(p_churn, uncertainty), replace(found, value=total, low=ends[0], high=ends[1])
    words = "No interval: there is no earlier window on which this forecast could be tested."
    rate = float(p_churn.mean()) if len(there) else float("nan")
    return (
        Estimate(value=rate, low=None, high=None, interval_words=words),
        Estimate(value=total, low=None, high=None, interval_words=words),
    )


def _words(uncertainty: Uncertainty, source: str) -> str:
    few = " Few windows could be tested, so it is wide." if uncertainty.windows < 3 else ""
    return (
        f"80 % interval, {source} (about {figures.decimal(uncertainty.windows, 1)} windows of the past).{few}"
    )


def warnings(
    customers: pd.DataFrame, cutoff_before: datetime | None, currency: str | None
) -> Found[TierMoves] | Missing:
    """Active customers who stand in a higher tier than one threshold earlier, among those active then."""
    known = customers[customers["risk_tier_before"].notna() & customers["risk_tier"].notna()]
    if cutoff_before is None or known.empty:
        return Missing("There is no forecast at an earlier date to compare with: the history is too short.")
    moved = known[moved_up(known["risk_tier_before"], known["risk_tier"])]
    at_risk = float(moved["value_at_risk"].sum())
    who = "customer has" if len(moved) == 1 else "customers have"
    return Found(
        TierMoves(
            cutoff_before=cutoff_before,
            known_before=len(known),
            moved_up=len(moved),
            value_at_risk=at_risk,
            words=f"{figures.count(len(moved))} {who} moved up a risk tier since {figures.day(cutoff_before)};"
            f" {figures.money(at_risk, currency)} are at risk with them.",
        )
    )


def moved_up(before: Sequence[str] | pd.Series, now: Sequence[str] | pd.Series) -> np.ndarray:
    """Mask of the customers whose tier is higher now than before, shape (n,)."""
    return np.array([_RANK[b] < _RANK[n] for b, n in zip(before, now, strict=True)], dtype=bool)


def _expit(margin: float) -> float:
    return 1.0 / (1.0 + math.exp(-margin))
