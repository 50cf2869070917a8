"""Charts of the data's quality, from the profile's own tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, money_title, months_below
from churnkit.results.closer_look import DayOrders, LifetimeBar
from churnkit.results.profile import (
    BestSeller,
    HourOrders,
    MissingValues,
    MonthOrders,
    OrdersBar,
    Spread,
    WeekdayOrders,
    WeekOrders,
)
from churnkit.text.figures import month
from churnkit.text.hover import SHARE_AXIS, hover

_BAR_HEIGHT, _AROUND_BARS = 26, 50
_LABEL_LETTERS = 42


def orders_each(histogram: Sequence[OrdersBar]) -> go.Figure:
    """Customers by their number of orders."""
    result = figure(height=300, x_title="orders", y_title="customers")
    result.add_bar(
        x=[f"{row.from_orders}" if row.to_orders else f"{row.from_orders}+" for row in histogram],
        y=[row.customers for row in histogram],
        customdata=[row.share for row in histogram],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x} orders: %{y:count} customers, %{customdata:share}<extra></extra>"),
    )
    result.update_xaxes(type="category")
    return result


def lifetimes(histogram: Sequence[LifetimeBar]) -> go.Figure:
    """Customers by the days between their first and last purchase."""
    result = figure(height=300, x_title="days from the first to the last purchase", y_title="customers")
    result.add_bar(
        x=[f"{row.from_days}–{row.to_days}" if row.to_days else f"{row.from_days}+" for row in histogram],
        y=[row.customers for row in histogram],
        customdata=[row.share for row in histogram],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x} days: %{y:count} customers, %{customdata:share}<extra></extra>"),
    )
    result.update_xaxes(type="category")
    return result


def each_day(rows: Sequence[DayOrders]) -> go.Figure:
    """Orders of every day from the first to the last; days without one stand at zero."""
    found = {row.day: row for row in rows}
    first, last = rows[0].day, rows[-1].day
    span = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    result = figure(height=260, y_title="orders a day")
    result.add_bar(
        x=span,
        y=[found[day].orders if day in found else 0 for day in span],
        customdata=[found[day].customers if day in found else 0 for day in span],
        marker={"color": COLOURS[0], "line": {"width": 0}},
        hovertemplate=hover("%{x}: %{y:count} orders of %{customdata:count} customers<extra></extra>"),
    )
    result.update_layout(bargap=0)
    return result


def spread(quantiles: Spread, title: str) -> go.Figure:
    """A box from the quarter to the three-quarter point with its median, whiskers at 5 and 95 %, the mean as a mark."""
    result = figure(height=180, x_title=title)
    result.add_box(
        q1=[quantiles.p25],
        median=[quantiles.median],
        q3=[quantiles.p75],
        lowerfence=[quantiles.p05],
        upperfence=[quantiles.p95],
        mean=[quantiles.mean],
        y=[""],
        orientation="h",
        boxpoints=False,
        marker={"color": COLOURS[0]},
        name="",
    )
    result.update_yaxes(showgrid=False)
    return result


def months(rows: Sequence[MonthOrders]) -> go.Figure:
    """Orders a month, those of returning and of new customers; months that the file covers in part are pale."""
    result = figure(height=300, y_title="orders", legend=True)
    names = [month(row.month) for row in rows]
    opacity = [1.0 if row.complete else 0.45 for row in rows]
    for counts, name, colour in (
        ([row.returning_orders for row in rows], "returning customers", COLOURS[0]),
        ([row.new_orders for row in rows], "new customers", COLOURS[2]),
    ):
        result.add_bar(
            x=names,
            y=counts,
            name=name,
            marker={"color": colour, "opacity": opacity},
            hovertemplate=hover("%{x}: %{y:count}<extra>" + name + "</extra>"),
        )
    result.update_layout(barmode="stack")
    months_below(result, names)
    return result


def revenue(rows: Sequence[MonthOrders], currency: str | None) -> go.Figure:
    """Gross and net revenue by month."""
    result = figure(height=300, y_title=money_title("amount", currency), legend=True)
    names = [month(row.month) for row in rows]
    result.add_bar(
        x=names,
        y=[row.net for row in rows],
        name="after returns",
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x}: %{y:money}<extra>after returns</extra>", currency),
    )
    result.add_scatter(
        x=names,
        y=[row.gross for row in rows],
        mode="lines+markers",
        name="before returns",
        line={"color": QUIET, "width": 2},
        hovertemplate=hover("%{x}: %{y:money}<extra>before returns</extra>", currency),
    )
    months_below(result, names)
    return result


def weeks(rows: Sequence[WeekOrders]) -> go.Figure:
    """Orders of every whole week."""
    result = figure(height=260, y_title="orders a week")
    result.add_scatter(
        x=[row.week_start for row in rows],
        y=[row.orders for row in rows],
        mode="lines",
        line={"color": COLOURS[0], "width": 2},
        hovertemplate=hover("week from %{x}: %{y:count}<extra></extra>"),
    )
    result.update_yaxes(rangemode="tozero")
    return result


def weekdays(rows: Sequence[WeekdayOrders]) -> go.Figure:
    """Orders by weekday."""
    result = figure(height=260, y_title="orders")
    result.add_bar(
        x=[row.weekday[:3] for row in rows],
        y=[row.orders for row in rows],
        customdata=[row.share for row in rows],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x}: %{y:count} orders, %{customdata:share}<extra></extra>"),
    )
    return result


def hours(rows: Sequence[HourOrders]) -> go.Figure:
    """Orders by hour of the day."""
    result = figure(height=260, x_title="hour of the day", y_title="orders")
    result.add_bar(
        x=[row.hour for row in rows],
        y=[row.orders for row in rows],
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{x}:00 to %{x}:59: %{y:count} orders<extra></extra>"),
    )
    result.update_xaxes(dtick=3)
    return result


def missing(rows: Sequence[MissingValues], names: Mapping[str, str]) -> go.Figure:
    """Share of rows without a value by column; columns that the checks flagged stand out."""
    result = figure(height=_AROUND_BARS + _BAR_HEIGHT * len(rows), x_percent=True)
    result.add_bar(
        x=[row.share for row in rows],
        y=[names.get(row.column, row.column) for row in rows],
        customdata=[row.missing for row in rows],
        orientation="h",
        marker={"color": [COLOURS[1] if row.flagged else COLOURS[0] for row in rows]},
        hovertemplate=hover("%{y}: %{customdata:count} rows, %{x:share}<extra></extra>"),
    )
    result.update_xaxes(tickformat=SHARE_AXIS, rangemode="tozero")
    result.update_yaxes(autorange="reversed", showgrid=False)
    return result


def products(rows: Sequence[BestSeller], currency: str | None) -> go.Figure:
    """The strongest products or categories by gross revenue; names are cut and shown as they are."""
    result = figure(
        height=_AROUND_BARS + _BAR_HEIGHT * len(rows), x_title=money_title("gross revenue", currency)
    )
    places = list(range(len(rows)))
    result.add_bar(
        x=[row.gross for row in rows],
        y=places,
        customdata=[row.share for row in rows],
        text=[_plain(row.name) for row in rows],
        orientation="h",
        marker={"color": COLOURS[0]},
        hovertemplate=hover("%{text}: %{x:money}, %{customdata:share} of revenue<extra></extra>", currency),
        textposition="none",
    )
    result.update_yaxes(
        autorange="reversed",
        showgrid=False,
        tickvals=places,
        ticktext=[_plain(row.name) for row in rows],
    )
    return result


def _plain(name: str) -> str:
    """A name on one line for Plotly, which reads a few HTML tags in its texts."""
    line = " ".join(name[: 4 * _LABEL_LETTERS].split())
    line = line if len(line) <= _LABEL_LETTERS else line[: _LABEL_LETTERS - 1] + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
