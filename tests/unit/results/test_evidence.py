"""The evidence of an analysis as a document: what it writes, and what was written before it had a version."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from churnkit.errors import DataError
from churnkit.results.codec import JsonObject, from_json, from_text, part_to_json, to_json, to_text
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.evidence.upgrades import OF_ALL_ONLY
from churnkit.results.found import Found, Missing
from tests.made_evidence import bare_evidence, made_card, made_evidence, made_past_date, made_rule, made_tiers

OLD_OUTCOME = {
    "customers": 12,
    "cost": 15.0,
    "cost_low": 14.0,
    "cost_high": 16.0,
    "expected_saves": 3.4,
    "expected_saves_low": 2.0,
    "expected_saves_high": 5.0,
    "revenue_protected": 625.0,
    "revenue_protected_low": 400.0,
    "revenue_protected_high": 800.0,
    "net": 610.0,
    "net_low": 380.0,
    "net_high": 790.0,
    "roi": 40.7,
    "roi_low": 25.0,
    "roi_high": 52.0,
    "break_even_save_rate": 0.02,
    "p_profit": 0.99,
}


def old() -> JsonObject:
    """As it was written before documents had a version: two parts could not be had."""
    feature = {"feature": "recency_days", "label": "Silence", "kind": "days"}
    ranked = {"x": 3.0, "push": 0.1, "rank": 0.5}
    return {
        "champion_title": "Blend",
        "champion_words": "chosen among 6 models and 4 simple rules on past dates",
        "base": 0.25,
        "test_cutoff": "2025-06-01T00:00:00",
        "horizon_days": 30,
        "backtest": [part_to_json(made_past_date())],
        "trust": {"grade": "none", "headline": "Not proven", "sentences": ["One."], "figures": None},
        "tiers": [part_to_json(tier) for tier in made_tiers()],
        "churn_rate": {"mean": 0.4, "low": 0.3, "high": 0.5, "interval_words": "80 %."},
        "revenue_at_risk": {"value": 4711.0, "low": None, "high": None, "interval_words": "No interval."},
        "warnings": None,
        "drivers": [],
        "model_card": {**part_to_json(made_card()), "test": {}},
        "roc": {
            "champion": [{"fpr": 0.0, "tpr": 0.0}, {"fpr": 0.2, "tpr": 0.9}],
            "baselines": {"mbg_nbd": [{"fpr": 0.0, "tpr": 0.0}]},
        },
        "precision_recall": {"champion": [{"recall": 0.5, "precision": 0.8}], "baselines": {}},
        "calibration": {
            "bins": [{"predicted": 0.2, "observed": 0.25, "customers": 100}],
            "ece": 0.05,
            "bin_count": 1,
        },
        "confusion": {
            "threshold": 0.5,
            "true_positive": 1,
            "false_positive": 2,
            "true_negative": 3,
            "false_negative": 4,
            "words": ["3 of 10."],
        },
        "profit": {
            "contacted": [0, 10],
            "model": [0.0, 50.0],
            "recency": [0.0, 20.0],
            "random": [0.0, 15.0],
            "everybody": 15.0,
            "contact_cost": 1.0,
            "save_rate": 0.35,
        },
        "rules": [part_to_json(made_rule())],
        "importance": [],
        "shap_summary": {
            "features": [{**feature, "points": [ranked, {"x": None, "push": 0.2, "rank": None}]}]
        },
        "dependence": [{**feature, "points": [{"x": 3.0, "push": 0.1}]}],
        "partial_dependence": [{**feature, "kind": "category", "grid": ["a", "b"], "mean_p_churn": [0.1, 0.2]}],
        "permutation": None,
        "controllable": [],
        "recommended": {
            **OLD_OUTCOME,
            "first": None,
            "words": "Contact the best 12.",
            "subject": "s",
            "body": "b",
            "assumptions": {"contact_cost": 1.0},
            "interval_words": "80 %.",
            "horizon_days": 30,
        },
        "outlook": {"months": [], "active_now": 30, "words": "Fewer.", "assumptions": []},
        "missing": {"warnings": "Too short.", "permutation": "Too few."},
    }  # fmt: skip


@pytest.mark.parametrize("whole", [made_evidence(), bare_evidence("Too short.")])
def test_it_comes_back_as_it_was(whole: EvidenceDocument) -> None:
    assert from_text(EvidenceDocument, to_text(whole)) == whole
    assert to_json(whole)["version"] == len(EvidenceDocument.steps) + 1


def test_means_of_an_empty_tier_are_nan() -> None:
    high, *rest = made_tiers()
    whole = replace(made_evidence(), tiers=(replace(high, customers=0, mean_clv=math.nan), *rest))
    assert to_json(whole)["tiers"][0]["mean_clv"] is None
    assert math.isnan(from_text(EvidenceDocument, to_text(whole)).tiers[0].mean_clv)


def test_one_without_a_version_opens() -> None:
    found = from_json(EvidenceDocument, json.loads(json.dumps(old())))
    assert found.warnings == Missing("Too short.")
    assert found.permutation == Missing("Too few.")
    assert found.backtest == Found((made_past_date(),))
    assert isinstance(found.revenue_at_risk, Found)
    assert (found.churn_rate.value, found.revenue_at_risk.value.low) == (0.4, None)
    assert found.model_card == replace(made_card(), test=None)
    assert (found.window_active, found.winback) == (Missing(OF_ALL_ONLY), Missing(OF_ALL_ONLY))
    assert found.trust.quality.active == Missing(OF_ALL_ONLY)
    assert found.trust.sentences[-1] == OF_ALL_ONLY
    assert isinstance(found.window, Found)
    assert found.window.value.quality is None
    window = found.window.value
    assert (window.roc.champion.fpr, window.roc.champion.tpr) == ((0.0, 0.2), (0.0, 0.9))
    assert window.roc.baselines["mbg_nbd"].fpr == (0.0,)
    assert window.precision_recall.champion.precision == (0.8,)
    assert (window.confusion.false_negative, window.profit.model) == (4, (0.0, 50.0))
    (ranked,), (points,) = found.shap_summary, found.dependence
    assert (ranked.x, ranked.push, ranked.rank) == ((3.0, None), (0.1, 0.2), (0.5, None))
    assert (points.x, points.push) == ((3.0,), (0.1,))
    assert found.partial_dependence[0].grid == ("a", "b")
    assert isinstance(found.recommended, Found)
    outcome = found.recommended.value.outcome
    assert (outcome.contacted, outcome.net.high) == (12, 790.0)
    assert found.test_cutoff == datetime(2025, 6, 1)


def test_an_old_one_without_a_test_window_says_why() -> None:
    content = old()
    of_the_window = ("roc", "precision_recall", "calibration", "confusion", "profit")
    content |= dict.fromkeys(of_the_window)
    content["missing"] |= dict.fromkeys(of_the_window, "No later window.")
    assert from_json(EvidenceDocument, content).window == Missing("No later window.")


Change = Callable[[JsonObject], Any]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o.pop("missing"), "version 1 cannot be read (KeyError: 'missing')"),
        (lambda o: o["missing"].pop("warnings"), "version 1 cannot be read (KeyError: 'warnings')"),
        (lambda o: o.update(base="x"), "a number is needed, found 'x' @ $.base"),
        (lambda o: o["trust"].update(grade="superb"), "found 'superb' @ $.trust.grade"),
        (lambda o: o.update(version=99), "it has version 99, this churnkit knows it up to"),
        (lambda o: o.update(verdict=1), "nobody knows verdict"),
    ],
)
def test_a_broken_one_is_refused_in_a_sentence(change: Change, words: str) -> None:
    content = copy.deepcopy(old())
    change(content)
    with pytest.raises(DataError, match="Reading the evidence of an analysis") as refused:
        from_json(EvidenceDocument, content)
    assert words in refused.value.message
