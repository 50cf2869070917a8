"""Groups of customers: what they are worth, where they moved, how sharp found groups are, how two differ."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from churnkit.charts.base import COLOURS, LOWERS, QUIET, RAISES, figure, money_title
from churnkit.results.segments import RiskValueField, Silhouette
from churnkit.text.figures import count, money, percent, short_money
from churnkit.text.hover import hover

GridMeasure = Literal["customers", "value_at_risk"]

_FADE = [[0.0, "rgba(43,122,140,0.06)"], [1.0, COLOURS[0]]]
_SPEND = [[0.0, "#dcebee"], [1.0, COLOURS[0]]]
_DARK = 0.55
# Plotly takes 0 and 1 for no place at all.
_EDGE, _GAP = 0.001, 0.03
_GOOD, _COOLING, _LOST, _NEW = COLOURS[0], COLOURS[2], COLOURS[1], QUIET
SEGMENT_COLOURS = {
    "Champions": _GOOD,
    "Loyal": _GOOD,
    "Potential loyalists": COLOURS[4],
    "New": COLOURS[4],
    "Promising": COLOURS[4],
    "Need attention": _COOLING,
    "About to sleep": _COOLING,
    "Can't lose": _LOST,
    "At risk": _LOST,
    "Hibernating": _LOST,
}


def group_shares(groups: pd.DataFrame) -> go.Figure:
    """Each group's share of customers, of the value of a year and of the value at risk; columns of ``describe_groups``."""
    result = figure(height=90 + 46 * len(groups), x_percent=True, legend=True)
    for column, name, colour in (
        ("share", "of customers", QUIET),
        ("clv_share", "of the value of a year", COLOURS[0]),
        ("value_at_risk_share", "of the value at risk", COLOURS[1]),
    ):
        result.add_bar(
            orientation="h",
            y=groups["group"],
            x=groups[column],
            name=name,
            marker={"color": colour},
            customdata=groups["customers"],
            hovertemplate=hover(
                "%{y}: %{x:share} " + name + ", %{customdata:count} customers<extra></extra>"
            ),
        )
    result.update_yaxes(autorange="reversed")
    result.update_layout(barmode="group", bargap=0.3)
    return result


def alt_of_shares(groups: pd.DataFrame) -> str:
    """The chart in words: who brings most, and with whom most is at risk."""
    rows = groups.fillna({"clv_share": -1.0, "value_at_risk_share": -1.0}).to_dict("records")
    best, riskiest = (max(rows, key=itemgetter(key)) for key in ("clv_share", "value_at_risk_share"))
    return (
        f"{best['group']} are {percent(best['share'])} of customers and {percent(best['clv_share'])} of the value of a year;"
        f" {riskiest['group']} hold most of the value at risk, {percent(riskiest['value_at_risk_share'])}."
    )


def rfm_chart(cells: pd.DataFrame, currency: str | None) -> go.Figure:
    """Recency score against frequency score, what a customer has spent on average as colour; rows of ``rfm_map``.

    A field is a point, so that it can be clicked; its ``customdata`` begins with the two scores.
    """
    known = cells[cells["customers"] > 0]
    spent = known["mean_monetary_total"]
    # Spend has a long tail: in steps of equal size one field would take all the colour.
    shade = spent.rank() / max(1, len(spent))
    result = figure(
        height=430, x_title="frequency score: 5 ordered most", y_title="recency score: 5 bought last"
    )
    result.add_scatter(
        x=known["f_score"],
        y=known["r_score"],
        mode="markers+text",
        text=[count(number) for number in known["customers"]],
        textfont={"color": ["#ffffff" if dark > _DARK else "#1b2a2f" for dark in shade], "size": 13},
        marker={
            "symbol": "square",
            "size": 54,
            "color": shade,
            "colorscale": _SPEND,
            "cmin": 0.0,
            "cmax": 1.0,
            "opacity": 1.0,
            "line": {"width": 0},
        },
        customdata=[
            [
                row["r_score"],
                row["f_score"],
                f"{count(row['customers'])} customers ({percent(row['share'])})",
                f"spent {money(row['mean_monetary_total'], currency)} each so far",
                f"last purchase {count(row['recency_from'])} to {count(row['recency_to'])} days ago",
                f"{count(row['orders_from'])} to {count(row['orders_to'])} orders",
            ]
            for row in known.to_dict("records")
        ],
        hovertemplate=(
            "%{customdata[2]}<br>%{customdata[3]}<br>%{customdata[4]}<br>%{customdata[5]}<extra></extra>"
        ),
        selected={"marker": {"opacity": 1.0}},
        # Letters that fade with their field could not be read.
        unselected={"marker": {"opacity": 0.35}, "textfont": {"color": QUIET}},
    )
    result.update_xaxes(range=[0.5, 5.5], tickvals=[1, 2, 3, 4, 5], showgrid=False)
    result.update_yaxes(range=[0.45, 5.55], tickvals=[1, 2, 3, 4, 5], showgrid=False)
    return result


