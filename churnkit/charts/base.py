"""The one look of every chart. Colours are told apart with every kind of colour vision, on light and on dark."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import plotly.graph_objects as go

from churnkit.text.hover import SHARE_AXIS

COLOURS = ("#2B7A8C", "#C8553D", "#E0A030", "#6B6FB3", "#4C9F70", "#A65B8A", "#7A8791", "#4D96D9")
"""Series colours in order; the first one is for what the chart is about."""

TIER_COLOURS = {"high": "#C8553D", "medium": "#E0A030", "low": "#2B7A8C"}
QUIET = "#8C989E"
"""For references: baselines, diagonals, what might have been."""

RAISES, LOWERS = "#C8553D", "#2B7A8C"
"""Pushes towards leaving and towards staying."""

SMALLEST_LETTERS = 11
"""Pixels. Plotly would shrink the text of a bar until it fits, down to what nobody can read on a phone."""

LEGEND_BELOW = {
    "orientation": "h",
    "yref": "container",
    "yanchor": "bottom",
    "y": 0.0,
    "xanchor": "left",
    "x": 0,
}
"""At the lower edge, below the axis' title: as many lines as the width needs, none of them over the chart."""

_MONTHS_ON_A_PHONE = 7

CHECKED = False
"""Whether Plotly checks every layout; tests set it."""

_TEMPLATE = {
    "layout": {
        "colorway": list(COLOURS),
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
        "legend": LEGEND_BELOW,
        "xaxis": {"automargin": True, "zeroline": False, "showgrid": False},
        "yaxis": {"automargin": True, "zeroline": False, "gridcolor": "rgba(140,152,158,0.25)"},
        "bargap": 0.25,
        "hoverlabel": {"namelength": -1},
    }
}


def figure(
    *,
    height: int = 320,
    x_title: str = "",
    y_title: str = "",
    x_percent: bool = False,
    y_percent: bool = False,
    legend: bool = False,
    data: Sequence[Mapping[str, object]] = (),
    xaxis: Mapping[str, object] = MappingProxyType({}),
    yaxis: Mapping[str, object] = MappingProxyType({}),
    **layout: object,
) -> go.Figure:
    """A figure in the app's look; axes of shares are written in percent.

    Streamlit puts its theme's text and grid colours over it, so it fits light and dark. Layout values that must
    survive that are set on the figure itself.

    Parameters
    ----------
    data, xaxis, yaxis, layout
        Traces, and what the axes and the layout say beyond the usual. A chart that is drawn anew with every move of a
        slider hands all of it over here: ``add_scatter`` and ``update_yaxes`` check what they are given, which takes
        twenty times as long.
    """
    # What Plotly makes of a valid layout is that layout: checking it took half of a chart's time. Tests check it.
    return go.Figure(
        data=[dict(trace) for trace in data],
        layout={
            "template": _TEMPLATE,
            "height": height,
            "showlegend": legend,
            "margin": {"l": 8, "r": 8, "t": 12, "b": 8},
            "legend": LEGEND_BELOW,
            "dragmode": False,
            "uniformtext": {"minsize": SMALLEST_LETTERS, "mode": "show"},
            "xaxis": {**_axis(x_title, x_percent), **xaxis},
            "yaxis": {**_axis(y_title, y_percent), **yaxis},
            **layout,
        },
        _validate=CHECKED,
    )


def money_title(what: str, currency: str | None) -> str:
    """The title of an axis of amounts: what they are, and in which currency where it is known."""
    return f"{what}, {currency}" if currency else what


def _axis(title: str, percent: bool) -> dict[str, object]:
    axis: dict[str, object] = {"automargin": True, "fixedrange": True}
    if title:
        axis["title"] = {"text": title}
    if percent:
        axis["tickformat"] = SHARE_AXIS
    return axis


def months_below(shown: go.Figure, names: Sequence[str]) -> None:
    """Months as the labels of the x axis, the year below its month: upright also on a phone, every so many if there are
    more than it has room for."""
    known = list(dict.fromkeys(names))
    labelled = known[:: math.ceil(len(known) / _MONTHS_ON_A_PHONE) or 1]
    shown.update_xaxes(
        type="category",
        tickmode="array",
        tickvals=labelled,
        ticktext=["<br>".join(name.rsplit(" ", 1)) for name in labelled],
        tickangle=0,
    )


def wrapped(label: str) -> str:
    """A long label on two lines, so that bars keep room on a phone."""
    return "<br>".join(textwrap.wrap(label, 28))


def shortened(name: object) -> str:
    """A name as an axis can carry it; Plotly reads a few HTML tags, so those are made plain."""
    text = str(name)
    text = text if len(text) <= 36 else text[:35] + "…"
    return text.replace("&", "&amp;").replace("<", "&lt;")
