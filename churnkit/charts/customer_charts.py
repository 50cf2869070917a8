"""One customer: what pushes the probability, and the purchases so far."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, LOWERS, QUIET, RAISES, figure
from churnkit.text.figures import percent, signed
from churnkit.text.hover import hover

_SHOWN = 9


def waterfall(contributions: pd.Series, base: float, labels: Mapping[str, str], p_churn: float) -> go.Figure:
    """From the reference to the customer's log-odds, the strongest pushes one by one, the others together.

    Parameters
    ----------
    contributions
        Log-odds by feature.
    base
        Log-odds of the reference; base and contributions add up to the log-odds of ``p_churn``.
    labels
        Names of the features on screen.
    """
    ordered = contributions.reindex(contributions.abs().sort_values(ascending=False).index)
    shown = ordered.iloc[:_SHOWN]
    steps = [(labels.get(str(name), str(name)), float(value)) for name, value in shown.items()]
    if len(ordered) > _SHOWN:
        steps.append((f"{len(ordered) - _SHOWN} other facts", float(ordered.iloc[_SHOWN:].sum())))
    names = ["Reference", *(name for name, _ in steps), f"This customer: {percent(p_churn)}"]
    values = [base, *(value for _, value in steps), 0.0]
    result = figure(height=60 + 32 * len(names), x_title="log-odds of leaving: right raises, left lowers")
    result.add_waterfall(
        orientation="h",
        y=names,
        x=values,
        measure=["absolute", *("relative" for _ in steps), "total"],
        increasing={"marker": {"color": RAISES}},
        decreasing={"marker": {"color": LOWERS}},
        totals={"marker": {"color": QUIET}},
        connector={"line": {"color": QUIET, "width": 1}},
        text=[signed(value) if value else "" for value in values],
        textposition="outside",
        hovertemplate=hover("%{y}: %{delta:signed}<extra></extra>"),
        cliponaxis=False,
    )
    result.update_yaxes(autorange="reversed")
    return result


def purchases(orders: pd.DataFrame, money_title: str) -> go.Figure:
    """Orders over time by amount; returns below the line."""
    result = figure(height=240, y_title=money_title)
    result.add_bar(
        x=orders["ordered_at"],
        y=orders["amount"],
        customdata=orders[["order_id", "lines"]],
        marker={"color": [COLOURS[0] if amount > 0 else RAISES for amount in orders["amount"]]},
        width=max(86_400_000.0, _span_ms(orders) / 120),
        hovertemplate=hover("%{x|day}: %{y:money}, %{customdata[1]} lines<extra></extra>"),
    )
    return result


def _span_ms(orders: pd.DataFrame) -> float:
    span = orders["ordered_at"].max() - orders["ordered_at"].min()
    return float(span / pd.Timedelta(milliseconds=1))
