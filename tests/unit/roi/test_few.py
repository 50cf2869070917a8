"""Customers drawn one by one: against brute force where one carries half of the value; fates that stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty
from churnkit.roi.draws import Drawn
from churnkit.roi.few import FEW, places
from churnkit.roi.outcome import _drawn_by_sums, _shared

UNSURE = Uncertainty(level_sd=0.3, value_log_sd=0.2, spend_cv=1.0)
PLAN = Assumptions(contact_cost=4.0, save_rate=0.3, discount=0.2, reach=0.8, margin=0.5, returns_anyway=0.1)


def lopsided(count: int, seed: int = 1) -> pd.DataFrame:
    """A shop in which the first customer is worth as much as all others together."""
    rng = np.random.default_rng(seed)
    value = rng.lognormal(4.0, 0.5, count)
    value[0] = value[1:].sum()
    order = rng.lognormal(3.0, 0.3, count)
    p_churn = rng.uniform(0.2, 0.7, count)
    frame = {"p_churn": p_churn, "clv_if_kept": value, "clv_if_lost": 0.0, "mean_order_value": order}
    return pd.DataFrame(frame)


def brute_force(table: pd.DataFrame, a: Assumptions, u: Uncertainty, count: int = 30_000) -> np.ndarray:
    """Net of campaigns in which every customer meets his fate, shape (count,)."""
    rng = np.random.default_rng(8)
    p0, value, order = (table[c].to_numpy() for c in ("p_churn", "clv_if_kept", "mean_order_value"))
    spread = p0.mean() * (1 - p0.mean()) / (p0 * (1 - p0)).mean()
    shift = rng.normal(0, u.level_sd * spread, (count, 1))
    p = 1 / (1 + np.exp(-(np.log(p0 / (1 - p0)) + shift)))
    rate = rng.beta(a.save_rate * a.save_rate_weight, (1 - a.save_rate) * a.save_rate_weight, (count, 1))
    factor = np.exp(rng.normal(-(u.value_log_sd**2) / 2, u.value_log_sd, (count, 1)))
    fate = rng.random(p.shape)
    saved = fate < a.reach * rate * p
    stays = ~saved & (fate < a.reach * rate * p + a.reach * a.stayers_redeem * (1 - p))
    spend = rng.exponential(1.0, p.shape) * value * factor * (1 - a.returns_anyway)
    kept = a.margin * (saved * spend).sum(axis=1)
    return np.asarray(kept - a.contact_cost * len(table) - a.discount * ((saved | stays) * order).sum(axis=1))


@pytest.mark.parametrize("count", [2, 30, 200, 600])
def test_where_one_customer_carries_half_of_the_value(count: int) -> None:
    table = lopsided(count)
    found = Planner.of(table, UNSURE).outcome_of(PLAN, np.ones(count, dtype=bool))
    net = brute_force(table, PLAN, UNSURE)
    assert found.p_profit == pytest.approx((net > 0).mean(), abs=0.02)
    # Of two customers nobody is saved so often that a tenth ends below no figure.
    bit = 1e-3
    assert (net < found.net.low - bit).mean() <= 0.115 and (net < found.net.low + bit).mean() >= 0.085
    assert (net > found.net.high + bit).mean() <= 0.115 and (net > found.net.high - bit).mean() >= 0.085


def test_sums_tell_less_of_it() -> None:
    """Why each is drawn: the curve around the sums calls it a profit in 41 of 100 campaigns where 17 are."""
    table, all_of_them = lopsided(30), np.ones(30, dtype=bool)
    sums = Planner.of(table, UNSURE)._table_for(PLAN)
    drawn = _drawn_by_sums(sums.drawn(all_of_them), PLAN, _shared(sums, PLAN, UNSURE), UNSURE)
    assert isinstance(drawn, Drawn)
    assert abs((drawn.net > 0).mean() - (brute_force(table, PLAN, UNSURE) > 0).mean()) > 0.2


def test_a_slider_moves_figures_without_a_leap() -> None:
    planner, chosen = Planner.of(lopsided(30), UNSURE), np.ones(30, dtype=bool)
    free = Assumptions(contact_cost=4.0, discount=0.0, margin=0.5)
    plans = [
        Assumptions(contact_cost=4.0, discount=0.0, margin=0.5, save_rate=s / 500) for s in range(100, 200)
    ]
    found = [planner.outcome_of(plan, chosen) for plan in plans]
    width = planner.outcome_of(free, chosen).net
    steps = np.diff([one.net.high for one in found]) / (width.high - width.low)
    assert (steps > 0).all() and steps.max() < 0.03
    chance = np.diff([one.p_profit for one in found])
    assert (chance >= 0).all() and chance.max() < 0.01


def test_a_customer_keeps_his_fate_whoever_is_chosen_beside_him() -> None:
    table = lopsided(400)
    figures = [table[c].to_numpy() for c in ("p_churn", "clv_if_kept", "mean_order_value")]
    found = places(*figures)
    assert len(set(found)) == 400
    turned = np.random.default_rng(4).permutation(400)
    assert (places(*(f[turned] for f in figures)) == found[turned]).all()
    assert (places(figures[0], figures[1] / 1e4, figures[2] / 1e4) == found).all()
    moved = places(*(f[1:] for f in figures)) != found[1:]
    assert moved.mean() < 0.02


def test_twins_have_a_fate_each() -> None:
    assert sorted(places(*(np.full(FEW, x) for x in (0.5, 10.0, 3.0)))) == list(range(*_run()))


def _run() -> tuple[int, int]:
    first = int(places(*(np.array([x]) for x in (0.5, 10.0, 3.0)))[0])
    return first, first + FEW


def test_both_ways_agree_where_they_meet(shop) -> None:
    planner = Planner.of(shop(2000), UNSURE)
    few, many = (planner.outcome(PLAN, k) for k in (FEW, FEW + 1))
    width = many.net.high - many.net.low
    assert few.net.low == pytest.approx(many.net.low, abs=0.05 * width)
    assert few.net.high == pytest.approx(many.net.high, abs=0.05 * width)
    assert few.p_profit == pytest.approx(many.p_profit, abs=0.02)


def test_spend_is_less_spread_where_it_is_surer() -> None:
    # One customer who is saved for certain and brings 100, around which 50 is the standard deviation.
    table = pd.DataFrame(
        {"p_churn": [1.0], "clv_if_kept": [100.0], "clv_if_lost": [0.0], "mean_order_value": [10.0]}
    )
    plan = Assumptions(contact_cost=0.0, save_rate=1.0, discount=0.0)
    half = Planner.of(table, Uncertainty(0.0, 0.0, 0.0, spend_cv=0.5)).outcome(plan, 1).revenue_protected
    # 50 + 50 x an exponential, of which a tenth lies below -ln 0.9 and above -ln 0.1.
    assert (half.low, half.high) == pytest.approx((50 - 50 * np.log(0.9), 50 - 50 * np.log(0.1)), rel=5e-3)