def flow_chart(
    flows: pd.DataFrame, order: Sequence[str], before: str, now: str, currency: str | None
) -> go.Figure:
    """Customers from the segments of one date to those of a later one; columns of ``segments.movement``.

    Parameters
    ----------
    order
        Segments from top to bottom.
    before, now
        The dates in words.
    """
    left = [name for name in order if name in set(flows["from_segment"])]
    right = [name for name in order if name in set(flows["to_segment"])]
    start = {name: place for place, name in enumerate(left)}
    end = {name: len(left) + place for place, name in enumerate(right)}
    colours = [SEGMENT_COLOURS.get(name, _NEW) for name in (*left, *right)]
    went = flows.groupby("from_segment")["customers"].sum().reindex(left)
    came = flows.groupby("to_segment")["customers"].sum().reindex(right)
    result = figure(height=560)
    result.add_sankey(
        arrangement="fixed",
        node={
            "label": [*left, *right],
            # Left to itself, Plotly puts the segments in another order on each side.
            "x": [_EDGE] * len(left) + [1 - _EDGE] * len(right),
            "y": [*_centres(went.tolist()), *_centres(came.tolist())],
            "color": colours,
            "pad": 14,
            "thickness": 16,
            "line": {"width": 0},
            "hovertemplate": hover("%{label}: %{value:sum} customers<extra></extra>"),
        },
        link={
            "source": [start[name] for name in flows["from_segment"]],
            "target": [end[name] for name in flows["to_segment"]],
            "value": flows["customers"],
            "color": [_see_through(SEGMENT_COLOURS.get(name, _NEW)) for name in flows["to_segment"]],
            "customdata": [
                f"{percent(row['share_of_from'])} of them; spent {short_money(row['spend_between'], currency)} in between,"
                f" {short_money(row['value_at_risk'], currency)} at risk now"
                for row in flows.to_dict("records")
            ],
            "hovertemplate": hover(
                "%{source.label} → %{target.label}: %{value:sum} customers<br>%{customdata}<extra></extra>"
            ),
        },
    )
    for x, text, anchor in ((0.0, before, "left"), (1.0, now, "right")):
        result.add_annotation(
            x=x, y=1.06, xref="paper", yref="paper", text=text, showarrow=False, xanchor=anchor
        )
    result.update_layout(margin={"l": 8, "r": 8, "t": 36, "b": 8})
    return result


def alt_of_flows(flows: pd.DataFrame, before: str, now: str) -> str:
    """The chart in words: how many moved, and the largest move."""
    moved = flows[flows["from_segment"] != flows["to_segment"]]
    words = f"Customers by group on {before} and on {now}."
    if moved.empty:
        return f"{words} Nobody moved."
    most = max(moved.to_dict("records"), key=itemgetter("customers"))
    return (
        f"{words} {count(moved['customers'].sum())} of {count(flows['customers'].sum())} moved; most of them,"
        f" {count(most['customers'])}, from {most['from_segment']} to {most['to_segment']}."
    )


def _centres(sizes: Sequence[float]) -> list[float]:
    """Middles, 0 to 1, of bars of these sizes below each other with gaps between."""
    room = (1 - _GAP * (len(sizes) - 1)) / max(sum(sizes), 1e-12)
    tops = [_GAP * place + room * sum(sizes[:place]) for place in range(len(sizes))]
    return [min(max(top + room * size / 2, _EDGE), 1 - _EDGE) for top, size in zip(tops, sizes, strict=True)]


