"""One customer: what pushes the probability, and the purchases so far."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, LOWERS, QUIET, RAISES, figure, money_title, wrapped
from churnkit.text.figures import percent, signed
from churnkit.text.hover import hover

# Share of the bars' span on either side: the figures beside them are not cut off on a phone.
_ROOM_FOR_TEXT = 0.3


class Theme(Protocol):
    """What is drawn of a theme: its name, its log-odds, and what they do to the odds in words."""

    @property
    def label(self) -> str: ...

    @property
    def push(self) -> float: ...

    @property
    def words(self) -> str: ...


def waterfall(themes: Sequence[Theme], base: float, p_churn: float) -> go.Figure:
    """From the starting point to the customer's log-odds, one theme after the other.

    Parameters
    ----------
    themes
        Log-odds by theme, in the order in which they are shown.
    base
        Log-odds of the reference; base and themes add up to the log-odds of ``p_churn``.
    """
    start = 1.0 / (1.0 + math.exp(-base))
    labels = [f"Starting point: {percent(start)}", *(one.label for one in themes)]
    names = [*(wrapped(label) for label in labels), f"This customer: {percent(p_churn)}"]
    values = [base, *(one.push for one in themes), 0.0]
    result = figure(height=60 + 36 * len(names), x_title="log-odds of leaving")
    result.add_waterfall(
        orientation="h",
        y=names,
        x=values,
        measure=["absolute", *("relative" for _ in themes), "total"],
        increasing={"marker": {"color": RAISES}},
        decreasing={"marker": {"color": LOWERS}},
        totals={"marker": {"color": QUIET}},
        connector={"line": {"color": QUIET, "width": 1}},
        text=["", *(signed(one.push) for one in themes), ""],
        textposition="outside",
        customdata=["", *(one.words for one in themes), ""],
        hovertemplate=hover("%{y}: %{delta:signed} %{customdata}<extra></extra>"),
        cliponaxis=False,
    )
    ends = [0.0, *accumulate(values[:-1])]
    room = _ROOM_FOR_TEXT * (max(ends) - min(ends))
    result.update_xaxes(range=[min(ends) - room, max(ends) + room])
    result.update_yaxes(autorange="reversed")
    return result


class TwoOpinions(Protocol):
    """What is drawn of a theme on which two methods were asked: its name and its log-odds by each."""

    @property
    def label(self) -> str: ...

    @property
    def shap(self) -> float: ...

    @property
    def lime(self) -> float: ...


def opinions(themes: Sequence[TwoOpinions]) -> go.Figure:
    """SHAP's and LIME's push of each theme side by side, in log-odds of leaving."""
    names = [wrapped(one.label) for one in themes]
    result = figure(height=90 + 44 * len(names), x_title="log-odds of leaving", legend=True)
    for name, pushes, colour in (
        ("SHAP", [one.shap for one in themes], COLOURS[0]),
        ("LIME", [one.lime for one in themes], COLOURS[2]),
    ):
        result.add_bar(
            orientation="h",
            name=name,
            y=names,
            x=pushes,
            marker={"color": colour},
            hovertemplate=hover("%{y}: %{x:signed}<extra>" + name + "</extra>"),
        )
    result.update_layout(barmode="group")
    result.update_xaxes(zeroline=True, zerolinecolor=QUIET)
    result.update_yaxes(autorange="reversed")
    return result


def purchases(orders: pd.DataFrame, currency: str | None) -> go.Figure:
    """Orders over time by amount; returns below the line."""
    result = figure(height=240, y_title=money_title("amount", currency))
    result.add_bar(
        x=orders["ordered_at"],
        y=orders["amount"],
        customdata=orders[["order_id", "lines"]],
        marker={"color": [COLOURS[0] if amount > 0 else RAISES for amount in orders["amount"]]},
        width=max(86_400_000.0, _span_ms(orders) / 120),
        hovertemplate=hover("%{x|day}: %{y:money}, %{customdata[1]} lines<extra></extra>", currency),
    )
    return result


def _span_ms(orders: pd.DataFrame) -> float:
    span = orders["ordered_at"].max() - orders["ordered_at"].min()
    return float(span / pd.Timedelta(milliseconds=1))
