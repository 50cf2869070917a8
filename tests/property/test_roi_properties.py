"""What must hold of campaigns for all customers and assumptions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty

EXAMPLES = settings(deadline=None, derandomize=True, max_examples=60)

shares = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
# Amounts that a currency has, so that sums neither vanish nor overflow beside each other.
amounts = st.integers(0, 10_000_000).map(lambda cents: cents / 100)
customer = st.tuples(shares, shares, amounts, amounts)


def planner_of(rows: list[tuple[float, float, float, float]]) -> Planner:
    one, two, three, four = (np.array(column) for column in zip(*rows, strict=True))
    return Planner(one, two, three, four, Uncertainty())


planners = st.lists(customer, min_size=1, max_size=30).map(planner_of)
assumptions = st.builds(
    Assumptions,
    contact_cost=amounts,
    save_rate=shares,
    gone_success=shares,
    discount=shares,
    stayers_redeem=shares,
    reach=shares,
    margin=st.floats(0.01, 1),
    returns_anyway=shares,
    save_rate_weight=st.floats(0.5, 1000),
)


def size(planner: Planner, a: Assumptions) -> float:
    """The scale of the money involved, for tolerances."""
    return 1 + float(planner.value.sum() + planner.order_value.sum() + planner.count * a.contact_cost)


@EXAMPLES
@given(planners, assumptions)
def test_no_other_number_of_customers_beats_the_optimum(planner, a) -> None:
    curve = planner.curve(a)
    assert curve.net.shape == (planner.count + 1,)
    assert curve.net[0] == 0
    assert curve.net[curve.optimum] == curve.net.max() >= 0
    assert curve.optimum == 0 or curve.net[curve.optimum] > curve.net[: curve.optimum].max()


@EXAMPLES
@given(planners, assumptions, st.data())
def test_no_other_choice_of_customers_beats_the_optimum(planner, a, data) -> None:
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=planner.count, max_size=planner.count)))
    assert planner.gains(a)[chosen].sum() <= planner.curve(a).net.max() + 1e-9 * size(planner, a)


@EXAMPLES
@given(planners, assumptions, st.integers(0, 35))
def test_curve_ranking_choice_and_outcome_agree(planner, a, k) -> None:
    chosen = planner.chosen(a, k)
    assert sorted(np.flatnonzero(chosen)) == sorted(planner.ranking(a)[:k])
    result = planner.outcome(a, k)
    assert result.contacted == min(k, planner.count)
    tolerance = 1e-9 * size(planner, a)
    assert math.isclose(
        result.net.value, planner.curve(a).net[min(k, planner.count)], abs_tol=tolerance, rel_tol=1e-9
    )
    assert math.isclose(result.cost.value, planner.costs(a)[chosen].sum(), abs_tol=tolerance, rel_tol=1e-9)


@EXAMPLES
@given(planners, assumptions, st.integers(0, 35))
def test_intervals_hold_their_point_and_stay_possible(planner, a, k) -> None:
    result = planner.outcome(a, k)
    for found in (result.saves, result.revenue_protected, result.cost, result.net):
        assert found.low <= found.value <= found.high
    slack = 1e-4 * size(planner, a)
    assert result.saves.low >= 0 and result.saves.high <= result.contacted + 1e-9
    assert result.revenue_protected.low >= 0
    assert result.cost.low >= result.contact_cost - slack
    assert 0 <= result.p_profit <= 1
    assert (result.roi is None) == (result.cost.value == 0)


@EXAMPLES
@given(planners, assumptions, st.integers(1, 35))
def test_net_is_zero_at_the_break_even_save_rate(planner, a, k) -> None:
    chosen = planner.chosen(a, k)
    found = planner.outcome_of(a, chosen).break_even_save_rate
    if found is None:
        best = replace(a, save_rate=1.0)
        assert planner.outcome_of(best, chosen).net.value <= 1e-9 * size(planner, a)
    else:
        assert 0 <= found <= 1
        at = replace(a, save_rate=found)
        assert math.isclose(planner.outcome_of(at, chosen).net.value, 0, abs_tol=1e-9 * size(planner, a))


@EXAMPLES
@given(planners, assumptions, amounts)
def test_a_budget_is_kept_and_used_up(planner, a, budget) -> None:
    gains, costs, slack = planner.gains(a), planner.costs(a), 1e-9 * size(planner, a)
    taken = planner.best_within(a, budget)
    left = budget - costs[taken].sum()
    assert left >= -slack
    assert (gains[taken] > 0).all()
    assert (costs[~taken & (gains > 0)] > left - slack).all()
    # Never less than the best ones up to the first that does not fit.
    order = planner.ranking(a)
    prefix = int(np.searchsorted(np.cumsum(costs[order]), budget - slack, side="right"))
    assert gains[taken].sum() >= np.clip(gains[order[:prefix]], 0, None).sum() - slack


@EXAMPLES
@given(planners, assumptions, st.integers(0, 35))
def test_saving_nobody_costs_the_cost(planner, a, k) -> None:
    nothing = replace(a, save_rate=0.0)
    result = planner.outcome(nothing, k)
    assert math.isclose(result.net.value, -result.cost.value, abs_tol=1e-9 * size(planner, a))
    assert result.saves.high == 0


@EXAMPLES
@given(planners, assumptions, shares, st.integers(0, 35))
def test_more_success_is_never_worse_unless_the_discount_eats_it(planner, a, other, k) -> None:
    low, high = sorted((a.save_rate, other))
    free = replace(a, discount=0.0)
    worse = planner.outcome(replace(free, save_rate=low), k).net.value
    better = planner.outcome(replace(free, save_rate=high), k).net.value
    assert better >= worse - 1e-9 * size(planner, a)
