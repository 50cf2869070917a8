"""What a scorecard comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from churnkit.monitoring.verdicts import is_calibration_gone, judge
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.scorecards import PopulationCard, Tenth

CUTOFF, UNTIL = datetime(2025, 1, 1), datetime(2025, 4, 1)
GOOD = PopulationCard(
    customers=400,
    expected_churn_rate=0.25,
    actual_churn_rate=Interval(0.26, 0.22, 0.30),
    roc_auc=Interval(0.75, 0.71, 0.79),
    log_loss=Interval(0.5, 0.45, 0.55),
    log_loss_of_base_rate=0.57,
    ece=0.03,
    ece_by_chance=0.05,
    lift=Interval(2.0, 1.6, 2.4),
    lift_size=80,
    expected_spend=1000.0,
    actual_spend=Interval(990.0, 900.0, 1080.0),
    tenths=(Tenth(decile=1, customers=400, expected_churners=100.0, actual_churners=104),),
)


@pytest.mark.parametrize(
    ("card", "promised", "verdict"),
    [
        (GOOD, 0.74, "held"),
        (GOOD, None, "held"),
        (replace(GOOD, roc_auc=Interval(0.54, 0.49, 0.59)), 0.74, "order_lost"),
        (replace(GOOD, roc_auc=Interval(0.65, 0.61, 0.69)), 0.74, "weaker"),
        # As far below, but within chance of what was promised.
        (replace(GOOD, roc_auc=Interval(0.65, 0.55, 0.75)), 0.74, "held"),
        # Beyond chance, but less than a tenth.
        (replace(GOOD, roc_auc=Interval(0.69, 0.66, 0.72)), 0.74, "held"),
        (replace(GOOD, expected_churn_rate=0.15), 0.74, "level_off"),
        (replace(GOOD, expected_churn_rate=0.31), 0.74, "held"),
        (replace(GOOD, roc_auc=None), 0.74, "few"),
    ],
)
def test_verdicts(card: PopulationCard, promised: float | None, verdict: str) -> None:
    found = judge(Found(card), promised, CUTOFF, UNTIL)
    assert found.verdict == verdict
    assert found.advice and found.words.startswith("Of 400 active customers on 1 Jan 2025")
    assert "until 31 Mar 2025" in found.words


def test_too_few_to_judge() -> None:
    few = replace(GOOD, tenths=(replace(GOOD.tenths[0], actual_churners=9),))
    assert judge(Found(few), 0.74, CUTOFF, UNTIL).verdict == "few"
    assert judge(Missing("There were 3."), 0.74, CUTOFF, UNTIL).words == "There were 3."


def test_the_level_says_in_which_direction() -> None:
    more = judge(Found(replace(GOOD, expected_churn_rate=0.15)), 0.74, CUTOFF, UNTIL)
    fewer = judge(Found(replace(GOOD, expected_churn_rate=0.40)), 0.74, CUTOFF, UNTIL)
    assert "More left than was said" in more.words and "too low" in more.advice
    assert "Fewer left than was said" in fewer.words and "too high" in fewer.advice


def test_calibration_is_gone_only_beyond_chance_and_what_matters() -> None:
    assert not is_calibration_gone(replace(GOOD, ece=0.049, ece_by_chance=0.01), 0.01)
    assert not is_calibration_gone(replace(GOOD, ece=0.08, ece_by_chance=0.09), 0.01)
    assert not is_calibration_gone(replace(GOOD, ece=0.10), 0.06)
    assert is_calibration_gone(replace(GOOD, ece=0.13), 0.06)
    assert is_calibration_gone(replace(GOOD, ece=0.13), None)
