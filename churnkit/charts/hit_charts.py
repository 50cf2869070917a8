"""How many of a hundred customers named left: by the forecast, by a simple rule, by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, wrapped
from churnkit.text.figures import count, day

Bar = tuple[str, float]
"""Who named, and the share who left of those named."""

Dots = tuple[datetime, Sequence[float]]
"""An earlier date, and its shares in the order of the bars."""


def hit_bars(bars: Sequence[Bar], earlier: Sequence[Dots] = ()) -> go.Figure:
    """A bar for each way of naming customers, the forecast's first; a dot for each earlier date."""
    names = [wrapped(name) for name, _ in bars]
    result = figure(height=70 + 56 * len(bars), x_title="of 100 named, so many left")
    result.add_bar(
        x=[100 * share for _, share in bars],
        y=names,
        orientation="h",
        marker={"color": [COLOURS[0], *[QUIET] * (len(bars) - 1)]},
        text=[count(round(100 * share)) for _, share in bars],
        textposition="auto",
        insidetextanchor="start",
        insidetextfont={"size": 16, "color": "white"},
        hovertemplate="%{y}: %{text} of 100<extra></extra>",
    )
    for cutoff, shares in earlier:
        result.add_scatter(
            x=[100 * share for share in shares],
            y=names,
            mode="markers",
            marker={"size": 9, "color": "rgba(0,0,0,0)", "line": {"color": COLOURS[2], "width": 2}},
            text=[count(round(100 * share)) for share in shares],
            hovertemplate="%{y}, " + day(cutoff) + ": %{text} of 100<extra></extra>",
        )
    result.update_xaxes(range=[0, 104], dtick=20)
    result.update_yaxes(autorange="reversed")
    return result
