"""The record of past forecasts by hand, its grade, and what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from churnkit.results.evidence.proof import TrackRecord
from churnkit.services.analyse.evidence.trust import PastTests, grade, read_record, trust
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes

HORIZON = 30
RECORD = TrackRecord(
    windows=4,
    roc_auc=0.80,
    left_among_riskiest=0.90,
    left_among_longest_silent=0.70,
    left_among_all=0.50,
    level_miss=0.03,
)
TESTS = PastTests(RECORD, (0.60, 0.40, 0.30))


def outcome(cutoff: datetime, p: list[float], churned: list[float], recency: list[float]) -> PastOutcome:
    count = len(p)
    stakes = Stakes(np.ones(count), 0.1, 0.5)
    return PastOutcome(
        cutoff,
        np.array(p),
        np.array(churned),
        np.ones(count),
        np.ones(count),
        np.array(recency),
        stakes,
    )


def ten(cutoff: datetime) -> PastOutcome:
    """Two of the ten called riskiest left, one of the two longest silent; four in all."""
    return outcome(
        cutoff,
        [0.9, 0.8, 0.5, 0.5, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2],
        [1, 1, 0, 1, 0, 0, 1, 0, 0, 0],
        [5, 90, 100, 4, 5, 6, 7, 8, 9, 10],
    )


def test_record_by_hand() -> None:
    tests = read_record([ten(datetime(2026, 1, 1))], HORIZON)
    assert tests is not None
    record = tests.record
    shares = (record.left_among_riskiest, record.left_among_longest_silent, record.left_among_all)
    assert (record.windows, *shares) == (1, 1.0, 0.5, 0.4)
    # Those who left stand above 6, 6, 5 and 3.5 of the six who stayed.
    assert record.roc_auc == pytest.approx(20.5 / 24)
    # Expected 4.8 of ten, four left.
    assert record.level_miss == pytest.approx(0.08)
    # Eight who bought of late are too few to speak of.
    assert tests.active is None


def test_windows_that_overlap_count_once() -> None:
    start = datetime(2026, 1, 1)
    past = [ten(start + timedelta(days=15 * k)) for k in range(5)]
    tests = read_record(past, HORIZON)
    assert tests is not None
    assert tests.record.windows == 3
    many = [ten(start + timedelta(days=30 * k)) for k in range(9)]
    tests = read_record(many, HORIZON)
    assert tests is not None
    assert tests.record.windows == 6
    # Six windows of eight customers who bought within 30 days are enough.
    assert tests.active is not None
    top, silent, everybody = tests.active
    assert (top, everybody) == (pytest.approx((1 + 0.5) / 2), pytest.approx(3 / 8))
    assert silent == 0.0


def test_a_window_where_all_left_tells_nothing() -> None:
    one = replace(ten(datetime(2026, 1, 1)), churned=np.ones(10))
    assert read_record([one], HORIZON) is None
    assert read_record([], HORIZON) is None


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "strong"),
        ({"windows": 3}, "strong"),
        ({"windows": 2}, "fair"),
        ({"roc_auc": 0.70}, "strong"),
        ({"roc_auc": 0.6999}, "fair"),
        ({"level_miss": 0.05}, "strong"),
        ({"level_miss": 0.0501}, "fair"),
        ({"roc_auc": 0.60}, "fair"),
        ({"roc_auc": 0.5999}, "weak"),
        ({"level_miss": 0.10}, "fair"),
        ({"level_miss": 0.1001}, "weak"),
        ({"roc_auc": 0.55}, "weak"),
        ({"roc_auc": 0.5499}, "none"),
    ],
)
def test_grades(changes: dict, expected: str) -> None:
    assert grade(replace(RECORD, **changes)) == expected


def test_no_record_no_grade() -> None:
    assert grade(None) == "none"
    found = trust(None, champion="mbg_nbd", is_rule=True, horizon_days=60, notes=["Too short."])
    assert found.grade == "none"
    assert "no figure here is proven" in found.sentences[0]
    assert found.sentences[1:] == ("Too short.",)
    assert found.figures is None


def said(tests: PastTests, *, is_rule: bool = False, **changes: float) -> str:
    changed: Any = changes
    tests = replace(tests, record=replace(tests.record, **changed))
    sentences = trust(tests, champion="mbg_nbd", is_rule=is_rule, horizon_days=60).sentences
    return " ".join(sentences).replace("\u202f", " ")


def test_sentences_name_the_simple_rule_and_the_shares() -> None:
    text = said(TESTS)
    assert "4 earlier dates" in text
    assert (
        "called riskiest 90 % did leave; 70 % by the simple rule “longest silent first”; 50 % of all" in text
    )
    assert "60 % did leave; 40 % by the simple rule" in text
    assert "off by 3 percentage points" in text
    assert "simple rule did" not in text
    assert "No trained model beat" not in text


def test_sentences_admit_when_the_rule_is_as_good_or_better() -> None:
    assert "The simple rule did better there." in said(TESTS, left_among_longest_silent=0.95)
    assert "The simple rule did as well there." in said(TESTS, left_among_longest_silent=0.895)
    assert "hardly better than chance" in said(TESTS, roc_auc=0.51)
    assert "No trained model beat the simple rules here" in said(TESTS, is_rule=True)


def test_the_grade_and_its_headline_are_said_with_the_figures() -> None:
    found = trust(TESTS, champion="xgboost", is_rule=False, horizon_days=60)
    assert (found.grade, found.headline) == ("strong", "Tested on this shop's past, and it held")
    assert found.figures == RECORD


def test_one_who_left_or_stayed_makes_a_window() -> None:
    for lonely in ([1.0] + [0.0] * 9, [0.0] + [1.0] * 9):
        one = replace(ten(datetime(2026, 1, 1)), churned=np.array(lonely))
        tests = read_record([one], HORIZON)
        assert tests is not None
        assert tests.record.windows == 1
