"""Rows of ``customers.csv`` by hand: who stands where, and what is at risk."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Money, Tiers
from churnkit.roi import Uncertainty
from churnkit.segments.standing import is_active, risk_tier, status
from churnkit.services.decide.worklist import rank_customers


def customers(**changes: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c", "d"],
            "status": ["active", "active", "active", "lapsed"],
            "risk_tier": ["low", "high", "medium", None],
            "p_churn": [0.1, 0.8, 0.5, 0.99],
            "clv_if_kept": [100.0, 100.0, 100.0, 1000.0],
            "clv_if_lost": [0.0, 0.0, 90.0, 0.0],
            "mean_order_value": [10.0] * 4,
            "order_count": [2] * 4,
            "monetary_total": [500.0, 20.0, 30.0, 900.0],
        }
    )
    return frame.assign(**changes)


def test_on_and_beside_the_threshold() -> None:
    recency_days = np.array([0, 60, 61])
    assert status(recency_days, 60).tolist() == ["active", "active", "lapsed"]
    active = is_active(recency_days, 60)
    assert risk_tier(np.array([0.7, 0.71, 0.99]), active, Tiers()).tolist() == ["medium", "high", None]
    assert risk_tier(np.array([0.9] * 3), active, Tiers(), proven=False).tolist() == [None] * 3


def test_the_active_come_first_by_what_a_contact_gains() -> None:
    # b: 80 at stake; c: 5, since 90 of 100 come back anyway; a: 10. d would gain most, and has left.
    assert rank_customers(customers(), Money(contact_cost=1.0), None, Uncertainty()).tolist() == [2, 1, 3, 4]


def test_without_proof_the_rank_is_by_money_spent() -> None:
    unproven = customers(risk_tier=None)
    ranks = rank_customers(unproven, Money(contact_cost=1.0), None, Uncertainty())
    assert ranks.tolist() == [1, 3, 2, 4]


def test_ties_are_broken_by_id() -> None:
    alike = customers(p_churn=0.5, clv_if_kept=100.0, clv_if_lost=0.0, status="active")
    shuffled = alike.iloc[[2, 0, 3, 1]]
    ranks = rank_customers(shuffled, Money(contact_cost=1.0), None, Uncertainty())
    assert dict(zip(shuffled["customer_id"], ranks, strict=True)) == {"a": 1, "b": 2, "c": 3, "d": 4}


@pytest.mark.parametrize("seed", range(3))
def test_every_rank_occurs_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    many = (
        customers()
        .sample(200, replace=True, random_state=seed)
        .assign(customer_id=[f"{n:03d}" for n in range(200)], p_churn=rng.random(200))
    )
    ranks = rank_customers(many, Money(), "EUR", Uncertainty())
    assert sorted(ranks) == list(range(1, 201))
    lapsed = (many["status"] == "lapsed").to_numpy()
    assert ranks[~lapsed].max() < ranks[lapsed].min()
