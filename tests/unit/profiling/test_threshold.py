"""The churn threshold: who comes back after it, bounds, sensitivity table and class balance."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from churnkit.config import ThresholdSettings
from churnkit.errors import DataError
from churnkit.profiling.threshold import choose_threshold, find_threshold
from churnkit.profiling.threshold_choice import history_limit, history_needed
from churnkit.results.codec import part_to_json
from churnkit.results.profile import LapsedCustomers
from churnkit.windows import plan_cutoffs

# Ibis 12 reads a Parquet file by a call that DuckDB 2.0 has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

DEFAULTS = ThresholdSettings()


def counts(*rows: tuple[int, bool, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["gap_days", "closed", "spells"])


def lives(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["tenure_days", "recency_days", "customers"])


# Everybody who comes back does so after 31 days: the curve drops there and stays flat.
MONTHLY = counts((31, True, 300), (400, False, 100))


def test_the_shortest_threshold_after_which_few_come_back():
    # Of 400 purchases 300 are followed after 31 days; whoever is silent for longer never comes.
    found, _balance = choose_threshold(MONTHLY, lives((600, 10, 100)), DEFAULTS)
    assert (found.days, found.method, found.clipped_from) == (35, "found", None)
    assert (found.returned_after_share, found.separates, found.pauses) == (0.0, True, 100)
    assert "After 35 days of silence 0\u202f% come back" in found.reason


@pytest.mark.parametrize(
    ("most", "days", "separates"), [(0.34, 35, True), (0.33, 95, True), (0.01, 95, True)]
)
def test_the_share_that_may_come_back_is_a_setting(most, days, separates):
    # After 31 days 300 of 600 are silent, of whom 100 come back after 91 days: a third.
    spells = counts((31, True, 300), (91, True, 100), (400, False, 200))
    found, _balance = choose_threshold(
        spells, lives((600, 10, 100)), ThresholdSettings(max_return_share=most)
    )
    assert (found.days, found.separates, found.max_return_share) == (days, separates, most)


def test_where_none_separates_the_best_is_proposed_and_called_so():
    spells = counts(*[(day, True, 10) for day in range(10, 370, 10)], (370, False, 60))
    found, _balance = choose_threshold(spells, lives((370, 10, 100)), DEFAULTS)
    # After 110 days 310 purchases are silent, 250 of which are followed by another. Three outcomes fit into 370 days.
    assert (found.days, found.separates, found.pauses) == (110, False, 310)
    assert found.returned_after_share == pytest.approx(250 / 310)
    assert "No threshold separates a pause from a loss: after 110 days of silence 81\u202f%" in found.reason
    assert "yearly rhythm cannot be seen yet" in found.reason


def test_the_usual_upper_bound_does_not_cap_what_the_shop_needs():
    spells = counts((200, True, 300), (900, False, 100))
    found, _balance = choose_threshold(spells, lives((900, 10, 100)), DEFAULTS)
    assert (found.days, found.clipped_from) == (200, None)
    assert found.days in {row.threshold_days for row in found.sensitivity}


def test_lower_bound_of_the_settings_clips():
    bounds = ThresholdSettings(low_days=60, high_days=180)
    found, _balance = choose_threshold(MONTHLY, lives((600, 10, 100)), bounds)
    assert (found.days, found.clipped_from) == (60, 35)
    assert "no threshold below 60 days" in found.reason


def test_where_hardly_anybody_returns_half_of_them_still_have_the_time():
    # 2 % come back at all, half of them within 70 days: any silence would do, 30 days would find nobody.
    spells = counts((20, True, 5), (70, True, 10), (150, True, 5), (600, False, 980))
    found, _balance = choose_threshold(spells, lives((600, 10, 980)), DEFAULTS)
    assert (found.days, found.separates) == (70, True)


@pytest.mark.parametrize(
    ("history_days", "days"), [(151, 60), (90, 30), (89, 25), (60, 20), (14, 4), (2, 1)], ids=str
)
def test_the_history_bounds_the_threshold_even_below_the_lower_bound(history_days, days):
    found, _balance = choose_threshold(
        counts((100, True, 300), (400, False, 100)), lives((history_days, 1, 100)), DEFAULTS
    )
    assert found.history_limit_days == days
    assert found.days <= days
    assert (found.clipped_from, found.separates) == (100, False)
    assert "100 days would separate them" in found.reason
    assert f"{history_days} days of history" in found.reason


@pytest.mark.parametrize("history_days", [*range(90, 1200, 37)])
def test_the_limit_leaves_a_window_to_test_on_and_one_to_learn_from(history_days):
    start = datetime(2022, 1, 1)
    limit = history_limit(history_days)
    plan = plan_cutoffs(start, start + timedelta(days=history_days), limit)
    assert plan.test is not None
    assert plan.known_before(plan.test)
    assert history_limit(history_needed(limit)) == limit


def test_without_gaps_the_usual_choice_is_taken_and_said():
    found, _balance = choose_threshold(counts((100, False, 500)), lives((600, 100, 500)), DEFAULTS)
    assert (found.days, found.method, found.clipped_from) == (90, "default", None)
    assert "Only 0 gaps" in found.reason
    assert found.gap_distribution.count == 0


def test_given_horizon_is_taken_as_it_is():
    found, _balance = choose_threshold(MONTHLY, lives((60, 10, 100)), DEFAULTS, horizon_days=47)
    assert (found.days, found.method, found.returned_after_share, found.separates) == (47, "given", 0.0, True)
    assert "20 days at most" in found.reason
    (row,) = (row for row in found.sensitivity if row.threshold_days == 47)
    assert not row.allowed


def test_a_given_horizon_beyond_what_the_history_tells_has_no_share():
    found, _balance = choose_threshold(MONTHLY, lives((600, 10, 100)), DEFAULTS, horizon_days=300)
    assert (found.returned_after_share, found.separates) == (None, None)
    assert "the history cannot tell" in found.reason


def test_sensitivity_and_class_balance_by_hand():
    # Silent for 10, 40, 41 and 100 days; known for 200, 40, 300 and 100 days.
    table = lives((200, 10, 1), (40, 40, 2), (300, 41, 3), (100, 100, 4))
    found, balance = choose_threshold(MONTHLY, table, DEFAULTS, horizon_days=40)
    (row,) = (row for row in found.sensitivity if row.threshold_days == 40)
    assert found.lapsed == LapsedCustomers(customers=7, share=0.7)
    # 41 and 100 days of silence exceed 40, 40 does not; who is known for 40 days only had no whole window.
    assert row.customers_beyond == 7
    assert row.share_beyond == pytest.approx(0.7)
    assert row.outcome_customers == 8
    assert row.churn_share == pytest.approx(7 / 8)
    assert row.returned_share == pytest.approx(0.75)
    assert row.late_return_share == pytest.approx(0.0)
    assert (balance.customers, balance.churned, balance.severity) == (8, 7, "moderate")
    assert balance.minority_share == pytest.approx(1 / 8)
    assert [r.threshold_days for r in found.sensitivity] == [30, 40, *range(45, 181, 15)]


@pytest.mark.parametrize(
    ("churned", "stayed", "severity", "advice"),
    [
        (95, 5, "severe", "longer threshold"),
        (5, 95, "severe", "shorter one"),
        (85, 15, "moderate", "class weights"),
        (50, 50, "balanced", "no resampling"),
        (90, 10, "moderate", "class weights"),
    ],
)
def test_class_balance_severity(churned, stayed, severity, advice):
    table = lives((200, 150, churned), (200, 10, stayed))
    _found, balance = choose_threshold(MONTHLY, table, DEFAULTS, horizon_days=60)
    assert balance.severity == severity
    assert advice in balance.recommendation


def test_no_complete_window_is_unknown_not_zero():
    _found, balance = choose_threshold(MONTHLY, lives((30, 5, 9)), DEFAULTS, horizon_days=60)
    assert (balance.severity, balance.churn_share, balance.minority_share) == ("unknown", None, None)


ages = st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(1, 50))
spell_rows = st.tuples(st.integers(1, 500), st.booleans(), st.integers(1, 200))


@settings(max_examples=40, deadline=None)
@given(st.lists(ages, min_size=1, max_size=30), st.lists(spell_rows, min_size=1, max_size=30))
def test_a_longer_threshold_never_finds_more_customers_beyond_it(ages, spell_rows):
    table = lives(*[(max(a, b), min(a, b), n) for a, b, n in ages])
    found, _balance = choose_threshold(counts(*spell_rows), table, DEFAULTS)
    shares = [row.share_beyond for row in found.sensitivity]
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    returned = [row.returned_share for row in found.sensitivity if row.returned_share is not None]
    assert returned == sorted(returned)
    assert 1 <= found.days <= found.history_limit_days
    assert found.separates in (True, False, None)
    assert found.days in {row.threshold_days for row in found.sensitivity}
    json.dumps(part_to_json(found), allow_nan=False)


def test_find_threshold_looks_at_purchases_before_the_cutoff_only(transactions, bought):
    lines = bought("a", "2024-01-01", "2024-02-01") + bought("b", "2024-01-11")
    later = bought("a", "2024-03-02") + bought("new", "2024-04-01")
    returned = bought("b", "2024-02-20", amount=-10.0)
    cutoff = datetime(2024, 3, 1)
    found, balance = find_threshold(transactions(lines + returned + later), cutoff, DEFAULTS)
    assert (found, balance) == find_threshold(transactions(lines), cutoff, DEFAULTS)
    assert (found.customers, found.history_days, found.days) == (2, 60, 20)
    # On 1 March a has been silent for 29 days and b for 50.
    assert found.lapsed.customers == 2
    by_days = {row.threshold_days: row.customers_beyond for row in found.sensitivity}
    assert (by_days[30], by_days[45], by_days[60]) == (1, 1, 0)


def test_a_cutoff_within_a_day_counts_that_day_as_part_of_the_history(transactions, bought):
    table = transactions(bought("a", "2024-01-01T09:00:00", "2024-01-31T09:00:00", "2024-01-31T15:00:00"))
    found, _balance = find_threshold(table, datetime(2024, 1, 31, 12), DEFAULTS)
    assert found.history_days == 31
    assert found.gap_distribution.quantiles_days is not None
    assert found.gap_distribution.quantiles_days.p50 == 30


def test_no_purchase_before_the_cutoff_is_an_error_with_a_remedy(transactions, bought):
    table = transactions(bought("a", "2024-05-01"))
    with pytest.raises(DataError, match="1 Jan 2024, 00:00") as error:
        find_threshold(table, datetime(2024, 1, 1), DEFAULTS)
    assert "as-of" in error.value.remedy


def test_a_year_of_a_real_shop_separates_nothing(real_data):
    """online_retail: three in four of those silent for 105 days come back, and three windows of 110 days fit into a year."""
    import ibis

    raw = ibis.duckdb.connect().read_parquet(real_data / "online_retail.parquet")
    known = raw.filter(raw.CustomerID.notnull())
    table = known.select(
        customer_id=known.CustomerID.cast("int64").cast("string"),
        ordered_at=known.InvoiceDate.cast("timestamp"),
        amount=(known.Quantity * known.UnitPrice).cast("float64"),
    )
    found, _balance = find_threshold(table, datetime(2011, 12, 10), DEFAULTS)
    assert (found.days, found.separates, found.history_limit_days) == (105, False, 145)
    assert found.returned_after_share == pytest.approx(0.7382, abs=1e-4)
    assert {row.threshold_days: row.late_return_share for row in found.sensitivity}[90] == pytest.approx(
        0.77, abs=0.01
    )
    assert found.gap_distribution.quantiles_days is not None
    assert found.gap_distribution.quantiles_days.p50 == 28
