"""Value: the parts by hand, intervals and totals on made-up outcomes."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.clv import (
    PROCESS,
    TWO_PART,
    SpendPast,
    expected_orders,
    fit_conditional_spend,
    fit_value_model,
    tweedie_deviance,
)


def panel_rows(rng: np.random.Generator, count: int, *, process_knows: bool) -> pd.DataFrame:
    """Customers with a spend of their own; the process's column is right or worthless."""
    level = rng.lognormal(4, 0.6, count)
    buys = rng.random(count) < 0.5
    spend = np.where(buys, level * rng.lognormal(-0.02, 0.2, count), 0.0)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(count)],
            "cutoff": pd.to_datetime(["2026-01-01", "2026-02-01"] * (count // 2)),
            "churned": (~buys).astype(float),
            "spend_next": spend,
            "btyd_expected_spend": level * 0.5 if process_knows else rng.lognormal(7, 1, count),
            "btyd_p_no_purchase": 0.5,
            "btyd_order_value": level if process_knows else np.full(count, 55.0),
            "monetary_mean": level,
        }
    )


def test_tweedie_deviance_by_hand():
    # 4 (sqrt(4) - sqrt(1))^2 / sqrt(1) = 4 and 0 for a perfect forecast.
    assert tweedie_deviance(np.array([4.0]), np.array([1.0])) == pytest.approx(4.0)
    assert tweedie_deviance(np.array([3.0]), np.array([3.0])) == pytest.approx(0.0)
    # Nobody buys where 9 was expected: 4 * 9 / 3 = 12.
    assert tweedie_deviance(np.array([0.0]), np.array([9.0])) == pytest.approx(12.0)


def test_conditional_spend_mixes_regression_and_process_by_experience():
    rows = panel_rows(np.random.default_rng(1), 400, process_knows=True)
    bought = rows[rows["churned"] == 0]
    model = fit_conditional_spend(rows)
    # Two windows against twelve imaginary ones. Given a purchase the process says level * 0.5 / 0.5 = level.
    assert model.regression_weight == pytest.approx(2 / 14)
    expected = bought["spend_next"].sum() / 7 + bought["monetary_mean"].sum() * 6 / 7
    assert model.predict(bought).sum() == pytest.approx(expected)


def test_a_customer_unlike_any_in_training_is_given_a_spend_that_was_seen():
    rows = panel_rows(np.random.default_rng(1), 400, process_knows=True)
    seen = rows.loc[rows["churned"] == 0, "spend_next"]
    model = replace(fit_conditional_spend(rows), regression_weight=1.0)
    strange = rows.head(2).assign(**{name: [1e12, -1e12] for name in model.columns})
    assert model.predict(strange) == pytest.approx([seen.max(), seen.min()])


def test_conditional_spend_of_few_buyers_is_their_mean():
    rows = panel_rows(np.random.default_rng(2), 20, process_knows=True)
    rows["btyd_expected_spend"] = np.nan
    mean = rows.loc[rows["churned"] == 0, "spend_next"].mean()
    assert fit_conditional_spend(rows).predict(rows) == pytest.approx(np.full(20, mean))


def test_the_better_method_wins_on_past_cutoffs_and_totals_are_corrected():
    rng = np.random.default_rng(3)
    train = panel_rows(rng, 500, process_knows=False)
    past = [
        SpendPast(datetime(2026, m, 1), panel_rows(rng, 500, process_knows=False), np.full(500, 0.5), train)
        for m in (1, 2)
    ]
    model = fit_value_model(train, past)
    assert set(model.errors["method"]) == {PROCESS, TWO_PART}
    best = model.errors.sort_values("deviance")["method"].iloc[0]
    assert model.method == best
    actual = sum(p.rows["spend_next"].sum() for p in past)
    uncorrected = sum(model.expected_spend(p.rows, p.p_churn).sum() for p in past) / model.scale
    # Two past cutoffs and three imaginary ones that were right: two fifths of the log ratio are made up.
    assert np.log(model.scale) == pytest.approx(2 / 5 * np.log(actual / uncorrected), abs=0.05)


