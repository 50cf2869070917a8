"""Results of campaigns: differences with intervals, what a ranking gains, effects by group, money by share contacted."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, money_title, shortened
from churnkit.experiments.waiting_time import Waiting
from churnkit.results.interval import Interval
from churnkit.text.hover import hover


def differences(found: Mapping[str, Interval], unit: str, currency: str | None = None) -> go.Figure:
    """Differences between the arms by what they are called, with a line at none.

    They are in ``unit``; those of money in its ``currency`` where it is known.
    """
    rows = found.values()
    result = figure(height=70 + 46 * len(rows), x_title=f"difference, {currency or unit}")
    result.add_vline(x=0, line={"color": QUIET, "dash": "dot"})
    result.add_scatter(
        x=[row.value for row in rows],
        y=[shortened(name) for name in found],
        mode="markers",
        marker={"color": COLOURS[0], "size": 12},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.high - row.value for row in rows],
            "arrayminus": [row.value - row.low for row in rows],
            "color": QUIET,
            "thickness": 2,
        },
        customdata=[[row.low, row.high] for row in rows],
        hovertemplate=hover(
            "%{y}: %{x:money} (%{customdata[0]:money} to %{customdata[1]:money})<extra></extra>", currency
        ),
    )
    result.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return result


def qini(table: pd.DataFrame, title: str) -> go.Figure:
    """What contacting the best-ranked gains: ``share``, ``gain``, ``low``, ``high``, ``random``."""
    result = figure(
        height=320, x_title="share contacted, best first", y_title=title, x_percent=True, legend=True
    )
    band = pd.concat([table["high"], table["low"][::-1]])
    result.add_scatter(
        x=pd.concat([table["share"], table["share"][::-1]]),
        y=band,
        fill="toself",
        fillcolor="rgba(43,122,140,0.16)",
        line={"width": 0},
        name="95 % band",
        hoverinfo="skip",
    )
    result.add_scatter(
        x=table["share"],
        y=table["gain"],
        mode="lines",
        name="ranked by predicted effect",
        line={"color": COLOURS[0], "width": 3},
        hovertemplate=hover("best %{x:share}: %{y:score}<extra></extra>"),
    )
    result.add_scatter(
        x=table["share"],
        y=table["random"],
        mode="lines",
        name="at random",
        line={"color": QUIET, "dash": "dot"},
        hoverinfo="skip",
    )
    return result


def effect_by_group(table: pd.DataFrame, currency: str | None) -> go.Figure:
    """Effect in each tenth with its interval, and what was predicted: ``group``, ``uplift``, ``low``, ``high``."""
    known = table[table["uplift"].notna()]
    result = figure(
        height=300,
        x_title="tenth by predicted effect, the best first",
        y_title=money_title("effect", currency),
        legend=True,
    )
    result.add_hline(y=0, line={"color": QUIET, "dash": "dot"})
    result.add_scatter(
        x=known["group"],
        y=known["uplift"],
        mode="markers",
        name="measured",
        marker={"color": COLOURS[0], "size": 11},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": known["high"] - known["uplift"],
            "arrayminus": known["uplift"] - known["low"],
            "color": QUIET,
            "thickness": 2,
        },
        hovertemplate=hover("tenth %{x}: %{y:money}<extra></extra>", currency),
    )
    if "predicted" in table:
        result.add_scatter(
            x=table["group"],
            y=table["predicted"],
            mode="lines+markers",
            name="predicted",
            marker={"color": COLOURS[1], "size": 6},
            line={"color": COLOURS[1], "width": 1},
            hovertemplate=hover("tenth %{x}: %{y:money} predicted<extra></extra>", currency),
        )
    result.update_xaxes(dtick=1)
    return result


def money_by_share(tables: Mapping[str, pd.DataFrame], currency: str | None) -> go.Figure:
    """Net money per 1,000 contacted by share contacted, one line for each ranking; the first with its interval."""
    result = figure(
        height=320,
        x_title="share contacted, best first",
        y_title=money_title("net per 1,000 contacted", currency),
        x_percent=True,
        legend=True,
    )
    result.add_hline(y=0, line={"color": QUIET, "dash": "dot"})
    for number, (name, table) in enumerate(tables.items()):
        spread = (
            {
                "type": "data",
                "symmetric": False,
                "array": table["high"] - table["per_1000"],
                "arrayminus": table["per_1000"] - table["low"],
                "color": QUIET,
                "thickness": 1,
            }
            if number == 0
            else None
        )
        result.add_scatter(
            x=table["share"],
            y=table["per_1000"],
            mode="lines+markers",
            name=name,
            line={"color": COLOURS[number], "width": 3 if number == 0 else 2},
            error_y=spread,
            hovertemplate=hover("best %{x:share}: %{y:sum}<extra></extra>", currency),
        )
    return result


def waiting_curves(by_arm: Mapping[str, Waiting]) -> go.Figure:
    """Share of each arm that has bought by day, as steps that end where nobody was followed any longer."""
    result = figure(
        height=320, x_title="days from the start", y_title="have bought", y_percent=True, legend=True
    )
    for place, (name, one) in enumerate(by_arm.items()):
        last = float(one.share[-1]) if len(one.share) else 0.0
        result.add_scatter(
            x=[0.0, *one.days, one.followed_days],
            y=[0.0, *one.share, last],
            mode="lines",
            name=shortened(name),
            line={"color": COLOURS[place % len(COLOURS)], "width": 3, "shape": "hv"},
            hovertemplate=hover("%{fullData.name}, day %{x:count}: %{y:share}<extra></extra>"),
        )
    return result
