"""Shops without any effect, looked at every day: how often the readout claims one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments import read_out
from churnkit.experiments.outcomes import Outcomes
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty

DAYS, TREATED, HELD_OUT = 40, 500, 100
ASSUMPTIONS = Assumptions(contact_cost=1.0)


@pytest.mark.slow
@pytest.mark.parametrize("daily_rate", [0.004, 0.03])
def test_daily_looks_claim_an_effect_in_five_of_a_hundred_shops_at_most(daily_rate: float) -> None:
    rng = np.random.default_rng(8)
    count = TREATED + HELD_OUT
    members = pd.DataFrame(
        {
            "customer_id": [str(n) for n in range(count)],
            "arm": ["treatment"] * TREATED + ["holdout"] * HELD_OUT,
            "p_churn": 0.5,
            "savable": 1.0,
            "mean_order_value": 40.0,
        }
    )
    nothing = Planner(np.ones(1), np.ones(1), np.ones(1), np.ones(1), Uncertainty()).outcome(ASSUMPTIONS, 1)
    claims = {"conversion": 0, "revenue": 0, "revenue, one interval": 0}
    shops = 40
    for _ in range(shops):
        pace = rng.gamma(1.0, daily_rate, size=count)
        spent = rng.poisson(pace[:, None], size=(count, DAYS)) * rng.gamma(2, 20, size=(count, 1))
        found = dict.fromkeys(claims, False)
        for day in range(4, DAYS, 6):
            revenue = spent[:, :day].sum(axis=1)
            rows = pd.DataFrame(
                {"customer_id": members["customer_id"], "converted": (revenue > 0) * 1, "revenue": revenue}
            )
            result = read_out(
                members,
                Outcomes(rows, float(day), DAYS),
                holdout_share=HELD_OUT / count,
                planned_rate=float(1 - np.exp(-pace * DAYS).mean()),
                assumptions=ASSUMPTIONS,
                promise=nothing,
                declared=DeclaredReadout(),
            )
            assert result.revenue is not None
            found["conversion"] |= result.conversion.safe.excludes_zero
            found["revenue"] |= result.revenue.safe.excludes_zero
            found["revenue, one interval"] |= result.revenue.difference.excludes_zero
        claims = {name: claims[name] + found[name] for name in claims}
    # 40 shops at 5 % give 7 or more in less than 1 of 200 cases.
    assert claims["conversion"] <= 6
    assert claims["revenue"] <= 6
    assert claims["revenue, one interval"] >= 5
