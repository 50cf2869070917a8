"""An outside figure is believed where it would have made past forecasts better."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.outside_figures import trial_words
from churnkit.tournament.indicator_trial import MIN_DATES, try_indicators, without_unproven
from churnkit.windows import CutoffPlan, plan_cutoffs

SHOP_CUSTOMERS = 250


@pytest.fixture(scope="module")
def moody_shop() -> tuple[pd.DataFrame, CutoffPlan]:
    """A shop in whose customers a mood stirs that only the figure tells; the noise is drawn from the same."""
    rng = np.random.default_rng(5)
    plan = plan_cutoffs(datetime(2023, 1, 1), datetime(2025, 1, 1), 60)
    rows = []
    for cutoff in plan.all:
        mood, noise = rng.normal(), rng.normal()
        recency = rng.integers(1, 200, SHOP_CUSTOMERS)
        p = 1 / (1 + np.exp(-(recency / 80 - 1.2 + 0.9 * mood)))
        rows.append(
            pd.DataFrame(
                {
                    "customer_id": [f"{k}" for k in range(SHOP_CUSTOMERS)],
                    "cutoff": cutoff,
                    "recency_days": recency,
                    "order_count": 3,
                    "monetary_total": 100.0,
                    "tenure_days": recency + 30,
                    "btyd_p_no_purchase": 0.5,
                    "indicator_mood": mood,
                    "indicator_noise": noise,
                    "churned": (rng.random(SHOP_CUSTOMERS) < p).astype(float)
                    if cutoff != plan.scoring
                    else np.nan,
                }
            )
        )
    return pd.concat(rows, ignore_index=True), plan


def test_a_figure_that_helped_is_used_and_noise_is_not(moody_shop: tuple[pd.DataFrame, CutoffPlan]) -> None:
    panel, plan = moody_shop
    mood, noise = try_indicators(panel, plan, seed=1)
    assert (mood.name, mood.used, noise.name, noise.used) == ("mood", True, "noise", False)
    assert mood.gain is not None and mood.gain_se is not None and mood.gain > 2 * mood.gain_se
    assert mood.better > mood.dates / 2
    assert trial_words(mood).startswith("Used: with it the log loss of")
    assert trial_words(noise).startswith("Left out: with it the log loss of")
    kept = without_unproven(panel, (mood, noise))
    assert "indicator_mood" in kept and "indicator_noise" not in kept
    assert len(mood.values) == len(plan.labelled)


def test_the_last_window_decides_nothing(moody_shop: tuple[pd.DataFrame, CutoffPlan]) -> None:
    panel, plan = moody_shop
    assert plan.test is not None
    seen = plan.known_before(plan.test)
    later = panel["churned"].notna() & ~panel["cutoff"].isin(list(seen))
    assert later.any()
    meddled = panel.assign(churned=panel["churned"].where(~later, 1.0))
    assert try_indicators(meddled, plan, seed=1) == try_indicators(panel, plan, seed=1)


def test_a_short_history_decides_nothing(
    simulated_panel: Callable[[int, int], tuple[pd.DataFrame, CutoffPlan]],
) -> None:
    rows, plan = simulated_panel(1, 60)
    start = rows["cutoff"].min()
    rows = rows.assign(indicator_days=(rows["cutoff"] - start) / timedelta(days=1))
    short = rows[rows["cutoff"] > rows["cutoff"].max() - pd.Timedelta(days=200)]
    (trial,) = try_indicators(short, plan, seed=1)
    assert (trial.used, trial.gain) == (False, None)
    assert trial.dates < MIN_DATES
    assert trial_words(trial).startswith("Left out: it could be tried on")
