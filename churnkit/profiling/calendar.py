"""Orders and money over time: days, weeks, months, weekdays, hours; silences and bursts."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling import seasonality
from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.tables import small_frame
from churnkit.results.profile import (
    Burst,
    Check,
    DayStatistics,
    HourOrders,
    MonthOrders,
    Seasonality,
    Silence,
    TimeStatistics,
    WeekdayOrders,
    WeekOrders,
)
from churnkit.text.figures import counted, day, percent

GROUP = "Consistency"
FORECAST_GROUP = "Fitness for forecasting"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FRESH_DAYS = 30
SILENT_RUN_DAYS = 7
LONGEST_LISTED = 10
NEWCOMER_DAYS = 90
BURST_TIMES_MEDIAN = 10
BURST_MIN_ORDERS = 10
BURST_SHARE = 0.20
BURST_MIN_HISTORY_DAYS = 60
MAX_WEEKS_LISTED = 520

FRESH = CheckSpec(
    "DQ-708",
    "Recent orders",
    FORECAST_GROUP,
    "days since the last order",
    "Export again up to today, or set the as-of date to the end of the export.",
    warn_points=0.5,
)
SILENCES = CheckSpec(
    "DQ-601",
    "Days without orders",
    GROUP,
    "days in long silences",
    "Check whether the export lacks these days; a closed shop is fine, but it lengthens everybody's gaps.",
)
BURSTS = CheckSpec(
    "DQ-602",
    "Bursts of orders",
    GROUP,
    "days with a burst",
    "Check whether these days are real (a sale) or a date that an import filled in for many orders.",
)
TIMES = CheckSpec(
    "DQ-603",
    "Times of day",
    GROUP,
    "share of orders at midnight",
    "Part of the orders lack a time. Leave hours out of account, or export dates and times from one source.",
)


NEWCOMERS = CheckSpec(
    "DQ-706",
    "New customers",
    FORECAST_GROUP,
    "new customers",
    "Check whether the export holds only customers who joined by a certain date.",
    warn_points=0.25,
)


@dataclass(frozen=True)
class Days:
    """One row per calendar day from the first purchase to the day before the cutoff, zeros included.

    ``frame`` (index: day) has ``orders``, ``new_orders`` (a customer's first), ``gross``, ``refunded``.
    ``by_hour`` counts orders by hour 0..23 and is ``None`` where the export has no times of day.
    """

    frame: pd.DataFrame
    by_hour: pd.Series | None
    midnight_share: float
    end: date

    @property
    def first_order(self) -> date:
        """The day of the first purchase."""
        day: date = self.frame.index[0].date()
        return day

    @property
    def last_order(self) -> date:
        """The day of the last purchase."""
        day: date = self.frame.index[self.frame["orders"] > 0][-1].date()
        return day


def collect(rows: ir.Table, bought: ir.Table, end: date) -> Days:
    """Execute the three small queries behind everything in this module."""
    per_day = bought.group_by("day").aggregate(
        orders=_.count(), new_orders=_.count(where=_.is_first), gross=_.gross.sum()
    )
    returned = rows.filter(_.amount < 0).mutate(day=_.ordered_at.date())
    refunds = returned.group_by("day").aggregate(refunded=(-_.amount).sum())
    frame = small_frame(per_day).set_index("day")
    frame.index = pd.DatetimeIndex(frame.index)
    back = small_frame(refunds).set_index("day")
    back.index = pd.DatetimeIndex(back.index)
    index = pd.date_range(frame.index.min(), pd.Timestamp(end) - pd.Timedelta(days=1), freq="D")
    frame = frame.reindex(index, fill_value=0)
    frame["refunded"] = back["refunded"].reindex(index, fill_value=0.0).astype(float)

    at_midnight = (_.ordered_at.hour() == 0) & (_.ordered_at.minute() == 0) & (_.ordered_at.second() == 0)
    timed = bought.mutate(hour=_.ordered_at.hour(), at_midnight=at_midnight)
    hours = small_frame(
        timed.group_by("hour").aggregate(orders=_.count(), midnight=_.count(where=_.at_midnight))
    )
    midnight_share = float(hours["midnight"].sum() / hours["orders"].sum())
    by_hour = (
        hours.set_index("hour")["orders"].reindex(range(24), fill_value=0) if midnight_share < 1 else None
    )
    return Days(frame, by_hour, midnight_share, end)


def statistics(days: Days) -> TimeStatistics:
    """Counts per day, week, month, weekday and hour, seasonality, trend, silences and bursts."""
    orders = days.frame["orders"]
    months = monthly(days.frame)
    complete = pd.Series([month.orders for month in months if month.complete], dtype=float)
    weeks = _complete_weeks(orders)
    return TimeStatistics(
        per_day=_per_day(orders),
        per_week=tuple(
            WeekOrders(week_start=monday, orders=int(count))
            for monday, count in _by_day(weeks.tail(MAX_WEEKS_LISTED))
        ),
        per_month=months,
        per_weekday=_per_weekday(days.frame),
        per_hour=None
        if days.by_hour is None
        else tuple(HourOrders(hour=hour, orders=int(count)) for hour, count in enumerate(days.by_hour)),
        seasonality=Seasonality(weekly=seasonality.weekly(orders), yearly=seasonality.yearly(complete)),
        trend=seasonality.trend(weeks),
        silences=tuple(sorted(silent_runs(orders), key=lambda run: (-run.days, run.from_))[:LONGEST_LISTED]),
        bursts=tuple(sorted(burst_days(orders), key=lambda one: (-one.orders, one.day))[:LONGEST_LISTED]),
    )


def _per_day(orders: pd.Series) -> DayStatistics:
    return DayStatistics(
        days=len(orders),
        days_with_orders=int((orders > 0).sum()),
        mean_orders=float(orders.mean()),
        median_orders=float(orders.median()),
        max_orders=int(orders.max()),
        busiest_day=orders.index[int(orders.to_numpy().argmax())].date(),
    )


def monthly(frame: pd.DataFrame) -> tuple[MonthOrders, ...]:
    """Totals a month, to be held against the shop's own books."""
    index = pd.DatetimeIndex(frame.index)
    by_month = frame.groupby(index.strftime("%Y-%m"), sort=True)
    lengths = pd.Series(index.days_in_month, index=index.strftime("%Y-%m")).groupby(level=0)
    covered = set(lengths.first().index[lengths.size() == lengths.first()])
    columns = ["orders", "new_orders", "gross", "refunded"]
    return tuple(
        MonthOrders(
            month=str(month),
            orders=int(sums["orders"]),
            new_orders=int(sums["new_orders"]),
            returning_orders=int(sums["orders"] - sums["new_orders"]),
            gross=float(sums["gross"]),
            refunded=float(sums["refunded"]),
            net=float(sums["gross"] - sums["refunded"]),
            complete=str(month) in covered,
        )
        for month, sums in by_month[columns].sum().iterrows()
    )


def _complete_weeks(orders: pd.Series) -> pd.Series:
    """Orders per Monday-to-Sunday week that lies in the history as a whole."""
    index = pd.DatetimeIndex(orders.index)
    weeks = orders.groupby(index - pd.to_timedelta(index.day_of_week, unit="D")).agg(["sum", "count"])
    return weeks.loc[weeks["count"] == 7, "sum"]


def _by_day(series: pd.Series) -> Iterator[tuple[date, int]]:
    return zip(pd.DatetimeIndex(series.index).date, series, strict=True)


def _per_weekday(frame: pd.DataFrame) -> tuple[WeekdayOrders, ...]:
    weekday = pd.DatetimeIndex(frame.index).day_of_week
    sums = frame.groupby(weekday)[["orders", "gross"]].sum().reindex(range(7), fill_value=0)
    number = pd.Series(weekday).value_counts().reindex(range(7), fill_value=0)
    total = int(sums["orders"].sum())
    return tuple(
        WeekdayOrders(
            weekday=name,
            orders=int(orders),
            share=int(orders) / total,
            mean_orders_per_day=float(orders / days) if days else None,
            gross=float(gross),
        )
        for name, orders, gross, days in zip(WEEKDAYS, sums["orders"], sums["gross"], number, strict=True)
    )


def checks(days: Days) -> list[Check]:
    """The findings on dates."""
    return [
        _fresh(days),
        _silences(days, silent_runs(days.frame["orders"])),
        _bursts(days, burst_days(days.frame["orders"])),
        _times(days),
        _newcomers(days),
    ]


def silent_runs(orders: pd.Series) -> list[Silence]:
    """Runs of days without any order that are longer than the shop's own rhythm explains.

    With orders on a share p of n days, independent days would bring a longest silence of about
    ln(n p) / -ln(1 - p) days; a run counts if it is more than twice that and more than a week.
    """
    active = orders.to_numpy() > 0
    share = float(active.mean())
    if share in (0.0, 1.0):
        return []
    expected = math.log(max(2.0, len(active) * share)) / -math.log1p(-share)
    limit = max(SILENT_RUN_DAYS, 2.0 * expected)
    edges = np.flatnonzero(np.diff(np.concatenate(([True], active, [True])).astype(int)))
    dates = pd.DatetimeIndex(orders.index).date
    return [
        Silence(from_=dates[start], to=dates[stop - 1], days=int(stop - start))
        for start, stop in zip(edges[::2], edges[1::2], strict=True)
        if stop - start > limit
    ]


def burst_days(orders: pd.Series) -> list[Burst]:
    """Days of at least ten orders with over ten times the median day with orders, or a fifth of all."""
    active = orders[orders > 0]
    total = int(active.sum())
    long_enough = len(orders) >= BURST_MIN_HISTORY_DAYS
    limit = max(BURST_MIN_ORDERS, BURST_TIMES_MEDIAN * float(active.median()))
    return [
        Burst(day=day, orders=int(count), share=int(count) / total)
        for day, count in _by_day(active)
        if count > limit or (long_enough and count >= BURST_MIN_ORDERS and count > BURST_SHARE * total)
    ]


def _fresh(days: Days) -> Check:
    since = (days.end - days.last_order).days
    words = (
        f"The last order is of {day(days.last_order)}, {counted(since, 'day')} before the end of the history."
    )
    return FRESH.graded(since, words, warn_above=FRESH_DAYS)


def _silences(days: Days, runs: list[Silence]) -> Check:
    history = len(days.frame)
    if history < 2 * SILENT_RUN_DAYS:
        return SILENCES.skipped(f"The history has only {counted(history, 'day')}.")
    silent = sum(run.days for run in runs)
    if not runs:
        return SILENCES.passed("No silence is longer than the shop's rhythm explains.", 0)
    longest = max(runs, key=lambda run: run.days)
    words = (
        f"{counted(len(runs), 'silence')} longer than the shop's rhythm explains, {counted(silent, 'day')} in"
        f" all; the longest from {day(longest.from_)} to {day(longest.to)}."
    )
    if silent > 0.15 * history:
        return SILENCES.failed(words, silent)
    return SILENCES.warned(words, silent)


def _bursts(days: Days, bursts: list[Burst]) -> Check:
    if not bursts:
        return BURSTS.passed("No day stands out by its number of orders.", 0)
    top = max(bursts, key=lambda burst: burst.orders)
    words = (
        f"{counted(len(bursts), 'day')} with far more orders than usual; on {day(top.day)} there are"
        f" {counted(top.orders, 'order')}, {percent(top.share)} of all."
    )
    if top.share > BURST_SHARE and len(days.frame) >= BURST_MIN_HISTORY_DAYS:
        return BURSTS.failed(words, len(bursts))
    return BURSTS.warned(words, len(bursts))


def _times(days: Days) -> Check:
    share = days.midnight_share
    if share == 1.0:
        return TIMES.not_applicable("The export has dates without times of day.")
    words = f"{percent(share)} of orders are stamped midnight exactly."
    return TIMES.graded(share, words, warn_above=0.05)


def _newcomers(days: Days) -> Check:
    history = len(days.frame)
    if history < 2 * NEWCOMER_DAYS:
        return NEWCOMERS.skipped(f"The history has only {counted(history, 'day')}.")
    recent = int(days.frame["new_orders"].tail(NEWCOMER_DAYS).sum())
    words = f"{counted(recent, 'customer')} bought for the first time in the last {NEWCOMER_DAYS} days."
    expected = NEWCOMER_DAYS / history * float(days.frame["new_orders"].sum())
    return NEWCOMERS.warned(words, recent) if recent < 0.05 * expected else NEWCOMERS.passed(words, recent)
