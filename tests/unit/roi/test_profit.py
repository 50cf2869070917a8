"""One sum of profit, for the promise and for what is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty, profit, redeemed


def test_a_discount_comes_out_of_profit_in_full() -> None:
    """15 % off 100 at a margin of 40 %: 85 paid less 60 for the goods; 40 % of the 85 paid would be 34."""
    assert profit(85.0 + 15.0, 15.0, margin=0.4) == pytest.approx(25)
    assert profit(100.0, 0.0, margin=0.4, contact_cost=3.0) == pytest.approx(37)


def test_whoever_is_saved_uses_the_discount_and_some_of_the_others() -> None:
    assert redeemed(0.6, 0.3, 0.5) == pytest.approx(0.3 + 0.5 * 0.4)


def test_planner_gains_are_that_profit() -> None:
    table = pd.DataFrame(
        {"p_churn": [0.6, 1.0], "clv_if_kept": [40.0, 40.0], "mean_order_value": [100.0, 100.0]}
    )
    planner = Planner.of(table, Uncertainty(), margin=0.4)
    terms = Assumptions(contact_cost=2.0, save_rate=0.5, discount=0.15, margin=0.4)
    # Saved .3 and .5 of an order of 100; redeemed by .3 + .5 x .4 and .5.
    assert planner.gains(terms) == pytest.approx([0.4 * 30 - 7.5 - 2, 0.5 * 25 - 2])
    assert planner.costs(terms) == pytest.approx([9.5, 9.5])
    promised = planner.outcome_of(terms, np.ones(2, dtype=bool)).net.value
    assert promised == pytest.approx(planner.gains(terms).sum())
