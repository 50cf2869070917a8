"""Made-up groups, movements, cohorts and losses for the report's tests."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from churnkit.reports.group_content import GroupContent
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import Distinction, GroupDriver, GroupPanel, Recoverable
from churnkit.results.loss_path import LossPath, MonthLost
from churnkit.results.segments import GroupFigures, SegmentFlow
from churnkit.segments.rfm_map import rfm_map


def made_panel(group: str, value_at_risk: float = 900.0, text: str = "") -> GroupPanel:
    """A group of 20 customers, half of them active."""
    return GroupPanel(
        figures=GroupFigures(
            group=group,
            customers=20,
            active=10,
            share=0.5,
            monetary_total=4000.0,
            monetary_total_share=0.4,
            clv=2000.0,
            clv_share=0.62,
            value_at_risk=value_at_risk,
            value_at_risk_share=0.3,
            expected_leavers=4.0,
            mean_p_churn=0.4,
            mean_clv=100.0,
            mean_order_value=50.0,
            median_recency_days=20.0,
            median_order_count=3.0,
            median_monetary_total=150.0,
        ),
        about="buy often",
        population="active",
        drivers=Found(
            (GroupDriver(theme="How often", push=0.7, fact="Number of orders", own="3", others="9"),)
        ),
        distinctions=(Distinction(label=f"Pieces {text}", own="4", others="2", p_above=0.8),),
        recoverable=Found(Recoverable(low=270.0, high=360.0, rate_low=0.3, rate_high=0.4, source="typical")),
        action="Make a comeback offer.",
        outcome=Missing("No contact pays."),
        words=(
            f"{group}: 20 customers.",
            "What moves their odds of leaving: how often × 2.",
            f"What sets them apart: pieces {text} 4 against 2.",
            "€900 is at risk.",
            "Make a comeback offer. No contact pays.",
        ),
    )


def made_loss() -> LossPath:
    """Two months in which a tenth leaves each."""
    months = tuple(
        MonthLost(
            month=label,
            active_customers=active,
            churn_rate=0.1,
            left_share=left,
            loss=100.0,
            cumulative=lost,
            cumulative_low=lost / 2,
            cumulative_high=lost * 2,
        )
        for label, active, left, lost in (("2025-07", 27.0, 0.1, 100.0), ("2025-08", 24.3, 0.19, 200.0))
    )
    return LossPath(
        months=months, active_now=30, no_money=None, words=("Of the 30 customers active now, 19 leave.",)
    )


def made_cohorts() -> pd.DataFrame:
    """Two cohorts of ten, of whom half and three in ten come back after a month."""
    rows = [
        ("2025-04", 0, 10, 10),
        ("2025-04", 1, 10, 5),
        ("2025-04", 2, 10, 4),
        ("2025-05", 0, 10, 10),
        ("2025-05", 1, 10, 3),
    ]
    table = pd.DataFrame(rows, columns=["cohort", "age_months", "size", "customers"])
    return table.assign(
        dimension="all",
        item="",
        orders=table["customers"],
        revenue=10.0 * table["customers"],
        retained_share=table["customers"] / table["size"],
        cumulative_value=10.0 * (table["age_months"] + 1),
    )


def made_groups(text: str = "") -> GroupContent:
    """Everything there; ``text`` turns up in names and sentences."""
    customers = pd.DataFrame(
        {
            "recency_days": [3, 80],
            "order_count": [5, 1],
            "monetary_total": [300.0, 20.0],
            "value_at_risk": [9.0, 0.0],
        }
    )
    flow = {"spend_between": 50.0, "clv": 70.0, "value_at_risk": 30.0, "share_of_from": 0.25}
    return GroupContent(
        panels=(made_panel("Champions", 100.0), made_panel("At risk", 900.0, text)),
        found=Found((made_panel(f"Active {text}"),)),
        found_words="3 groups are the sharpest.",
        rfm_cells=rfm_map(customers, np.array([5, 1]), np.array([5, 1])),
        flows=Found(
            (
                SegmentFlow(from_segment="Loyal", to_segment="Loyal", customers=12.0, **flow),
                SegmentFlow(from_segment="Loyal", to_segment="At risk", customers=4.0, **flow),
            )
        ),
        cutoff_before="2025-05-01T00:00:00",
        cohorts=Found(made_cohorts()),
        loss=made_loss(),
    )


def bare_groups(reason: str) -> GroupContent:
    """A small shop: nothing proven, no dates before, no month over."""
    lost = MonthLost(
        month="2025-07",
        active_customers=3.0,
        churn_rate=0.0,
        left_share=0.0,
        loss=math.nan,
        cumulative=math.nan,
        cumulative_low=math.nan,
        cumulative_high=math.nan,
    )
    return GroupContent(
        panels=(),
        found=Missing(reason),
        found_words="",
        rfm_cells=rfm_map(
            pd.DataFrame(
                {"recency_days": [3], "order_count": [1], "monetary_total": [9.0], "value_at_risk": [0.0]}
            ),
            np.array([1]),
            np.array([1]),
        ),
        flows=Missing(reason),
        cutoff_before=None,
        cohorts=Missing(reason),
        loss=LossPath(months=(lost,), active_now=3, no_money=reason, words=(reason,)),
    )
