"""The next months: adding up to what the scores say, with and without action."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.forecast import outlook
from churnkit.forecast.past_survival import PastSurvival
from churnkit.forecast.shop_ahead import ShopAhead
from churnkit.results.codec import part_from_json, part_to_json
from churnkit.results.evidence.months_ahead import Outlook

HORIZON_DAYS = 60
SCORING = datetime(2025, 1, 1)


@pytest.fixture(scope="module")
def shop(simulated_panel):
    """Scored rows and customers of a made-up shop."""
    panel, plan = simulated_panel(3, 300)
    rows = panel[panel["cutoff"] == plan.scoring].reset_index(drop=True)
    p = np.clip(rows["btyd_p_no_purchase"].to_numpy() + 0.05, 0.01, 0.99)
    customers = pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "p_churn": p,
            "p_alive": rows["p_alive"],
            "expected_spend": 40 * (1 - p),
            "clv_if_kept": 150.0,
        }
    )
    return rows, customers.sample(frac=1, random_state=1)


def look(shop, targets=(), save_rate=0.3, **options):
    rows, customers = shop
    return outlook(rows, customers, HORIZON_DAYS, SCORING, "EUR", 0.2, list(targets), save_rate, **options)


def test_months_and_plain_values(shop):
    found = look(shop, months=6)
    assert [m.month for m in found.months] == [
        "2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06",
    ]  # fmt: skip
    assert part_from_json(Outlook, part_to_json(found), "an outlook") == found
    assert "New customers are not counted" in found.words


def test_the_horizon_adds_up_to_the_expected_spend(shop):
    rows, customers = shop
    # January and February 2025 are 59 days, March 1 the sixtieth.
    two = sum(m.revenue for m in look(shop, months=2).months)
    three = sum(m.revenue for m in look(shop, months=3).months)
    assert two < customers["expected_spend"].sum() < three
    assert two == pytest.approx(customers["expected_spend"].sum(), rel=0.03)
    everyday = outlook(rows, customers, 59, SCORING, None, 0.2, [], 0.3, months=2)
    total = sum(m.revenue for m in everyday.months)
    assert total == pytest.approx(customers["expected_spend"].sum(), rel=1e-9)


def test_active_customers_at_the_horizon_are_those_who_do_not_churn(shop):
    rows, customers = shop
    found = outlook(rows, customers, 59, SCORING, None, 0.2, [], 0.3, months=4)
    active = [m.active_customers for m in found.months]
    kept = (1 - customers["p_churn"]).sum()
    recent = rows["customer_id"][rows["recency_days"] + 59 <= 59]
    assert active[1] == pytest.approx(kept + customers.set_index("customer_id").loc[recent, "p_churn"].sum())
    assert found.active_now == (rows["recency_days"] <= 59).sum()
    assert active[1] > active[2] > active[3]


def test_the_band_widens_beyond_the_horizon(shop):
    months = look(shop, months=6).months
    width = [np.log(m.revenue_high / m.revenue_low) for m in months]
    assert width[0] == pytest.approx(2 * 1.2816 * 0.2, rel=1e-4)
    assert width[-1] == pytest.approx(width[0] * np.sqrt(181 / 60))
    assert all(m.revenue_low < m.revenue < m.revenue_high for m in months)


def test_without_targets_action_changes_nothing(shop):
    for month in look(shop).months:
        assert month.active_with_action == month.active_customers
        assert month.revenue_with_action == month.revenue


def test_action_saves_a_share_of_the_would_be_leavers(shop):
    rows, customers = shop
    targets = rows["customer_id"].iloc[:50]
    found = outlook(rows, customers, 59, SCORING, "EUR", 0.2, targets, 0.4, months=12, gone_success=1.0)
    p = customers.set_index("customer_id").loc[targets, "p_churn"]
    second = found.months[1]
    recent = rows["recency_days"].iloc[:50].to_numpy() > 0
    assert second.active_with_action - second.active_customers == pytest.approx(0.4 * p[recent].sum())
    extra = sum(m.revenue_with_action - m.revenue for m in found.months)
    # A year: at most what the saved are worth, less what they would have brought anyway.
    assert 0.4 * p.sum() * 150 * 0.5 < extra < 0.4 * p.sum() * 150
    assert "With the recommended campaign" in found.words


def test_the_gone_are_seldom_saved_and_margin_is_taken_out_again(shop):
    targets = shop[0]["customer_id"]

    def extra(**options):
        return sum(m.revenue_with_action - m.revenue for m in look(shop, targets, **options).months)

    assert extra(gone_success=0.0) < extra() < extra(gone_success=1.0)
    assert extra(margin=0.5) == pytest.approx(2 * extra())


def test_too_few_repeat_customers_say_so(shop):
    rows, customers = shop
    once = rows.head(5).assign(repeat_count=0, t_x_days=0)
    found = outlook(
        once, customers[customers["customer_id"].isin(once["customer_id"])], 60, SCORING, None, 0.2, [], 0.3
    )
    per_day = [m.revenue for m in found.months]
    assert per_day[0] / 31 == pytest.approx(per_day[1] / 28)
    assert any("does not tell how customers drop out" in sentence for sentence in found.assumptions)


def test_tables_of_different_customers(shop):
    rows, customers = shop
    with pytest.raises(DataError, match="must be the same"):
        outlook(rows, customers.iloc[1:], 60, SCORING, None, 0.2, [], 0.3)


def test_beyond_the_threshold_the_active_become_fewer_as_in_the_past(shop):
    rows, customers = shop
    fewer = PastSurvival(np.array([0.0, 100.0]), np.array([1.0, 0.5]))
    found = outlook(rows, customers, 59, SCORING, None, 0.2, [], 0.3, months=6, survival=fewer)
    plain = outlook(rows, customers, 59, SCORING, None, 0.2, [], 0.3, months=6)
    active = [month.active_customers for month in found.months]
    kept = (1 - customers["p_churn"]).sum()
    # March, April and June end 90, 120 and 181 days from the start of the year.
    expected = [kept * (1 - 0.5 * days / 100) for days in (90 - 59, 120 - 59)]
    assert [active[2], active[3], active[5]] == pytest.approx(
        [*expected, kept * 0.5 ** (122 / 100)], rel=0.02
    )
    assert active[:2] == [month.active_customers for month in plain.months[:2]]
    assert [m.revenue for m in found.months] == [m.revenue for m in plain.months]


def test_where_the_process_knows_no_dropout_revenue_falls_as_the_past_shows(shop):
    rows, customers = shop
    steady = rows.assign(repeat_count=5, tenure_days=300, t_x_days=290 + np.arange(len(rows)) % 10)
    fewer = PastSurvival(np.array([0.0, 100.0]), np.array([1.0, 0.5]))
    plain, fading = (
        outlook(steady, customers, 59, SCORING, None, 0.2, [], 0.3, months=6, survival=survival).months
        for survival in (None, fewer)
    )
    assert plain[5].active_customers == pytest.approx(plain[2].active_customers)
    assert fading[5].active_customers < fading[4].active_customers < 0.7 * plain[4].active_customers
    # June's middle is 166 days ahead, 107 beyond the threshold.
    assert fading[5].revenue / plain[5].revenue == pytest.approx(0.5 ** (107 / 100), abs=0.01)
    assert fading[1].revenue == plain[1].revenue


def test_months_are_parts_of_the_forecast_year(shop):
    plain = look(shop, months=6)
    found = look(shop, months=6, year_revenue=1200.0)
    share = [a.revenue / b.revenue for a, b in zip(found.months, plain.months, strict=True)]
    assert share == pytest.approx([share[0]] * 6)
    # Six months are about half of the year, the rest of the first month and later ones aside.
    assert 300 < sum(month.revenue for month in found.months) < 900
    assert "Twelve months add up to the forecast of the next 365 days." in found.assumptions


def test_a_year_that_no_purchase_tells_how_to_spread_is_spread_by_its_days(shop):
    rows, customers = shop
    nothing = rows, customers.assign(expected_spend=0.0)
    found = look(nothing, months=6, year_revenue=3650.0)
    days = [31, 28, 31, 30, 31, 30]
    assert [month.revenue for month in found.months] == pytest.approx([10.0 * one for one in days])
    assert any("each day gets the same part" in one for one in found.assumptions)
    without = look(nothing, months=6, year_revenue=0.0)
    assert not any(month.revenue for month in without.months)
    assert not any("each day gets the same part" in one for one in without.assumptions)


def test_some_of_the_customers_as_the_months_ahead_see_them(shop):
    rows, customers = shop
    everybody = ShopAhead.of(rows, customers, HORIZON_DAYS)
    there = rows["recency_days"].to_numpy() <= HORIZON_DAYS
    fewer = PastSurvival(np.array([0.0, 100.0]), np.array([1.0, 0.5]))
    some = everybody.only(there, fewer)
    assert some.active(HORIZON_DAYS) == pytest.approx(everybody.active(HORIZON_DAYS)[there])
    kept = (1 - some.p_churn).sum()
    assert some.active(HORIZON_DAYS + 50).sum() == pytest.approx(0.75 * kept, rel=0.02)
    assert some.lost_with(365) == pytest.approx(everybody.lost_with(365)[there])
    # Nothing is lost within the threshold but what who stays would buy.
    assert some.lost_with(HORIZON_DAYS).sum() == pytest.approx(
        (some.per_order_if_kept * some.pace.orders_if_kept(HORIZON_DAYS)).sum()
    )
