"""Charts of the models page say what they were given; no figure is computed or lost."""

from __future__ import annotations

import pandas as pd
import pytest

from churnkit.charts import model_charts as charts

CURVE = {
    "champion": [{"fpr": 0.0, "tpr": 0.0}, {"fpr": 0.2, "tpr": 0.9}, {"fpr": 1.0, "tpr": 1.0}],
    "baselines": {"mbg_nbd": [{"fpr": 0.0, "tpr": 0.0}, {"fpr": 1.0, "tpr": 1.0}]},
}
PAST = [
    {"cutoff": "2026-01-01T00:00:00", "expected_churn_rate": 0.4, "actual_churn_rate": 0.5},
    {"cutoff": "2026-02-01T00:00:00", "expected_churn_rate": 0.3, "actual_churn_rate": 0.25},
]
HOSTILE = "<b>x</b>"


def names(figure) -> list[str]:
    return [trace.name for trace in figure.data]


def test_roc_ends_with_the_champion_on_top() -> None:
    figure = charts.roc(CURVE)
    assert names(figure) == ["a coin", "Purchase process (MBG/NBD)", "champion"]
    assert list(figure.data[-1].y) == [0.0, 0.9, 1.0]


def test_precision_recall_marks_everybody() -> None:
    curve = {"champion": [{"recall": 0.5, "precision": 0.8}], "baselines": {}}
    assert list(charts.precision_recall(curve, 0.4).data[0].y) == [0.4, 0.4]
    assert names(charts.precision_recall(curve, None)) == ["champion"]


def test_confusion_in_words() -> None:
    figure = charts.confusion(
        {"true_positive": 1080, "false_positive": 664, "true_negative": 1256, "false_negative": 440}
    )
    text = [cell for row in figure.data[0].text for cell in row]
    assert text == [
        "<b>440</b><br>came as a surprise",
        "<b>1,256</b><br>rightly left alone",
        "<b>1,080</b><br>found in time",
        "<b>664</b><br>called in vain",
    ]


def test_profit_marks_the_best_in_hindsight() -> None:
    found = {
        "contacted": [0, 10, 20],
        "model": [0.0, 50.0, 30.0],
        "recency": [0, 20, 30],
        "random": [0, 15, 30],
    }
    figure = charts.profit(found, "EUR")
    assert (list(figure.data[-1].x), list(figure.data[-1].y)) == ([10], [50.0])
    assert figure.layout.yaxis.title.text == "EUR"


def test_past_rates_and_their_words() -> None:
    assert list(charts.past_rates(PAST).data[1].y) == [0.5, 0.25]
    words = charts.alt_of_rates(PAST).replace("\u202f", " ")
    assert words.endswith("1 Jan 2026: forecast 40 %, came 50 %; 1 Feb 2026: forecast 30 %, came 25 %")


def test_deciles() -> None:
    rows = pd.DataFrame({"decile": [1, 2], "expected_churners": [9.0, 5.0], "actual_churners": [8, 6]})
    assert [list(trace.y) for trace in charts.deciles(rows).data] == [[9.0, 5.0], [8, 6]]


def test_calibration_keeps_the_groups() -> None:
    bins = [{"predicted": 0.2, "observed": 0.25, "customers": 100}]
    assert list(charts.calibration({"bins": bins}).data[1].customdata) == [100]


def test_features_with_missing_values_and_categories() -> None:
    points = [{"x": None, "push": 0.2, "rank": None}, {"x": 0.5, "push": -0.1, "rank": 1.0}]
    one = {
        "feature": "favourite_category",
        "label": "Favourite category",
        "kind": "category",
        "points": points,
    }
    summary = charts.shap_summary({"features": [one]})
    assert list(summary.data[0].customdata) == ["unknown", "50\u202f%"]
    assert list(summary.data[0].marker.color) == [0.5, 1.0]
    assert len(charts.dependence(one).data[0].x) == 1
    curve = {**one, "grid": [HOSTILE, "tea"], "mean_p_churn": [0.4, 0.6]}
    drawn = charts.partial_dependence(curve).data[0]
    assert drawn.mode == "markers"
    assert list(drawn.x) == ["&lt;b&gt;x&lt;/b&gt;", "tea"]


@pytest.mark.parametrize("direction", ["raises risk", "lowers risk", "mixed", "none"])
def test_importance(direction: str) -> None:
    row = {"label": "Recency", "mean_absolute_log_odds": 0.4, "share": 0.25, "direction": direction}
    assert list(charts.importance([row]).data[0].x) == [0.4]


def test_permutation_shows_its_spread() -> None:
    figure = charts.permutation([{"label": "Recency", "loss_increase": 0.02, "sd": 0.001}])
    assert list(figure.data[0].error_x.array) == [0.001]
