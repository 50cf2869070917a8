"""Customers by first purchase: the curves that the cohorts make."""

from __future__ import annotations

from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure

_CURVES = 4


class Curves(Protocol):
    """What is drawn: cohorts by age, all of them together, and how both are written."""

    @property
    def table(self) -> pd.DataFrame: ...

    @property
    def average(self) -> pd.Series | None: ...

    @property
    def period(self) -> str: ...

    @property
    def is_share(self) -> bool: ...

    def write(self, value: float, currency: str | None) -> str: ...

    def name(self, cohort: str) -> str: ...


def curves_chart(view: Curves, currency: str | None) -> go.Figure:
    """The latest cohorts one by one, and all of them together.

    Of shares the first period is left out: it is 100 % by definition, and would press all others together.
    """
    result = figure(
        height=340,
        x_title=f"{view.period}s after the first purchase",
        y_percent=view.is_share,
        legend=True,
    )
    begin = 1 if view.is_share else 0
    table = view.table.iloc[:, begin:]
    drawn = table.dropna(thresh=2).tail(_CURVES)
    for place, (cohort, values) in enumerate(drawn.iterrows()):
        colour = COLOURS[(place + 1) % len(COLOURS)]
        _line(result, view, currency, values.dropna(), view.name(str(cohort)), colour, width=1.5)
    if view.average is not None:
        together = view.average[view.average.index >= begin]
        _line(result, view, currency, together, "all together", COLOURS[0], width=4)
    result.update_xaxes(dtick=max(1, round(len(table.columns) / 12)))
    result.update_yaxes(rangemode="tozero", gridcolor="rgba(140,152,158,0.25)", zerolinecolor=QUIET)
    return result


def _line(
    result: go.Figure,
    view: Curves,
    currency: str | None,
    values: pd.Series,
    name: str,
    colour: str,
    *,
    width: float,
) -> None:
    result.add_scatter(
        x=list(values.index),
        y=list(values),
        mode="lines+markers",
        marker={"size": 4 + width},
        name=name,
        line={"color": colour, "width": width},
        text=[view.write(value, currency) for value in values],
        hovertemplate=name + ", " + view.period + " %{x}: %{text}<extra></extra>",
    )
