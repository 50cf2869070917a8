"""A plan: ranked, excluded with reasons, held out, frozen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns import plan_campaign
from churnkit.errors import DataError, SettingsError
from churnkit.results.campaign_facts import CampaignFacts
from churnkit.results.codec import from_text, to_text
from churnkit.roi import Planner, Uncertainty
from tests.unit.campaigns.conftest import ASSUMPTIONS


def test_arms_are_disjoint_and_complete_and_strata_get_their_share(make_plan, customers) -> None:
    plan = make_plan()
    assert len(plan.treated) == 160
    assert len(plan.held_out) == 40
    assert sorted([*plan.treated["customer_id"], *plan.held_out["customer_id"]]) == sorted(
        customers["customer_id"]
    )
    held = plan.members.groupby("stratum")["arm"].agg(lambda arm: (arm == "holdout").sum())
    assert (held == plan.members["stratum"].value_counts().loc[held.index] * 0.2).all()
    assert plan.excluded.empty


def test_members_are_frozen_best_first_with_their_gain(make_plan, customers) -> None:
    plan = make_plan()
    planner = Planner.of(customers, Uncertainty())
    gain = pd.Series(planner.gains(ASSUMPTIONS), index=customers["customer_id"])
    assert plan.members["expected_gain"].tolist() == gain[plan.members["customer_id"]].tolist()
    assert plan.members["expected_gain"].is_monotonic_decreasing
    customers.loc[:, "p_churn"] = 0.0
    assert plan.members["p_churn"].max() == 0.9


def test_promise_is_that_of_the_treated_alone(make_plan, customers) -> None:
    plan = make_plan()
    planner = Planner.of(customers, Uncertainty())
    treated = customers["customer_id"].isin(plan.treated["customer_id"]).to_numpy()
    assert plan.promise == planner.outcome_of(ASSUMPTIONS, treated)
    assert plan.promise.contacted == 160
    assert plan.expected_base_rate == pytest.approx(1 - (0.9 * 50 + 0.5 * 50 + 0.1 * 100) / 200)


def test_each_excluded_customer_has_its_first_reason(make_plan) -> None:
    plan = make_plan(
        do_not_contact=frozenset({"00049"}),
        consent={f"{n:05d}": n != 48 for n in range(150)},
        in_campaign={"00049": "Autumn", "00047": "Autumn"},
        value_floor=100.0,
        max_customers=20,
    )
    reasons = plan.excluded.set_index("customer_id")["reason"]
    assert reasons["00049"] == "do_not_contact"
    assert reasons["00048"] == "no_consent"
    assert reasons["00150"] == "no_consent"
    assert reasons["00047"] == "in_campaign"
    assert plan.excluded.set_index("customer_id").loc["00047", "detail"] == "Autumn"
    assert reasons["00004"] == "below_value"
    assert reasons["00005"] == "over_limit"
    assert len(plan.members) == 20
    assert len(plan.members) + len(plan.excluded) == 200
    assert plan.members["customer_id"].iloc[0] == "00046"


def test_whoever_costs_more_than_he_brings_can_be_left_out(make_plan) -> None:
    plan = make_plan(only_profitable=True)
    assert plan.members["expected_gain"].min() > 0
    assert set(plan.excluded["reason"]) == {"does_not_pay"}
    assert make_plan().members["expected_gain"].min() < 0


def test_one_person_under_two_ids_is_contacted_once(make_plan, customers) -> None:
    renamed = customers.assign(
        customer_id=["Ann@Example.com", "ann@example.com", "bob@example.com", *customers["customer_id"][3:]]
    )
    plan = make_plan(renamed)
    row = plan.excluded.iloc[0]
    assert (row["customer_id"], row["reason"], row["detail"]) == (
        "Ann@Example.com",
        "same_address",
        "ann@example.com",
    )
    refused = make_plan(renamed, do_not_contact=frozenset({"ANN@example.com"}))
    assert set(refused.excluded["customer_id"]) == {"Ann@Example.com", "ann@example.com"}
    assert set(refused.excluded["reason"]) == {"do_not_contact"}


def test_addresses_of_a_contact_list_count_too(make_plan) -> None:
    plan = make_plan(addresses={"00001": "a@example.com", "00002": "A@example.com", "00003": "c@example.com"})
    assert plan.excluded[["customer_id", "detail"]].to_numpy().tolist() == [["00001", "00002"]]


def test_consent_that_is_missing_is_none(make_plan) -> None:
    plan = make_plan(consent={"00000": True, "00001": float("nan"), "00002": False})
    assert plan.members["customer_id"].tolist() == ["00000"]
    assert not any("say nothing about consent" in note for note in plan.notes)


def test_notes_name_what_is_not_known(make_plan, settings) -> None:
    notes = make_plan().notes
    assert notes[0].startswith("The shop's data say nothing about consent")
    assert notes[1].startswith("40 of 200 customers (20\u202f%) are left out for comparison")
    nobody = make_plan(how=replace(settings, holdout_share=0.0))
    assert "cannot be measured" in nobody.notes[1]


def test_single_customer_is_in_one_arm(make_plan) -> None:
    assert len(make_plan(max_customers=1).members) == 1


def test_nobody_left_says_why(make_plan) -> None:
    with pytest.raises(
        DataError, match=r"nobody is left of 200 candidates \(200 worth less than the least value"
    ):
        make_plan(value_floor=1e9)


def test_candidates_limit_the_list(customers, settings) -> None:
    high = (customers["risk_tier"] == "high").to_numpy()
    plan = plan_campaign(
        customers, Planner.of(customers, Uncertainty()), ASSUMPTIONS, settings, candidates=high
    )
    assert len(plan.members) == 50
    assert set(plan.members["risk_tier"]) == {"high"}
    assert plan.excluded.empty


def test_wrong_rows_are_refused(customers, settings) -> None:
    planner = Planner.of(customers, Uncertainty())
    with pytest.raises(DataError, match="missing: risk_tier"):
        plan_campaign(customers.drop(columns="risk_tier"), planner, ASSUMPTIONS, settings)
    with pytest.raises(DataError, match="prepared for 200 customers, but there are 199"):
        plan_campaign(customers.iloc[1:], planner, ASSUMPTIONS, settings)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 81}, {"horizon_days": 0}, {"holdout_share": 1.0}, {"seed": -1}],
)
def test_impossible_settings_are_refused(settings, wrong) -> None:
    with pytest.raises(SettingsError):
        replace(settings, **wrong)


def test_facts_are_json_and_come_back(make_plan, settings) -> None:
    plan = make_plan()
    facts = from_text(CampaignFacts, to_text(plan.facts()))
    assert facts == plan.facts()
    assert facts.settings == settings
    assert facts.promise == plan.promise
    assert (facts.treated, facts.held_out, facts.excluded) == (160, 40, {})


def test_same_seed_same_arms_other_seed_other_arms(make_plan, settings, customers) -> None:
    again = make_plan(customers.sample(frac=1, random_state=1).reset_index(drop=True))
    first = make_plan().members.set_index("customer_id")["arm"]
    assert again.members.set_index("customer_id")["arm"].loc[first.index].equals(first)
    other = make_plan(how=replace(settings, seed=7)).members.set_index("customer_id")["arm"]
    assert not np.array_equal(other.loc[first.index], first)
