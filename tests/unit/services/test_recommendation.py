"""How many to contact, in figures and in words."""

import numpy as np
import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, Money
from churnkit.roi import Planner, Uncertainty
from churnkit.services.decide.recommendation import (
    default_assumptions,
    recommend,
    recommended_targets,
)


def customers(count=400, seed=2):
    rng = np.random.default_rng(seed)
    p = rng.beta(2.0, 1.5, count)
    kept = rng.lognormal(4.8, 0.8, count)
    return pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(count)],
            "status": "active",
            "rank": np.arange(1, count + 1),
            "p_churn": p,
            "p_alive": 1 - 0.5 * p,
            "clv": (1 - p) * kept + p * 0.1 * kept,
            "clv_if_kept": kept,
            "clv_if_lost": 0.1 * kept,
            "mean_order_value": rng.lognormal(3.4, 0.5, count),
            "order_count": rng.integers(1, 12, count),
        }
    )


def test_the_mean_order_prices_a_contact():
    frame = pd.DataFrame({"mean_order_value": [10.0, 40.0], "order_count": [2, 1]})
    found = default_assumptions(frame, Money(contact_cost_share=0.1), "EUR")
    assert found.contact_cost == pytest.approx(2.0)
    assert found.returns_anyway == 0


def test_the_lapsed_are_not_contacted():
    frame = customers().assign(status=np.where(np.arange(400) % 2 == 0, "active", "lapsed"))
    targets = recommended_targets(frame, AnalysisSettings(), "EUR", Uncertainty())
    assert targets
    assert set(frame.set_index("customer_id").loc[targets, "status"]) == {"active"}


def test_most_of_the_gain_is_recommended_with_the_fewest_contacts():
    frame, settings = customers(), AnalysisSettings(money=Money(contact_cost=6.0))
    found = recommend(frame, settings, 60, "EUR", Uncertainty())
    planner = Planner.of(frame, Uncertainty())
    curve = planner.curve(default_assumptions(frame, settings.money, "EUR"))
    k = found.outcome.contacted
    assert 100 < k < curve.optimum < 400
    assert curve.net[k] >= 0.8 * curve.net.max() > curve.net[k - 1]
    assert found.outcome.net.value == pytest.approx(curve.net[k])
    assert f"{curve.optimum} contacts" in found.words
    assert found.outcome.net.low < found.outcome.net.value < found.outcome.net.high
    assert found.outcome.roi is not None
    assert found.outcome.roi.value == pytest.approx(found.outcome.net.value / found.outcome.cost.value)
    assert found.first is not None and found.first.contacted == 100
    assert f"the best {found.outcome.contacted} customers" in found.words
    assert "€" in found.words
    targets = recommended_targets(frame, settings, "EUR", Uncertainty())
    assert len(targets) == len(set(targets)) == found.outcome.contacted
    gains = pd.Series(planner.gains(default_assumptions(frame, settings.money, "EUR")), frame["customer_id"])
    assert gains[targets].is_monotonic_decreasing
    assert gains[targets].min() >= gains.drop(targets).max() > 0


def test_when_no_contact_pays_nobody_is_contacted():
    settings = AnalysisSettings(money=Money(contact_cost=1e6))
    found = recommend(customers(), settings, 60, None, Uncertainty())
    assert (found.outcome.contacted, found.outcome.cost.value, found.outcome.net.value) == (0, 0, 0)
    assert found.outcome.roi is None
    assert found.words.startswith("Contact nobody")
    assert "would not pay at a success rate of 100" in found.words
    assert recommended_targets(customers(), settings, None, Uncertainty()) == []


def test_nobody_to_contact():
    found = recommend(customers().iloc[:0], AnalysisSettings(), 60, None, Uncertainty())
    assert found.outcome.contacted == 0
    assert found.words == "There is no customer to contact."


def test_one_customer_is_written_as_one():
    found = recommend(customers(1), AnalysisSettings(), 60, None, Uncertainty())
    assert found.words.startswith("Contact 1 customer with")
