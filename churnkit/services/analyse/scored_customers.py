"""The columns of ``customers.csv``: standing, probability, value and reasons of every customer, in the worklist's order."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.clv import ValueModel, YearModel, discount_factor, expected_orders
from churnkit.config import AnalysisSettings
from churnkit.forecast.process_ahead import Pace
from churnkit.roi import Uncertainty
from churnkit.segments.standing import is_active, risk_tier, status
from churnkit.services.decide.worklist import rank_customers
from churnkit.windows import CutoffPlan

FACTORS = ("factor_1", "factor_2", "factor_3")


def scored_customers(
    rows: pd.DataFrame,
    p_churn: np.ndarray,
    value_model: ValueModel,
    year_model: YearModel,
    reasons: pd.DataFrame,
    settings: AnalysisSettings,
    plan: CutoffPlan,
    uncertainty: Uncertainty,
    *,
    proven: bool,
    spend_last_year: pd.Series,
    currency: str | None,
    pace: Pace | None = None,
) -> pd.DataFrame:
    """One row per customer of the scoring cutoff, by rank.

    Parameters
    ----------
    rows
        Panel rows of the scoring cutoff.
    p_churn
        Shape (n,), of ``rows``.
    reasons
        ``FACTORS``, in the order of ``rows``.
    uncertainty
        Errors of past forecasts, behind the money that the rank goes by.
    proven
        Whether the past shows that the probabilities tell the active apart; if not, there are no tiers and nothing
        is at risk, and the rank is by money spent.
    spend_last_year
        Net spend of the 365 days before the cutoff by customer id; who is not in it spent nothing.
    pace
        How the customers in ``rows`` buy; looked at in the rows themselves unless given, for which they must be all.

    Returns
    -------
    DataFrame
        ``value_at_risk`` is p_churn x (clv_if_kept - clv_if_lost), 0 for the lapsed, missing where nothing is proven.
        ``expected_next_order`` is the day by which the customer has bought again with probability 1/2.
    """
    active = is_active(rows["recency_days"].to_numpy(), plan.horizon_days)
    year = year_model.values(rows, p_churn, value_model.spend_if_buying(rows), settings.money)
    # A part of the year brings no more than the year: its bounds on customers without net spend hold here too.
    whole = year.clv / (settings.money.margin * discount_factor(settings.money))
    spend = np.minimum(value_model.expected_spend(rows, p_churn), whole)
    low, high = value_model.interval(rows, spend, p_churn)
    at_risk = np.where(active, p_churn * (year.clv_if_kept - year.clv_if_lost), 0.0)
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "status": status(rows["recency_days"].to_numpy(), plan.horizon_days),
            "p_churn": p_churn.round(6),
            "p_alive": rows["p_alive"].to_numpy(dtype=float).round(6),
            "risk_tier": pd.array(risk_tier(p_churn, active, settings.tiers, proven=proven), dtype="str"),
            "value_at_risk": at_risk.round(2) if proven else np.nan,
            "recency_days": rows["recency_days"].to_numpy(dtype=int),
            "order_count": rows["order_count"].to_numpy(dtype=int),
            "monetary_total": rows["monetary_total"].to_numpy(dtype=float).round(2),
            "spend_last_year": rows["customer_id"]
            .map(spend_last_year)
            .fillna(0.0)
            .to_numpy(dtype=float)
            .round(2),
            "mean_order_value": rows["monetary_mean"].to_numpy(dtype=float).round(2),
            "expected_next_order": _next_order(pace or Pace.of(rows, p_churn, plan.horizon_days), plan),
            "expected_orders": expected_orders(rows, p_churn).round(4),
            "expected_spend": spend.round(2),
            "expected_spend_low": low.round(2),
            "expected_spend_high": high.round(2),
            "clv": year.clv.round(2),
            "clv_low": year.clv_low.round(2),
            "clv_high": year.clv_high.round(2),
            "clv_if_kept": year.clv_if_kept.round(2),
            "clv_if_lost": year.clv_if_lost.round(2),
            **{name: reasons[name].to_numpy() for name in FACTORS},
        }
    )
    rank = rank_customers(table, settings.money, currency, uncertainty)
    table.insert(1, "rank", rank)
    return table.sort_values("rank", ignore_index=True)


def _next_order(pace: Pace, plan: CutoffPlan) -> pd.Series:
    """The day, missing for whom it lies more than a year ahead."""
    days = pace.median_days()
    start = pd.Timestamp(plan.scoring).normalize()
    ahead = pd.to_timedelta(pd.Series(np.floor(days)), unit="D")
    return (start + ahead).astype("datetime64[us]")