def _see_through(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.32)"


def alt_of_grid(grid: Sequence[RiskValueField], measure: GridMeasure, currency: str | None) -> str:
    """The chart in words: every field."""
    write = count if measure == "customers" else lambda amount: short_money(amount, currency)
    said = [f"risk {row.tier}, value {row.value}: {write(getattr(row, measure))}" for row in grid]
    return f"Customers by risk and value, {measure.replace('_', ' ')}. " + "; ".join(said)


def grid_chart(grid: Sequence[RiskValueField], measure: GridMeasure, currency: str | None) -> go.Figure:
    """Risk tier against band of value."""
    values = ["high", "middle", "low"]
    tiers = ["high", "medium", "low"]
    cells = {(row.tier, row.value): row for row in grid}
    write = count if measure == "customers" else lambda amount: short_money(amount, currency)
    result = figure(height=300, x_title="value if kept", y_title="risk")
    result.add_heatmap(
        x=values,
        y=tiers,
        z=[[getattr(cells[tier, value], measure) for value in values] for tier in tiers],
        text=[[write(getattr(cells[tier, value], measure)) for value in values] for tier in tiers],
        texttemplate="%{text}",
        textfont={"size": 16},
        customdata=[[cells[tier, value].advice for value in values] for tier in tiers],
        hovertemplate="risk %{y}, value %{x}: %{text}<br>%{customdata}<extra></extra>",
        colorscale=_FADE,
        showscale=False,
        xgap=3,
        ygap=3,
    )
    result.update_xaxes(type="category", side="top", showgrid=False)
    result.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return result


def silhouettes(found: Sequence[Silhouette], chosen: int) -> go.Figure:
    """Mean silhouette by number of groups, the chosen one marked."""
    result = figure(height=260, x_title="number of groups", y_title="silhouette")
    result.add_bar(
        x=[row.k for row in found],
        y=[row.silhouette for row in found],
        marker={"color": [COLOURS[0] if row.k == chosen else QUIET for row in found]},
        hovertemplate=hover("%{x} groups: %{y:number}<extra></extra>"),
    )
    result.update_xaxes(type="category")
    return result


def comparison(table: pd.DataFrame, first: str, second: str) -> go.Figure:
    """How often a random member of the first group lies above one of the second, by figure; rows of ``segments.compare``."""
    known = table[table["p_above"].notna()]
    sure = known["verdict"].isin(["more than chance", "by definition"])
    result = figure(
        height=90 + 30 * len(known),
        x_title=f"share of pairs in which {first} lies above {second}",
        x_percent=True,
    )
    result.add_bar(
        orientation="h",
        y=known["label"],
        x=known["p_above"] - 0.5,
        base=0.5,
        marker={
            "color": [
                QUIET if not is_sure else RAISES if above < 0.5 else LOWERS
                for is_sure, above in zip(sure, known["p_above"], strict=True)
            ]
        },
        customdata=known[["p_above", "verdict"]],
        hovertemplate=hover("%{y}: %{customdata[0]:share} of pairs, %{customdata[1]}<extra></extra>"),
    )
    result.update_xaxes(range=[-0.01, 1.04], tickvals=[0, 0.25, 0.5, 0.75, 1])
    result.update_yaxes(autorange="reversed")
    result.add_vline(x=0.5, line={"color": QUIET, "width": 1})
    return result


def gains_by_action(by_action: pd.DataFrame, currency: str | None) -> go.Figure:
    """Expected net of each intervention with its 80 % interval; ``ActionList.by_action``."""
    result = figure(height=90 + 44 * len(by_action), x_title=money_title("expected net", currency))
    result.add_bar(
        orientation="h",
        y=by_action["action"],
        x=by_action["net"],
        marker={"color": COLOURS[0]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": by_action["net_high"] - by_action["net"],
            "arrayminus": by_action["net"] - by_action["net_low"],
            "color": QUIET,
        },
        customdata=[
            f"{count(row['customers'])} customers, cost {money(row['cost'], currency)}"
            for row in by_action.to_dict("records")
        ],
        hovertemplate=hover("%{y}: %{x:sum} net, %{customdata}<extra></extra>", currency),
    )
    result.update_yaxes(autorange="reversed")
    return result
