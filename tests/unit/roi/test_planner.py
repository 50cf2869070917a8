"""Gains, ranking, curve and optimum by hand; outcomes against a brute-force simulation."""

import threading
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import Planner, Uncertainty
from churnkit.roi.at_risk import value_at_risk
from churnkit.roi.draws import beta_quantiles
from churnkit.roi.sensitivity import tornado
from churnkit.roi.sums import SumTable

SURE = Uncertainty(level_sd=0.0, value_log_sd=0.0, spend_cv=0.0)


def planner(p, value, order, alive=None, uncertainty=SURE, margin=1.0):
    frame = pd.DataFrame({"p_churn": p, "clv_if_kept": value, "mean_order_value": order})
    if alive is not None:
        frame["p_alive"] = alive
    return Planner.of(frame, uncertainty, margin)


def test_gain_by_hand():
    # Of 100 contacts 50 are read. Saved: 0.5 x 0.8 x 0.25 = 0.1, worth 0.6 x 0.9 x 200 less a 30 discount; would
    # have stayed: 0.5 x 0.2, of whom 40 % take the 30.
    a = Assumptions(
        contact_cost=2.0,
        save_rate=0.25,
        discount=0.3,
        stayers_redeem=0.4,
        reach=0.5,
        margin=0.6,
        returns_anyway=0.1,
    )
    found = planner([0.8], [120.0], [100.0], margin=0.6)
    assert found.gains(a) == pytest.approx([0.1 * (0.6 * 0.9 * 200 - 30) - 0.5 * 0.2 * 0.4 * 30 - 2.0])
    result = found.outcome(a, 1)
    assert result.saves.value == pytest.approx(0.1)
    assert result.revenue_protected.value == pytest.approx(0.1 * 0.9 * 200)
    assert result.discount_to_stayers == pytest.approx(1.2)
    assert result.cost.value == pytest.approx(2.0 + 3.0 + 1.2)
    assert result.net.value == pytest.approx(found.gains(a)[0])
    assert result.roi.value == pytest.approx(result.net.value / 6.2)


def test_who_is_gone_already_is_seldom_saved():
    # Of the 0.8 that will be silent 0.5 are gone; the rest is saved at 0.4, they at 0.4 x 0.1.
    a = Assumptions(contact_cost=0.0, save_rate=0.4, gone_success=0.1, discount=0.0)
    found = planner([0.8], [100.0], [10.0], alive=[0.5])
    assert found.gains(a) == pytest.approx([(0.3 * 0.4 + 0.5 * 0.04) * 100])


def test_success_that_was_measured_by_tier():
    a = Assumptions(contact_cost=0.0, save_rate=0.4, gone_success=0.1, discount=0.0)
    frame = pd.DataFrame(
        {
            "p_churn": [0.5, 0.5, 0.5, 0.5],
            "clv_if_kept": 100.0,
            "mean_order_value": 10.0,
            "p_alive": [0.5, 1.0, 1.0, 1.0],
            "risk_tier": ["high", "high", "low", None],
        }
    )
    found = Planner.of(frame, SURE, by_tier=(("high", 2.0), ("low", 0.5)))
    assert found.gains(a) == pytest.approx([0.5 * 0.4 * 0.2 * 100, 40.0, 10.0, 20.0])
    everybody = np.ones(4, dtype=bool)
    assert found.outcome_of(a, everybody).net.value == pytest.approx(found.gains(a).sum())
    # At 80 % twice the success would be more than everybody.
    sure = replace(a, save_rate=0.8)
    assert found.gains(sure)[1] == pytest.approx(50.0)
    assert found.outcome_of(sure, everybody).saves.value == pytest.approx(found.gains(sure).sum() / 100)
    # What stands to be lost has no campaign in it.
    plain = Planner.of(frame, SURE)
    assert value_at_risk(found, everybody) == value_at_risk(plain, everybody)
    assert plain.alike() is plain and tornado(found, a, everybody)[0].width > 0


def test_unknown_p_alive_makes_no_difference():
    a = Assumptions(contact_cost=0.0, save_rate=0.4, discount=0.0)
    assert planner([0.8], [100.0], [10.0], alive=[np.nan]).gains(a) == pytest.approx([32.0])


