"""Which events a run gives rise to, with figures worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import get_args

import pandas as pd

from churnkit.alerts.catalogue import CATALOGUE, USUAL, WEBHOOK_EVENTS
from churnkit.alerts.run_events import NewEvent, RunFacts, newly_at_risk, run_events
from churnkit.results.shop_events import EventKind
from churnkit.services.webhooks.events import TOLD, WORDS
from churnkit.store import EventType

THEN, NOW = datetime(2026, 3, 1), datetime(2026, 4, 1)


def facts(p_churn: list[float], cutoff: datetime = NOW, **more: object) -> RunFacts:
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{place}" for place in range(len(p_churn))],
            "status": "active",
            "p_churn": p_churn,
            "clv_if_kept": [float(len(p_churn) - place) for place in range(len(p_churn))],
        }
    )
    made = RunFacts("r", cutoff, 60, "EUR", 1234.0, customers)
    return replace(made, **more)  # type: ignore[arg-type]


def by_kind(now: RunFacts, before: RunFacts | None) -> dict[str, NewEvent]:
    return {event.kind: event for event in run_events(now, before)}


def test_every_kind_has_its_words_and_every_told_one_a_name() -> None:
    assert set(CATALOGUE) == set(get_args(EventKind))
    assert len(set(WEBHOOK_EVENTS.values())) == len(WEBHOOK_EVENTS)
    # A model that waits is in nobody's use yet.
    assert WEBHOOK_EVENTS["promoted"] == "model.promoted"
    assert "challenger_kept" not in WEBHOOK_EVENTS
    assert {"promoted", "challenger_kept"} <= set(USUAL)
    assert {*TOLD, "webhook.test"} == set(get_args(EventType)) == set(WORDS)
    assert "risk_crossed" in USUAL and "retrain_started" not in USUAL


def test_a_first_run_tells_that_it_is_ready() -> None:
    (event,) = run_events(facts([0.2, 0.4]), None)
    assert event.kind == "run_ready"
    assert event.words == (
        "The forecast as of 1 Apr 2026: of 2 active customers 30\u202f% are expected to buy nothing in the next 60 days;"
        " €1,234 of the next year's value are at risk."
    )
    assert event.details == {"run_id": "r", "active_customers": 2, "mean_p_churn": 0.3}


def test_a_run_without_active_customers_or_proof_says_no_more_than_that() -> None:
    lapsed = facts([0.9])
    lapsed.customers["status"] = "lapsed"
    (event,) = run_events(replace(lapsed, at_risk=None), facts([0.1], THEN))
    assert event.words == "The forecast as of 1 Apr 2026: no customer is active."


def test_a_rise_of_the_churn_level_is_told_beyond_chance_only() -> None:
    # A mean of 0.2 and one of 0.25, of 600 each: chance is sqrt(.16/600 + .1875/600) = 0.0241, times 1.96 is 0.0472.
    assert "churn_up" in by_kind(facts([0.25] * 600), facts([0.2] * 600, THEN))
    # Of 500 each it is 0.0517.
    assert "churn_up" not in by_kind(facts([0.25] * 500), facts([0.2] * 500, THEN))
    assert "churn_up" not in by_kind(facts([0.2] * 600), facts([0.25] * 600, THEN))
    assert "churn_up" not in by_kind(facts([0.25] * 600, horizon_days=90), facts([0.2] * 600, THEN))


def test_a_rise_below_a_point_is_not_told_however_sure() -> None:
    assert "churn_up" not in by_kind(facts([0.0195] * 9000), facts([0.01] * 9000, THEN))
    assert "churn_up" in by_kind(facts([0.0205] * 9000), facts([0.01] * 9000, THEN))


def test_valuable_customers_are_told_when_they_come_to_be_above_the_limit() -> None:
    # Ten customers by value: the first two are the valuable fifth.
    before = facts([0.8, 0.81, *[0.5] * 8], THEN)
    now = facts([0.81, 0.9, 0.9, *[0.5] * 7])
    assert newly_at_risk(now, before)["customer_id"].tolist() == ["c0"]
    event = by_kind(now, before)["risk_crossed"]
    assert event.words == (
        "1 valuable customer has come to be above 80\u202f% since 1 Mar 2026. If this one stays, it is worth €10.00 in the"
        " next year."
    )
    assert event.details["customers"] == 1
    assert "c0" not in repr(event)


def test_nobody_is_called_out_at_the_limit_new_or_without_proof() -> None:
    before = facts([0.5] * 10, THEN)
    assert newly_at_risk(facts([0.8, *[0.5] * 9]), before).empty
    now = facts([0.9, *[0.5] * 9])
    assert newly_at_risk(replace(now, at_risk=None), before).empty
    stranger = before.customers[before.customers["customer_id"] != "c0"]
    assert newly_at_risk(now, replace(before, customers=stranger)).empty
    assert not newly_at_risk(now, before).empty
