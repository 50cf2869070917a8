"""Ways of calibrating and sets of parameters, as the Models page lists them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit import metrics
from churnkit.charts.measure_charts import calibration_methods
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.services.decide.calibration_views import calibrated_models, method_curves, methods_table
from churnkit.services.decide.trial_views import trials_view, tuned_models

ROWS = 300


def results(**parts: object) -> Any:
    return SimpleNamespace(**parts)


@pytest.fixture(scope="module")
def calibrated() -> Any:
    """A model that is twice as sure as it may be: a temperature of two mends it."""
    rng = np.random.default_rng(8)
    truth = rng.normal(0, 1, ROWS)
    churned = (rng.random(ROWS) < 1 / (1 + np.exp(-truth))).astype(float)
    frame = pd.DataFrame(
        {
            "fold": 0,
            "churned": churned,
            "recency_days": 1.0,
            "value_at_stake": 1.0,
            "contact_cost": 0.1,
            "save_rate": 0.3,
            "svm": truth,
            "svm|none": 2 * truth,
            "svm|temperature": truth,
            "base_rate": 0.0,
        }
    )
    rows = tuple(
        LeaderboardRow(candidate=name, kind="model", is_champion=name == "svm", verdict="", calibration=way)
        for name, way in (("svm", "temperature"), ("base_rate", "none"))
    )
    return results(validation=frame, leaderboard=rows)


def test_every_way_with_its_figures_and_the_chosen_one(calibrated: Any) -> None:
    assert calibrated_models(calibrated) == ["svm"]
    none, temperature = method_curves(calibrated, "svm")
    assert (none.chosen, temperature.chosen) == (False, True)
    assert temperature.log_loss < none.log_loss
    frame = calibrated.validation
    p = 1 / (1 + np.exp(-frame["svm|none"]))
    assert none.ece == pytest.approx(metrics.ece(frame["churned"], p))
    assert sum(row.count for row in none.bins) == ROWS
    table = methods_table((none, temperature))
    assert table["name"].tolist() == ["As the model says", "★ Temperature"]


def test_the_chart_has_a_line_for_each_way(calibrated: Any) -> None:
    figure = calibration_methods(method_curves(calibrated, "svm"))
    names = [line.name for line in figure.data]
    assert names == ["as promised", "As the model says", "Temperature (chosen)"]


def test_an_earlier_run_has_no_ways() -> None:
    assert calibrated_models(results(validation=None, leaderboard=())) == []


TRIALS = pd.DataFrame(
    {
        "candidate": ["svm", "svm", "svm", "xgboost"],
        "trial": [0, 1, 2, 0],
        "params": ["", "C=1", "C=9", ""],
        "log_loss": [0.6, 0.5, np.nan, 0.7],
        "folds": [5, 5, 2, 5],
        "fit_seconds": [1.0, 2.0, 0.5, 3.0],
        "outcome": ["complete", "chosen", "given up", "failed"],
        "reason": ["", "", "", "no memory"],
    }
)


def test_trials_best_first() -> None:
    row = LeaderboardRow(candidate="svm", kind="model", is_champion=True, verdict="")
    found = results(trials=TRIALS, leaderboard=(row,))
    assert tuned_models(found) == ["svm", "xgboost"]
    table = trials_view(found, "svm")
    assert table["trial"].tolist() == [2, 1, 3]
    assert table["params"].tolist() == ["C=1", "its defaults", "C=9"]
    assert table["outcome"].tolist()[0] == "★ chosen"
    assert trials_view(found, "xgboost")["outcome"].item() == "failed: no memory"
    assert tuned_models(results(trials=None, leaderboard=(row,))) == []
