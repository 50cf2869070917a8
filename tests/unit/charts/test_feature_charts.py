"""Charts of features say what they were given; no figure is computed or lost."""

from __future__ import annotations

import pytest

from churnkit.charts import feature_charts as charts
from churnkit.results.evidence.feature_use import (
    Direction,
    FeaturePoints,
    FeatureWeight,
    RankedPoints,
    ResponseCurve,
    ShuffleLoss,
)

HOSTILE = "<b>x</b>"


def test_features_with_missing_values_and_categories() -> None:
    ranked = RankedPoints(
        feature="favourite_category",
        label="Favourite category",
        kind="category",
        x=(None, 0.5),
        push=(0.2, -0.1),
        rank=(None, 1.0),
    )
    summary = charts.shap_summary([ranked])
    assert list(summary.data[0].customdata) == ["unknown", "50\u202f%"]
    assert list(summary.data[0].marker.color) == [0.5, 1.0]
    points = FeaturePoints(
        feature=ranked.feature, label=ranked.label, kind="category", x=ranked.x, push=ranked.push
    )
    drawn = charts.dependence(points).data[0]
    assert (list(drawn.x), list(drawn.y)) == ([0.5], [-0.1])


def test_names_of_categories_are_no_markup() -> None:
    curve = ResponseCurve(
        feature="favourite_category",
        label="Favourite category",
        kind="category",
        grid=(HOSTILE, "tea"),
        mean_p_churn=(0.4, 0.6),
    )
    drawn = charts.partial_dependence(curve).data[0]
    assert drawn.mode == "markers"
    assert list(drawn.x) == ["&lt;b&gt;x&lt;/b&gt;", "tea"]


@pytest.mark.parametrize("direction", ["raises risk", "lowers risk", "mixed", "none"])
def test_importance(direction: Direction) -> None:
    row = FeatureWeight(
        feature="recency_days",
        label="Recency",
        group="recency",
        mean_absolute_log_odds=0.4,
        share=0.25,
        direction=direction,
    )
    assert list(charts.importance([row]).data[0].x) == [0.4]


def test_permutation_shows_its_spread() -> None:
    row = ShuffleLoss(feature="recency_days", label="Recency", loss_increase=0.02, sd=0.001)
    assert list(charts.permutation([row]).data[0].error_x.array) == [0.001]