def test_curve_optimum_and_choice_by_hand():
    # Gains at 10 a contact and half saved: 40, 15, 0, -10, -5.
    a = Assumptions(contact_cost=10.0, save_rate=0.5, discount=0.0)
    found = planner([1.0, 0.5, 0.2, 0.0, 0.1], [100.0, 100.0, 100.0, 500.0, 100.0], [1.0] * 5)
    curve = found.curve(a)
    assert curve.net == pytest.approx([0, 40, 55, 55, 50, 40])
    assert curve.optimum == 2
    assert curve.reaching(0.5) == 1
    assert found.ranking(a).tolist() == [0, 1, 2, 4, 3]
    assert found.chosen(a, 2).tolist() == [True, True, False, False, False]
    assert found.chosen(a, 99).all()
    assert not found.chosen(a, 0).any()
    assert np.flatnonzero(found.best_within(a, 15.0)).tolist() == [0]
    assert not found.best_within(a, 9.99).any()
    assert np.flatnonzero(found.best_within(a, 1e9)).tolist() == [0, 1]
    assert np.flatnonzero(found.best_within(a, 1e9, 1)).tolist() == [0]
    assert not found.best_within(a, 1e9, 0).any()


def test_a_budget_passes_over_whom_it_no_longer_pays_for():
    # Everybody would have left, one in two stays and takes a tenth off: contacts cost 1 + 0.05 x order = 2, 11, 6, 2, 3.
    a = Assumptions(contact_cost=1.0, save_rate=0.5, discount=0.1)
    found = planner([1.0] * 5, [500.0, 400.0, 300.0, 200.0, 5.9], [20.0, 200.0, 100.0, 20.0, 40.0])
    assert found.costs(a) == pytest.approx([2, 11, 6, 2, 3])
    for budget, taken in ((13, [0, 1]), (12.99, [0, 2, 3]), (10, [0, 2, 3]), (9.99, [0, 2]), (7.99, [0, 3])):
        assert np.flatnonzero(found.best_within(a, budget)).tolist() == taken, budget
    # The last one costs more than he brings, however much is left.
    assert not found.best_within(a, 1e9)[4]
    assert np.flatnonzero(found.best_within(a, 10, 2)).tolist() == [0, 2]


def test_ties_go_by_the_order_of_the_rows():
    a = Assumptions(contact_cost=1.0, discount=0.0)
    found = planner([0.5] * 6, [100.0] * 6, [1.0] * 6)
    assert found.ranking(a).tolist() == [0, 1, 2, 3, 4, 5]
    assert found.chosen(a, 3).tolist() == [True, True, True, False, False, False]


def test_points_of_a_chart_hold_ends_and_optimum(shop):
    found = Planner.of(shop(5000), Uncertainty())
    curve = found.curve(Assumptions(contact_cost=15.0))
    points = curve.points(50)
    assert 50 <= len(points) <= 51
    assert {0, curve.optimum, 5000} <= set(points["customers"])
    assert points["net"].max() == curve.net.max()


def test_no_contact_pays():
    found = planner([0.5], [10.0], [1.0])
    curve = found.curve(Assumptions(contact_cost=1000.0))
    assert curve.optimum == 0
    nothing = found.outcome(Assumptions(contact_cost=1000.0), 0)
    assert (nothing.contacted, nothing.cost.value, nothing.net.value, nothing.roi) == (0, 0, 0, None)
    assert nothing.break_even_save_rate is None
    assert nothing.p_profit == 0


def test_a_save_rate_of_nought_costs_what_it_costs():
    found = planner([0.6, 0.3], [100.0, 50.0], [40.0, 20.0])
    result = found.outcome(Assumptions(contact_cost=3.0, save_rate=0.0, discount=0.5, stayers_redeem=1.0), 2)
    # 2 x 3, and half an order to those who would have stayed: 0.4 x 20 + 0.7 x 10.
    assert result.cost.value == pytest.approx(6 + 8 + 7)
    assert result.net.value == pytest.approx(-21)
    assert result.net.high <= -6
    assert result.saves.high == 0


def test_break_even():
    found = planner([0.6, 0.3], [100.0, 50.0], [40.0, 20.0])
    a = Assumptions(contact_cost=3.0, discount=0.2)
    at = found.outcome(a, 2).break_even_save_rate
    b = Assumptions(contact_cost=3.0, discount=0.2, save_rate=at)
    assert found.outcome_of(b, np.array([True, True])).net.value == pytest.approx(0, abs=1e-9)
    assert found.outcome(Assumptions(contact_cost=3000.0), 2).break_even_save_rate is None


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("p_churn", 1.2, "p_churn must be between 0 and 1, but 1 of 2"),
        ("p_churn", np.nan, "p_churn"),
        ("clv_if_kept", -1.0, "clv_if_kept"),
        ("clv_if_kept", np.inf, "clv_if_kept"),
        ("mean_order_value", np.nan, "mean_order_value"),
    ],
)
def test_figures_that_cannot_be(column, value, message):
    frame = pd.DataFrame({"p_churn": [0.5, 0.5], "clv_if_kept": [1.0, 1.0], "mean_order_value": [1.0, 1.0]})
    frame.loc[1, column] = value
    with pytest.raises(DataError, match=message):
        Planner.of(frame, Uncertainty())


