"""Charts of the models page say what they were given; no figure is computed or lost."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from churnkit.charts import model_charts as charts
from churnkit.results.evidence.last_window import (
    Calibrated,
    CalibrationGroup,
    Calls,
    ProfitByReach,
    RecallCurve,
    RecallCurves,
    RocCurve,
    RocCurves,
)
from tests.made_evidence import made_past_date

CURVE = RocCurves(
    champion=RocCurve(fpr=(0.0, 0.2, 1.0), tpr=(0.0, 0.9, 1.0)),
    baselines={"mbg_nbd": RocCurve(fpr=(0.0, 1.0), tpr=(0.0, 1.0))},
)
PAST = (
    made_past_date(datetime(2026, 1, 1), expected_churn_rate=0.4, actual_churn_rate=0.5),
    made_past_date(datetime(2026, 2, 1), expected_churn_rate=0.3, actual_churn_rate=0.25),
)


def names(figure) -> list[str]:
    return [trace.name for trace in figure.data]


def test_roc_ends_with_the_champion_on_top() -> None:
    figure = charts.roc(CURVE)
    assert names(figure) == ["a coin", "Purchase process (MBG/NBD)", "champion"]
    assert list(figure.data[-1].y) == [0.0, 0.9, 1.0]


def test_precision_recall_marks_everybody() -> None:
    curve = RecallCurves(champion=RecallCurve(recall=(0.5,), precision=(0.8,)), baselines={})
    assert list(charts.precision_recall(curve, 0.4).data[0].y) == [0.4, 0.4]
    assert names(charts.precision_recall(curve, None)) == ["champion"]


def test_confusion_in_words() -> None:
    calls = Calls(
        threshold=0.5,
        true_positive=1080,
        false_positive=664,
        true_negative=1256,
        false_negative=440,
        words=(),
    )
    figure = charts.confusion(calls)
    text = [cell for row in figure.data[0].text for cell in row]
    assert text == [
        "<b>440</b><br>came as a surprise",
        "<b>1,256</b><br>rightly left alone",
        "<b>1,080</b><br>found in time",
        "<b>664</b><br>called in vain",
    ]


def test_profit_marks_the_best_in_hindsight() -> None:
    found = ProfitByReach(
        contacted=(0, 10, 20),
        model=(0.0, 50.0, 30.0),
        recency=(0.0, 20.0, 30.0),
        random=(0.0, 15.0, 30.0),
        everybody=30.0,
        contact_cost=1.0,
        save_rate=0.35,
    )
    figure = charts.profit(found, "EUR")
    assert (list(figure.data[-1].x), list(figure.data[-1].y)) == ([10], [50.0])
    assert figure.layout.yaxis.title.text == "would have earned, EUR"


def test_past_rates_and_their_words() -> None:
    assert list(charts.past_rates(PAST).data[1].y) == [0.5, 0.25]
    words = charts.alt_of_rates(PAST).replace("\u202f", " ")
    assert words.endswith("1 Jan 2026: forecast 40 %, came 50 %; 1 Feb 2026: forecast 30 %, came 25 %")


def test_deciles() -> None:
    rows = pd.DataFrame({"decile": [1, 2], "expected_churners": [9.0, 5.0], "actual_churners": [8, 6]})
    assert [list(trace.y) for trace in charts.deciles(rows).data] == [[9.0, 5.0], [8, 6]]


def test_calibration_keeps_the_groups() -> None:
    found = Calibrated(
        bins=(CalibrationGroup(predicted=0.2, observed=0.25, customers=100),), ece=0.05, bin_count=1
    )
    assert list(charts.calibration(found).data[1].customdata) == [100]
