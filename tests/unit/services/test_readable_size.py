"""How many customers a readout takes: on and beside the bar of 80 %, what they bring, and what is said where none do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments import Sizes, power_of
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty
from churnkit.services.campaign.readable_size import Ranked, readout_words

PLAN = Assumptions(contact_cost=1.0, save_rate=0.4, discount=0.0)


def ranked(count: int, p: float = 0.5, gain: float = 2.0, plan: Assumptions = PLAN) -> Ranked:
    return Ranked(np.full(count, p), np.ones(count), np.full(count, gain), plan)


def powers(size: int, share: float) -> float:
    """Half buy without a contact, 0.5 + 0.5 x 0.4 with one."""
    arms = Sizes.of(size, share)
    return power_of(0.5, 0.7, arms.treated, arms.held_out, alpha=DeclaredReadout().final_error)


@pytest.mark.parametrize("share", [0.15, 0.5])
def test_the_fewest_who_can_be_read_out(share: float) -> None:
    found = ranked(2000).readable(share)
    assert found.customers is not None
    assert powers(found.customers, share) >= 0.8 > powers(found.customers - 1, share)
    assert found.power == powers(found.customers, share)
    assert found.net == pytest.approx((1 - share) * 2.0 * found.customers)
    assert found.pays and found.with_half is None
    assert found.detectable_save_rate == pytest.approx(0.4, abs=0.01)


def test_a_shop_with_fewer_than_it_takes_has_none() -> None:
    # Whole customers make the power go up and down by a point from one size to the next, so not the very next one.
    needed = ranked(2000).readable(0.15).customers
    assert needed is not None
    assert ranked(needed).readable(0.15).customers is not None
    short = ranked(needed - 20).readable(0.15)
    assert (short.customers, short.strongest, short.pays) == (None, needed - 20, False)
    assert short.power < 0.8
    assert short.with_half == ranked(2000).readable(0.5).customers
    assert "cannot be measured" in short.words("EUR")
    assert (
        f"With half of them left out for comparison, the best {short.with_half} would show it."
        in short.words("EUR")
    )


def test_what_can_be_measured_but_does_not_pay_says_so() -> None:
    found = ranked(2000, gain=-0.5).readable(0.15)
    assert found.customers is not None and not found.pays
    assert "more than they bring" in found.words("EUR")
    # Half held out is no way out where it does not pay either.
    assert ranked(100, gain=-0.5).readable(0.15).with_half is None


def test_those_who_are_not_about_to_leave_make_it_harder() -> None:
    """Of 60 leavers the readout tells something; a thousand loyal customers beside them drown it."""
    p = np.concatenate([np.full(60, 0.9), np.full(1000, 0.01)])
    found = Ranked(p, np.ones(1060), np.ones(1060), PLAN).readable(0.15)
    assert found.customers is None
    assert 40 <= found.strongest <= 90


@pytest.mark.parametrize(
    "plan", [Assumptions(contact_cost=1.0, save_rate=0.0), Assumptions(contact_cost=1.0, reach=0.0)]
)
def test_nobody_can_be_kept(plan: Assumptions) -> None:
    found = ranked(500, plan=plan).readable(0.15)
    assert (found.customers, found.strongest, found.power) == (None, 0, 0.0)
    assert "nobody can be kept" in found.words(None)


def test_nobody_held_out_or_nobody_there() -> None:
    assert ranked(500).readable(0.0).strongest == 0
    assert ranked(1).readable(0.15).strongest == 0


def test_the_order_is_that_of_the_planner() -> None:
    rng = np.random.default_rng(3)
    table = {
        "p_churn": rng.uniform(0.1, 0.9, 900),
        "clv_if_kept": rng.lognormal(4, 1, 900),
        "clv_if_lost": 0.0,
    }
    planner = Planner.of(pd.DataFrame({**table, "mean_order_value": 20.0}), Uncertainty())
    best = planner.ranking(PLAN)[:300]
    base = 1 - planner.p_churn[best].mean()
    arms = Sizes.of(300, 0.15)
    expected = power_of(
        base, base + 0.4 * planner.p_churn[best].mean(), arms.treated, arms.held_out, alpha=0.045
    )
    assert Ranked.of(planner, PLAN).power(300, 0.15) == pytest.approx(expected)
    few, enough = (readout_words(planner, PLAN, size, "EUR") for size in (30, 900))
    assert "at least to see a success rate" in few
    assert "fewest" not in enough
