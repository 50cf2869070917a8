"""What the models page shows: curves of the test window, past dates, and what the champion does with the features."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, LOWERS, QUIET, RAISES, figure
from churnkit.text.figures import count, day, percent, significant
from churnkit.tournament.names import model_label

_DASHES = ("dash", "dot", "dashdot")
_LOW_TO_HIGH = [[0.0, LOWERS], [0.5, "#B9B3A9"], [1.0, RAISES]]
# Multiples of it spread evenly over 0..1 in any number: points of a row are set apart without chance.
_GOLDEN = 0.6180339887498949


def roc(curves: Mapping[str, Any]) -> go.Figure:
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
    _by_model(result, curves, "fpr", "tpr", "%{y:.0%} of leavers found, %{x:.0%} of stayers called")
    result.update_xaxes(dtick=0.25)
    return result


def precision_recall(curves: Mapping[str, Any], base_rate: float | None) -> go.Figure:
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
        result, curves, "recall", "precision", "%{y:.0%} of those called left, %{x:.0%} of leavers found"
    )
    result.update_xaxes(dtick=0.25)
    result.update_yaxes(range=[0, 1.02])
    return result


def _by_model(result: go.Figure, curves: Mapping[str, Any], x: str, y: str, hover: str) -> None:
    for position, (name, points) in enumerate(curves["baselines"].items()):
        _line(
            result,
            [point[x] for point in points],
            [point[y] for point in points],
            model_label(name),
            COLOURS[2 + position],
            width=2,
            dash=_DASHES[position % len(_DASHES)],
            hover=hover,
        )
    champion = curves["champion"]
    _line(
        result,
        [point[x] for point in champion],
        [point[y] for point in champion],
        "champion",
        COLOURS[0],
        width=4,
        hover=hover,
    )


def _line(
    result: go.Figure,
    x: Sequence[Any],
    y: Sequence[Any],
    name: str,
    colour: str,
    *,
    width: int = 3,
    dash: str | None = None,
    hover: str = "",
) -> None:
    result.add_scatter(
        x=x,
        y=y,
        mode="lines",
        name=name,
        line={"color": colour, "width": width, "dash": dash},
        hovertemplate=f"{hover}<extra>{name}</extra>" if hover else None,
        hoverinfo=None if hover else "skip",
    )


def calibration(found: Mapping[str, Any]) -> go.Figure:
    """Share who left against the probability that was given, over groups of equal size."""
    bins = found["bins"]
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
        x=[row["predicted"] for row in bins],
        y=[row["observed"] for row in bins],
        customdata=[row["customers"] for row in bins],
        mode="lines+markers",
        name="champion",
        line={"color": COLOURS[0], "width": 3},
        marker={"size": 10},
        hovertemplate="given %{x:.0%}, left %{y:.0%} of %{customdata:,}<extra></extra>",
    )
    result.update_xaxes(range=[0, 1], dtick=0.25)
    result.update_yaxes(range=[0, 1.02])
    return result


def confusion(found: Mapping[str, Any]) -> go.Figure:
    """The four outcomes of calling customers likely leavers, as areas of a two by two table."""
    cells = [
        [found["false_negative"], found["true_negative"]],
        [found["true_positive"], found["false_positive"]],
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


def profit(found: Mapping[str, Any], money_title: str) -> go.Figure:
    """What contacting the first so many would have earned, by the order in which they are contacted."""
    result = figure(height=380, x_title="customers contacted", y_title=money_title, legend=True)
    reach = found["contacted"]
    hover = "%{x:,} contacted: %{y:,.0f}"
    _line(result, reach, found["random"], "at random", QUIET, width=2, dash="dot", hover=hover)
    _line(
        result, reach, found["recency"], "longest silent first", COLOURS[2], width=2, dash="dash", hover=hover
    )
    _line(result, reach, found["model"], "champion", COLOURS[0], width=4, hover=hover)
    best = max(range(len(reach)), key=lambda k: found["model"][k])
    result.add_scatter(
        x=[reach[best]],
        y=[found["model"][best]],
        mode="markers",
        marker={"size": 12, "color": COLOURS[1], "symbol": "diamond"},
        name="best in hindsight",
        hovertemplate=hover + "<extra>best in hindsight</extra>",
    )
    return result


def past_rates(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Churn rate forecast and churn rate that came, by past date."""
    result = figure(height=320, y_title="customers who leave", y_percent=True, legend=True)
    dates = [row["cutoff"][:10] for row in rows]
    for name, key, colour, dash in (
        ("forecast then", "expected_churn_rate", COLOURS[0], None),
        ("what came", "actual_churn_rate", COLOURS[1], "dash"),
    ):
        result.add_scatter(
            x=dates,
            y=[row[key] for row in rows],
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 3, "dash": dash},
            marker={"size": 8},
            hovertemplate="%{x|%d %b %Y}: %{y:.1%}<extra>" + name + "</extra>",
        )
    result.update_yaxes(rangemode="tozero")
    return result


def deciles(rows: pd.DataFrame) -> go.Figure:
    """Leavers forecast and leavers that came, by tenth of the customers, riskiest first."""
    result = figure(
        height=320, x_title="tenth of the customers, riskiest first", y_title="leavers", legend=True
    )
    for name, key, colour in (
        ("forecast then", "expected_churners", COLOURS[0]),
        ("what came", "actual_churners", COLOURS[1]),
    ):
        result.add_bar(
            x=rows["decile"],
            y=rows[key],
            name=name,
            marker={"color": colour},
            hovertemplate="tenth %{x}: %{y:,.0f}<extra>" + name + "</extra>",
        )
    result.update_layout(barmode="group")
    result.update_xaxes(dtick=1)
    return result