def test_an_order_value_below_nought_gives_nothing_away():
    a = Assumptions(contact_cost=1.0, save_rate=0.0, discount=0.5)
    assert planner([0.5], [10.0], [-20.0]).gains(a) == pytest.approx([-1.0])


def test_no_customers():
    found = planner([], [], [])
    a = Assumptions(contact_cost=1.0)
    assert found.curve(a).optimum == 0
    assert found.outcome(a, 10).net.value == 0


def brute_force(frame, chosen, a, uncertainty, widening, count=40_000):
    """Every customer of every draw by itself: saves, revenue, cost, net of each draw."""
    rng = np.random.default_rng(3)
    rows = frame[chosen]
    p0, value, order = (rows[c].to_numpy() for c in ("p_churn", "clv_if_kept", "mean_order_value"))
    gone = np.minimum(1 - rows["p_alive"].to_numpy(), p0) / p0
    logit = np.log(p0 / (1 - p0))
    results = []
    for _ in range(count // 2000):
        draws = 2000
        shift = rng.normal(0, uncertainty.level_sd * widening, (draws, 1))
        sd = uncertainty.value_log_sd
        factor = np.exp(rng.normal(-(sd**2) / 2, sd, (draws, 1)))
        weight = a.save_rate_weight
        save_rate = rng.beta(a.save_rate * weight, (1 - a.save_rate) * weight, (draws, 1))
        p = 1 / (1 + np.exp(-(logit + shift)))
        saved_p = a.reach * save_rate * (1 - (1 - a.gone_success) * gone) * p
        stays_p = a.reach * a.stayers_redeem * (1 - p)
        u = rng.random(p.shape)
        saved, stays = u < saved_p, (u >= saved_p) & (u < saved_p + stays_p)
        spend = rng.exponential(1.0, p.shape) * value * factor * (1 - a.returns_anyway)
        revenue = (saved * spend).sum(axis=1)
        cost = a.contact_cost * len(rows) + a.discount * ((saved | stays) * order).sum(axis=1)
        results.append(
            pd.DataFrame(
                {
                    "saves": saved.sum(axis=1),
                    "revenue": revenue,
                    "cost": cost,
                    "net": revenue * a.margin - cost,
                }
            )
        )
    return pd.concat(results)


@pytest.mark.parametrize("k", [40, 300])
def test_intervals_are_those_of_brute_force(shop, k):
    frame = shop(300, 5)
    uncertainty = Uncertainty(level_sd=0.3, value_log_sd=0.2, spend_cv=1.0)
    a = Assumptions(contact_cost=4.0, save_rate=0.3, discount=0.2, reach=0.8, margin=0.7, returns_anyway=0.1)
    found = Planner.of(frame, uncertainty)
    chosen = found.chosen(a, k)
    p = frame["p_churn"]
    widening = p.mean() * (1 - p.mean()) / (p * (1 - p)).mean()
    drawn = brute_force(frame, chosen, a, uncertainty, widening)
    result = found.outcome_of(a, chosen)
    ranges = {
        "saves": result.saves,
        "revenue": result.revenue_protected,
        "cost": result.cost,
        "net": result.net,
    }
    for name, interval in ranges.items():
        low, high = drawn[name].quantile([0.1, 0.9])
        width = high - low
        assert interval.low == pytest.approx(low, abs=0.06 * width), name
        assert interval.high == pytest.approx(high, abs=0.06 * width), name
        # The point leaves the level where it was forecast; its error moves the mean a little.
        assert interval.value == pytest.approx(drawn[name].mean(), abs=0.1 * width), name
    assert result.p_profit == pytest.approx((drawn["net"] > 0).mean(), abs=0.02)
    roi = drawn["net"] / drawn["cost"]
    assert result.roi is not None
    assert result.roi.low == pytest.approx(
        roi.quantile(0.1), abs=0.06 * (roi.quantile(0.9) - roi.quantile(0.1))
    )


def test_a_sure_forecast_leaves_the_save_rate_and_chance(shop):
    frame = shop(4000)
    a = Assumptions(contact_cost=1.0, discount=0.0)
    exact = Planner.of(frame, SURE).outcome(a, 4000).saves
    expected = exact.value / a.save_rate * beta_quantiles(0.35, 20, np.array([0.1, 0.9]))
    assert (exact.low, exact.high) == pytest.approx(tuple(expected), rel=0.02)
    unsure = Planner.of(frame, Uncertainty()).outcome(a, 4000).saves
    assert unsure.low < exact.low and unsure.high > exact.high


def test_the_same_inputs_give_the_same_interval(shop):
    a = Assumptions(contact_cost=4.0)
    first = Planner.of(shop(700), Uncertainty()).outcome(a, 100)
    assert Planner.of(shop(700), Uncertainty()).outcome(a, 100) == first


def test_neighbouring_assumptions_give_neighbouring_intervals(shop):
    found = Planner.of(shop(2000), Uncertainty())
    lows = [
        found.outcome(Assumptions(contact_cost=4.0, save_rate=s / 100), 200).net.low for s in range(20, 40)
    ]
    steps = np.diff(lows)
    assert (steps > 0).all()
    assert steps.max() < 2 * steps.min()


def test_picked_and_weighted_sums_agree(shop):
    frame = shop(20_000)
    found = Planner.of(frame, Uncertainty())
    a = Assumptions(contact_cost=4.0)
    table = found._table_for(a)
    chosen = found.chosen(a, 2600)
    assert chosen.mean() > 0.125
    fewer = chosen.copy()
    fewer[np.flatnonzero(chosen)[2400:]] = False
    last = chosen & ~fewer
    for sums in (table.expected, table.drawn):
        for name, value in vars(sums(chosen)).items():
            parts = np.asarray(vars(sums(fewer))[name]) + vars(sums(last))[name]
            np.testing.assert_allclose(value, parts, rtol=1e-4)


def test_threads_may_share_a_planner(shop):
    frame = shop(3000)
    expected = [
        Planner.of(frame, Uncertainty()).outcome(Assumptions(contact_cost=2.0, gone_success=g / 8), 500)
        for g in range(8)
    ]
    found = Planner.of(frame, Uncertainty())
    results: dict[int, list] = {}

    def work(thread: int) -> None:
        results[thread] = [
            found.outcome(Assumptions(contact_cost=2.0, gone_success=g / 8), 500) for g in range(8)
        ]

    threads = [threading.Thread(target=work, args=(t,)) for t in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[t] == expected for t in range(4))


def test_the_error_of_value_leaves_the_mean_and_spreads_around_it():
    # One customer who is saved for certain: 100 times a lognormal of mean 1 and log deviation 1.
    found = planner([1.0], [100.0], [10.0], uncertainty=Uncertainty(0.0, 1.0, 1.0, spend_cv=0.0))
    money = found.outcome(Assumptions(contact_cost=0.0, save_rate=1.0, discount=0.0), 1).revenue_protected
    tails = [100 * np.exp(z - 0.5) for z in (-1.28155, 1.28155)]
    assert (money.value, money.low, money.high) == pytest.approx((100, *tails), rel=1e-2)


def test_the_chance_of_a_profit_does_not_depend_on_the_coin(shop):
    frame = shop(300)
    a = Assumptions(contact_cost=4.0)
    small = frame.assign(
        clv_if_kept=frame["clv_if_kept"] / 1e4, mean_order_value=frame["mean_order_value"] / 1e4
    )
    found = Planner.of(frame, Uncertainty()).outcome(a, 60).p_profit
    assert 0 < found < 1
    cents = Planner.of(small, Uncertainty()).outcome(Assumptions(contact_cost=4e-4), 60)
    assert cents.p_profit == pytest.approx(found, abs=1e-3)


def test_some_of_a_tie_beside_better_ones():
    a = Assumptions(contact_cost=0.0, save_rate=1.0, discount=0.0)
    found = planner([1.0] * 5, [5.0, 3.0, 3.0, 3.0, 9.0], [1.0] * 5)
    assert found.chosen(a, 3).tolist() == [True, True, False, False, True]


def test_nobody_is_gone_with_more_than_the_probability_of_churn():
    # 0.9 would be gone, but only 0.3 leave: all of them are saved at 0.4 x 0.1.
    a = Assumptions(contact_cost=0.0, save_rate=0.4, gone_success=0.1, discount=0.0)
    assert planner([0.3], [100.0], [10.0], alive=[0.1]).gains(a) == pytest.approx([0.3 * 0.04 * 100])


def test_a_share_of_the_optimum_on_and_beside_the_bar():
    # Gains 40 and 15: 55 at the best.
    a = Assumptions(contact_cost=10.0, save_rate=0.5, discount=0.0)
    curve = planner([1.0, 0.5], [100.0, 100.0], [1.0] * 2).curve(a)
    assert [curve.reaching(share) for share in (40 / 55, 0.73, 1.0)] == [1, 2, 2]


def test_the_level_moves_the_odds_of_the_overall_rate_by_its_error():
    # Halves at 0.1 and 0.9: p (1 - p) is 0.09 for each and 0.25 for the overall rate, which moves 0.25 x 0.1.
    once = np.ones(2)
    table = SumTable(np.array([0.1, 0.9]), once, once, once, 0.1)
    assert table.drawn(np.array([True, True])).p_f.std() / 2 == pytest.approx(0.025, rel=0.02)
