"""A campaign read out: effects, save rate, money, verdict, and what blocks it."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from churnkit.errors import DataError
from churnkit.experiments import (
    SampleRatioMismatch,
    conversion_information,
    difference_of_proportions,
    difference_of_spend,
    discounts_taken,
    read_out,
    realised,
    safe_interval,
    save_rate,
    verdict,
    with_save_rate,
)
from churnkit.experiments.outcomes import Outcomes
from churnkit.experiments.readout import UNDECLARED, _require_arms
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.codec import from_json, to_text
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Readout

ASSUMPTIONS = Assumptions(contact_cost=2.0, save_rate=0.35, discount=0.1, margin=0.5)
PROMISE = Outcome(
    contacted=800,
    contact_cost=1600.0,
    cost=Interval(2000.0, 1900.0, 2100.0),
    discount_to_stayers=300.0,
    saves=Interval(100.0, 60.0, 140.0),
    revenue_protected=Interval(20_000.0, 9000.0, 30_000.0),
    net=Interval(8000.0, 3000.0, 13_000.0),
    roi=Interval(4.0, 1.5, 6.5),
    break_even_save_rate=0.1,
    p_profit=0.97,
)
TREATED, HELD_OUT = 800, 200
DECLARED = DeclaredReadout()


@pytest.fixture
def members() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": [f"{n:04d}" for n in range(TREATED + HELD_OUT)],
            "arm": ["treatment"] * TREATED + ["holdout"] * HELD_OUT,
            "p_churn": np.tile([0.9, 0.5], 500),
            "savable": np.tile([0.8, 0.4], 500),
            "mean_order_value": 40.0,
            "expected_spend": np.tile([5.0, 25.0], 500),
        }
    )


@pytest.fixture
def read(members: pd.DataFrame) -> Callable[..., Readout]:
    """The readout when so many of each arm bought for 40."""

    def made(
        bought: int, bought_without: int, *, elapsed: float = 60.0, with_revenue: bool = True
    ) -> Readout:
        converted = np.zeros(len(members), dtype=int)
        converted[:bought] = 1
        converted[TREATED : TREATED + bought_without] = 1
        rows = pd.DataFrame({"customer_id": members["customer_id"], "converted": converted})
        if with_revenue:
            rows["revenue"] = converted * 40.0
        return read_out(
            members,
            Outcomes(rows, elapsed, 60),
            holdout_share=0.2,
            planned_rate=0.3,
            assumptions=ASSUMPTIONS,
            promise=PROMISE,
            declared=DECLARED,
        )

    return made


def test_effects_are_those_of_the_arms(read) -> None:
    found = read(320, 50)
    assert (found.treated, found.held_out) == (800, 200)
    assert found.conversion.difference == difference_of_proportions(320, 800, 50, 200, alpha=0.045)
    assert found.conversion.difference.value == pytest.approx(0.15)
    revenue = found.revenue
    one, base = np.repeat([40.0, 0.0], [320, 480]), np.repeat([40.0, 0.0], [50, 150])
    assert revenue.difference == difference_of_spend(one, base, alpha=0.045)
    assert (revenue.treated, revenue.held_out, revenue.cap) == (16.0, 10.0, None)
    assert found.grade == "worked"


def test_save_rate_by_hand(read) -> None:
    """Churn 0.6 against 0.75: 1 - 0.8 = 0.2; over the mean savable part (0.9 x 0.8 + 0.5 x 0.4) / 1.4 = 0.65714."""
    found = read(320, 50).save_rate
    assert found.rate.value == pytest.approx(0.2 / 0.657143, abs=1e-5)
    assert found.rate.low < found.rate.value < found.rate.high
    plain = save_rate(320, 800, 50, 200)
    assert plain is not None
    assert plain.rate.value == pytest.approx(0.2)
    assert plain.rate.low > 0.05


def test_weight_is_that_of_a_beta_with_the_intervals_spread(read) -> None:
    found = save_rate(320, 800, 50, 200)
    assert found is not None
    deviation = (found.rate.high - found.rate.low) / 3.919928
    assert found.weight == pytest.approx(0.2 * 0.8 / deviation**2 - 1, rel=1e-4)


def test_measured_save_rate_becomes_the_default_of_the_next_plan(read) -> None:
    found = read(320, 50).save_rate
    after = with_save_rate(ASSUMPTIONS, found)
    assert after.save_rate == found.rate.value
    assert after.save_rate_weight == found.weight
    assert (after.contact_cost, after.discount) == (ASSUMPTIONS.contact_cost, ASSUMPTIONS.discount)
    worse = save_rate(100, 800, 50, 200)
    assert worse is not None
    assert worse.rate.value < 0
    assert with_save_rate(ASSUMPTIONS, worse).save_rate == 0.0


def test_nobody_about_to_leave_has_no_save_rate() -> None:
    assert save_rate(90, 100, 20, 20) is None
    with pytest.raises(DataError, match="must be in"):
        save_rate(1, 2, 1, 2, reach=0.0)


def test_money_by_hand() -> None:
    """800 treated, +0.15 bought, +6 paid each, +2.50 of it profit.

    Saves 120. In the window 4,800 revenue and 2,000 profit, less 1,600 for contacts: 400, ROI 0.25. On the
    promise's terms a save brings 200 a year, half of it profit, less a discount of 1 (2,000 - 1,600 - 300 over 100);
    120 x 99 - 1,600 - 300 = 9,980, and 1,600 + 300 + 120 = 2,020 were spent.
    """
    share, paid, gain = Interval(0.15, 0.05, 0.25), Interval(6.0, 1.0, 11.0), Interval(2.5, 0.0, 5.0)
    found = realised(share, paid, gain, 800, ASSUMPTIONS, PROMISE, 300.0)
    assert found.saves == Interval(120.0, 40.0, 200.0)
    assert found.contact_cost == 1600
    assert found.window_revenue == Interval(4800.0, 800.0, 8800.0)
    assert found.window_net == Interval(400.0, -1600.0, 2400.0)
    assert found.window_discounts == 300.0
    assert found.window_roi is not None
    assert found.window_roi.value == pytest.approx(0.25)
    assert found.year_net.value == pytest.approx(9980)
    assert found.year_net.low == pytest.approx(40 * 99 - 1900)
    assert found.year_roi == pytest.approx(9980 / 2020)


def test_a_discount_that_loses_money_is_not_called_a_gain(members) -> None:
    """15 % off 100 at a margin of 40 %: everybody buys anyway and half of those contacted use it.

    The contacted pay 7.50 less each for the same goods: 800 x 7.50 are lost in full, not 40 % of them.
    """
    terms = Assumptions(contact_cost=0.0, save_rate=0.0, discount=0.15, margin=0.4)
    members = members.assign(p_churn=0.0, mean_order_value=100.0)
    treated = (members["arm"] == "treatment").to_numpy()
    rows = pd.DataFrame(
        {"customer_id": members["customer_id"], "converted": 1, "revenue": np.where(treated, 92.5, 100.0)}
    )
    found = read_out(
        members,
        Outcomes(rows, 60, 60),
        holdout_share=0.2,
        planned_rate=1.0,
        assumptions=terms,
        promise=PROMISE,
        declared=DECLARED,
    ).realised
    assert found.window_net is not None
    assert found.window_net.value == pytest.approx(-800 * 7.5)
    assert found.window_discounts == pytest.approx(800 * 7.5)


def test_who_is_saved_takes_the_discount_and_some_of_the_others(members) -> None:
    """p 0.5, savable 0.4, rate 0.35: 0.07 saved and 0.5 stay, of whom half: 0.32 / 0.57 of 10 % of 40."""
    given = discounts_taken(
        members, np.ones(1000, dtype=bool), (members["arm"] == "treatment").to_numpy(), ASSUMPTIONS
    )
    assert given[1] == pytest.approx(4 * 0.32 / 0.57)
    assert given[TREATED:].sum() == 0
    nobody = discounts_taken(members, np.zeros(1000, dtype=bool), np.ones(1000, dtype=bool), ASSUMPTIONS)
    assert nobody.sum() == 0


def test_results_without_revenue_have_no_window_money(read) -> None:
    found = read(320, 50, with_revenue=False)
    assert found.revenue is None
    assert found.realised.window_net is None
    assert found.realised.saves.value == pytest.approx(120)
    assert len(verdict(found, ASSUMPTIONS, PROMISE, "EUR")) == 4


def test_no_difference_is_unclear_and_fewer_buyers_is_harm(read) -> None:
    assert read(208, 50).grade == "unclear"
    assert read(100, 60).grade == "harmed"
    assert verdict(read(208, 50), ASSUMPTIONS, PROMISE, "EUR")[0] == "No effect can be told from chance."


def test_before_the_end_the_wider_interval_decides(read) -> None:
    early, late = read(280, 50, elapsed=20.0), read(280, 50)
    assert late.grade == "worked"
    assert early.grade == "unclear"
    assert early.conversion.safe.low < early.conversion.difference.low
    assert early.save_rate is None
    assert early.realised.saves.low == pytest.approx(800 * early.conversion.safe.low)
    words = verdict(early, ASSUMPTIONS, PROMISE, "EUR")
    assert words[0] == "Too early to tell: day 20 of 60."
    assert "however often one looks" in words[1]


def test_verdict_in_words(read) -> None:
    words = verdict(read(320, 50), ASSUMPTIONS, PROMISE, "EUR")
    assert words[0] == "The campaign kept customers."
    assert words[1] == (
        "40\u202f% of 800 contacted customers bought, against 25\u202f% of 200 left out for comparison: +15.0"
        " percentage points (+7.6 to +21.6)."
    )
    assert words[2].startswith("Revenue per customer is €16.00 against €10.00: +€6.00 (€")
    assert (
        "Expected were 100 customers who stay because of it and €8,000 net over 365 days; measured are 120 customers"
        in words[3]
    )
    assert "35\u202f% had been assumed. The next plan starts from the measured rate." in words[4]


def test_cuped_uses_what_was_known(members) -> None:
    """Revenue that follows earlier spending: its variance falls, and the effect stays."""
    rng = np.random.default_rng(4)
    before = rng.gamma(2, 30, len(members))
    treated = (members["arm"] == "treatment").to_numpy()
    rows = pd.DataFrame(
        {
            "customer_id": members["customer_id"],
            "converted": 1 - (rng.random(len(members)) < 0.5),
            "revenue": 0.9 * before + rng.normal(0, 5, len(members)) + 4 * treated,
            "prior_revenue": before,
        }
    )
    found = read_out(
        members,
        Outcomes(rows, 60, 60),
        holdout_share=0.2,
        planned_rate=0.5,
        assumptions=ASSUMPTIONS,
        promise=PROMISE,
        declared=DECLARED,
    )
    assert found.revenue is not None
    adjusted = found.revenue.adjusted
    assert isinstance(adjusted, Found)
    assert adjusted.value.variance_reduction > 0.9
    # The cap at the 99th percentile takes a little off the steepest.
    assert adjusted.value.theta == pytest.approx(0.9, abs=0.03)
    assert adjusted.value.effect.low < 4 < adjusted.value.effect.high
    money = verdict(found, ASSUMPTIONS, PROMISE, None)[2]
    assert money.startswith("Revenue per customer is")
    assert "less noise" in money


def test_lost_customers_of_one_arm_block_the_readout(members) -> None:
    rows = pd.DataFrame({"customer_id": members["customer_id"], "converted": 0, "revenue": 0.0})
    rows.loc[0, "converted"] = 1
    with pytest.raises(SampleRatioMismatch, match=r"400 contacted where 480 were due"):
        read_out(
            members,
            Outcomes(rows.iloc[400:], 60, 60),
            holdout_share=0.2,
            planned_rate=0.5,
            assumptions=ASSUMPTIONS,
            promise=PROMISE,
            declared=DECLARED,
        )


def test_campaign_without_holdout_cannot_be_read_out(members) -> None:
    rows = pd.DataFrame({"customer_id": members["customer_id"], "converted": 0})
    with pytest.raises(DataError, match="found 1000 and 0 "):
        read_out(
            members.assign(arm="treatment"),
            Outcomes(rows, 60, 60),
            holdout_share=0.2,
            planned_rate=0.5,
            assumptions=ASSUMPTIONS,
            promise=PROMISE,
            declared=DECLARED,
        )


def test_a_customer_counts_up_to_the_99th_percentile_of_buyers(members) -> None:
    revenue = np.zeros(len(members))
    revenue[:100] = [*np.full(98, 10.0), 100.0, 50_000.0]
    rows = pd.DataFrame(
        {"customer_id": members["customer_id"], "converted": (revenue > 0).astype(int), "revenue": revenue}
    )
    found = read_out(
        members,
        Outcomes(rows, 60, 60),
        holdout_share=0.2,
        planned_rate=0.5,
        assumptions=ASSUMPTIONS,
        promise=PROMISE,
        declared=DECLARED,
    )
    assert found.revenue is not None
    # Between the 99th and the 100th of the buyers: 100 + 0.01 x 49,900.
    assert found.revenue.cap == pytest.approx(599)
    assert found.revenue.treated == pytest.approx((980 + 100 + 599) / 800)
    told = verdict(found, ASSUMPTIONS, PROMISE, "EUR")
    assert any("A customer counts up to €599" in line for line in told)


def test_a_plan_that_declared_nothing_is_read_out_as_those_of_today(members, read) -> None:
    converted = np.zeros(len(members), dtype=int)
    converted[:320] = converted[TREATED : TREATED + 50] = 1
    rows = pd.DataFrame({"customer_id": members["customer_id"], "converted": converted})
    found = read_out(
        members,
        Outcomes(rows, 60, 60),
        holdout_share=0.2,
        planned_rate=0.3,
        assumptions=ASSUMPTIONS,
        promise=PROMISE,
        declared=None,
    )
    assert found.conversion == read(320, 50).conversion
    assert found.notes == (UNDECLARED,)


def test_readout_is_json(read) -> None:
    found = read(320, 50)
    values = json.loads(to_text(found))
    assert values["grade"] == "worked"
    assert values["conversion"]["difference"]["value"] == pytest.approx(0.15)
    assert values["complete"] is True
    assert from_json(Readout, values) == found


def test_safe_intervals_by_hand(read) -> None:
    """Errors: the spread of both arms together, of shares with one success and failure more."""
    found = read(320, 50, elapsed=30.0)
    rate = 371 / 1002
    error = (rate * (1 - rate) * (1 / 800 + 1 / 200)) ** 0.5
    information = conversion_information(0.37, 0.3)
    safe, shown = safe_interval(0.15, error, information, 0.005), found.conversion.safe
    assert shown.high - shown.low == pytest.approx(safe.high - safe.low)
    # Fewer than half have bought, so the share of the small holdout leans to the right.
    assert shown.low + shown.high > 0.3
    # 370 of 1,000 spent 40: a variance of 1600 x 0.37 x 0.63 x 1000 / 999.
    variance = 1600 * 0.37 * 0.63 * 1000 / 999
    safe = safe_interval(6.0, (variance * (1 / 800 + 1 / 200)) ** 0.5, 0.5, 0.005)
    width = found.revenue.safe.high - found.revenue.safe.low
    assert width == pytest.approx(safe.high - safe.low)
    # Spend leans to the right, so the mean of the small holdout does, and the difference to the left.
    assert found.revenue.safe.low + found.revenue.safe.high > 12.0


def test_money_rests_on_the_safe_interval_until_the_window_is_over(read) -> None:
    early, final = read(320, 50, elapsed=59.0), read(320, 50)
    assert early.realised.saves == early.conversion.safe.times(800)
    assert final.realised.saves == final.conversion.difference.times(800)
    assert early.realised.saves != final.realised.saves


def test_an_arm_needs_two_customers_and_the_plan_is_named(members) -> None:
    _require_arms(members, 2, 2)
    with pytest.raises(DataError, match=r"found 800 and 1 \(the plan left 200 out\)"):
        _require_arms(members, 800, 1)


def test_contacts_that_cost_next_to_nothing_have_a_return() -> None:
    # 100 contacts at 0.005; 1 more each, half of it profit: 50 less 0.5, over 0.5.
    cheap = Assumptions(contact_cost=0.005, margin=0.5)
    found = realised(
        Interval(0.1, 0.0, 0.2), Interval(1.0, 0.0, 2.0), Interval(0.5, 0.0, 1.0), 100, cheap, PROMISE
    )
    assert found.window_roi is not None
    assert found.window_roi.value == pytest.approx(99)
    free = Assumptions(contact_cost=0.0)
    assert (
        realised(
            Interval(0.1, 0, 0.2), Interval(1.0, 0, 2.0), Interval(0.5, 0, 1.0), 100, free, PROMISE
        ).window_roi
        is None
    )


def test_reach_and_savable_go_up_to_one() -> None:
    assert save_rate(320, 800, 50, 200, reach=1.0, savable=1.0) is not None
    for shares in ({"reach": 1.01}, {"savable": 1.01}, {"savable": 0.0}):
        with pytest.raises(DataError, match=r"must be in \(0, 1\]"):
            save_rate(320, 800, 50, 200, **shares)


def test_without_earlier_spending_nothing_is_adjusted(members) -> None:
    converted = np.tile([1, 0, 0, 1, 0], 200)
    rows = pd.DataFrame({"customer_id": members["customer_id"], "converted": converted})
    found = read_out(
        members.drop(columns="expected_spend"),
        Outcomes(rows.assign(revenue=converted * 40.0), 60, 60),
        holdout_share=0.2,
        planned_rate=0.3,
        assumptions=ASSUMPTIONS,
        promise=PROMISE,
        declared=DECLARED,
    )
    assert found.revenue is not None
    assert isinstance(found.revenue.adjusted, Missing)
    assert "nothing was known" in found.revenue.adjusted.reason


def test_the_last_look_spends_what_the_early_ones_left() -> None:
    """The end has 4.5 % of the 5 %: the probability of a false verdict by Newcombe's interval, counted in full."""
    assert DECLARED.early_error + DECLARED.final_error <= 0.05
    errors = [false_verdicts(rate, 60, 20, DECLARED.final_error) for rate in (0.1, 0.3, 0.5)]
    assert max(errors) <= DECLARED.final_error + 0.003


def false_verdicts(rate: float, treated: int, held_out: int, alpha: float) -> float:
    """Probability that arms with one and the same rate are said to differ."""
    one, base = (stats.binom.pmf(np.arange(n + 1), n, rate)[:, None] for n in (treated, held_out))
    wrong = [
        [difference_of_proportions(a, treated, b, held_out, alpha).excludes_zero for b in range(held_out + 1)]
        for a in range(treated + 1)
    ]
    return float((one.T @ np.array(wrong, dtype=float) @ base)[0, 0])


def test_a_verdict_that_needs_all_five_percent_is_none(read) -> None:
    """The first result beyond the bound of 4.5 % is a success, the last within it is none, though 5 % would call it one."""
    beyond = next(
        k for k in range(200, 400) if difference_of_proportions(k, TREATED, 50, HELD_OUT, 0.045).low > 0
    )
    assert difference_of_proportions(beyond - 1, TREATED, 50, HELD_OUT, 0.05).low > 0
    assert read(beyond, 50).grade == "worked"
    assert read(beyond - 1, 50).grade == "unclear"
