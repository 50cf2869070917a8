"""Save rates by risk tier: found where they differ, left alone where chance explains the difference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments.tier_rates import part_by_dropout, rates_by_tier

TIERS = ("high", "medium", "low")


def campaign(
    seed: int, count: int, kept: tuple[float, float, float]
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Members of three tiers, who was contacted, who bought: of those about to leave, ``kept`` stay if contacted."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 3, count)
    p = np.array([0.85, 0.6, 0.35])[place]
    members = pd.DataFrame(
        {
            "risk_tier": np.array(TIERS, dtype=object)[place],
            "p_churn": p,
            "p_alive": 1 - p / 2,
            "savable": 0.55,
        }
    )
    treated = rng.random(count) < 0.7
    # Half of those who would leave are gone already, with whom a tenth of the success is had: 0.55 of it on average.
    saved = treated & (rng.random(count) < 0.55 * np.array(kept)[place])
    return members, treated, (rng.random(count) >= p) | saved


def test_tiers_that_differ_are_told_and_average_to_the_rate_of_all() -> None:
    members, treated, bought = campaign(1, 6000, (0.5, 0.2, 0.0))
    found = {one.tier: one for one in rates_by_tier(members, treated, bought, 1.0, 0.1)}
    assert set(found) == set(TIERS)
    for tier, rate in zip(TIERS, (0.5, 0.2, 0.0), strict=True):
        assert found[tier].rate.low < rate < found[tier].rate.high
    assert found["high"].success > found["medium"].success > found["low"].success
    weight = members["p_churn"].groupby(members["risk_tier"]).sum()
    mean = sum(found[tier].success * weight[tier] for tier in TIERS) / weight.sum()
    assert mean == pytest.approx(1.0)


def test_one_rate_for_all_is_hardly_ever_taken_for_several() -> None:
    told = sum(bool(rates_by_tier(*campaign(seed, 1500, (0.3, 0.3, 0.3)), 1.0, 0.1)) for seed in range(100))
    assert told <= 10, "5 of 100 by chance"


def test_small_campaigns_tell_nothing() -> None:
    assert rates_by_tier(*campaign(2, 120, (0.9, 0.1, 0.0)), 1.0, 0.1) == ()


def test_success_of_an_earlier_campaign_is_not_counted_twice() -> None:
    members, _, _ = campaign(3, 50, (0.3, 0.3, 0.3))
    assert part_by_dropout(members, 0.1) == pytest.approx(0.55)
    assert part_by_dropout(members.assign(p_alive=np.nan), 0.1) == pytest.approx(1.0)
    assert part_by_dropout(members.drop(columns="p_alive"), 0.1) == pytest.approx(0.55)
