"""Who is acted on with what: by hand, against every assignment, and with budgets of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from churnkit.config import AnalysisSettings, Money
from churnkit.errors import DataError, SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import from_json, to_json
from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import Results
from churnkit.services.decide.next_best_action import MAX_SHOWN, ActionDesk, _assign, offer_words
from churnkit.services.decide.one_budget import divide_budget, offered_actions
from churnkit.services.decide.playbook import (
    AUDIENCES,
    Intervention,
    Playbook,
    playbook_of,
    save_playbook,
    saved_playbook,
)
from churnkit.services.decide.reach import Reach
from churnkit.store import Store
from tests.made_look import made_facts
from tests.made_report import made_summary

REACH = Reach(("e-mail", "phone", "till"), "")
USUAL = Assumptions(contact_cost=8.0, save_rate=0.35, discount=0.15)


def offer(key: str, **changes: Any) -> Intervention:
    values: dict[str, Any] = {
        "key": key, "title": key, "channel": "e-mail", "contact_cost": 1.0, "discount": 0.0, "save_rate": 0.5,
    }  # fmt: skip
    return Intervention(**{**values, **changes})


CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["ann", "bob", "cat", "dan", "eve"],
        "status": ["active"] * 5,
        "rank": [1, 2, 3, 4, 5],
        "p_churn": [0.5, 0.8, 0.1, 0.4, 1.0],
        "p_alive": [1.0] * 5,
        "risk_tier": ["medium", "high", "low", "low", "high"],
        "clv": [200.0, 20.0, 90.0, 0.0, 0.0],
        "clv_if_kept": [400.0, 100.0, 100.0, 0.0, 10.0],
        "clv_if_lost": [0.0] * 5,
        "mean_order_value": [50.0, 20.0, 20.0, 5.0, 5.0],
        "order_count": [4, 2, 5, 1, 1],
        "recency_days": [20, 90, 5, 10, 300],
        "overdue_ratio": [1.0, 2.5, 2.0, np.nan, 4.0],
        "last_purchase_at": pd.to_datetime(["2025-05-10"] * 5),
        "factor_1": ["Bought seldom", None, "c", "d", "e"],
    }
)
ACTIONS = pd.DataFrame(
    {
        "customer_id": ["eve", "dan", "cat", "bob", "ann"],
        "product_1_name": [None, None, "Tea", "Cup", "Pot"],
        "product_1_because": [None, None, None, "Tea", "Tea"],
        "product_1_lift": [np.nan, np.nan, np.nan, 2.0, 3.0],
        "product_1_value": [np.nan, np.nan, 5.0, 8.0, 20.0],
        "due_at": pd.to_datetime(["2025-07-01"] * 5),
        "due_from": pd.to_datetime(["2025-06-10"] * 5),
        "due_until": pd.to_datetime(["2025-07-20"] * 5),
    }
)


def run(folder: Path, *, actions: bool = True, customers: pd.DataFrame = CUSTOMERS) -> Results:
    folder.mkdir()
    write_frame(customers, folder / "customers.parquet")
    if actions:
        write_frame(ACTIONS, folder / "actions.parquet")
    chosen = AnalysisSettings(money=Money(contact_cost=8.0, gone_success=1.0))
    summary = made_summary(settings=chosen)
    question = replace(summary.question, horizon_days=60, cutoff=datetime(2025, 6, 1))
    write_document(replace(summary, question=question), folder / "summary.json")
    write_document(made_facts(currency="EUR"), folder / "look.json")
    return Results(folder)


@pytest.fixture
def desk(tmp_path: Path) -> ActionDesk:
    return ActionDesk(run(tmp_path / "run"), REACH)


def test_gains_by_hand(desk: ActionDesk) -> None:
    # One message of 1 for everybody: half of those who would leave stay; who is lost brings nothing.
    found = desk.rank(Playbook((offer("mail"),)))
    assert found.table["customer_id"].tolist() == ["ann", "bob", "cat", "eve"]
    assert found.table["expected_gain"].tolist() == pytest.approx([99.0, 39.0, 4.0, 4.0])
    assert found.table["rank"].tolist() == [1, 2, 3, 4]
    # Ann's and Bob's 138 are more than 80 % of the 146 of all.
    assert (found.profitable, found.enough) == (4, 2)
    assert found.net is not None and found.net.value == pytest.approx(146.0)
    assert found.cost is not None and found.cost.value == pytest.approx(4.0)
    assert found.net.low < 146 < found.net.high
    ann = found.table.iloc[0]
    assert (ann["product"], ann["product_because"], ann["offer"]) == ("Pot", "Tea", "a message, no discount")
    assert ann["reason"] == "50\u202f% likely to leave, worth €400.00 a year if kept. Bought seldom"
    assert found.table.iloc[1]["reason"] == "80\u202f% likely to leave, worth €100.00 a year if kept"
    assert ann["due_from"] == pd.Timestamp("2025-06-10")


def test_discounts_cost_those_who_would_stay_too(desk: ActionDesk) -> None:
    found = desk.rank(Playbook((offer("deal", discount=0.2),)), limit=1)
    # Ann: 0.25 saved of 400, less 1 and 20 % of 50 for a quarter saved and half of the half who stay: 5.
    assert found.table["expected_gain"].tolist() == pytest.approx([100 - 1 - 10 * (0.25 + 0.25)])
    assert found.table["expected_cost"].tolist() == pytest.approx([6.0])
    assert found.profitable > 1


def test_the_best_intervention_within_its_audience_and_capacity(desk: ActionDesk) -> None:
    playbook = Playbook(
        (
            offer("mail"),
            offer("call", channel="phone", save_rate=0.9, contact_cost=5.0, capacity=1),
            offer("letter", save_rate=0.95, audience="silent for long"),
            offer("tip", save_rate=0.6, audience="with a suggestion"),
            offer("off", save_rate=1.0, active=False),
        )
    )
    found = desk.rank(playbook).table.set_index("customer_id")["action"]
    # Bob and Eve have been silent for more than twice their gap; the one call goes to Ann, whom it brings most.
    assert found.to_dict() == {"ann": "call", "bob": "letter", "eve": "letter", "cat": "tip"}
    by_action = desk.rank(playbook).by_action.set_index("action")
    assert by_action["customers"].to_dict() == {"call": 1, "letter": 2, "tip": 1}
    assert by_action.loc["call", "cost"] == pytest.approx(5.0)


def test_nothing_pays(desk: ActionDesk) -> None:
    found = desk.rank(Playbook((offer("gold", contact_cost=1000.0),)))
    assert found.table.empty and found.net is None
    assert (found.profitable, found.enough) == (0, 0)
    assert desk.rank(Playbook(())).table.empty


def test_older_runs_have_no_suggestions(tmp_path: Path) -> None:
    desk = ActionDesk(run(tmp_path / "run", actions=False), REACH)
    found = desk.rank(Playbook((offer("mail"), offer("tip", save_rate=1.0, audience="with a suggestion"))))
    assert set(found.table["action"]) == {"mail"} and found.table["product"].isna().all()
    assert found.table["due_until"].isna().all()


def test_limits(desk: ActionDesk) -> None:
    for limit in (0, MAX_SHOWN + 1):
        with pytest.raises(DataError, match="1 to 1000"):
            desk.rank(desk.usual, limit)


tables = arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 3)), elements=st.integers(-3, 9))


@settings(max_examples=80)
@given(tables, st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=3, max_size=3), st.integers(1, 5))
def test_assignment_keeps_its_rules(gains: np.ndarray, capacities: list[int | None], limit: int) -> None:
    limits = capacities[: gains.shape[1]]
    chosen = _assign(gains, limits, limit)
    picked = np.flatnonzero(chosen >= 0)
    assert (gains[picked, chosen[picked]] > 0).all()
    for one, capacity in enumerate(limits):
        assert capacity is None or (chosen == one).sum() <= capacity
    if all(capacity is None for capacity in limits):
        assert (chosen >= 0).tolist() == (gains.max(axis=1) > 0).tolist()
    else:
        assert len(picked) <= limit
    # Nobody is left out who could still be served, and the first gets the best there is.
    total = gains[picked, chosen[picked]].sum()
    best = 0.0
    for way in product(range(-1, gains.shape[1]), repeat=len(gains)):
        used = np.array(way)
        if all(c is None or (used == k).sum() <= c for k, c in enumerate(limits)):
            rows = np.flatnonzero(used >= 0)
            best = max(best, np.sort(gains[rows, used[rows]])[::-1][:limit].clip(0).sum())
    top = np.sort(gains[picked, chosen[picked]])[::-1][:limit].sum()
    assert best / 2 <= top <= best + 1e-9 and total >= top


def test_only_the_usual_contact_is_on_and_no_cost_is_made_up() -> None:
    playbook = Playbook.of_shop(USUAL, REACH)
    by_key = {one.key: one for one in playbook.interventions}
    assert list(by_key) == ["discount", "call", "product", "comeback"]
    assert [one.key for one in playbook.interventions if one.active] == ["discount"]
    usual = by_key["discount"]
    assert (usual.contact_cost, usual.discount, usual.save_rate, usual.channel) == (8, 0.15, 0.35, "e-mail")
    assert by_key["call"].contact_cost is None and by_key["call"].save_rate == 0.35
    assert Playbook.of_shop(USUAL, REACH, call_cost=4.0)["call"].contact_cost == 4.0
    assert by_key["product"].save_rate == pytest.approx(0.175)
    assert by_key["comeback"].discount == pytest.approx(0.25)
    assert {one.audience for one in playbook.interventions} == set(AUDIENCES)
    by_number = Playbook.of_shop(USUAL, Reach(("till",), ""))
    assert {one.channel for one in by_number.interventions if one.key != "call"} == {"till"}


def test_the_usual_playbook_is_the_one_ranking(desk: ActionDesk) -> None:
    gains = desk._planner.gains(desk._usual)
    found = desk.rank(desk.usual, len(CUSTOMERS))
    best = CUSTOMERS["customer_id"].to_numpy()[np.argsort(-gains, kind="stable")]
    assert found.table["customer_id"].tolist() == best[: int((gains > 0).sum())].tolist()


def test_editing_says_so_and_survives_the_store(tmp_path: Path) -> None:
    playbook = Playbook.of_shop(USUAL, REACH)
    edited = playbook.edited("call", save_rate=0.5, contact_cost=4.0, capacity=None, active=True)
    assert edited["call"].save_rate == 0.5 and edited["call"].source.startswith("Set by hand")
    assert edited["discount"] == playbook["discount"]
    assert playbook.edited("product", active=True)["product"].source == playbook["product"].source
    assert playbook.edited("call", save_rate=0.35 + 1e-9, contact_cost=None) == playbook
    with pytest.raises(SettingsError, match="contact_cost must be given before it is used"):
        playbook.edited("call", active=True)
    assert from_json(Playbook, to_json(edited)) == edited
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        assert saved_playbook(store, "s1") is None
        save_playbook(store, "s1", edited)
        assert saved_playbook(store, "s1") == edited and saved_playbook(store, "s2") is None
        assert playbook_of(store, "s1", playbook, REACH) == edited
        assert playbook_of(store, "s2", playbook, REACH) == playbook
        save_playbook(store, "s1", None)
        assert saved_playbook(store, "s1") is None


def test_what_nobody_has_touched_follows_the_shop() -> None:
    kept = Playbook.of_shop(USUAL, REACH).edited("comeback", active=True)
    kept = kept.edited("call", contact_cost=4.0, active=True)
    measured = Playbook.of_shop(replace(USUAL, save_rate=0.08), REACH)
    now = measured.with_choices_of(kept, REACH)
    assert now["discount"].save_rate == now["comeback"].save_rate == 0.08 and now["comeback"].active
    assert now["call"].contact_cost == 4.0 and now["call"].active
    # The telephone numbers are gone: no call.
    assert not measured.with_choices_of(kept, Reach(("e-mail", "till"), ""))["call"].active


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"contact_cost": -1.0}, "contact_cost must be money"),
        ({"discount": 1.2}, "between 0 and 1"),
        ({"save_rate": float("nan")}, "between 0 and 1"),
        ({"audience": "cats"}, "one of everybody"),
        ({"capacity": -1}, "a whole number"),
    ],
)
def test_entries_out_of_range(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        offer("mail", **changes)


def test_a_key_occurs_once() -> None:
    with pytest.raises(SettingsError, match="each key may occur once"):
        Playbook((offer("mail"), offer("mail")))


def test_playbooks_of_the_first_version_are_read_and_broken_ones_refused(tmp_path: Path) -> None:
    first = {**offer("mail").__dict__, "of_earlier": 1}
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        store.preferences.set("playbook/s", [first])
        assert saved_playbook(store, "s") == Playbook((offer("mail"),))
        for broken in ([{**first, "save_rate": None}], [{**first, "audience": "cats"}], [{"key": "mail"}], 3):
            store.preferences.set("playbook/s", broken)
            with pytest.raises(DataError, match="Reading the playbook: it is damaged"):
                saved_playbook(store, "s")


def test_offers_in_words() -> None:
    assert offer_words(offer("discount", discount=0.15), None) == "15\u202f% off the next order"
    assert offer_words(offer("product"), "Tea") == "Tea, no discount"
    assert offer_words(offer("product", discount=0.1), "Tea") == "Tea, 10\u202f% off the next order"
    assert offer_words(offer("call", channel="phone"), "Tea") == "a conversation, no discount"


def test_one_budget_goes_where_it_brings_most(desk: ActionDesk) -> None:
    # A mail of 1 keeps half: 99, 39, 4, -1 and 4. A call of 10 keeps all: 190, 70, 0, -10 and 0.
    mail = offer("discount", title="Usual contact")
    call = offer("call", title="Call", channel="phone", contact_cost=10.0, save_rate=1.0, active=False)
    found = divide_budget(desk, [mail, call], 4.0)
    assert found.listed.table["customer_id"].tolist() == ["ann", "bob", "cat", "eve"]
    assert set(found.listed.table["action"]) == {"Usual contact"}
    # Ten more turn the mail to ann into a call; so many as the usual contact can spend bring no more.
    found = divide_budget(desk, [mail, call], 13.0)
    assert (
        dict(zip(found.listed.table["customer_id"], found.listed.table["action"], strict=True))["ann"]
        == "Call"
    )
    by_action = found.actions.set_index("action")
    assert by_action["customers"].to_dict() == {"Usual contact": 3.0, "Call": 1.0}
    assert found.listed.net is not None and found.listed.net.value == pytest.approx(190 + 39 + 4 + 4)
    assert found.usual_net == pytest.approx(146.0)
    assert "dividing it brings €91.00 more" in found.words("EUR")
    assert found.next_money > 0 and "The budget is what is short" in found.words("EUR")
    assert found.curve["net"].is_monotonic_increasing


def test_a_place_more_has_its_worth_and_a_group_its_bounds(desk: ActionDesk) -> None:
    mail = offer("discount", title="Usual contact")
    call = offer("call", title="Call", channel="phone", contact_cost=10.0, save_rate=1.0, capacity=1)
    found = divide_budget(desk, [mail, call], 1000.0)
    by_action = found.actions.set_index("action")
    assert by_action["customers"].to_dict() == {"Usual contact": 3.0, "Call": 1.0}
    # Another call would go to bob: 70 in place of 39.
    assert by_action.loc["Call", "place_value"] == pytest.approx(31.0, abs=0.01)
    assert "More money would bring nothing" in found.words("EUR")
    only = divide_budget(desk, [mail], 1000.0, np.array([False, True, False, False, False]))
    assert only.listed.table["customer_id"].tolist() == ["bob"]
    nobody = divide_budget(desk, [mail], 0.0)
    assert nobody.listed.net is None and "No action" in nobody.words("EUR")
    with pytest.raises(DataError, match="must be 0 or more"):
        divide_budget(desk, [mail], -1.0)


def test_a_budget_is_spent_on_what_is_known_and_can_be_sent(desk: ActionDesk) -> None:
    # Nobody has said what a call costs; the others wait to be switched on, and can be paid for all the same.
    assert [one.key for one in offered_actions(desk.usual, desk)] == ["discount", "product", "comeback"]
