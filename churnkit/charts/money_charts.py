"""Campaigns: expected profit by size, scenarios side by side, value at risk by group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, TIER_COLOURS, figure, money_title, shortened
from churnkit.text.figures import count
from churnkit.text.hover import hover

_NET = "expected net"


def profit_curve(
    points: pd.DataFrame, optimum: int, chosen: int, net: float, currency: str | None
) -> go.Figure:
    """Expected net by customers contacted, with the optimum and the chosen point.

    Parameters
    ----------
    points
        ``customers`` and ``net`` (money), ascending, the optimum among them.
    chosen, net
        The campaign looked at. It lies below the curve where it does not contact the best first.
    """
    best = points.loc[points["customers"] == optimum, "net"]
    return figure(
        height=320,
        x_title="customers contacted, best first",
        y_title=money_title(_NET, currency),
        legend=True,
        yaxis={"zeroline": True, "zerolinecolor": QUIET},
        data=[
            {
                "type": "scatter",
                "x": points["customers"].to_numpy(),
                "y": points["net"].to_numpy(),
                "mode": "lines",
                "name": "expected net",
                "line": {"color": COLOURS[0], "width": 3},
                "hovertemplate": hover("%{x:count} customers: %{y:sum}<extra></extra>", currency),
            },
            _point(
                f"highest net: {count(optimum)} customers",
                ([optimum], best.tolist()),
                (COLOURS[0], "star"),
                hover("highest net: %{x:count} customers, %{y:sum}<extra></extra>", currency),
            ),
            _point(
                "this campaign",
                ([chosen], [net]),
                (COLOURS[1], "diamond"),
                hover("this campaign: %{x:count} customers, %{y:sum}<extra></extra>", currency),
            ),
        ],
    )


def _point(
    name: str, place: tuple[Sequence[float], Sequence[float]], mark: tuple[str, str], under_mouse: str
) -> dict[str, object]:
    """A trace of one point, marked by colour and symbol."""
    colour, symbol = mark
    return {
        "type": "scatter",
        "x": place[0],
        "y": place[1],
        "mode": "markers",
        "name": name,
        "marker": {"color": colour, "size": 13, "symbol": symbol},
        "hovertemplate": under_mouse,
    }


def net_by_budget(curve: pd.DataFrame, budget: float, net: float, currency: str | None) -> go.Figure:
    """Expected net of the best division, by ``budget`` (money), with the chosen one; ``curve``: ``budget``, ``net``."""
    titles = money_title("budget", currency), money_title(_NET, currency)
    result = figure(height=280, x_title=titles[0], y_title=titles[1], legend=True)
    result.add_scatter(
        x=curve["budget"],
        y=curve["net"],
        mode="lines",
        name="best division",
        line={"color": COLOURS[0], "width": 3},
        hovertemplate=hover("%{x:sum}: net %{y:sum}<extra></extra>", currency),
    )
    result.add_scatter(
        x=[budget],
        y=[net],
        mode="markers",
        name="this budget",
        marker={"color": COLOURS[1], "size": 13, "symbol": "diamond"},
        hovertemplate=hover("this budget: %{x:sum}, net %{y:sum}<extra></extra>", currency),
    )
    return result


def scenarios(table: pd.DataFrame, currency: str | None) -> go.Figure:
    """Expected net of each scenario with its 80 % interval; ``name``, ``net``, ``net_low``, ``net_high``."""
    result = figure(height=90 + 34 * len(table), x_title=money_title(_NET, currency))
    result.update_xaxes(zeroline=True, zerolinecolor=QUIET)
    result.add_scatter(
        x=table["net"],
        y=[shortened(name) for name in table["name"]],
        mode="markers",
        marker={"color": COLOURS[0], "size": 12},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": table["net_high"] - table["net"],
            "arrayminus": table["net"] - table["net_low"],
            "color": QUIET,
            "thickness": 2,
        },
        customdata=table[["net_low", "net_high"]].to_numpy(),
        hovertemplate=hover(
            "%{y}: %{x:sum}, 80 %: %{customdata[0]:sum} to %{customdata[1]:sum}<extra></extra>", currency
        ),
    )
    result.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return result


def value_at_risk(table: pd.DataFrame, currency: str | None) -> go.Figure:
    """Value at risk by group with its 80 % interval; ``group``, ``value_at_risk`` and its ``_low`` and ``_high``."""
    result = figure(height=90 + 30 * len(table), x_title=money_title("value at risk", currency))
    value = table["value_at_risk"]
    result.add_bar(
        x=value,
        y=[shortened(name) for name in table["group"]],
        orientation="h",
        marker={"color": [TIER_COLOURS.get(name, COLOURS[0]) for name in table["group"]]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": table["value_at_risk_high"] - value,
            "arrayminus": value - table["value_at_risk_low"],
            "color": QUIET,
            "thickness": 2,
        },
        hovertemplate=hover("%{y}: %{x:sum}<extra></extra>", currency),
    )
    result.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return result


def tornado(table: pd.DataFrame, net: float, currency: str | None) -> go.Figure:
    """The net at both ends of each assumption's range, as bars from the ``net`` expected.

    Parameters
    ----------
    table
        ``what``, ``low``, ``high`` (texts), ``net_low``, ``net_high`` (money), the widest first.
    """
    names = [f"{what}<br>{low} to {high}" for what, low, high in _texts(table)]
    bars = [
        {
            "type": "bar",
            "x": (table[f"net_{end}"] - net).to_numpy(),
            "base": net,
            "y": names,
            "orientation": "h",
            "name": label,
            "marker": {"color": colour},
            "customdata": table[[end, f"net_{end}"]].to_numpy(),
            "hovertemplate": hover("%{customdata[0]}: net %{customdata[1]:sum}<extra></extra>", currency),
        }
        for end, label, colour in (
            ("low", "at the lower end", COLOURS[1]),
            ("high", "at the upper end", COLOURS[0]),
        )
    ]
    expected = {"type": "line", "x0": net, "x1": net, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    return figure(
        height=100 + 44 * len(table),
        x_title=money_title(_NET, currency),
        legend=True,
        data=bars,
        yaxis={"type": "category", "autorange": "reversed", "showgrid": False},
        barmode="overlay",
        shapes=[{**expected, "line": {"color": QUIET, "width": 1}}],
    )


def _texts(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    columns = (table[name].map(shortened) for name in ("what", "low", "high"))
    return list(zip(*columns, strict=True))
