"""Rules for the tiers: those that were planted are found, and their figures are those of the later date."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.conditions import Condition
from churnkit.explain.rule_search import meets
from churnkit.explain.tier_rules import MIN_IN_TIER, TierRule, learn_tier_rules


def planted(seed: int, customers: int) -> pd.DataFrame:
    """Silent for 60 days or more is high risk, for 30 to 60 medium; of them 80 % and 50 % left, of the others 10 %."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "customer_id": [f"{seed}-{k}" for k in range(customers)],
            "recency_days": rng.integers(1, 100, customers),
            "order_count": rng.integers(1, 11, customers),
            "weekend_share": rng.random(customers),
        }
    )
    high, medium = rows["recency_days"] >= 60, rows["recency_days"].between(31, 59)
    rate = np.select([high, medium], [0.8, 0.5], 0.1)
    return rows.assign(
        tier=np.select([high, medium], ["high", "medium"], "low"),
        churned=(rng.random(customers) < rate).astype(float),
    )


@pytest.fixture(scope="module")
def rules() -> list[TierRule]:
    return learn_tier_rules(planted(1, 3000), planted(2, 1500), seed=1)


def first(rules: list[TierRule], tier: str) -> TierRule:
    return next(rule for rule in rules if rule.tier == tier)


def test_each_tier_has_its_rule(rules: list[TierRule]) -> None:
    assert first(rules, "high").conditions == (Condition("recency_days", ">=", 60.0),)
    assert first(rules, "low").conditions == (Condition("recency_days", "<=", 30.0),)


def test_the_middle_is_a_band_of_one_figure(rules: list[TierRule]) -> None:
    medium = first(rules, "medium")
    assert {(c.feature, c.operator, c.value) for c in medium.conditions} == {
        ("recency_days", ">=", 30.0),
        ("recency_days", "<=", 60.0),
    }
    assert medium.words(None) == (
        "IF a customer has not bought for 30 days or more AND has bought within the last 60 days THEN medium risk"
    )


def test_figures_are_those_of_the_later_date(rules: list[TierRule]) -> None:
    test = planted(2, 1500)
    for rule in rules:
        met = meets(rule.conditions, test)
        inside = (test["tier"] == rule.tier).to_numpy()
        assert rule.customers == met.sum()
        assert rule.in_tier == pytest.approx(inside[met].mean())
        assert rule.tier_share == pytest.approx(inside.mean())
        assert rule.found == pytest.approx((met & inside).sum() / inside.sum())
        assert rule.left == pytest.approx(test["churned"][met].mean())
        assert rule.left_of_all == pytest.approx(test["churned"].mean())


def test_a_rule_that_does_not_hold_later_is_none() -> None:
    """At the later date only half of the silent are called high: less than three in five."""
    later = planted(2, 1500)
    half = np.arange(len(later)) % 2 == 0
    later = later.assign(tier=later["tier"].where(~(half & (later["tier"] == "high")), "low"))
    found = learn_tier_rules(planted(1, 3000), later, seed=1)
    assert [rule for rule in found if rule.tier == "high"] == []
    assert all(rule.in_tier >= MIN_IN_TIER for rule in found)


def test_tiers_by_chance_have_no_rules() -> None:
    rng = np.random.default_rng(5)
    train = planted(1, 3000).assign(tier=rng.choice(["high", "medium", "low"], 3000))
    assert learn_tier_rules(train, planted(2, 1500), seed=1) == []


def test_nobody_to_learn_from_or_to_test_on() -> None:
    some = planted(1, 100)
    assert learn_tier_rules(some.head(0), some, seed=1) == []
    assert learn_tier_rules(some, some.head(0), seed=1) == []
    assert learn_tier_rules(some.assign(tier="low"), some, seed=1) == []
