"""The next order's day and the product to suggest: shown where they were tested, with a reason where not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from churnkit.results.baskets import (
    BasketsDocument,
    ChosenMethod,
    DueCheck,
    DueForecast,
    HeldOutTest,
    ProductRules,
)
from churnkit.results.found import Found, Missing
from churnkit.services.decide.customer_prospects import (
    NextOrder,
    Suggestion,
    next_order,
    suggestion,
    usual_churn,
)

ACTIONS = pd.DataFrame(
    {
        "customer_id": ["a", "b"],
        "product_1_name": ["Mug", "Tea"],
        "product_1_because": ["Tea", None],
        "product_1_value": [3.5, 2.0],
        "due_at": [pd.Timestamp("2026-03-10"), pd.NaT],
        "due_from": [pd.Timestamp("2026-03-01"), pd.NaT],
        "due_until": [pd.Timestamp("2026-04-02"), pd.NaT],
    }
)
RULES = ProductRules(
    items=2,
    rarer_items=0,
    orders=9,
    left_out=(),
    by_unit={},
    chosen=ChosenMethod(unit="orders", ranking="value", words="x"),
    held_out=HeldOutTest(customers=40, with_new_items=0.5, rates=(), gain=0.1, low=0.02, high=0.2),
    verdict="Tested on 40.",
)
DUE = DueForecast(
    horizon_days=60,
    levels=(0.1, 0.5, 0.9),
    checked=DueCheck(returned=500, coverage=0.79, width_days=30, error_days=9, naive_error_days=12),
    words="x",
)


TESTED, KNOWN = Found(RULES), Found(DUE)


def results(rules: Any = TESTED, due: Any = KNOWN, actions: Any = ACTIONS) -> Any:
    customers = pd.DataFrame({"status": ["active", "active", "lapsed"], "p_churn": [0.1, 0.3, 0.9]})
    return SimpleNamespace(
        baskets=BasketsDocument(rules=rules, due=due), actions=actions, customers=customers
    )


def test_the_day_comes_with_its_interval_and_what_testing_it_showed() -> None:
    found = next_order(results(), "a")
    assert isinstance(found, NextOrder)
    assert (found.on, found.earliest, found.latest) == (
        date(2026, 3, 10),
        date(2026, 3, 1),
        date(2026, 4, 2),
    )
    assert "500 customers" in found.tested
    assert "79" in found.tested


@pytest.mark.parametrize(
    ("given", "who"),
    [
        (results(), "b"),
        (results(), "nobody"),
        (results(actions=None), "a"),
        (results(due=Missing("too few gaps")), "a"),
        (SimpleNamespace(baskets=None, actions=ACTIONS), "a"),
    ],
)
def test_without_a_day_there_is_a_reason(given: Any, who: str) -> None:
    found = next_order(given, who)
    assert isinstance(found, Missing)
    assert found.reason


def test_an_untested_day_says_nothing_of_a_test() -> None:
    found = next_order(results(due=Found(replace(DUE, checked=None))), "a")
    assert isinstance(found, NextOrder)
    assert found.tested == ""


def test_a_product_is_suggested_where_a_rule_beat_what_is_popular() -> None:
    assert suggestion(results(), "a") == Found(Suggestion("Mug", "Tea", 3.5, "Tested on 40."))


def test_popularity_alone_suggests_nothing() -> None:
    popular = replace(RULES, chosen=ChosenMethod(unit=None, ranking="value", words="x"))
    within_chance = replace(RULES, held_out=replace(RULES.held_out, low=0.0))  # type: ignore[type-var]
    untested = replace(RULES, held_out=None)
    for rules in (popular, within_chance, untested):
        assert isinstance(suggestion(results(rules=Found(rules)), "a"), Missing)
    # What the list holds for this one is popular: no rule led to it.
    assert isinstance(suggestion(results(), "b"), Missing)
    assert suggestion(results(rules=Missing("no products")), "a") == Missing("no products")


def test_the_usual_rate_is_that_of_the_active() -> None:
    assert usual_churn(results()) == pytest.approx(0.2)