def importance(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """Mean size of the push of each feature, the direction by colour."""
    colours = {"raises risk": RAISES, "lowers risk": LOWERS}
    result = figure(height=60 + 34 * len(rows), x_title="mean push, in log-odds")
    result.add_bar(
        orientation="h",
        y=[_wrapped(row["label"]) for row in rows],
        x=[row["mean_absolute_log_odds"] for row in rows],
        customdata=[[percent(row["share"]), _direction(row["direction"])] for row in rows],
        marker={"color": [colours.get(row["direction"], QUIET) for row in rows]},
        hovertemplate="%{y}: %{customdata[0]} of all pushes; %{customdata[1]}<extra></extra>",
    )
    result.update_yaxes(autorange="reversed")
    return result


def _direction(word: str) -> str:
    return {
        "raises risk": "higher values go with leaving",
        "lowers risk": "higher values go with staying",
    }.get(word, "no one direction")


def shap_summary(found: Mapping[str, Any]) -> go.Figure:
    """Each point a customer: where it lies is the push, its colour how high the customer's value is in the shop."""
    features = found["features"]
    result = figure(
        height=60 + 40 * len(features), x_title="push in log-odds: right raises risk, left lowers it"
    )
    for position, one in enumerate(features):
        points = one["points"]
        result.add_scatter(
            x=[point["push"] for point in points],
            y=[position + 0.6 * ((k * _GOLDEN) % 1 - 0.5) for k in range(len(points))],
            mode="markers",
            marker={
                "size": 5,
                "opacity": 0.75,
                "color": [0.5 if point["rank"] is None else point["rank"] for point in points],
                "colorscale": _LOW_TO_HIGH,
                "cmin": 0,
                "cmax": 1,
                "showscale": position == 0,
                "colorbar": {
                    "title": "value",
                    "tickvals": [0, 1],
                    "ticktext": ["low", "high"],
                    "thickness": 10,
                    "lenmode": "pixels",
                    "len": 120,
                },
            },
            customdata=[_short(point["x"], one["kind"]) for point in points],
            name=one["label"],
            hovertemplate=one["label"] + " %{customdata}: %{x:+.2f}<extra></extra>",
        )
    result.update_yaxes(
        tickvals=list(range(len(features))),
        ticktext=[_wrapped(one["label"]) for one in features],
        autorange="reversed",
    )
    result.add_vline(x=0, line={"color": QUIET, "width": 1})
    return result


def _short(value: float | None, kind: str) -> str:
    if value is None:
        return "unknown"
    return percent(value) if kind in ("share", "category") else significant(value, 4)


def dependence(one: Mapping[str, Any]) -> go.Figure:
    """Push of one feature by its value, each point a customer."""
    points = [point for point in one["points"] if point["x"] is not None]
    result = figure(
        height=340,
        x_title=_value_title(one),
        y_title="push in log-odds",
        x_percent=one["kind"] in ("share", "category"),
    )
    result.add_scatter(
        x=[point["x"] for point in points],
        y=[point["push"] for point in points],
        mode="markers",
        marker={"size": 6, "opacity": 0.6, "color": COLOURS[0]},
        hovertemplate="%{x}: %{y:+.2f}<extra></extra>",
    )
    result.add_hline(y=0, line={"color": QUIET, "width": 1})
    return result


def partial_dependence(one: Mapping[str, Any]) -> go.Figure:
    """Mean probability if all customers had the same value of a feature."""
    is_category = one["kind"] == "category"
    result = figure(
        height=340,
        x_title=one["label"],
        y_title="mean churn probability",
        x_percent=one["kind"] == "share",
        y_percent=True,
    )
    result.add_scatter(
        x=[_as_text(name) for name in one["grid"]] if is_category else one["grid"],
        y=one["mean_p_churn"],
        mode="markers" if is_category else "lines+markers",
        line={"color": COLOURS[0], "width": 3},
        marker={"size": 7},
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    if is_category:
        result.update_xaxes(type="category")
    return result


def _wrapped(label: str) -> str:
    """A long label on two lines, so that bars keep room on a phone."""
    return "<br>".join(textwrap.wrap(label, 28))


def _as_text(name: object, limit: int = 40) -> str:
    """A name out of the shop's file, on one line: Plotly would read tags in it."""
    line = " ".join(str(name)[: 4 * limit].split())
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _value_title(one: Mapping[str, Any]) -> str:
    label: str = one["label"]
    return f"{label}: churn rate of its buyers" if one["kind"] == "category" else label


def permutation(rows: Sequence[Mapping[str, Any]]) -> go.Figure:
    """By how much the forecasts of the test window get worse when a feature is shuffled."""
    result = figure(height=60 + 34 * len(rows), x_title="increase of the log loss when shuffled")
    result.add_bar(
        orientation="h",
        y=[_wrapped(row["label"]) for row in rows],
        x=[row["loss_increase"] for row in rows],
        error_x={"type": "data", "array": [row["sd"] for row in rows], "color": QUIET},
        marker={"color": COLOURS[0]},
        hovertemplate="%{y}: %{x:.4f}<extra></extra>",
    )
    result.update_yaxes(autorange="reversed")
    return result


def alt_of_rates(rows: Sequence[Mapping[str, Any]]) -> str:
    """The past in words, for those who cannot see the chart."""
    said = [
        f"{day(row['cutoff'])}: forecast {percent(row['expected_churn_rate'])}, came {percent(row['actual_churn_rate'])}"
        for row in rows
    ]
    return "Churn rate forecast and churn rate that came. " + "; ".join(said)
