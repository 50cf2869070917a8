"""How the champion did: curves of the test window, and past dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure, money_title
from churnkit.results.evidence.last_window import Calibrated, Calls, ProfitByReach, RecallCurves, RocCurves
from churnkit.results.past_dates import PastDate
from churnkit.text.figures import count, day, percent
from churnkit.text.hover import hover
from churnkit.tournament.names import model_label

_DASHES = ("dash", "dot", "dashdot")
_Points = Sequence[float]


def roc(curves: RocCurves) -> go.Figure:
    """Share of leavers found against the share of stayers called in vain, for the champion and the simple rules."""
    result = figure(
        height=400,
        x_title="stayers called in vain",
        y_title="leavers found",
        x_percent=True,
        y_percent=True,
        legend=True,
    )
    _line(result, [0, 1], [0, 1], "a coin", QUIET, width=1, dash="dot")
    _by_model(
        result,
        {name: (curve.fpr, curve.tpr) for name, curve in curves.baselines.items()},
        (curves.champion.fpr, curves.champion.tpr),
        "%{y:share} of leavers found, %{x:share} of stayers called",
    )
    result.update_xaxes(dtick=0.25)
    return result


def precision_recall(curves: RecallCurves, base_rate: float | None) -> go.Figure:
    """Share of the called who left against the share of leavers found."""
    result = figure(
        height=400,
        x_title="leavers found",
        y_title="of those called, left",
        x_percent=True,
        y_percent=True,
        legend=True,
    )
    if base_rate is not None:
        _line(result, [0, 1], [base_rate, base_rate], "everybody", QUIET, width=1, dash="dot")
    _by_model(
        result,
        {name: (curve.recall, curve.precision) for name, curve in curves.baselines.items()},
        (curves.champion.recall, curves.champion.precision),
        "%{y:share} of those called left, %{x:share} of leavers found",
    )
    result.update_xaxes(dtick=0.25)
    result.update_yaxes(range=[0, 1.02])
    return result


def _by_model(
    result: go.Figure,
    baselines: Mapping[str, tuple[_Points, _Points]],
    champion: tuple[_Points, _Points],
    template: str,
) -> None:
    """Lines of x and y: the rules by their names in the leaderboard, and the champion above them."""
    for position, (name, (x, y)) in enumerate(baselines.items()):
        _line(
            result,
            x,
            y,
            model_label(name),
            COLOURS[2 + position],
            width=2,
            dash=_DASHES[position % len(_DASHES)],
            template=template,
        )
    _line(result, *champion, "champion", COLOURS[0], width=4, template=template)


def _line(
    result: go.Figure,
    x: Sequence[Any],
    y: Sequence[Any],
    name: str,
    colour: str,
    *,
    width: int = 3,
    dash: str | None = None,
    template: str = "",
) -> None:
    result.add_scatter(
        x=x,
        y=y,
        mode="lines",
        name=name,
        line={"color": colour, "width": width, "dash": dash},
        hovertemplate=f"{hover(template)}<extra>{name}</extra>" if template else None,
        hoverinfo=None if template else "skip",
    )


def calibration(found: Calibrated) -> go.Figure:
    """Share who left against the probability that was given, over groups of equal size."""
    bins = found.bins
    result = figure(
        height=360,
        x_title="probability given",
        y_title="share who left",
        x_percent=True,
        y_percent=True,
        legend=True,
    )
    _line(result, [0, 1], [0, 1], "as promised", QUIET, width=1, dash="dot")
    result.add_scatter(
        x=[row.predicted for row in bins],
        y=[row.observed for row in bins],
        customdata=[row.customers for row in bins],
        mode="lines+markers",
        name="champion",
        line={"color": COLOURS[0], "width": 3},
        marker={"size": 10},
        hovertemplate=hover("given %{x:share}, left %{y:share} of %{customdata:count}<extra></extra>"),
    )
    result.update_xaxes(range=[0, 1], dtick=0.25)
    result.update_yaxes(range=[0, 1.02])
    return result


def confusion(found: Calls) -> go.Figure:
    """The four outcomes of calling customers likely leavers, as areas of a two by two table."""
    cells = [
        [found.false_negative, found.true_negative],
        [found.true_positive, found.false_positive],
    ]
    words = [["came as a surprise", "rightly left alone"], ["found in time", "called in vain"]]
    result = figure(height=300)
    result.add_heatmap(
        z=cells,
        x=["left", "stayed"],
        y=["not called", "called"],
        text=[
            [f"<b>{count(n)}</b><br>{word}" for n, word in zip(row, said, strict=True)]
            for row, said in zip(cells, words, strict=True)
        ],
        texttemplate="%{text}",
        textfont={"size": 14},
        colorscale=[[0, "rgba(43,122,140,0.10)"], [1, "rgba(43,122,140,0.55)"]],
        showscale=False,
        xgap=4,
        ygap=4,
        hoverinfo="skip",
    )
    result.update_yaxes(showgrid=False)
    return result


def profit(found: ProfitByReach, currency: str | None) -> go.Figure:
    """What contacting the first so many would have earned, by the order in which they are contacted."""
    y_title = money_title("would have earned", currency)
    result = figure(height=380, x_title="customers contacted", y_title=y_title, legend=True)
    reach = found.contacted
    template = hover("%{x:count} contacted: %{y:sum}", currency)
    _line(result, reach, found.random, "at random", QUIET, width=2, dash="dot", template=template)
    _line(
        result,
        reach,
        found.recency,
        "longest silent first",
        COLOURS[2],
        width=2,
        dash="dash",
        template=template,
    )
    _line(result, reach, found.model, "champion", COLOURS[0], width=4, template=template)
    best = max(range(len(reach)), key=lambda k: found.model[k])
    result.add_scatter(
        x=[reach[best]],
        y=[found.model[best]],
        mode="markers",
        marker={"size": 12, "color": COLOURS[1], "symbol": "diamond"},
        name="best in hindsight",
        hovertemplate=template + "<extra>best in hindsight</extra>",
    )
    return result


def past_rates(past: Sequence[PastDate]) -> go.Figure:
    """Churn rate forecast and churn rate that came, by past date."""
    result = figure(height=320, y_title="customers who leave", y_percent=True, legend=True)
    dates = [one.cutoff.date().isoformat() for one in past]
    for name, rates, colour, dash in (
        ("expected then", [one.expected_churn_rate for one in past], COLOURS[0], None),
        ("what came", [one.actual_churn_rate for one in past], COLOURS[1], "dash"),
    ):
        result.add_scatter(
            x=dates,
            y=rates,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 3, "dash": dash},
            marker={"size": 8},
            hovertemplate=hover("%{x|day}: %{y:share}<extra>" + name + "</extra>"),
        )
    result.update_yaxes(rangemode="tozero")
    return result


def deciles(rows: pd.DataFrame) -> go.Figure:
    """Leavers forecast and leavers that came, by tenth of the customers, riskiest first."""
    result = figure(
        height=320, x_title="tenth of the customers, riskiest first", y_title="leavers", legend=True
    )
    for name, key, colour in (
        ("expected then", "expected_churners", COLOURS[0]),
        ("what came", "actual_churners", COLOURS[1]),
    ):
        result.add_bar(
            x=rows["decile"],
            y=rows[key],
            name=name,
            marker={"color": colour},
            hovertemplate=hover("tenth %{x}: %{y:sum}<extra>" + name + "</extra>"),
        )
    result.update_layout(barmode="group")
    result.update_xaxes(dtick=1)
    return result


def alt_of_rates(past: Sequence[PastDate]) -> str:
    """The past in words, for those who cannot see the chart."""
    said = [
        f"{day(one.cutoff)}: forecast {percent(one.expected_churn_rate)}, came {percent(one.actual_churn_rate)}"
        for one in past
    ]
    return "Churn rate forecast and churn rate that came. " + "; ".join(said)
