"""Rules that were planted are found, and measured on rows they have not seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.explain.conditions import Condition
from churnkit.explain.rules import Rule, learn_rules


def planted(seed: int, customers: int, strength: float = 0.9) -> pd.DataFrame:
    """Who is silent for 90 days and has one or two orders leaves; the others mostly stay."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        {
            "recency_days": rng.integers(1, 200, customers),
            "order_count": rng.integers(1, 11, customers),
            "monetary_mean": rng.gamma(2.0, 30.0, customers),
            "weekend_share": rng.random(customers),
        }
    )
    doomed = (rows["recency_days"] >= 90) & (rows["order_count"] <= 2)
    return rows.assign(churned=(rng.random(customers) < np.where(doomed, strength, 0.2)).astype(float))


def test_the_planted_rule_comes_first() -> None:
    train, test = planted(1, 4000), planted(2, 2000)
    rule = learn_rules(train, test, seed=42)[0]
    assert {c.feature for c in rule.conditions} == {"recency_days", "order_count"}
    met = (test["recency_days"] >= 90) & (test["order_count"] <= 2)
    by_feature = {c.feature: c for c in rule.conditions}
    assert by_feature["recency_days"].operator == ">="
    assert by_feature["order_count"] == Condition("order_count", "<=", 2.0)
    assert rule.coverage == pytest.approx(met.mean(), abs=0.02)
    assert rule.precision == pytest.approx(test.loc[met, "churned"].mean(), abs=0.05)
    assert rule.base_rate == pytest.approx(test["churned"].mean())
    assert rule.lift == pytest.approx(rule.precision / rule.base_rate)


def test_figures_are_those_of_the_test_rows() -> None:
    train = planted(1, 4000)
    # In the test window nobody who meets the rule leaves.
    test = planted(2, 2000).assign(churned=lambda t: (t["order_count"] > 2).astype(float))
    rule = learn_rules(train, test, seed=42)[0]
    assert rule.train_precision > 0.8
    assert rule.precision == 0.0


@pytest.mark.parametrize("seed", range(10, 16))
def test_chance_gives_no_rules(seed: int) -> None:
    train, test = planted(seed, 4000, strength=0.2), planted(seed + 100, 1000, strength=0.2)
    assert learn_rules(train, test, seed=42) == []


def test_the_same_customers_at_many_dates_do_not_make_chance_a_rule() -> None:
    few = planted(3, 300, strength=0.2).assign(customer_id=range(300))
    train = pd.concat([few] * 12, ignore_index=True)
    assert learn_rules(train, few, seed=42) == []
    assert learn_rules(train.drop(columns="customer_id"), few, seed=42)


def test_rules_do_not_repeat_each_other() -> None:
    rules = learn_rules(planted(5, 4000), planted(6, 500), seed=42)
    masks = [np.logical_and.reduce([c.holds(planted(5, 4000)) for c in rule.conditions]) for rule in rules]
    for a in range(len(masks)):
        for b in range(a):
            assert (masks[a] & masks[b]).sum() < 0.7 * (masks[a] | masks[b]).sum()


def test_one_outcome_or_no_test_rows_leave_nothing_to_learn() -> None:
    train = planted(1, 200)
    assert learn_rules(train.assign(churned=1.0), train, seed=42) == []
    assert learn_rules(train, train.head(0), seed=42) == []
    assert learn_rules(train[["churned"]], train[["churned"]], seed=42) == []


def test_words() -> None:
    rule = Rule(
        (Condition("recency_days", ">=", 60), Condition("order_count", "<=", 1)), 10, 0.8, 0.1, 0.4, 0.8
    )
    assert (
        rule.words(None)
        == "IF a customer has not bought for 60 days or more AND has ordered once only THEN expect churn"
    )
