"""The one look of every chart. Colours are told apart with every kind of colour vision, on light and on dark."""

from __future__ import annotations

import textwrap

import plotly.graph_objects as go

from churnkit.text.hover import SHARE_AXIS

COLOURS = ("#2B7A8C", "#C8553D", "#E0A030", "#6B6FB3", "#4C9F70", "#A65B8A", "#7A8791", "#4D96D9")
"""Series colours in order; the first one is for what the chart is about."""

TIER_COLOURS = {"high": "#C8553D", "medium": "#E0A030", "low": "#2B7A8C"}
QUIET = "#8C989E"
"""For references: baselines, diagonals, what might have been."""

RAISES, LOWERS = "#C8553D", "#2B7A8C"
"""Pushes towards leaving and towards staying."""

_TEMPLATE = go.layout.Template(
    layout={
        "colorway": list(COLOURS),
        "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": "closest",
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0},
        "xaxis": {"automargin": True, "zeroline": False, "showgrid": False},
        "yaxis": {"automargin": True, "zeroline": False, "gridcolor": "rgba(140,152,158,0.25)"},
        "bargap": 0.25,
        "hoverlabel": {"namelength": -1},
    }
)


def figure(
    *,
    height: int = 320,
    x_title: str = "",
    y_title: str = "",
    x_percent: bool = False,
    y_percent: bool = False,
    legend: bool = False,
) -> go.Figure:
    """An empty figure in the app's look; axes of shares are written in percent.

    Streamlit puts its theme's text and grid colours over it, so it fits light and dark. Layout values that must
    survive that are set on the figure itself.
    """
    result = go.Figure(layout={"template": _TEMPLATE, "height": height, "showlegend": legend})
    result.update_layout(
        margin={"l": 8, "r": 8, "t": 28 if legend else 12, "b": 8},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0, "title": None},
        dragmode=False,
    )
    result.update_xaxes(
        title=x_title or None, automargin=True, tickformat=SHARE_AXIS if x_percent else None, fixedrange=True
    )
    result.update_yaxes(
        title=y_title or None, automargin=True, tickformat=SHARE_AXIS if y_percent else None, fixedrange=True
    )
    return result


def wrapped(label: str) -> str:
    """A long label on two lines, so that bars keep room on a phone."""
    return "<br>".join(textwrap.wrap(label, 28))


def shortened(name: object) -> str:
    """A name as an axis can carry it; Plotly reads a few HTML tags, so those are made plain."""
    text = str(name)
    text = text if len(text) <= 36 else text[:35] + "…"
    return text.replace("&", "&amp;").replace("<", "&lt;")
