"""The grade of the forecast of active customers, bar by bar, and what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from churnkit.results.found import Found, Missing
from churnkit.results.quality import QualityByStatus
from churnkit.services.analyse.evidence.trust import NO_SIGNAL, grade, trust
from tests.made_evidence import made_quality

ACTIVE = made_quality()
ALL = made_quality(customers=900, churned=500, roc_auc=0.96, roc_auc_low=0.95)


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
        ({"roc_auc_low": 0.5001}, "strong"),
        ({"roc_auc_low": 0.5}, "none"),
        ({"log_loss": 0.61}, "strong"),
        ({"log_loss": 0.6101}, "none"),
        ({"churned": 20}, "strong"),
        ({"churned": 19}, "none"),
        ({"churned": 380}, "strong"),
        ({"churned": 381}, "none"),
    ],
)
def test_grades(changes: dict, expected: str) -> None:
    assert grade(replace(ACTIVE, **changes)) == expected


def found(is_rule: bool = False, **changes: Any) -> str:
    quality = QualityByStatus(active=Found(replace(ACTIVE, **changes)), all=Found(ALL))
    said = trust(quality, champion="mbg_nbd", is_rule=is_rule, horizon_days=60)
    return " ".join(said.sentences).replace("\u202f", " ")


def test_a_ranking_of_all_does_not_help() -> None:
    quality = QualityByStatus(active=Found(replace(ACTIVE, roc_auc=0.53, roc_auc_low=0.49)), all=Found(ALL))
    said = trust(quality, champion="xgboost", horizon_days=60)
    assert said.grade == "none"
    assert NO_SIGNAL in said.sentences[0]
    assert said.quality == quality


def test_nothing_tested_no_grade() -> None:
    missing = Missing("There is no earlier date.")
    said = trust(
        QualityByStatus(active=missing, all=missing),
        champion="mbg_nbd",
        horizon_days=60,
        notes=["Too short."],
    )
    assert said.grade == grade(None) == "none"
    assert "There is no earlier date." in said.sentences[0]
    assert "no figure here is proven" in said.sentences[0]
    assert said.sentences[1:] == ("Too short.",)


def test_sentences_name_the_active_first_and_the_shares() -> None:
    text = found()
    assert "4 earlier dates" in text
    assert "31 % were forecast to leave and 30 % did" in text
    assert (
        "called riskiest 60 % did leave; 40 % by the simple rule “longest silent first”; 30 % of all" in text
    )
    assert "off by 3 percentage points" in text
    assert text.index("80 % of all pairs") < text.index("96 % of the pairs")
    assert "simple rule did" not in text
    assert "No trained model beat" not in text


def test_sentences_admit_when_the_rule_is_as_good_or_better() -> None:
    assert "The simple rule did better there." in found(left_among_longest_silent=0.65)
    assert "The simple rule did as well there." in found(left_among_longest_silent=0.595)
    assert "No trained model beat the simple rules here" in found(is_rule=True)
    untrained = trust(
        QualityByStatus(active=Found(ACTIVE), all=Found(ALL)),
        champion="mbg_nbd",
        horizon_days=60,
        is_rule=True,
        trained=False,
    )
    assert untrained.sentences[-1].startswith("No model was trained here")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"roc_auc": 0.51}, NO_SIGNAL),
        ({"roc_auc_low": 0.49}, NO_SIGNAL),
        ({"log_loss": 0.62}, "no nearer the truth than the same one for everybody"),
        ({"churned": 19}, "19 active customers left and 381 stayed: too few"),
    ],
)
def test_no_grade_says_why_first(changes: dict, words: str) -> None:
    text = found(**changes)
    assert words in text
    assert text.index(words) < text.index("We went back")


def test_the_grade_and_its_headline_are_said_with_the_figures() -> None:
    quality = QualityByStatus(active=Found(ACTIVE), all=Missing("None."))
    said = trust(quality, champion="xgboost", horizon_days=60)
    assert (said.grade, said.headline) == ("strong", "Tested on this shop's past, and it held")
    assert said.quality == quality
