"""Frozen campaigns, readouts, scenarios and recommendations: what earlier versions wrote opens, what is broken is told."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from churnkit.errors import DataError
from churnkit.results.campaign_facts import CampaignFacts, CampaignSettings
from churnkit.results.campaign_money import Assumptions, Scenario, ScenarioFigures
from churnkit.results.codec import from_json, part_from_json, to_json
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Readout
from churnkit.results.recommended import Recommendation, nested_recommendation
from churnkit.results.whom import EVERYBODY, HIGH_RISK

ASSUMPTIONS = {
    "contact_cost": 0.75,
    "save_rate": 0.3,
    "gone_success": 0.1,
    "discount": 0.15,
    "stayers_redeem": 0.5,
    "reach": 1.0,
    "margin": 0.6,
    "returns_anyway": 0.119,
    "save_rate_weight": 20.0,
}


def interval(value: float, low: float | None, high: float | None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


FACTS: dict[str, Any] = {
    "settings": {
        "name": "Winter comeback",
        "scored_at": "2026-09-01T00:00:00",
        "horizon_days": 60,
        "holdout_share": 0.25,
        "seed": 133377258888428,
    },
    "assumptions": ASSUMPTIONS,
    "promise": {
        "contacted": 150,
        "contact_cost": 112.5,
        "cost": interval(151.9, 142.1, 161.9),
        "discount_to_stayers": 22.7,
        "saves": interval(20.6, 10.4, 31.4),
        "revenue_protected": interval(560.9, 221.9, 927.6),
        "net": interval(184.6, -13.9, 400.0),
        "roi": None,
        "break_even_save_rate": 0.127,
        "p_profit": 0.876,
    },
    "treated": 150,
    "held_out": 50,
    "excluded": {"do_not_contact": 3, "over_limit": 1608},
    "expected_base_rate": 0.353,
    "notes": ["Send only to those who have agreed."],
}
EFFECT: dict[str, Any] = {
    "treated": 0.64,
    "held_out": 0.3,
    "difference": interval(0.34, 0.18, 0.47),
    "lift": None,
    "safe": interval(0.34, None, None),
    "adjusted": {
        "effect": {
            "interval": interval(0.34, 0.19, 0.49),
            "standard_error": 0.076,
            "degrees_of_freedom": None,
            "p_value": 2.5e-05,
        },
        "theta": -0.0006,
        "variance_reduction": 3e-05,
    },
    "check": None,
}
READOUT: dict[str, Any] = {
    "treated": 150,
    "held_out": 50,
    "elapsed_days": 60.0,
    "horizon_days": 60,
    "conversion": EFFECT,
    "revenue": None,
    "sample_ratio": {
        "observed": {"treatment": 150, "holdout": 50},
        "expected": {"treatment": 150.0, "holdout": 50.0},
        "p_value": 1.0,
    },
    "save_rate": {"rate": interval(0.68, 0.43, 0.85), "weight": 18.0},
    "realised": {
        "saves": interval(51.0, 27.2, 70.6),
        "window_revenue": None,
        "window_net": None,
        "window_roi": None,
        "year_net": interval(656.7, 286.8, 961.5),
        "year_roi": 3.7,
        "contact_cost": 112.5,
    },
    "notes": [],
    "complete": True,
    "grade": "worked",
}
SCENARIO = {"words": "", "customers": 170, "assumptions": ASSUMPTIONS}


def columns(**names: str) -> dict[str, float | None]:
    """An outcome in the earlier spelling, with its earlier names."""
    found: dict[str, float | None] = {names.get("contacted", "contacted"): 170}
    for place, name in enumerate(("cost", "saves", "revenue_protected", "net"), start=1):
        spelled = names.get(name, name)
        found |= {spelled: 10.0 * place, f"{spelled}_low": 9.0 * place, f"{spelled}_high": 11.0 * place}
    found |= {"roi": None, "roi_low": None, "roi_high": None}
    return found | {names.get("break_even_save_rate", "break_even_save_rate"): 0.14, "p_profit": 0.96}


def test_a_campaign_frozen_earlier_shows_the_same_promise() -> None:
    facts = from_json(CampaignFacts, copy.deepcopy(FACTS))
    assert facts.settings == CampaignSettings(
        name="Winter comeback",
        scored_at=datetime(2026, 9, 1),
        horizon_days=60,
        holdout_share=0.25,
        seed=133377258888428,
    )
    assert facts.assumptions == Assumptions(
        contact_cost=0.75, save_rate=0.3, margin=0.6, returns_anyway=0.119
    )
    assert facts.promise.net == Interval(184.6, -13.9, 400.0)
    assert facts.promise.roi is None
    # It was frozen before plans said how they are read out.
    assert to_json(facts) == {"version": 2, **FACTS, "declared": None}


def test_a_readout_of_earlier_shows_the_same_figures() -> None:
    found = from_json(Readout, copy.deepcopy(READOUT))
    assert (found.grade, found.complete) == ("worked", True)
    assert found.conversion.difference == Interval(0.34, 0.18, 0.47)
    # A bound that there is none of stays none.
    assert math.isnan(found.conversion.safe.low) and not found.conversion.safe.excludes_zero
    assert found.save_rate is not None and found.save_rate.rate.value == 0.68
    assert isinstance(found.conversion.adjusted, Found)
    assert found.conversion.adjusted.value.effect == Interval(0.34, 0.19, 0.49)
    assert found.realised.window_discounts is None
    assert from_json(Readout, to_json(found)).realised == found.realised


def test_a_readout_of_earlier_without_an_adjustment_says_so() -> None:
    found = from_json(Readout, {**copy.deepcopy(READOUT), "revenue": {**EFFECT, "adjusted": None}})
    assert found.revenue is not None
    assert isinstance(found.revenue.adjusted, Missing)
    assert to_json(found)["version"] == 2


def test_a_scenario_saved_earlier_opens_without_its_name() -> None:
    found = from_json(Scenario, copy.deepcopy(SCENARIO))
    assert (found.name, found.customers, found.whom) == ("", 170, EVERYBODY)
    again = Scenario(name="Spring", customers=None, assumptions=found.assumptions)
    assert from_json(Scenario, json.loads(json.dumps(to_json(again)))) == again


def test_a_scenario_without_a_number_was_of_the_high_risk_tier() -> None:
    found = from_json(Scenario, {**copy.deepcopy(SCENARIO), "customers": None})
    assert (found.customers, found.whom) == (None, HIGH_RISK)


def test_figures_of_a_scenario_have_one_spelling_now() -> None:
    figures = from_json(ScenarioFigures, columns(break_even_save_rate="break_even"))
    found = figures.outcome
    assert (found.contacted, found.roi, found.break_even_save_rate, found.p_profit) == (170, None, 0.14, 0.96)
    assert (found.cost, found.net) == (Interval(10, 9, 11), Interval(40, 36, 44))
    assert math.isnan(found.contact_cost) and math.isnan(found.discount_to_stayers)
    assert to_json(figures)["version"] == 2
    assert to_json(from_json(ScenarioFigures, to_json(figures))) == to_json(figures)


def test_a_recommendation_of_earlier_has_its_outcomes() -> None:
    flat = {
        **columns(contacted="customers", saves="expected_saves"),
        "first": None,
        "words": "Contact 170.",
        "assumptions": ASSUMPTIONS,
        "interval_words": "80 %",
        "horizon_days": 60,
    }
    found = part_from_json(Recommendation, nested_recommendation(flat), "the recommendation")
    assert found.outcome.saves == Interval(20, 18, 22)
    assert found.outcome.contact_cost == 170 * 0.75
    assert found.first is None
    best = {**flat, "first": columns(contacted="customers", saves="expected_saves")}
    found = part_from_json(Recommendation, nested_recommendation(best), "the recommendation")
    assert found.first is not None and found.first.net == found.outcome.net


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda o: o.update(version=9), "it has version 9"),
        (lambda o: o["settings"].update(mood="good"), "nobody knows mood @ $.settings"),
        (lambda o: o["promise"]["net"].pop("low"), "low is missing @ $.promise.net.low"),
        (lambda o: o["promise"].update(net=3), "an object is needed, found 3 @ $.promise.net"),
        (lambda o: o["settings"].update(scored_at="soon"), "@ $.settings.scored_at"),
        (lambda o: o["settings"].update(holdout_share=2), "the share held out must be between 0 and 0.9"),
        (lambda o: o["assumptions"].update(save_rate=-1), "Assumption save_rate = -1.0: it must be between"),
        (lambda o: o.pop("assumptions"), "assumptions is missing"),
    ],
)
def test_a_damaged_campaign_is_one_sentence_with_its_name(
    change: Callable[[Any], object], words: str
) -> None:
    content = copy.deepcopy(FACTS)
    change(content)
    with pytest.raises(DataError) as refused:
        from_json(CampaignFacts, content, title="the campaign 'Winter comeback'", remedy="Delete it.")
    assert refused.value.message.startswith("Reading the campaign 'Winter comeback': ")
    assert words in refused.value.message
    assert refused.value.remedy in (
        "Delete it.",
        "Update churnkit, or open it with the version that wrote it.",
    )


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (Readout, {**READOUT, "grade": "great"}, "one of worked, harmed, unclear is needed"),
        (Readout, {k: v for k, v in READOUT.items() if k != "grade"}, "grade is missing"),
        (Scenario, {**SCENARIO, "customers": -1}, "0 customers or more, found -1"),
        (Scenario, {**SCENARIO, "assumptions": {"save_rate": 0.2}}, "contact_cost is missing"),
        (ScenarioFigures, {"contacted": 3}, "version 1 cannot be read (KeyError: 'cost')"),
        (ScenarioFigures, [1], "an object is needed"),
    ],
)
def test_what_is_broken_is_refused(kind: Any, content: Any, words: str) -> None:
    with pytest.raises(DataError) as refused:
        from_json(kind, copy.deepcopy(content))
    assert words in refused.value.message
