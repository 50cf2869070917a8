"""A campaign on an analysis: drafts, what they can show, keeping, files; and reading it out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns.exports import EXPORTS
from churnkit.config import AnalysisSettings, Money
from churnkit.errors import DataError, SettingsError
from churnkit.experiments import detectable_rate, power_of
from churnkit.results.campaign_facts import DEFAULT_HOLDOUT_SHARE
from churnkit.results.campaign_money import Assumptions
from churnkit.results.whom import EVERYBODY, HIGH_RISK, Whom
from churnkit.roi import Planner, Uncertainty
from churnkit.services.campaign.any_experiment import (
    Experiment,
    compare_alike,
    learner_table,
    read_experiment,
    work_out_experiment,
)
from churnkit.services.campaign.campaign_files import (
    ExportFile,
    contact_files,
    holdout_file,
    read_contacts,
    results_template,
)
from churnkit.services.campaign.campaign_plans import (
    Wish,
    draft_campaign,
    keep_campaign,
    open_campaign,
)
from churnkit.services.campaign.campaign_strength import strength
from churnkit.services.campaign.readouts import (
    costs_of,
    differences_of,
    keep_readout,
    read_out_campaign,
    results_of_orders,
    results_of_table,
    when_they_bought,
    whom_it_worked_on,
)
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.services.decide.shop_assumptions import (
    forget_assumptions,
    readout_figures,
    say_assumptions,
    shop_assumptions,
)
from churnkit.services.look.small_tables import read_table
from churnkit.store import Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MONEY = Money(contact_cost=1.0, save_rate=0.3, campaign_discount=0.1)
ASSUMPTIONS = Assumptions(contact_cost=1.0, save_rate=0.3, discount=0.1)
COUNT = 400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def session_id(store: Store) -> str:
    upload = store.uploads.add(
        filename="o.csv", file_path=Path("o.csv"), file_size_bytes=10, uploaded_at=NOON
    )
    return store.sessions.create(upload_id=upload.upload_id, column_mapping={}, created_at=NOON).session_id


@pytest.fixture
def results(desk: Any) -> Any:
    return SimpleNamespace(
        cutoff="2026-03-01T00:00:00", horizon_days=60, customers=desk.customers, contacts=None
    )


@pytest.fixture
def desk() -> Any:
    rng = np.random.default_rng(1)
    p = rng.beta(2, 2, COUNT)
    customers = pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(COUNT)],
            "p_churn": p,
            "p_alive": 1 - p / 2,
            "risk_tier": np.where(p > 0.7, "high", np.where(p > 0.4, "medium", "low")),
            "clv": 50.0,
            "clv_if_kept": rng.gamma(2, 100, COUNT),
            "mean_order_value": 40.0,
            "expected_spend": 30 * (1 - p),
            "recency_days": rng.integers(1, 200, COUNT),
            "order_count": rng.integers(1, 9, COUNT),
        }
    )
    made = SimpleNamespace(
        customers=customers,
        planner=Planner.of(customers, Uncertainty()),
        uncertainty=Uncertainty(),
        settings=AnalysisSettings(),
        defaults=ASSUMPTIONS,
    )
    made.taking = lambda whom: made
    return made


@pytest.fixture
def draft(store, session_id, results, desk):
    """A draft of a wish."""

    def made(**wish: Any):
        asked = Wish(**{"name": "Winter", "max_customers": None, "only_profitable": False, **wish})
        return draft_campaign(store, session_id, results, desk, asked, ASSUMPTIONS)

    return made


def sent(store: Store, session_id: str, plan) -> Any:
    kept = keep_campaign(store, session_id, "run", plan)
    return store.campaigns.start(kept.campaign_id, date(2026, 3, 2))


def table(file: ExportFile) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(file.data), dtype=str, keep_default_na=False)


def answers(plan, lift: float, revenue: bool = True) -> bytes:
    rng = np.random.default_rng(2)
    treated = (plan.members["arm"] == "treatment").to_numpy()
    bought = rng.random(len(treated)) < 0.3 + lift * treated
    frame = pd.DataFrame({"Customer": plan.members["customer_id"], "bought": bought.astype(int)})
    if revenue:
        frame["Spend"] = np.where(bought, rng.gamma(3, 20, len(treated)).round(2), 0)
    return frame.to_csv(index=False).encode()


def test_same_wish_same_arms_other_name_other_arms(draft) -> None:
    one, again, other = draft(), draft(name="  Winter "), draft(name="Spring")
    assert again.members["arm"].tolist() == one.members["arm"].tolist()
    assert other.members["arm"].tolist() != one.members["arm"].tolist()
    assert len(one.held_out) == 60


def test_whom(draft, store, session_id, desk) -> None:
    assert len(draft(whom=EVERYBODY).members) == COUNT
    assert set(draft(whom=HIGH_RISK).members["risk_tier"]) == {"high"}
    add_to_list(store, session_id, "mine", ["00003", "00009", "unknown"])
    assert sorted(draft(whom=Whom(kind="list", name="mine")).members["customer_id"]) == ["00003", "00009"]
    with pytest.raises(DataError, match="the list 'gone' is not there"):
        draft(whom=Whom(kind="list", name="gone"))


def test_contacts_of_the_file_find_one_person_under_two_ids(draft, results) -> None:
    results.contacts = pd.DataFrame(
        {"customer_id": ["00001", "00002"], "email": ["a@example.com", "A@example.com"]}
    )
    assert draft().excluded["reason"].tolist() == ["same_address"]


def test_who_did_not_agree_by_the_file_is_left_out(draft, results) -> None:
    ids = results.customers["customer_id"]
    results.contacts = pd.DataFrame(
        {"customer_id": ids[1:], "consent": [False, None, *[True] * (len(ids) - 3)]}, dtype=object
    )
    left_out = draft().excluded.set_index("customer_id")["reason"]
    assert set(left_out.index) == {"00000", "00001", "00002"}
    assert set(left_out) == {"no_consent"}
    assert draft(only_consenting=False).excluded.empty


def test_strength_by_hand(draft) -> None:
    """With everybody alike: base 0.5, a point of the save rate brings 0.5 x 1 = half a point."""
    plan = draft(holdout_share=0.5)
    members = plan.members.assign(p_churn=0.5, savable=1.0)
    found = strength(replace(plan, members=members))
    # 200 and 200, at the 4.5 % that the plan leaves for the end; at 5 % the normal formula says 2 x 0.1374, 0.8665, 334.
    least = detectable_rate(0.5, 200, 200, alpha=0.045)
    assert least is not None
    assert found.detectable_save_rate == pytest.approx(2 * (least - 0.5))
    assert found.detectable_save_rate == pytest.approx(2 * 0.1374, abs=5e-3)
    assert found.power == power_of(0.5, 0.65, 200, 200, alpha=0.045) == pytest.approx(0.858, abs=1e-3)
    assert "86" in found.words(0.3)
    few = strength(replace(plan, members=members.head(8)))
    assert few.detectable_save_rate is None
    assert "cannot show even a success rate of 100" in few.words(0.3)


def test_strength_without_holdout(draft) -> None:
    found = strength(draft(holdout_share=0.0))
    assert (found.power, found.is_enough) == (None, False)
    assert found.words(0.3) == "With nobody left out for comparison nothing can be measured."


def test_kept_campaign_comes_back(draft, store, session_id) -> None:
    plan = draft(max_customers=50)
    kept = keep_campaign(store, session_id, "run", plan)
    back = open_campaign(store, kept.campaign_id)
    assert back.settings == plan.settings
    assert back.assumptions == plan.assumptions
    assert back.promise == plan.promise
    assert back.notes == plan.notes
    for column in plan.members:
        pd.testing.assert_series_equal(back.members[column], plan.members[column], check_dtype=False)
    assert len(back.excluded) == 350


def test_customers_and_names_are_taken_once(draft, store, session_id) -> None:
    first = draft(max_customers=10)
    stale = draft(name="Spring", max_customers=10)
    keep_campaign(store, session_id, "run", first)
    assert not set(draft(name="Spring").members["customer_id"]) & set(first.members["customer_id"])
    with pytest.raises(DataError, match="10 of its customers have come into another one meanwhile"):
        keep_campaign(store, session_id, "run", stale)
    with pytest.raises(DataError, match="there is one called 'winter' already"):
        keep_campaign(store, session_id, "run", draft(name="winter"))


def test_contact_file_holds_the_treated_and_the_holdout_file_the_others(draft) -> None:
    plan = draft()
    (listed,), _ = contact_files(plan, "braze")
    spared = holdout_file(plan)
    assert (listed.name, spared.name) == ("winter-braze.csv", "winter-holdout.csv")
    assert table(listed)["external_id"].tolist() == plan.treated["customer_id"].tolist()
    assert set(table(listed)["churnkit_arm"]) == {"treatment"}
    assert sorted(table(spared)["customer_id"]) == sorted(plan.held_out["customer_id"])
    (both,), _ = contact_files(plan, "braze", with_holdout=True)
    assert table(both)["churnkit_arm"].value_counts().to_dict() == {"treatment": 340, "holdout": 60}
    sheet = table(results_template(plan))
    assert list(sheet) == ["customer_id", "arm", "converted", "revenue"]
    assert len(sheet) == COUNT


def test_files_run_nothing_in_a_spreadsheet(draft, desk) -> None:
    desk.customers.loc[0, "customer_id"] = "=cmd|' /C calc'!A0"
    plan = draft(name="=1+1")
    (listed,), _ = contact_files(plan, "plain", with_holdout=True)
    found = table(listed)
    assert "'=cmd|' /C calc'!A0" in set(found["customer_id"])
    assert set(found["campaign"]) == {"'=1+1"}


def test_large_files_come_in_parts(draft, monkeypatch) -> None:
    plan = draft()
    contacts = pd.DataFrame(
        {"customer_id": plan.members["customer_id"], "email": plan.members["customer_id"] + "@example.com"}
    )
    (whole,), _ = contact_files(plan, "klaviyo", contacts)
    limit = len(whole.data) // 3
    monkeypatch.setitem(EXPORTS, "klaviyo", replace(EXPORTS["klaviyo"], max_bytes=limit))
    parts, _ = contact_files(plan, "klaviyo", contacts)
    assert [part.name for part in parts[:2]] == ["winter-klaviyo-1.csv", "winter-klaviyo-2.csv"]
    assert max(len(part.data) for part in parts) <= limit
    assert sum(len(table(part)) for part in parts) == len(plan.treated)


def test_contacts_are_read_by_any_spelling() -> None:
    found = read_contacts(
        read_table(
            b"Customer ID;E-Mail;Phone number\n00001;a@example.com;+447911123456\n", "c.csv", "contacts"
        )
    )
    assert found.to_dict("list") == {
        "customer_id": ["00001"],
        "email": ["a@example.com"],
        "phone": ["+447911123456"],
    }
    with pytest.raises(DataError, match="must have a column customer_id"):
        read_contacts(read_table(b"name,email\nx,a@example.com\n", "c.csv", "contacts"))


def test_readout_from_a_file_and_what_the_next_plan_starts_from(draft, store, session_id) -> None:
    assert shop_assumptions(store, session_id, MONEY).money == MONEY
    plan = draft(holdout_share=0.3)
    kept = sent(store, session_id, plan)
    outcomes = results_of_table(plan, read_table(answers(plan, 0.3), "r.csv", "results"), None)
    found = read_out_campaign(plan, outcomes)
    assert found.grade == "worked"
    look = keep_readout(store, kept, found, source="r.csv", currency="EUR")
    assert look.is_complete
    assert look.words[0] == "The campaign kept customers."
    assert readout_figures(look, kept.name) == found
    shown = differences_of(found.conversion, 100.0)
    assert len(shown) == 3
    assert shown["One look at the end"].value == pytest.approx(100 * found.conversion.difference.value)
    after = shop_assumptions(store, session_id, MONEY)
    assert found.save_rate is not None and after.money.kind("save_rate") == "measured"
    assert after.money.save_rate == pytest.approx(found.save_rate.rate.value)
    assert after.money.save_rate_weight == pytest.approx(found.save_rate.weight)
    assert after.money.contact_cost == MONEY.contact_cost
    assert "measured by the campaign 'Winter'" in after.save_rate_words
    # The owner may say otherwise after that, and take it back.
    said = say_assumptions(store, session_id, MONEY, {"save_rate": 0.2, "margin": 0.4})
    assert (said.money.save_rate, said.money.margin) == (0.2, 0.4)
    assert said.money.kind("save_rate") == "given" and "measured by" in said.save_rate_words
    assert said.money.save_rate_weight == MONEY.save_rate_weight
    taken_back = say_assumptions(store, session_id, MONEY, {"save_rate": None})
    assert taken_back.money == replace(after.money, margin=0.4, given=("margin",))
    forget_assumptions(store, session_id)
    assert shop_assumptions(store, session_id, MONEY) == after


def test_a_measured_rate_takes_the_place_of_one_said_before(draft, store, session_id) -> None:
    said = say_assumptions(store, session_id, MONEY, {"save_rate": 0.5})
    assert said.money.save_rate == 0.5 and "your setting" in said.save_rate_words
    plan = draft(holdout_share=0.3)
    kept = sent(store, session_id, plan)
    outcomes = results_of_table(plan, read_table(answers(plan, 0.3), "r.csv", "results"), None)
    keep_readout(store, kept, read_out_campaign(plan, outcomes), source="r.csv", currency=None)
    assert shop_assumptions(store, session_id, MONEY).money.kind("save_rate") == "measured"


def test_success_by_tier_takes_the_place_of_one_for_all(draft, store, session_id, desk) -> None:
    plan = draft(holdout_share=0.5)
    kept = sent(store, session_id, plan)
    members = plan.members
    # Everybody in the high tier who was contacted buys, and nobody's contact elsewhere changes anything.
    high, treated = members["risk_tier"] == "high", members["arm"] == "treatment"
    bought = np.where(high & treated, 1, np.arange(len(members)) % 3 == 0)
    table = pd.DataFrame({"customer_id": members["customer_id"], "converted": bought})
    read = read_table(table.to_csv(index=False).encode(), "r.csv", "results")
    found = read_out_campaign(plan, results_of_table(plan, read, None))
    look = keep_readout(store, kept, found, source="r.csv", currency=None)
    assert any("The risk tiers differ by more than chance" in words for words in look.words)
    after = shop_assumptions(store, session_id, MONEY)
    success = dict(after.money.success_by_tier)
    assert success["high"] > 1 > success["low"] and "of the high tier" in after.save_rate_words
    planner = Planner.of(desk.customers, Uncertainty(), by_tier=after.money.success_by_tier)
    factor = planner.savable(ASSUMPTIONS) / Planner.of(desk.customers, Uncertainty()).savable(ASSUMPTIONS)
    is_low = (desk.customers["risk_tier"] == "low").to_numpy()
    assert factor[is_low] == pytest.approx(success["low"])
    # The owner's own rate holds for all tiers.
    said = say_assumptions(store, session_id, MONEY, {"save_rate": 0.2})
    assert said.money.success_by_tier == ()


def test_what_cannot_be_assumed_is_refused(store, session_id) -> None:
    with pytest.raises(SettingsError, match="margin"):
        say_assumptions(store, session_id, MONEY, {"margin": 1.4})
    with pytest.raises(SettingsError, match="can be changed, found 'annual_discount_rate'"):
        say_assumptions(store, session_id, MONEY, {"annual_discount_rate": 0.5})
    assert shop_assumptions(store, session_id, MONEY).money == MONEY


def test_a_damaged_readout_is_named_and_the_next_plan_goes_on(draft, store, session_id) -> None:
    kept = sent(store, session_id, draft())
    look = store.readouts.add(
        kept.campaign_id, source="r.csv", figures={"grade": 1}, words=["x"], is_complete=True, looked_at=NOON
    )
    with pytest.raises(DataError, match=r"Reading the result of 'Winter' of 1 Mar 2026: it is damaged"):
        readout_figures(look, kept.name)
    after = shop_assumptions(store, session_id, MONEY)
    assert after.money == MONEY
    assert after.save_rate_words.startswith(
        "A success rate of 30\u202f% is your setting. Reading the result of 'Winter'"
    )


def test_unfinished_readout_changes_no_default(draft, store, session_id) -> None:
    plan = draft(holdout_share=0.3)
    kept = sent(store, session_id, plan)
    outcomes = results_of_table(plan, read_table(answers(plan, 0.3), "r.csv", "results"), 20.0)
    keep_readout(store, kept, read_out_campaign(plan, outcomes), source="r.csv", currency=None)
    assert shop_assumptions(store, session_id, MONEY).money == MONEY


def test_readout_from_orders(draft, store, session_id, tmp_path) -> None:
    plan = draft(holdout_share=0.3)
    members = plan.members
    treated = (members["arm"] == "treatment").to_numpy()
    rng = np.random.default_rng(4)
    bought = rng.random(len(members)) < 0.2 + 0.4 * treated
    before = pd.DataFrame({"customer_id": members["customer_id"], "ordered_at": "2025-12-01", "amount": 20.0})
    later = pd.DataFrame(
        {"customer_id": members["customer_id"][bought], "ordered_at": "2026-03-20", "amount": 50.0}
    )
    end = pd.DataFrame({"customer_id": ["stranger"], "ordered_at": ["2026-05-20"], "amount": [1.0]})
    lines = pd.concat([before, later, end], ignore_index=True)
    lines["ordered_at"] = pd.to_datetime(lines["ordered_at"]).astype("datetime64[us]")
    lines["order_id"] = [str(n) for n in range(len(lines))]
    path = tmp_path / "transactions.parquet"
    lines.to_parquet(path)
    kept = keep_campaign(store, session_id, "run", plan)
    with pytest.raises(DataError, match="it must have gone out"):
        results_of_orders(plan, kept, path)
    kept = store.campaigns.start(kept.campaign_id, date(2026, 3, 2))
    outcomes = results_of_orders(plan, kept, path)
    assert outcomes.complete
    found = read_out_campaign(plan, outcomes)
    assert found.conversion.treated == pytest.approx(bought[treated].mean())
    assert found.revenue is not None
    assert found.revenue.held_out == pytest.approx(50 * bought[~treated].mean())
    assert found.grade == "worked"
    by_arm = when_they_bought(plan, outcomes)
    assert set(by_arm) == {"contacted", "left out for comparison"}
    assert by_arm["contacted"].days.tolist() == [18.0]
    by_then = by_arm["left out for comparison"].by(18)
    assert by_then is not None and by_then.value == pytest.approx(bought[~treated].mean())
    buyer, saved = costs_of(found)
    spent = found.realised.contact_cost + (found.realised.window_discounts or 0.0)
    assert buyer == pytest.approx(spent / bought[treated].sum())
    assert saved is not None and saved.value == pytest.approx(spent / found.realised.saves.value)
    assert saved.low < saved.value < saved.high


def test_whom_it_worked_on(draft, tmp_path) -> None:
    plan = draft(holdout_share=0.4)
    found = whom_it_worked_on(
        plan, results_of_table(plan, read_table(answers(plan, 0.2), "r.csv", "results"), None)
    )
    assert found.policy["share"].iloc[-1] == 1.0
    assert found.churn_policy is not None
    # The plan's own order, by what the forecasts expect, is the one to beat.
    assert found.planned is not None and found.planned_policy is not None
    learners = learner_table(found)["learner"]
    assert learners.iloc[-1] == "The plan's order, by expected gain" and len(learners) == 4
    # Where the run is still there, everything that its model knew of them is learned from; another date's is not.
    rows = pd.DataFrame({"customer_id": plan.members["customer_id"], "cutoff": plan.settings.scored_at})
    rows["gap_mean"], rows["favourite_category"], rows["churned"] = np.arange(len(rows)) % 7, "tea", np.nan
    outcomes = results_of_table(plan, read_table(answers(plan, 0.2), "r.csv", "results"), None)
    for when, more in ((plan.settings.scored_at, 1), (datetime(2020, 1, 1), 0)):
        rows.assign(cutoff=pd.Timestamp(when)).to_parquet(tmp_path / "scored.parquet")
        again = whom_it_worked_on(plan, outcomes, tmp_path)
        assert again.feature_count == found.feature_count + more
    assert whom_it_worked_on(plan, outcomes, tmp_path / "gone").feature_count == found.feature_count
    assert "the churn forecast among them" in found.words("EUR")[-1]
    with pytest.raises(DataError, match="must hold revenue"):
        whom_it_worked_on(
            plan,
            results_of_table(plan, read_table(answers(plan, 0.2, revenue=False), "r.csv", "results"), None),
        )


def test_experiment_of_a_file() -> None:
    rng = np.random.default_rng(6)
    taste = rng.normal(size=600)
    frame = pd.DataFrame(
        {
            "arm": rng.choice(["mail", "none", "other"], 600),
            "taste": taste.round(3),
            "id": np.arange(600).astype(str),
            "shop": rng.choice(["web", "till"], 600),
        }
    )
    frame["spend"] = (5 + 4 * (taste > 0) * (frame["arm"] == "mail") + rng.normal(0, 1, 600)).round(2)
    table = read_experiment(read_table(frame.to_csv(index=False).encode(), "e.csv", "an experiment"))
    assert table["taste"].dtype == float
    wish = Experiment("arm", "mail", "none", "spend", 0.5, ("id",))
    found = work_out_experiment(table, wish)
    assert found.refused == ""
    assert found.analysis is not None
    mailed, others = (frame.loc[frame["arm"] == arm, "spend"] for arm in ("mail", "none"))
    assert found.analysis.effect.interval.value == pytest.approx(mailed.mean() - others.mean())
    chosen = np.where(taste + rng.normal(size=600) > 0, "mail", "none")
    wrong = table.assign(arm=chosen)
    refused = work_out_experiment(wrong, wish)
    assert refused.analysis is None
    assert "must have been drawn at random" in refused.refused
    assert compare_alike(wrong, wish).balance["feature"].tolist()
    with pytest.raises(DataError, match="must be a number for everybody"):
        work_out_experiment(table, replace(wish, outcome="shop"))
    with pytest.raises(DataError, match="known before the contact"):
        work_out_experiment(
            table[["arm", "spend", "id"]].assign(id=table["id"].astype(str) + "x"),
            replace(wish, not_features=()),
        )


def test_default_holdout_is_between_ten_and_twenty_percent() -> None:
    assert 0.1 <= DEFAULT_HOLDOUT_SHARE <= 0.2
    assert Wish("x").holdout_share == DEFAULT_HOLDOUT_SHARE
