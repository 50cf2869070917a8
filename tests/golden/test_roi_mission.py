"""The worked example that every figure of a campaign has to agree with, to the dollar."""

from typing import Any

import numpy as np
import pytest

from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty, simple_campaign

TARGETS, SAVE_RATE, CLV, COST_EACH = 100, 0.35, 165.0, 8.0


def test_simple_formula():
    result = simple_campaign(TARGETS, SAVE_RATE, CLV, COST_EACH)
    assert result.cost == 800
    assert result.saved == 35
    assert result.revenue_protected == 5_775
    assert result.net == 4_975
    assert result.roi is not None and round(100 * result.roi) == 622


def test_honest_formula_agrees_where_every_target_would_leave():
    certain = np.ones(TARGETS)
    planner = Planner(certain, np.zeros(TARGETS), CLV * certain, 40 * certain, Uncertainty())
    result = planner.outcome(Assumptions(contact_cost=COST_EACH, save_rate=SAVE_RATE, discount=0.0), TARGETS)
    assert result.cost.value == pytest.approx(800, abs=1e-9)
    assert result.saves.value == pytest.approx(35, abs=1e-9)
    assert result.revenue_protected.value == pytest.approx(5_775, abs=1e-9)
    assert result.net.value == pytest.approx(4_975, abs=1e-9)
    assert result.roi is not None and round(100 * result.roi.value) == 622
    assert result.break_even_save_rate == pytest.approx(8 / 165)


def test_simple_formula_at_its_limits():
    assert simple_campaign(10, 0.0, 5.0, 1.0).net == -10
    assert simple_campaign(0, 1.0, 0.0, 0.0).roi is None
    for changed in ({"mean_clv": float("inf")}, {"cost_each": -0.01}, {"save_rate": 1.01}, {"targets": -1}):
        given: dict[str, Any] = {
            "targets": 10,
            "save_rate": 0.5,
            "mean_clv": 5.0,
            "cost_each": 1.0,
            **changed,
        }
        with pytest.raises(SettingsError, match="Correct the numbers"):
            simple_campaign(**given)
