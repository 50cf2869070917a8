"""Orders and money over time: days, weeks, months, weekdays, hours; silences and bursts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling import seasonality
from churnkit.profiling.tables import small_frame
from churnkit.profiling.unusual_days import burst_days, by_day, silent_runs
from churnkit.results.profile import (
    DayStatistics,
    HourOrders,
    MonthOrders,
    Seasonality,
    TimeStatistics,
    WeekdayOrders,
    WeekOrders,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_LISTED = 10
MAX_WEEKS_LISTED = 520


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
    firsts = bought.group_by("customer_id").aggregate(day=_.day.min())
    begun = firsts.group_by("day").aggregate(new_orders=_.count())
    sold = bought.group_by("day").aggregate(orders=_.count(), gross=_.gross.sum())
    per_day = sold.left_join(begun, "day").select(
        "day", "orders", new_orders=_.new_orders.fill_null(0), gross=_.gross
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
            for monday, count in by_day(weeks.tail(MAX_WEEKS_LISTED))
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
