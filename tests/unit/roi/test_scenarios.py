"""Ready-made campaigns and what is at risk by group."""

import numpy as np
import pandas as pd
import pytest

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty, at_risk_by, by_size, presets, value_at_risk

USUAL = Assumptions(contact_cost=3.0)


def test_a_to_d_contact_as_many_as_they_say():
    found = by_size(USUAL)
    assert [scenario.customers for scenario in found] == [50, 100, 200, None]
    assert all(scenario.assumptions == USUAL for scenario in found)


def test_presets_differ_as_their_names_promise():
    conservative, balanced, aggressive, high_risk = presets(USUAL)
    assert balanced.assumptions == high_risk.assumptions == USUAL
    assert conservative.assumptions.save_rate < USUAL.save_rate < aggressive.assumptions.save_rate
    assert conservative.assumptions.discount < USUAL.discount < aggressive.assumptions.discount
    few, some, many = (one.customers for one in (conservative, balanced, aggressive))
    assert few is not None and some is not None and many is not None
    assert few < some < many
    certain = Assumptions(contact_cost=1.0, save_rate=1.0)
    assert presets(certain)[2].assumptions.save_rate == 1.0


def test_value_at_risk_by_hand():
    frame = pd.DataFrame(
        {
            "p_churn": [0.5, 0.2, 1.0],
            "clv_if_kept": [40.0, 100.0, 8.0],
            "mean_order_value": [10.0] * 3,
            "p_alive": [0.1] * 3,
        }
    )
    planner = Planner.of(frame, Uncertainty(), margin=0.4)
    everybody = value_at_risk(planner, np.ones(3, dtype=bool), margin=0.4)
    assert everybody.value == pytest.approx(20 + 20 + 8)
    assert everybody.low < everybody.value < everybody.high
    table = at_risk_by(planner, pd.Series(["b", "a", "a"]), margin=0.4)
    assert table["group"].tolist() == ["a", "b"]
    assert table.index.tolist() == [0, 1]
    assert table["value_at_risk"].tolist() == pytest.approx([28, 20])
    assert table["leavers"].tolist() == pytest.approx([1.2, 0.5])
    assert table["share"].tolist() == pytest.approx([28 / 48, 20 / 48])
    assert table["customers"].tolist() == [2, 1]


def test_nothing_at_risk_has_no_shares():
    frame = pd.DataFrame({"p_churn": [0.0], "clv_if_kept": [40.0], "mean_order_value": [10.0]})
    table = at_risk_by(Planner.of(frame, Uncertainty()), pd.Series(["a"]))
    assert table["share"].tolist() == [0.0]
    nobody = Planner.of(frame.iloc[:0], Uncertainty())
    assert at_risk_by(nobody, pd.Series([], dtype=str)).empty


def test_names_say_whom_they_contact():
    names = [scenario.name for scenario in by_size(USUAL)]
    assert names == ["A: top 50", "B: top 100", "C: top 200", "D: all high risk"]


def test_save_rates_of_presets_are_whole_percents():
    # Half of 33 % and 1.3 times it are 16.5 and 42.9.
    found = presets(Assumptions(contact_cost=1.0, save_rate=0.33))
    assert found[0].assumptions.save_rate in (0.16, 0.17)
    assert found[2].assumptions.save_rate == 0.43


@pytest.mark.parametrize(
    ("discount", "small", "large"), [(0.05, 0.05, 0.25), (0.15, 0.1, 0.25), (0.3, 0.1, 0.3)]
)
def test_discounts_of_presets_are_bounded_by_those_of_the_settings(discount, small, large):
    found = presets(Assumptions(contact_cost=1.0, discount=discount, stayers_redeem=0.9))
    assert [one.assumptions.discount for one in found] == [small, discount, large, discount]
    assert found[0].assumptions.stayers_redeem == 0.9
    assert presets(USUAL)[0].assumptions.stayers_redeem == 0.8
