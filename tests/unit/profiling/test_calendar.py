"""Dates: silences, bursts, months, weekdays, hours, seasonality and trend."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.profiling import calendar, calendar_checks, seasonality, tables, unusual_days
from churnkit.results.profile import Silence, WeekOrders


def daily(counts: list[int], start: str = "2024-01-01") -> pd.Series:
    return pd.Series(counts, index=pd.date_range(start, periods=len(counts), freq="D"))


def collected(table, cutoff: datetime) -> calendar.Days:
    rows = tables.history(table, cutoff)
    return calendar.collect(rows, tables.purchases(tables.orders(rows)), tables.end_day(cutoff))


def by_code(findings) -> dict[str, str]:
    return {check.code: check.outcome for check in findings}


def test_a_long_silence_in_a_daily_shop_is_found():
    orders = daily([5] * 30 + [0] * 9 + [5] * 30)
    assert unusual_days.silent_runs(orders) == [Silence(from_=date(2024, 1, 31), to=date(2024, 2, 8), days=9)]


def test_a_week_of_silence_and_a_closed_weekday_are_no_finding():
    assert unusual_days.silent_runs(daily([5] * 30 + [0] * 7 + [5] * 30)) == []
    assert unusual_days.silent_runs(daily(([5] * 6 + [0]) * 10)) == []


def test_a_sparse_shop_may_be_silent_for_longer():
    """One order in ten days: silences of three weeks are chance, one of 120 days is not."""
    sparse = ([1] + [0] * 9) * 20
    assert unusual_days.silent_runs(daily(sparse + [0] * 15 + sparse)) == []
    assert [run.days for run in unusual_days.silent_runs(daily(sparse + [0] * 111 + sparse))] == [120]


def test_a_day_with_ten_times_the_usual_orders_is_a_burst():
    orders = daily([4] * 40 + [41] + [4] * 40)
    assert [(burst.day, burst.orders) for burst in unusual_days.burst_days(orders)] == [
        (date(2024, 2, 10), 41)
    ]
    assert unusual_days.burst_days(daily([4] * 40 + [40] + [4] * 40)) == []


def test_a_fifth_of_all_orders_on_one_day_fails(transactions, bought):
    lines = [line for i in range(80) for line in bought(f"c{i}", f"2024-{1 + i // 28:02d}-{1 + i % 28:02d}")]
    lines += [line for i in range(30) for line in bought(f"x{i}", "2024-02-10")]
    days = collected(transactions(lines), datetime(2024, 4, 1))
    findings = calendar_checks.checks(days)
    assert by_code(findings)["DQ-602"] == "fail"
    assert calendar.statistics(days).bursts[0].orders == 31


def test_calendar_holds_every_day_and_counts_first_orders_once(transactions, bought):
    lines = bought("a", "2024-01-30", "2024-02-02", "2024-02-02T10:00:00") + bought(
        "b", "2024-02-02", amount=30.0
    )
    lines += bought("a", "2024-02-03", amount=-4.0)
    days = collected(transactions(lines), datetime(2024, 2, 5))
    assert list(days.frame["orders"]) == [1, 0, 0, 3, 0, 0]
    assert list(days.frame["new_orders"]) == [1, 0, 0, 1, 0, 0]
    assert list(days.frame["gross"]) == [10, 0, 0, 50, 0, 0]
    assert list(days.frame["refunded"]) == [0, 0, 0, 0, 4, 0]
    january, february = calendar.monthly(days.frame)
    assert (january.month, january.orders, january.complete) == ("2024-01", 1, False)
    assert (february.orders, february.new_orders, february.returning_orders) == (3, 1, 2)
    assert (february.gross, february.refunded, february.net) == (50.0, 4.0, 46.0)


def test_a_month_from_first_to_last_day_is_complete(transactions, bought):
    days = collected(transactions(bought("a", "2024-02-01", "2024-02-20")), datetime(2024, 3, 1))
    assert [month.complete for month in calendar.monthly(days.frame)] == [True]


def test_weekdays_and_hours(transactions, bought):
    lines = bought("a", "2024-01-01T09:15:00", "2024-01-01T09:45:00", "2024-01-07T23:00:00")
    days = collected(transactions(lines), datetime(2024, 1, 8))
    found = calendar.statistics(days)
    by_weekday = {row.weekday: row.orders for row in found.per_weekday}
    assert by_weekday["Monday"] == 2
    assert by_weekday["Sunday"] == 1
    assert sum(by_weekday.values()) == 3
    assert {row.hour: row.orders for row in found.per_hour or () if row.orders} == {9: 2, 23: 1}
    assert found.per_day.busiest_day == date(2024, 1, 1)
    assert found.per_week == (WeekOrders(week_start=date(2024, 1, 1), orders=3),)


def test_dates_without_times_say_so(transactions, bought):
    days = collected(transactions(bought("a", "2024-01-01", "2024-01-05")), datetime(2024, 1, 8))
    findings = calendar_checks.checks(days)
    assert by_code(findings)["DQ-603"] == "not_applicable"
    assert calendar.statistics(days).per_hour is None


def test_times_for_a_part_of_the_orders_is_a_finding(transactions, bought):
    days = collected(transactions(bought("a", "2024-01-01", "2024-01-05T08:00:00")), datetime(2024, 1, 8))
    findings = calendar_checks.checks(days)
    assert by_code(findings)["DQ-603"] == "warn"


@pytest.mark.parametrize(
    ("cutoff", "outcome"), [(datetime(2024, 1, 31), "pass"), (datetime(2024, 2, 1), "warn")]
)
def test_the_last_order_may_be_a_month_old(transactions, bought, cutoff, outcome):
    findings = calendar_checks.checks(collected(transactions(bought("a", "2024-01-01")), cutoff))
    assert by_code(findings)["DQ-708"] == outcome


@pytest.mark.parametrize("days", [28, 60, 200])
def test_noise_has_no_weekly_rhythm_however_short(days):
    random = np.random.default_rng(3)
    found = [seasonality.weekly(daily(list(random.poisson(50, days)))) for _ in range(20)]
    assert np.mean([one.f_seasonal for one in found]) < 0.15
    assert np.mean([one.f_trend for one in found]) < 0.15


@pytest.mark.parametrize("months", [24, 36])
def test_noise_has_little_yearly_rhythm_even_over_two_years(months):
    random = np.random.default_rng(3)
    found = [seasonality.yearly(pd.Series(random.poisson(50, months).astype(float))) for _ in range(30)]
    assert np.mean([one.f_seasonal for one in found]) < 0.2


def test_strength_is_the_share_of_variance_that_repeats():
    """A December of 160 among months of 100: 275 of variance against some 105 of Poisson noise."""
    random = np.random.default_rng(4)
    months = np.tile([100.0] * 11 + [160.0], 3)
    found = [seasonality.yearly(pd.Series(random.poisson(months).astype(float))) for _ in range(20)]
    assert np.mean([one.f_seasonal for one in found]) == pytest.approx(275 / 380, abs=0.06)


def test_strength_of_a_perfect_week():
    perfect = seasonality.weekly(daily([9, 5, 5, 5, 5, 1, 0] * 12))
    assert perfect.f_seasonal == pytest.approx(1.0, abs=1e-6)
    assert "Strong rhythm" in perfect.words


def test_a_constant_series_has_no_strength():
    found = seasonality.weekly(daily([4] * 60))
    assert (found.f_trend, found.f_seasonal) == (0.0, 0.0)


def test_strength_is_skipped_below_four_weeks_and_two_years():
    assert seasonality.weekly(daily([1] * 27)).status == "skipped"
    assert seasonality.weekly(daily([1, 2, 3, 4, 5, 6, 7] * 4)).status == "measured"
    assert seasonality.yearly(pd.Series([1.0] * 23)).status == "skipped"
    assert "has 23" in seasonality.yearly(pd.Series([1.0] * 23)).words


def test_yearly_strength_of_a_december_shop():
    months = pd.Series(([10.0] * 11 + [60.0]) * 3)
    assert (seasonality.yearly(months).f_seasonal or 0.0) > 0.9


def test_trend_is_the_slope_per_month_as_a_share_of_the_mean():
    weeks = pd.Series([100.0 + 2 * week for week in range(21)])
    found = seasonality.trend(weeks)
    # Two orders more a week, 365.25 / 12 / 7 weeks a month, a mean of 120.
    assert found.share_per_month == pytest.approx(2 * 365.25 / 84 / 120)
    assert found.direction == "rising"
    assert seasonality.trend(weeks[::-1].reset_index(drop=True)).direction == "falling"


def test_trend_is_unclear_in_noise_and_skipped_in_a_short_history():
    noise = pd.Series(np.random.default_rng(5).poisson(50, 40).astype(float))
    assert seasonality.trend(noise).direction == "unclear"
    assert seasonality.trend(pd.Series([5.0] * 7)).status == "skipped"


def test_newcomers_who_stopped_coming_are_noticed(transactions, bought):
    lines = [line for i in range(40) for line in bought(f"c{i}", "2024-01-01", f"2024-{1 + i % 12:02d}-15")]
    findings = calendar_checks.checks(collected(transactions(lines), datetime(2025, 1, 1)))
    assert by_code(findings)["DQ-706"] == "warn"


def test_end_day_of_a_cutoff():
    assert tables.end_day(datetime(2024, 5, 1)) == date(2024, 5, 1)
    assert tables.end_day(datetime(2024, 5, 1, 0, 0, 1)) == date(2024, 5, 2)