def test_intervals_hold_four_in_five_buyers_and_contain_the_mean():
    rng = np.random.default_rng(4)
    train = panel_rows(rng, 2000, process_knows=True)
    past = [
        SpendPast(datetime(2026, 1, 1), panel_rows(rng, 2000, process_knows=True), np.full(2000, 0.5), train)
    ]
    model = fit_value_model(train, past)
    fresh = panel_rows(rng, 2000, process_knows=True)
    bought = fresh["spend_next"] > 0
    expected = model.expected_spend(fresh, np.full(2000, 0.5))
    low, high = model.interval(fresh, expected, np.full(2000, 0.5))
    assert ((low <= expected) & (expected <= high)).all()
    inside = (fresh["spend_next"] >= low - 1e-9) & (fresh["spend_next"] <= high)
    assert (low == 0).all()
    assert 0.76 <= inside[bought].mean() <= 0.84
    # Of customers who buy nearly always, nothing is no likely spend.
    low, high = model.interval(fresh, 0.98 * model.spend_if_buying(fresh), np.full(2000, 0.02))
    inside = (fresh["spend_next"] >= low) & (fresh["spend_next"] <= high)
    assert (low > 0).all()
    assert 0.76 <= inside[bought].mean() <= 0.84


def test_a_season_moves_the_horizon_and_its_interval_but_not_the_year():
    rng = np.random.default_rng(6)
    train = panel_rows(rng, 400, process_knows=True)
    past = [
        SpendPast(datetime(2026, 1, 1), panel_rows(rng, 400, process_knows=True), np.full(400, 0.5), train)
    ]
    usual = fit_value_model(train, past)
    moved = usual.moved(np.log(2.0))
    rows, p = panel_rows(rng, 50, process_knows=True), np.full(50, 0.5)
    np.testing.assert_allclose(moved.expected_spend(rows, p), 2 * usual.expected_spend(rows, p))
    np.testing.assert_allclose(moved.spend_if_buying(rows), usual.spend_if_buying(rows))
    after = moved.interval(rows, moved.expected_spend(rows, p), p)[1]
    before = usual.interval(rows, usual.expected_spend(rows, p), p)[1]
    # Each in the bin of what is expected of it now.
    assert np.median(after / before) == pytest.approx(2.0, rel=0.1)


def test_without_a_past_cutoff_intervals_are_parametric_and_not_negative():
    rows = panel_rows(np.random.default_rng(5), 50, process_knows=True)
    model = fit_value_model(rows, [])
    expected = model.expected_spend(rows, np.full(50, 0.3))
    low, high = model.interval(rows, expected, np.full(50, 0.3))
    assert (low >= 0).all() and (high > expected).all()


def test_expected_orders_agree_with_p_churn():
    rows = pd.DataFrame(
        {"btyd_p_no_purchase": [0.5, 0.8, np.nan], "btyd_expected_orders": [1.0, 0.2, np.nan]}
    )
    # Given a purchase 1 / 0.5 = 2 orders, 0.2 / 0.2 = 1, and 1 where nothing is known.
    orders = expected_orders(rows, np.array([0.25, 0.8, 0.4]))
    assert orders == pytest.approx([0.75 * 2, 0.2, 0.6])


def test_spend_if_buying_is_what_expected_spend_is_made_of():
    rng = np.random.default_rng(5)
    train = panel_rows(rng, 400, process_knows=True)
    rows = panel_rows(rng, 50, process_knows=True)
    two_part = fit_value_model(train, [])
    p = rng.uniform(0.1, 0.9, 50)
    np.testing.assert_allclose((1 - p) * two_part.spend_if_buying(rows), two_part.expected_spend(rows, p))
    process = replace(two_part, method=PROCESS, scale=1.5)
    # 1.5 x level / 2 expected, at an even chance of buying.
    np.testing.assert_allclose(process.spend_if_buying(rows), 1.5 * rows["monetary_mean"])
    unfitted = rows.assign(btyd_p_no_purchase=np.nan, btyd_expected_spend=np.nan)
    np.testing.assert_allclose(process.spend_if_buying(unfitted), 1.5 * rows["monetary_mean"])
