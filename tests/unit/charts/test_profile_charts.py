"""Charts of the data's quality: the profile's numbers as they are, names as text."""

from __future__ import annotations

from datetime import date

import pytest

from churnkit.charts import profile_charts as charts
from churnkit.results.profile import (
    BestSeller,
    HourOrders,
    LifetimeRevenue,
    MissingValues,
    MonthOrders,
    OrdersBar,
    WeekdayOrders,
    WeekOrders,
)

MONTHS = (
    MonthOrders(
        month="2025-01",
        orders=5,
        returning_orders=3,
        new_orders=2,
        gross=50.0,
        refunded=10.0,
        net=40.0,
        complete=True,
    ),
    MonthOrders(
        month="2025-02",
        orders=4,
        returning_orders=4,
        new_orders=0,
        gross=20.0,
        refunded=0.0,
        net=20.0,
        complete=False,
    ),
)


def test_customers_by_orders() -> None:
    rows = (
        OrdersBar(from_orders=1, to_orders=1, customers=7, share=0.7),
        OrdersBar(from_orders=11, to_orders=None, customers=3, share=0.3),
    )
    (bars,) = charts.orders_each(rows).data
    assert list(bars.x) == ["1", "11+"]
    assert list(bars.y) == [7, 3]


def test_months_are_stacked_and_partial_ones_pale() -> None:
    figure = charts.months(MONTHS)
    returning, new = figure.data
    assert list(returning.x) == ["Jan 2025", "Feb 2025"]
    assert (list(returning.y), list(new.y)) == ([3, 4], [2, 0])
    assert figure.layout.barmode == "stack"
    assert returning.marker.opacity[0] > returning.marker.opacity[1]


def test_revenue_before_and_after_returns() -> None:
    net, gross = charts.revenue(MONTHS, "EUR").data
    assert (list(net.y), list(gross.y)) == ([40.0, 20.0], [50.0, 20.0])


def test_spread_of_order_values() -> None:
    (box,) = charts.spread(
        LifetimeRevenue(p05=1, p25=2, median=3, p75=5, p95=9, mean=4, max=100), "value"
    ).data
    assert (box.lowerfence[0], box.q1[0], box.median[0], box.q3[0], box.upperfence[0]) == (1, 2, 3, 5, 9)


def test_flagged_columns_stand_out() -> None:
    rows = (
        MissingValues(column="customer_id", critical=True, share=0.25, missing=25, flagged=True),
        MissingValues(column="extra", critical=False, share=0.01, missing=1, flagged=False),
    )
    (bars,) = charts.missing(rows, {"customer_id": "Customer"}).data
    assert list(bars.y) == ["Customer", "extra"]
    assert bars.marker.color[0] != bars.marker.color[1]


@pytest.mark.parametrize("name", ["<b>Tea</b>", "<script>alert(1)</script>", "x" * 10_000, "=1+1", "a\nb"])
def test_names_of_products_are_cut_and_stay_text(name: str) -> None:
    figure = charts.products([BestSeller(id="p", name=name, gross=5.0, share=1.0, lines=1)], "EUR")
    (shown,) = figure.layout.yaxis.ticktext
    assert "<" not in shown
    assert "\n" not in shown
    assert len(shown) <= 80
    assert len(figure.to_json()) < 20_000


def test_weeks_weekdays_and_hours() -> None:
    assert list(charts.weeks([WeekOrders(week_start=date(2025, 1, 6), orders=3)]).data[0].y) == [3]
    monday = WeekdayOrders(weekday="Monday", orders=3, share=1.0, mean_orders_per_day=3.0, gross=30.0)
    (days,) = charts.weekdays([monday]).data
    assert list(days.x) == ["Mon"]
    assert list(charts.hours([HourOrders(hour=9, orders=3)]).data[0].x) == [9]
