"""A small analysis to plan campaigns on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns import CampaignPlan, Exclusions, plan_campaign
from churnkit.results.campaign_facts import CampaignSettings
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty

ASSUMPTIONS = Assumptions(contact_cost=1.0, save_rate=0.3, discount=0.1)


@pytest.fixture
def customers() -> pd.DataFrame:
    """200 customers, 50 of each tier but the low, which has 100; values 5 to 1,000."""
    p = np.concatenate([np.full(50, 0.9), np.full(50, 0.5), np.full(100, 0.1)])
    return pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(200)],
            "p_churn": p,
            "risk_tier": np.where(p > 0.7, "high", np.where(p > 0.4, "medium", "low")),
            "clv_if_kept": np.tile(np.arange(1, 51) * 20.0, 4) - 15.0,
            "mean_order_value": 40.0,
            "p_alive": 1 - p / 2,
            "clv": 100.0,
            "order_count": 3,
        }
    )


@pytest.fixture
def settings() -> CampaignSettings:
    return CampaignSettings(name="Winter", scored_at=datetime(2026, 1, 5), horizon_days=60, holdout_share=0.2)


@pytest.fixture
def make_plan(customers: pd.DataFrame, settings: CampaignSettings) -> Callable[..., CampaignPlan]:
    """A plan of these customers under some rules."""

    def make(frame: pd.DataFrame = customers, how: CampaignSettings = settings, **rules: Any) -> CampaignPlan:
        planner = Planner.of(frame, Uncertainty())
        return plan_campaign(frame, planner, ASSUMPTIONS, how, Exclusions(**rules))

    return make
