"""Charts of groups show the figures they are given."""

import numpy as np
import pandas as pd

from churnkit.charts.segment_charts import (
    alt_of_flows,
    alt_of_shares,
    comparison,
    flow_chart,
    gains_by_action,
    grid_chart,
    group_shares,
    silhouettes,
)
from churnkit.results.segments import RiskValueField, Silhouette
from churnkit.segments import NOT_YET, SEGMENTS
from churnkit.segments.grid import TIERS, VALUES
from churnkit.text.figures import NARROW

FLOWS = pd.DataFrame(
    {
        "from_segment": ["Loyal", "Loyal", NOT_YET],
        "to_segment": ["Champions", "At risk", "New"],
        "customers": [6.0, 2.0, 2.0],
        "share_of_from": [0.75, 0.25, 1.0],
        "spend_between": [10.0, 0.0, 5.0],
        "clv": [1.0, 1.0, 1.0],
        "value_at_risk": [1.0, 2.0, 3.0],
    }
)


def test_flows_connect_the_right_segments_in_their_order():
    (sankey,) = flow_chart(FLOWS, [*SEGMENTS, NOT_YET], "before", "now", "EUR").data
    label = list(sankey.node.label)
    assert label == ["Loyal", NOT_YET, "Champions", "New", "At risk"]
    links = {
        (label[s], label[t], v)
        for s, t, v in zip(sankey.link.source, sankey.link.target, sankey.link.value, strict=True)
    }
    assert links == {("Loyal", "Champions", 6.0), ("Loyal", "At risk", 2.0), (NOT_YET, "New", 2.0)}
    assert "spent €10.00" in sankey.link.customdata[0]
    left, right = sankey.node.y[:2], sankey.node.y[2:]
    assert list(left) == sorted(left) and list(right) == sorted(right)
    # Eight tenths of what the gap leaves, the middle of it at the half.
    assert left[0] == np.float64(0.8 * 0.97 / 2) and 0 < min(sankey.node.x) < max(sankey.node.x) < 1


def test_the_grid_has_high_risk_and_high_value_in_the_first_corner():
    cells = [
        RiskValueField(
            tier=tier,
            value=value,
            customers=10 * i + j,
            share=0.1,
            mean_p_churn=0.5,
            expected_leavers=1.0,
            clv=1.0,
            value_at_risk=1.0,
            value_from=1.0,
            advice="a",
        )
        for i, tier in enumerate(TIERS)
        for j, value in enumerate(VALUES)
    ]
    (heat,) = grid_chart(cells, "customers", None).data
    assert list(heat.x) == ["high", "middle", "low"] and list(heat.y) == ["high", "medium", "low"]
    assert np.array(heat.z).tolist() == [[0, 1, 2], [10, 11, 12], [20, 21, 22]]


def test_comparison_points_away_from_the_half():
    table = pd.DataFrame(
        {
            "label": ["Orders", "Value", "Unknown"],
            "p_above": [0.7, 0.4, np.nan],
            "verdict": ["more than chance", "could be chance", "too few to tell"],
        }
    )
    (bars,) = comparison(table, "a", "b").data
    assert list(bars.y) == ["Orders", "Value"] and np.allclose(bars.x, [0.2, -0.1]) and bars.base == 0.5
    assert bars.marker.color[0] != bars.marker.color[1]


def test_bars_by_group_and_by_number():
    groups = pd.DataFrame(
        {"group": ["x"], "share": [0.5], "clv_share": [0.2], "value_at_risk_share": [0.3], "customers": [7]}
    )
    assert [bar.x[0] for bar in group_shares(groups).data] == [0.5, 0.2, 0.3]
    (bars,) = silhouettes([Silhouette(k=3, silhouette=0.2), Silhouette(k=4, silhouette=0.3)], 4).data
    assert list(bars.y) == [0.2, 0.3] and bars.marker.color[0] != bars.marker.color[1]


def test_gains_have_their_intervals():
    table = pd.DataFrame(
        {
            "action": ["Call"],
            "customers": [3],
            "cost": [9.0],
            "net": [5.0],
            "net_low": [-1.0],
            "net_high": [8.0],
        }
    )
    (bars,) = gains_by_action(table, "EUR").data
    assert (list(bars.error_x.array), list(bars.error_x.arrayminus)) == ([3.0], [6.0])


def test_charts_say_their_finding():
    groups = pd.DataFrame(
        {
            "group": ["Champions", "At risk"],
            "share": [0.25, 0.75],
            "clv_share": [0.6, 0.4],
            "value_at_risk_share": [0.3, np.nan],
        }
    )
    assert alt_of_shares(groups).replace(NARROW, " ") == (
        "Champions are 25 % of customers and 60 % of the value of a year;"
        " Champions hold most of the value at risk, 30 %."
    )
    assert alt_of_flows(FLOWS, "May", "June").endswith(
        "10 of 10 moved; most of them, 6, from Loyal to Champions."
    )
    stayed = FLOWS.assign(to_segment=FLOWS["from_segment"])
    assert alt_of_flows(stayed, "May", "June") == "Customers by group on May and on June. Nobody moved."
