"""Shops without any effect, looked at early and at the end: how often the readout claims one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments.outcomes import Outcomes
from churnkit.experiments.readout import Arms, conversion_effect, revenue_effect
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.readout_figures import Effect

DAYS, LOOKS, COUNT, HELD_OUT, SHOPS = 40, (4, 10, 20, 30, 40), 600, 100, 300
# 300 shops at 5 % give 27 or more in less than 1 of 200 cases.
MOST = 26


@pytest.mark.slow
@pytest.mark.parametrize("daily_rate", [0.004, 0.03])
def test_early_looks_and_the_last_claim_an_effect_in_five_of_a_hundred_shops_at_most(
    daily_rate: float,
) -> None:
    rng = np.random.default_rng(8)
    claims = dict.fromkeys(("conversion", "revenue", "conversion, one interval", "revenue, one interval"), 0)
    for _ in range(SHOPS):
        pace = rng.gamma(1.0, daily_rate, size=COUNT)
        spent = rng.poisson(pace[:, None], size=(COUNT, DAYS)) * rng.gamma(2, 20, size=(COUNT, 1))
        planned = float(1 - np.exp(-pace * DAYS).mean())
        found = dict.fromkeys(claims, False)
        for day in LOOKS:
            for name, effect in effects(spent[:, :day].sum(axis=1), day, planned).items():
                found[name] |= effect.interval(day == DAYS).excludes_zero
                found[f"{name}, one interval"] |= effect.difference.excludes_zero
        claims = {name: claims[name] + found[name] for name in claims}
    assert claims["conversion"] <= MOST
    assert claims["revenue"] <= MOST
    # What looking every time with the interval of the end would do.
    assert claims["conversion, one interval"] > MOST
    assert claims["revenue, one interval"] > MOST


def effects(revenue: np.ndarray, day: int, planned_rate: float) -> dict[str, Effect]:
    rows = pd.DataFrame({"p_churn": 0.5, "converted": (revenue > 0) * 1, "revenue": revenue})
    arms = Arms(rows, np.arange(COUNT) >= HELD_OUT, Outcomes(rows, float(day), DAYS), DeclaredReadout())
    return {"conversion": conversion_effect(arms, planned_rate), "revenue": revenue_effect(arms)}
