"""Figures of merit of all models with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, wrapped
from churnkit.metrics import ReliabilityBin
from churnkit.results.interval import Interval
from churnkit.text.figures import score
from churnkit.text.hover import hover


class MethodLine(Protocol):
    """One way of calibrating: its name, groups by probability, and whether it was chosen."""

    @property
    def name(self) -> str: ...
    @property
    def bins(self) -> Sequence[ReliabilityBin]: ...
    @property
    def chosen(self) -> bool: ...


@dataclass(frozen=True)
class Marked:
    """One line of the chart: a model's name, its figure with the interval around it, and whether it is the champion."""

    name: str
    interval: Interval
    is_champion: bool


def measure_by_model(lines: Sequence[Marked], title: str) -> go.Figure:
    """A point with its interval for each model, the first at the top."""
    result = figure(height=90 + 34 * len(lines), x_title=title)
    for line in lines:
        around = line.interval
        result.add_scatter(
            x=[around.value],
            y=[wrapped(line.name)],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [around.high - around.value],
                "arrayminus": [around.value - around.low],
                "thickness": 2,
                "width": 5,
            },
            mode="markers",
            marker={"size": 11, "color": COLOURS[0] if line.is_champion else QUIET},
            hovertemplate=f"{line.name}: {score(around.value)}<br>95 %: {score(around.low)} to {score(around.high)}"
            "<extra></extra>",
        )
    result.update_yaxes(autorange="reversed", showgrid=False)
    result.update_xaxes(showgrid=True, gridcolor="rgba(140,152,158,0.25)")
    return result


def calibration_methods(curves: Sequence[MethodLine]) -> go.Figure:
    """Share who left against the probability given, a line for each way of calibrating, the chosen one thick."""
    result = figure(
        height=400,
        x_title="probability given",
        y_title="share who left",
        x_percent=True,
        y_percent=True,
        legend=True,
    )
    result.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        name="as promised",
        line={"color": QUIET, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    for place, curve in enumerate(curves):
        result.add_scatter(
            x=[row.p_mean for row in curve.bins],
            y=[row.observed for row in curve.bins],
            customdata=[row.count for row in curve.bins],
            mode="lines+markers",
            name=f"{curve.name} (chosen)" if curve.chosen else curve.name,
            line={"color": COLOURS[place], "width": 4 if curve.chosen else 2},
            marker={"size": 9 if curve.chosen else 6},
            hovertemplate=hover("given %{x:share}, left %{y:share} of %{customdata:count}")
            + f"<extra>{curve.name}</extra>",
        )
    result.update_xaxes(range=[0, 1], dtick=0.25)
    result.update_yaxes(range=[0, 1.02])
    return result


def alt_of(lines: Sequence[Marked], title: str) -> str:
    """The chart in words."""
    said = [
        f"{line.name} {score(line.interval.value)} ({score(line.interval.low)} to {score(line.interval.high)})"
        for line in lines
    ]
    return f"{title} with 95 % intervals: " + "; ".join(said)
