"""Tiers, intervals and early warnings by hand."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.results.found import Found, Missing
from churnkit.roi import Uncertainty
from churnkit.services.analyse.evidence.standing import (
    active_totals,
    churn_rate,
    moved_up,
    revenue_at_risk,
    tiers,
    warnings,
)

QUANTILE = 1.2815515655446004


def customers() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": list("abcde"),
            "status": ["active"] * 4 + ["lapsed"],
            "p_churn": [0.9, 0.8, 0.5, 0.1, 0.99],
            "risk_tier": ["high", "high", "medium", "low", None],
            "risk_tier_before": ["medium", "high", None, "medium", "high"],
            "clv": [10.0, 30.0, 40.0, 100.0, 7.0],
            "clv_if_kept": [110.0, 160.0, 90.0, 120.0, 700.0],
            "clv_if_lost": [10.0, 10.0, 10.0, 10.0, 0.0],
            "value_at_risk": [90.0, 120.0, 40.0, 11.0, 0.0],
            "recency_days": [100, 200, 50, 5, 900],
            "order_count": [1, 3, 2, 9, 1],
            "mean_order_value": [10.0, 20.0, 30.0, 40.0, 50.0],
        }
    )


def test_tiers() -> None:
    high, medium, low = tiers(customers())
    assert (high.tier, high.customers, high.share) == ("high", 2, 0.5)
    assert high.expected_churners == pytest.approx(1.7)
    assert (high.clv, high.value_at_risk, high.mean_clv) == (40.0, 210.0, 20.0)
    assert (high.mean_recency_days, high.mean_order_count, high.mean_order_value) == (150, 2, 15)
    assert medium.mean_p_churn == 0.5
    assert low.customers == 1


def test_an_empty_tier_is_there() -> None:
    found = tiers(customers().query("risk_tier != 'low'"))
    assert [row.customers for row in found] == [2, 1, 0]
    assert math.isnan(found[2].mean_clv)


def test_interval_of_the_churn_rate() -> None:
    found = churn_rate(np.array([0.5, 0.5]), Uncertainty(level_sd=0.4, windows=6))
    assert found.value == 0.5
    assert found.high == pytest.approx(1 / (1 + math.exp(-0.4 * QUANTILE)))
    assert found.high is not None
    assert found.low == pytest.approx(1 - found.high)
    assert "wide" not in found.interval_words
    assert "wide" in churn_rate(np.array([0.5]), Uncertainty(windows=1)).interval_words


def test_interval_of_the_revenue_at_risk() -> None:
    p, kept = np.array([0.5, 0.5]), np.array([100.0, 300.0])
    found = revenue_at_risk(p, kept, Uncertainty(level_sd=0.4, value_log_sd=0.3, windows=6))
    assert found.value == 200
    up = math.log(2 / (1 + math.exp(-0.4 * QUANTILE)))
    down = math.log(2 / (1 + math.exp(0.4 * QUANTILE)))
    assert found.high == pytest.approx(200 * math.exp(math.hypot(up, 0.3 * QUANTILE)))
    assert found.low == pytest.approx(200 * math.exp(-math.hypot(down, 0.3 * QUANTILE)))
    nothing = revenue_at_risk(p, np.zeros(2), Uncertainty())
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)


def test_without_a_past_there_is_a_figure_and_no_interval() -> None:
    rate, risk = active_totals(customers(), None)
    assert rate.value == pytest.approx(0.575)
    assert rate.low is None
    assert risk.value == pytest.approx(90 + 120 + 40 + 11)
    assert "no earlier window" in risk.interval_words


def test_who_moved_up() -> None:
    assert moved_up(["low", "high", "medium", "medium"], ["medium", "high", "high", "low"]).tolist() == [
        True,
        False,
        True,
        False,
    ]
    moves = warnings(customers(), datetime(2026, 1, 1), "EUR")
    assert isinstance(moves, Found)
    found = moves.value
    assert (found.moved_up, found.known_before, found.value_at_risk) == (1, 3, 90.0)
    assert (
        found.words == "1 customer has moved up a risk tier since 1 Jan 2026; €90.00 are at risk with them."
    )


def test_nobody_known_before() -> None:
    assert isinstance(
        warnings(customers().assign(risk_tier_before=None), datetime(2026, 1, 1), None), Missing
    )
    assert isinstance(warnings(customers(), None, None), Missing)
