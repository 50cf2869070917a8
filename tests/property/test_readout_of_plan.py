"""A campaign that goes as planned is read out as it was promised: the same profit, in expectation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments import read_out
from churnkit.experiments.outcomes import Outcomes
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty

CUSTOMERS, CAMPAIGNS, YEAR = 2000, 60, 365
# Without a cap: it takes a little off the largest.
DECLARED = DeclaredReadout(cap_quantile=0.999999)
TERMS = {
    "a discount that eats the margin": Assumptions(contact_cost=0.5, discount=0.3, margin=0.4, reach=0.9),
    "no discount": Assumptions(contact_cost=2.0, save_rate=0.5, discount=0.0, margin=0.6),
    "everybody redeems": Assumptions(contact_cost=0.0, save_rate=0.1, stayers_redeem=1.0, margin=0.2),
}


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
def test_the_readout_of_a_simulated_plan_equals_the_plan(terms: Assumptions) -> None:
    rng = np.random.default_rng(11)
    p, gone = rng.uniform(0.1, 0.9, CUSTOMERS), rng.uniform(0, 0.6, CUSTOMERS)
    order = rng.uniform(10, 100, CUSTOMERS)
    # A year of one order or more; who is likely to leave buys for less, so that means of all would not do.
    value = order * (2 - p)
    planner = Planner(p, gone, value, order, Uncertainty())
    members = pd.DataFrame(
        {
            "customer_id": np.arange(CUSTOMERS).astype(str),
            "p_churn": p,
            "savable": planner.savable(terms),
            "mean_order_value": order,
        }
    )
    beyond, discounts = [], 0.0
    for _ in range(CAMPAIGNS):
        treated = rng.permutation(CUSTOMERS) % 2 == 0
        promise = planner.outcome_of(terms, treated)
        rows = as_planned(members, value, treated, terms, rng)
        found = read_out(
            members.assign(arm=np.where(treated, "treatment", "holdout")),
            Outcomes(rows, YEAR, YEAR),
            holdout_share=0.5,
            planned_rate=float(1 - p.mean()),
            assumptions=terms,
            promise=promise,
            declared=DECLARED,
        ).realised
        assert found.window_net is not None
        beyond.append((found.window_net.value - promise.net.value, found.year_net.value - promise.net.value))
        discounts = promise.cost.value - promise.contact_cost
    error = np.std(beyond, axis=0, ddof=1) / CAMPAIGNS**0.5
    assert (abs(np.mean(beyond, axis=0)) < 3 * error).all()
    # Were the margin taken of what was paid, as much as (1 - margin) of the discounts would be missing.
    if discounts > 0:
        assert (1 - terms.margin) * discounts > 4 * error[0]


def as_planned(
    members: pd.DataFrame,
    value: np.ndarray,
    treated: np.ndarray,
    terms: Assumptions,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Results of everybody, drawn by the plan's own probabilities; revenue is what is paid."""
    count = len(members)
    leaving = rng.random(count) < members["p_churn"]
    kept = rng.random(count) < terms.reach * terms.save_rate * members["savable"]
    saved = leaving & kept & treated
    redeeming = ~leaving & treated & (rng.random(count) < terms.reach * terms.stayers_redeem)
    bought = ~leaving | saved
    given = terms.discount * members["mean_order_value"] * (saved | redeeming)
    return pd.DataFrame(
        {
            "customer_id": members["customer_id"],
            "converted": bought.astype(int),
            "revenue": np.where(bought, value - given, 0.0),
        }
    )
