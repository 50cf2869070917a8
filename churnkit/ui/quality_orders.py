"""What the orders look like: customers, values, gaps, time, products."""

from __future__ import annotations

import streamlit as st

from churnkit.charts import profile_charts as charts
from churnkit.charts.base import money_title
from churnkit.charts.threshold_chart import gap_histogram, return_curve
from churnkit.results.profile import Assortment, GapDistribution, TimeStatistics
from churnkit.text.figures import count, day, days, decimal, escape_markdown, percent
from churnkit.ui.closer_look import closer_look_of
from churnkit.ui.opened import OpenedLook


def customers_and_orders(opened: OpenedLook) -> None:
    """Distributions of orders each, order value and gaps, and the return curve."""
    profile = opened.look.profile
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        _orders_each(opened)
    with right, st.container(border=True, height="stretch"):
        _gaps(opened, profile.threshold.gap_distribution)
    with st.container(border=True):
        _lifetimes(opened)
    with st.container(border=True):
        st.markdown("**Value of an order**")
        opened.chart(
            charts.spread,
            profile.orders.value,
            money_title("order value", opened.currency),
            alt="Order values: middle half, median, 5 and 95 percent points",
            key="order_values",
        )
        st.caption("The box holds the middle half of orders; whiskers reach from the 5 % to the 95 % point.")
    if len(profile.threshold.curve) > 1:
        with st.container(border=True):
            st.markdown("**Purchases followed by another**")
            opened.chart(
                return_curve,
                profile.threshold,
                profile.threshold.days,
                alt="Share of purchases followed by another, by days since",
                key="return_chart",
            )
            st.caption(escape_markdown(profile.threshold.reason, 600))


def _orders_each(opened: OpenedLook) -> None:
    customers = opened.look.profile.customers
    st.markdown("**Orders of a customer**")
    opened.chart(
        charts.orders_each,
        customers.orders_per_customer.histogram,
        alt="Customers by number of orders",
        key="orders_each",
    )
    st.caption(
        f"{percent(customers.one_time_share)} bought once only; the top fifth of customers bring"
        f" {percent(customers.top_fifth_revenue_share)} of revenue."
    )


def _lifetimes(opened: OpenedLook) -> None:
    st.markdown("**How long customers stay**")
    found = closer_look_of(opened)
    lives = found.lifetimes
    if not lives.histogram:
        st.caption("Nobody has bought on two days, so nobody has a lifetime yet.")
        return
    opened.chart(charts.lifetimes, lives.histogram, alt="Customers by length of lifetime", key="lifetimes")
    pace = found.orders_a_customer_a_year or 0.0
    st.caption(
        f"From the first to the last purchase so far, of the {count(lives.customers)} customers who bought on two days or"
        f" more: half stayed {days(lives.median)} or longer, and in that time they ordered {decimal(pace, 1)} times a year"
        f" again. {count(lives.one_day)} bought on one day only. Who still buys will stay longer than this says."
    )


def _gaps(opened: OpenedLook, gaps: GapDistribution) -> None:
    st.markdown("**Days between two purchases**")
    if gaps.quantiles_days is None:
        st.caption("Nobody has bought on two days.")
        return
    opened.chart(gap_histogram, gaps.histogram, alt="Gaps between purchases by length", key="gap_chart")
    st.caption(
        f"{count(gaps.count)} gaps; half are {days(gaps.quantiles_days.p50)} or shorter, nine in ten"
        f" {days(gaps.quantiles_days.p90)}."
    )


def over_time(opened: OpenedLook) -> None:
    """Months, weeks, weekdays, hours, rhythm, unusual days."""
    time = opened.look.profile.time
    yearly, weekly = time.seasonality.yearly, time.seasonality.weekly
    st.write(escape_markdown(f"{time.trend.words} {weekly.words} Year: {yearly.words}", 1000))
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Orders a month**")
        opened.chart(
            charts.months, time.per_month, alt="Orders a month, new and returning", key="months_chart"
        )
        st.caption("Pale months are not covered from their first to their last day.")
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Revenue a month**")
        opened.chart(
            charts.revenue,
            time.per_month,
            opened.currency,
            alt="Revenue by month",
            key="revenue_chart",
        )
        st.caption("To hold against the shop's own totals.")
    if len(time.per_week) > 1:
        with st.container(border=True):
            st.markdown("**Orders a week**")
            opened.chart(charts.weeks, time.per_week, alt="Orders a week", key="weeks_chart")
    with st.container(border=True):
        st.markdown("**Orders a day**")
        found = closer_look_of(opened)
        opened.chart(charts.each_day, found.per_day, alt="Orders of every day", key="days_chart")
        st.caption(
            f"{decimal(found.orders_a_day, 1)} orders a day on average, counted over all {count(found.days)} days from the"
            f" first to the last; {count(found.days - len(found.per_day))} of them had none. A gap that was no holiday is a"
            " part that the export lacks."
        )
    _days_and_hours(opened, time)


def _days_and_hours(opened: OpenedLook, time: TimeStatistics) -> None:
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        st.markdown("**Weekdays**")
        opened.chart(charts.weekdays, time.per_weekday, alt="Orders by weekday", key="weekday_chart")
    with right, st.container(border=True, height="stretch"):
        st.markdown("**Hours**")
        if time.per_hour:
            opened.chart(charts.hours, time.per_hour, alt="Orders by hour of the day", key="hour_chart")
        else:
            st.caption("The export has dates without times of day.")
    for run in time.silences:
        st.caption(f"No order from {day(run.from_)} to {day(run.to)}: {days(run.days)}.")
    for burst in time.bursts:
        st.caption(f"Many orders on {day(burst.day)}: {count(burst.orders)}.")


def products(opened: OpenedLook) -> None:
    """The strongest products and categories."""
    found = opened.look.profile.products
    if found is None:
        st.caption("The export names neither products nor categories.")
        return
    if found.products is not None:
        _assortment(opened, found.products, "products", "Products")
    if found.categories is not None:
        _assortment(opened, found.categories, "categories", "Categories")


def _assortment(opened: OpenedLook, found: Assortment, name: str, title: str) -> None:
    st.header(title, anchor=False)
    st.write(
        f"{count(found.number)} {name}, as diverse as {count(found.effective)} equally strong ones; the top"
        f" fifth brings {percent(found.top_fifth_revenue_share)} of revenue. A customer buys"
        f" {decimal(found.per_customer, 1)} of them on average."
    )
    with st.container(border=True):
        opened.chart(
            charts.products,
            found.top,
            opened.currency,
            alt=f"Strongest {name} by revenue",
            key=f"{name}_chart",
        )
