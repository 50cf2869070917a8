"""Forecasts of earlier runs beside what came, over time."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, QUIET, figure
from churnkit.results.found import Found
from churnkit.results.interval import Interval
from churnkit.results.scorecards import PopulationCard, Scorecard
from churnkit.text.figures import day, percent, score
from churnkit.text.hover import hover


def _active(cards: Sequence[Scorecard]) -> list[tuple[Scorecard, PopulationCard]]:
    """Those that could be judged, ascending by date."""
    found = [(one, one.active.value) for one in cards if isinstance(one.active, Found)]
    return sorted(found, key=lambda pair: pair[0].cutoff)


def _bars(intervals: Sequence[Interval]) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [one.high - one.value for one in intervals],
        "arrayminus": [one.value - one.low for one in intervals],
        "thickness": 2,
        "width": 5,
    }


def churn_levels(cards: Sequence[Scorecard]) -> go.Figure:
    """Share of the active customers forecast to leave, and the share who left with its 95 % interval, by date."""
    result = figure(height=320, y_title="active customers who leave", y_percent=True, legend=True)
    shown = _active(cards)
    dates = [card.cutoff.date().isoformat() for card, _ in shown]
    came = [one.actual_churn_rate for _, one in shown]
    for name, rates, colour, bars in (
        ("expected then", [one.expected_churn_rate for _, one in shown], COLOURS[0], None),
        ("what came", [one.value for one in came], COLOURS[1], _bars(came)),
    ):
        result.add_scatter(
            x=dates,
            y=rates,
            error_y=bars,
            mode="lines+markers",
            name=name,
            line={"color": colour, "width": 3},
            marker={"size": 9},
            hovertemplate=hover("%{x|day}: %{y:share}<extra>" + name + "</extra>"),
        )
    result.update_yaxes(rangemode="tozero")
    return result


def alt_of_levels(cards: Sequence[Scorecard]) -> str:
    """The chart in words."""
    said = [
        f"{day(card.cutoff)}: forecast {percent(one.expected_churn_rate)}, came {percent(one.actual_churn_rate.value)}"
        for card, one in _active(cards)
    ]
    return "Share of active customers forecast to leave, and share who left. " + "; ".join(said)


def ranking_over_time(cards: Sequence[Scorecard]) -> go.Figure:
    """AUC of each forecast with its 95 % interval beside what past dates had promised; 0.5 is chance."""
    result = figure(height=320, y_title="AUC of the active", legend=True)
    shown = [(card, one.roc_auc) for card, one in _active(cards) if one.roc_auc is not None]
    dates = [card.cutoff.date().isoformat() for card, _ in shown]
    result.add_scatter(
        x=dates,
        y=[card.promised_auc for card, _ in shown],
        mode="lines+markers",
        name="promised",
        line={"color": QUIET, "width": 2, "dash": "dot"},
        marker={"size": 7},
        hovertemplate=hover("%{x|day}: %{y:score}<extra>promised</extra>"),
    )
    result.add_scatter(
        x=dates,
        y=[auc.value for _, auc in shown],
        error_y=_bars([auc for _, auc in shown]),
        mode="lines+markers",
        name="what came",
        line={"color": COLOURS[1], "width": 3},
        marker={"size": 9},
        hovertemplate=hover("%{x|day}: %{y:score}<extra>what came</extra>"),
    )
    result.add_hline(y=0.5, line={"color": QUIET, "width": 1})
    result.update_yaxes(range=[0.4, 1.0])
    return result


def alt_of_ranking(cards: Sequence[Scorecard]) -> str:
    """The chart in words."""
    said = [
        f"{day(card.cutoff)}: {score(one.roc_auc.value, 2)}, promised {score(card.promised_auc, 2)}"
        for card, one in _active(cards)
        if one.roc_auc is not None
    ]
    return "AUC of earlier forecasts of the active customers. " + "; ".join(said)
