"""The tornado: each assumption over its range, by hand on one customer and as laws on a made-up shop."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import LEVEL, VALUE, Planner, Uncertainty, tornado

ASSUMED = Assumptions(contact_cost=2.0, save_rate=0.2, discount=0.0, save_rate_weight=1e9)
EXACT = Uncertainty(level_sd=0.0, value_log_sd=0.0)


def planner_of(p: float, kept: float, uncertainty: Uncertainty) -> Planner:
    table = {"p_churn": [p], "clv_if_kept": [kept], "mean_order_value": [20.0]}
    return Planner.of(pd.DataFrame(table), uncertainty)


def test_one_customer_by_hand() -> None:
    # Net = 0.5 x 0.2 x 100 - 2 = 8.
    planner = planner_of(0.5, 100.0, EXACT)
    found = {one.name: one for one in tornado(planner, ASSUMED, np.array([True]))}
    assert set(found) == {"contact_cost", "reach", "margin"}
    cost = found["contact_cost"]
    assert (cost.low, cost.high) == (1.5, 2.5)
    assert (cost.net_low, cost.net_high) == (pytest.approx(8.5), pytest.approx(7.5))
    # Nothing can be seen by more than everybody: only the lower end moves.
    reach = found["reach"]
    assert (reach.low, reach.high) == (0.75, 1.0)
    assert (reach.net_low, reach.net_high) == (pytest.approx(5.5), pytest.approx(8.0))


def test_level_and_value_move_by_their_errors() -> None:
    planner = planner_of(0.5, 100.0, Uncertainty(level_sd=0.5, value_log_sd=0.2))
    found = {one.name: one for one in tornado(planner, ASSUMED, np.array([True]))}
    z = 1.2815515655446004
    p_high = 1 / (1 + math.exp(-z * 0.5))
    assert found[LEVEL].high == pytest.approx(p_high)
    assert found[LEVEL].net_high == pytest.approx(p_high * 0.2 * 100 - 2)
    assert found[VALUE].high == pytest.approx(math.exp(z * 0.2))
    assert found[VALUE].net_low == pytest.approx(10 * math.exp(-z * 0.2) - 2)


def test_the_widest_first_and_all_around_the_net(shop) -> None:
    planner = Planner.of(shop(300, 4), Uncertainty())
    assumed = Assumptions(contact_cost=3.0, returns_anyway=0.1, reach=0.8)
    chosen = planner.chosen(assumed, 120)
    net = planner.outcome_of(assumed, chosen).net.value
    swings = tornado(planner, assumed, chosen)
    widths = [one.width for one in swings]
    assert widths == sorted(widths, reverse=True)
    assert swings[0].name == "save_rate"
    for one in swings:
        assert min(one.net_low, one.net_high) <= net <= max(one.net_low, one.net_high), one.name
    # A rate that was measured on many hangs less.
    sure = tornado(planner, replace(assumed, save_rate_weight=2000.0), chosen)
    of = {one.name: one.width for one in sure}
    assert of["save_rate"] < 0.2 * widths[0]


def test_nobody_contacted_hangs_on_nothing(shop) -> None:
    planner = Planner.of(shop(20, 1), Uncertainty())
    assert tornado(planner, ASSUMED, np.zeros(20, dtype=bool)) == ()
