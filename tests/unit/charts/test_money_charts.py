"""Charts of campaigns show the figures they are given, whatever the names."""

import numpy as np
import pandas as pd
import pytest

from churnkit.charts import base
from churnkit.charts.experiment_charts import differences
from churnkit.charts.money_charts import net_by_budget, profit_curve, scenarios, tornado, value_at_risk
from churnkit.charts.threshold_chart import monthly_totals
from churnkit.results.interval import Interval
from churnkit.results.look_facts import MonthTotal


def test_the_curve_marks_optimum_and_campaign():
    points = pd.DataFrame({"customers": [0, 10, 20, 30], "net": [0.0, 50.0, 60.0, 40.0]})
    line, optimum, chosen = profit_curve(points, 20, 30, 35.0, "EUR").data
    assert list(line.y) == [0, 50, 60, 40]
    assert (list(optimum.x), list(optimum.y)) == ([20], [60])
    assert (list(chosen.x), list(chosen.y)) == ([30], [35])


def test_scenarios_have_their_intervals_and_names_as_text():
    table = pd.DataFrame(
        {
            "name": ["A", "<b>B</b> & " + "long " * 20],
            "net": [5.0, -1.0],
            "net_low": [1.0, -4.0],
            "net_high": [9.0, 3.0],
        }
    )
    (dots,) = scenarios(table, "EUR").data
    assert list(dots.x) == [5, -1]
    np.testing.assert_array_equal(dots.error_x.array, [4, 4])
    np.testing.assert_array_equal(dots.error_x.arrayminus, [4, 3])
    assert dots.y[0] == "A"
    assert "<" not in dots.y[1] and dots.y[1].startswith("&lt;b>B&lt;/b> &amp;") and dots.y[1].endswith("…")


def test_value_at_risk_is_coloured_by_tier():
    table = pd.DataFrame(
        {
            "group": ["high", "low", "Loyal"],
            "value_at_risk": [9.0, 5.0, 1.0],
            "value_at_risk_low": [8.0, 4.0, 0.0],
            "value_at_risk_high": [10.0, 6.0, 2.0],
        }
    )
    (bars,) = value_at_risk(table, "EUR").data
    assert list(bars.x) == [9, 5, 1]
    assert len(set(bars.marker.color)) == 2


POINTS = pd.DataFrame({"customers": [0, 10, 20], "budget": [0.0, 5.0, 9.0], "net": [0.0, 50.0, 60.0]})
SWINGS = pd.DataFrame(
    {
        "what": ["Success <rate>", "Margin"],
        "low": ["5 %", "20 %"],
        "high": ["30 %", "40 %"],
        "net_low": [-20.0, 5.0],
        "net_high": [90.0, 60.0],
    }
)


def test_bars_go_from_the_expected_net_to_both_ends():
    shown = tornado(SWINGS, 40.0, "EUR")
    low, high = shown.data
    assert (list(low.x), list(high.x), low.base, high.base) == ([-60, -35], [50, 20], 40, 40)
    assert list(low.y) == list(high.y) == ["Success &lt;rate><br>5 % to 30 %", "Margin<br>20 % to 40 %"]
    assert low.customdata.tolist() == [["5 %", -20.0], ["20 %", 5.0]]
    (line,) = shown.layout.shapes
    assert (line.x0, line.x1, line.yref) == (40, 40, "y domain")
    assert (shown.layout.barmode, shown.layout.yaxis.autorange) == ("overlay", "reversed")


@pytest.mark.parametrize(
    "make", [lambda: profit_curve(POINTS, 10, 20, 60.0, "EUR"), lambda: tornado(SWINGS, 40.0, None)]
)
def test_what_is_drawn_unchecked_is_what_plotly_makes_of_it(make, monkeypatch):
    checked = make().to_dict()
    monkeypatch.setattr(base, "CHECKED", False)
    np.testing.assert_equal(make().to_dict(), checked)


@pytest.mark.parametrize(
    "make",
    [
        lambda currency: profit_curve(POINTS, 10, 20, 60.0, currency),
        lambda currency: net_by_budget(POINTS, 5.0, 50.0, currency),
        lambda currency: monthly_totals([MonthTotal(month="2024-01", amount=5.0, orders=2)], currency),
        lambda currency: differences({"A": Interval(1.0, 0.5, 2.0)}, "money", currency),
    ],
)
def test_amounts_have_their_currency_on_the_axis_and_under_the_mouse(make):
    known, bare = make("EUR"), make(None)
    assert all("€%{" in line.hovertemplate for line in known.data)
    assert "EUR" in (known.layout.yaxis.title.text or "") + (known.layout.xaxis.title.text or "")
    assert not any("€" in line.hovertemplate for line in bare.data)
    assert ", None" not in str(bare.layout)
