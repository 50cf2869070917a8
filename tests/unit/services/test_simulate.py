"""What the what-if page asks for: one campaign from all sides, scenarios kept by name, thresholds, templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from churnkit.config import AnalysisSettings, Money
from churnkit.errors import DataError, SettingsError
from churnkit.results.campaign_money import Scenario, ScenarioFigures
from churnkit.results.codec import from_json, to_json
from churnkit.results.whom import EVERYBODY, HIGH_RISK, Whom
from churnkit.services.whatif.hangs_on import swing_table, swings_of, widest_words
from churnkit.services.whatif.hypothetical_files import hypothetical_template, scored_customers
from churnkit.services.whatif.kept_scenarios import MAX_SAVED, save_scenario, saved_scenarios
from churnkit.services.whatif.simulate import Desk
from churnkit.store import Store
from tests.made_report import made_summary


def results(count: int = 400, money: Money | None = None):
    """What a desk reads of a run."""
    rng = np.random.default_rng(5)
    p = np.sort(rng.beta(2.0, 1.5, count))[::-1]
    kept = rng.lognormal(4.8, 0.8, count)
    customers = pd.DataFrame(
        {
            "customer_id": [f"{n:05d}" for n in range(count)],
            "status": "active",
            "rank": np.arange(1, count + 1),
            "p_churn": p,
            "p_alive": 1 - 0.5 * p,
            "risk_tier": np.select([p > 0.7, p > 0.4], ["high", "medium"], "low"),
            "segment": np.where(np.arange(count) % 3 == 0, "Loyal", "New"),
            "clv": (1 - p) * kept,
            "clv_if_kept": kept,
            "clv_if_lost": 0.0,
            "mean_order_value": rng.lognormal(3.4, 0.5, count),
            "order_count": 3,
            "last_purchase_at": pd.Timestamp("2026-05-02 12:00"),
            "factor_1": "=Silent for long",
        }
    )
    settings = AnalysisSettings(money=money or Money(contact_cost=4.0))
    return SimpleNamespace(
        customers=customers,
        actions=None,
        summary=made_summary(settings=settings),
        cutoff="2026-06-01T00:00:00",
        currency="EUR",
        horizon_days=60,
    )


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(results())


def test_one_campaign_from_all_sides(desk):
    play = desk.play(Scenario(name="", customers=100, assumptions=desk.defaults))
    assert play.outcome.contacted == 100
    assert play.curve["net"].max() == pytest.approx(play.optimum_net)
    at_optimum = desk.play(Scenario(name="", customers=play.optimum, assumptions=desk.defaults)).outcome
    assert at_optimum.net.value == pytest.approx(play.optimum_net)
    simple = play.simple
    assert simple.saved == pytest.approx(35)
    assert simple.cost == pytest.approx(play.outcome.cost.value)
    assert simple.net > play.outcome.net.value


def test_a_margin_is_taken_out_and_put_in_again():
    whole = Desk(results())
    half = Desk(results(money=Money(contact_cost=4.0, margin=0.5)))
    # The run's values are after its margin, so the same values at half the margin are twice the revenue.
    plan = Scenario(name="", customers=50, assumptions=replace(whole.defaults, margin=1.0))
    halved = Scenario(name="", customers=50, assumptions=replace(plan.assumptions, margin=0.5))
    assert half.play(halved).outcome.net.value == pytest.approx(whole.play(plan).outcome.net.value)
    assert half.at_risk("segment")["value_at_risk"].sum() == pytest.approx(
        whole.at_risk("segment")["value_at_risk"].sum()
    )


def test_all_high_risk(desk):
    plan = Scenario(name="", customers=None, assumptions=desk.defaults, whom=HIGH_RISK)
    assert desk.play(plan).outcome.contacted == (desk.customers["risk_tier"] == "high").sum() > 0
    assert desk.play(replace(plan, whom=EVERYBODY)).outcome.contacted == desk.count


def test_a_segment_without_the_campaign_and_with_it(desk):
    plan = Scenario(
        name="", customers=None, assumptions=desk.defaults, whom=Whom(kind="segment", name="Loyal")
    )
    rows = desk.customers[desk.customers["segment"] == "Loyal"]
    play = desk.play(plan)
    group, outcome = play.group, play.outcome
    assert (group.customers, group.contacted) == (len(rows), len(rows))
    assert group.stay == pytest.approx((1 - rows["p_churn"]).sum())
    assert group.stay_with.value == pytest.approx(group.stay + outcome.saves.value)
    assert group.year == pytest.approx(rows["clv"].sum())
    assert group.year_with.value == pytest.approx(group.year + outcome.net.value)
    each, each_with = group.year_each()
    assert each == pytest.approx(rows["clv"].mean())
    assert each_with.low < each_with.value < each_with.high
    # The best of the segment, not of everybody: the curve and the targets are the segment's.
    assert play.curve["customers"].max() == len(rows)
    few = replace(plan, customers=10)
    targets = desk.targets(few, None)["customer_id"]
    assert len(targets) == 10 and set(targets) <= set(rows["customer_id"])
    assert desk.affordable(replace(few, budget=50.0)) <= 50 / desk.defaults.contact_cost
    assert desk.compare([few])["whom"].tolist() == ["Segment: Loyal"]


def test_the_lapsed_come_in_where_they_are_asked_for():
    run = results()
    run.customers.loc[300:, ["status", "risk_tier"]] = ["lapsed", None]
    desk, whom = Desk(run), Whom(kind="segment", name="New")
    segment = run.customers[run.customers["segment"] == "New"]
    plan = Scenario(name="", customers=None, assumptions=desk.defaults, whom=whom)
    assert desk.count == 300
    assert desk.play(plan).outcome.contacted == (segment["status"] == "active").sum()
    with_lapsed = replace(plan, whom=replace(whom, lapsed=True))
    assert desk.play(with_lapsed).outcome.contacted == len(segment)
    # Whoever stands on a list was put there by hand.
    listed = replace(plan, whom=Whom(kind="list", name="By hand"))
    ids = {"By hand": frozenset(["00001", "00399"])}
    assert set(desk.targets(listed, None, ids)["customer_id"]) == {"00001", "00399"}
    assert desk.play(listed).outcome.contacted == 0


def test_what_the_net_hangs_on_in_words(desk):
    plan = Scenario(name="", customers=100, assumptions=desk.defaults)
    swings, net = swings_of(desk, plan), desk.play(plan).outcome.net.value
    table = swing_table(swings, "EUR")
    assert table["what"].iloc[0] == "Success rate"
    assert set(table.loc[table["kind"] == "tested", "what"]) == {
        "Would leave without a contact",
        "Value of a customer, of the forecast",
    }
    cost = table[table["what"] == "Cost of a contact"].iloc[0]
    assert (cost["low"], cost["high"]) == ("€3.00", "€5.00")
    assert "hangs most on “success rate”" in widest_words(swings, net, "EUR")
    assert "No single one" in widest_words(swings, net, "EUR")
    dear = replace(plan, assumptions=replace(desk.defaults, contact_cost=30.0))
    assert "Alone it would take the net below 0: success rate" in widest_words(
        swings_of(desk, dear), 1.0, "EUR"
    )
    nobody = replace(plan, customers=0)
    assert swings_of(desk, nobody) == ()


def test_nobody(desk):
    play = desk.play(Scenario(name="", customers=0, assumptions=desk.defaults))
    assert (play.outcome.contacted, play.simple.targets, play.simple.net) == (0, 0, 0)


def test_budget(desk):
    plan = Scenario(name="", customers=desk.count, assumptions=desk.defaults, budget=300.0)
    outcome = desk.play(plan).outcome
    assert outcome.contacted == desk.affordable(plan) > 0
    # What is left would not pay for another contact of the kind that brings something.
    assert 300 - 2 * desk.defaults.contact_cost < outcome.cost.value <= 300
    assert len(desk.targets(plan, None)) == outcome.contacted
    assert desk.compare([plan])["contacted"].tolist() == [outcome.contacted]
    assert desk.play(replace(plan, customers=10)).outcome.contacted == 10


def test_the_budget_of_a_scenario_is_kept(desk):
    plan = Scenario(name="", customers=10, assumptions=desk.defaults, budget=300.0)
    assert from_json(Scenario, to_json(plan)) == plan
    with pytest.raises(SettingsError, match="budget must be 0 or more"):
        replace(plan, budget=-1.0)


def test_comparison_has_a_row_for_each(desk):
    ready = desk.ready_made()
    table = desk.compare(ready)
    assert table["name"].tolist() == [scenario.name for scenario in ready]
    assert len(set(table["name"])) == len(table)
    assert (table["net_low"] <= table["net"]).all() and (table["net"] <= table["net_high"]).all()


def test_targets_are_the_best_with_their_merge_fields(desk):
    plan = Scenario(name="", customers=30, assumptions=desk.defaults)
    table = desk.targets(plan, date(2026, 6, 3))
    assert table["rank"].tolist() == list(range(1, 31))
    assert table["expected_gain"].is_monotonic_decreasing
    assert set(table["last_purchase"]) == {"2 May 2026"}
    assert set(table["valid_until"]) == {"17 Jun 2026"}
    old = desk.targets(plan, None)
    assert set(table.columns) - set(old.columns) == {"last_purchase", "valid_until"}
    high = desk.targets(Scenario(name="", customers=None, assumptions=desk.defaults, whom=HIGH_RISK), None)
    assert set(high["risk_tier"]) == {"high"}
    assert len(high) == (desk.customers["risk_tier"] == "high").sum()


def test_value_at_risk_adds_up(desk):
    for by in ("risk_tier", "segment"):
        table = desk.at_risk(by)
        exact = (desk.customers["p_churn"] * desk.customers["clv_if_kept"]).sum()
        assert table["value_at_risk"].sum() == pytest.approx(exact)
        assert table["customers"].sum() == desk.count


def test_a_customer_without_a_segment_has_a_group_of_his_own():
    run = results()
    run.customers.loc[0, "segment"] = None
    assert "–" in set(Desk(run).at_risk("segment")["group"])


@pytest.fixture
def kept(tmp_path):
    """A store with a session."""
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        upload = store.uploads.add(
            filename="a.csv", file_path=tmp_path / "a.csv", file_size_bytes=1, uploaded_at=datetime.now(UTC)
        )
        session = store.sessions.create(
            upload_id=upload.upload_id, column_mapping={}, settings={}, created_at=datetime.now(UTC)
        )
        yield store, session.session_id


def test_scenarios_are_kept_by_name(desk, kept):
    store, session_id = kept
    plan = Scenario(name="x", customers=70, assumptions=replace(desk.defaults, discount=0.2))
    outcome = desk.play(plan).outcome
    assert save_scenario(store, session_id, replace(plan, name="  My   plan "), outcome) == "My plan"
    save_scenario(store, session_id, replace(plan, name="My plan", customers=80), outcome)
    found = saved_scenarios(store, session_id)
    assert found.scenarios == (replace(plan, name="My plan", customers=80),)
    assert not found.damaged
    assert from_json(ScenarioFigures, store.scenarios.of_session(session_id)[0].figures).outcome == outcome


@pytest.mark.parametrize(
    ("name", "words"),
    [("  ", "found 0"), ("x" * 61, "found 61"), ("Balanced", "ready-made"), ("a: TOP 50", "ready")],
)
def test_names_that_are_refused(desk, kept, name, words):
    (store, session_id), plan = kept, Scenario(name=name, customers=10, assumptions=desk.defaults)
    with pytest.raises(DataError, match=words):
        save_scenario(store, session_id, plan, desk.play(plan).outcome)


def test_too_many_scenarios(desk, kept):
    (store, session_id), plan = kept, Scenario(name="", customers=10, assumptions=desk.defaults)
    outcome = desk.play(plan).outcome
    for number in range(MAX_SAVED):
        save_scenario(store, session_id, replace(plan, name=f"n{number}"), outcome)
    save_scenario(store, session_id, replace(plan, name="n0"), outcome)
    with pytest.raises(DataError, match="Delete one first"):
        save_scenario(store, session_id, replace(plan, name="one more"), outcome)


def test_template_lies_before_the_cutoff():
    table = hypothetical_template(results())
    assert list(table.columns) == ["customer_id", "order_id", "order_date", "amount"]
    assert table["order_date"].max() == "2026-05-27"
    assert (table["amount"] > 0).all()


def test_scored_customers_are_read(tmp_path):
    frame = pd.DataFrame({"customer_id": ["a"], "p_churn": [0.5]})
    frame.to_parquet(tmp_path / "scored.parquet")
    pd.testing.assert_frame_equal(scored_customers(tmp_path / "scored.parquet"), frame)


def test_a_damaged_scoring_is_told(tmp_path):
    (tmp_path / "scored.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(DataError, match=r"scored\.parquet is damaged"):
        scored_customers(tmp_path / "scored.parquet")
