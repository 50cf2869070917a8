"""Figures of merit of all models with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, wrapped
from churnkit.results.interval import Interval
from churnkit.text.figures import score


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


def alt_of(lines: Sequence[Marked], title: str) -> str:
    """The chart in words."""
    said = [
        f"{line.name} {score(line.interval.value)} ({score(line.interval.low)} to {score(line.interval.high)})"
        for line in lines
    ]
    return f"{title} with 95 % intervals: " + "; ".join(said)
