"""Who comes back leaves the work list by themselves; who was spoken to is left alone for a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from churnkit.errors import DataError
from churnkit.results.run_figures import RunFigures
from churnkit.results.shop import ShopSettings
from churnkit.services.decide.next_best_action import ActionDesk
from churnkit.services.decide.playbook import Playbook
from churnkit.services.decide.reach import Reach
from churnkit.services.worklist.left_alone import left_alone
from churnkit.services.worklist.listed import (
    MAX_NOTE,
    proposed,
    put_on_list,
    set_state,
    told_of,
    worklist_rows,
)
from churnkit.services.worklist.returned import note_returned
from churnkit.store import Run, Store
from tests.unit.services.since.two_versions import both
from tests.unit.services.test_next_best_action import offer
from tests.unit.services.test_next_best_action import run as actions_run
from tests.unit.store.filled import add_campaign, begin

TODAY = date.today()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def run_of(shop: str) -> Run:
    return Run("r", shop, None, 60, "x", RunFigures(), datetime(2026, 1, 1, tzinfo=UTC))


def states(store: Store, shop: str) -> dict[str, str]:
    return {one.customer_id: one.state for one in store.worklist.of_shop(shop)}


def test_back_is_who_bought_after_it_was_last_said_how_it_stands(store: Store, tmp_path: Path) -> None:
    before, now = both(tmp_path)
    shop = begin(store).session_id
    set_state(store, shop, before, ["bob", "cat", "gus"], "to_do")
    set_state(store, shop, before, ["dan"], "contacted", contacted_on=date(2025, 6, 1))
    set_state(store, shop, before, ["ann"], "gave_up", note="moved  away")
    assert note_returned(store, run_of(shop), before.folder) == 0
    assert note_returned(store, run_of(shop), now.folder) == 3
    assert note_returned(store, run_of(shop), now.folder) == 0, "done twice it is the same"
    assert states(store, shop) == {
        "ann": "back",
        "bob": "back",
        "dan": "back",
        "cat": "to_do",
        "gus": "to_do",
    }
    told = {name: told_of(store.worklist.of_customer(shop, name)) for name in ("ann", "bob", "dan")}
    assert "back (by itself). Bought again on 6 Jun 2025, without a contact." in told["bob"][0]
    assert "Bought again on 2 Jun 2025, 1 day after the contact." in told["dan"][0]
    assert told["ann"][1].endswith("gave up. moved away")


def test_a_purchase_before_the_contact_is_not_told_as_its_fruit(store: Store, tmp_path: Path) -> None:
    before, now = both(tmp_path)
    shop = begin(store).session_id
    set_state(store, shop, before, ["dan"], "contacted", contacted_on=date(2025, 6, 5))
    note_returned(store, run_of(shop), now.folder)
    (entry,) = store.worklist.of_shop(shop)
    assert (entry.state, entry.note) == ("back", "Bought again on 2 Jun 2025, before the contact.")


def test_what_a_person_says_is_checked(store: Store, tmp_path: Path) -> None:
    _, now = both(tmp_path)
    shop = begin(store).session_id
    for wrong, words in (
        ({"customer_ids": ["gus"], "state": "to_do"}, "newest version; 1 are not, first 'gus'"),
        ({"customer_ids": ["ann"], "state": "to_do", "note": "x" * (MAX_NOTE + 1)}, "at most 500"),
        (
            {"customer_ids": ["ann"], "state": "contacted", "contacted_on": TODAY + timedelta(days=1)},
            "a day to come",
        ),
    ):
        with pytest.raises(DataError, match=words):
            set_state(store, shop, now, **wrong)
    assert states(store, shop) == {}


def test_the_list_stands_beside_what_the_version_says(store: Store, tmp_path: Path) -> None:
    before, now = both(tmp_path)
    shop = begin(store).session_id
    assert worklist_rows(store, shop, now).empty
    assert put_on_list(store, shop, before, ["ann", "gus", "ann", "bob"]) == 3
    assert put_on_list(store, shop, before, ["ann", "cat"]) == 1
    set_state(store, shop, before, ["bob"], "answered", note="wants tea")
    rows = worklist_rows(store, shop, now)
    # Gus is on the list, though the newest version does not know him any more.
    assert rows["customer_id"].tolist() == ["ann", "cat", "gus", "bob"]
    assert rows["value_at_risk"].tolist()[0] == 500
    assert rows["p_churn"].isna().tolist() == [False, False, True, False]
    assert rows["note"].tolist()[-1] == "wants tea"


@pytest.mark.parametrize(("days", "alone"), [(29, True), (30, False)])
def test_who_was_spoken_to_is_left_alone_for_so_many_days(
    store: Store, tmp_path: Path, days: int, alone: bool
) -> None:
    _, now = both(tmp_path)
    shop = begin(store).session_id
    set_state(store, shop, now, ["ann"], "contacted", contacted_on=TODAY - timedelta(days=days))
    set_state(store, shop, now, ["ann"], "answered")
    assert ("ann" in left_alone(store, shop)) is alone
    store.shops.set_settings(shop, ShopSettings(quiet_days=days))
    assert "ann" not in left_alone(store, shop)


def test_nobody_is_proposed_who_stands_there_or_is_left_alone(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    results = actions_run(tmp_path / "run")
    desk = ActionDesk(results, Reach(("e-mail",), ""))
    playbook = Playbook((offer("mail"),))
    everybody = desk.rank(playbook).table["customer_id"].tolist()
    assert everybody[:2] == proposed(store, shop, desk, playbook, 2)
    put_on_list(store, shop, results, everybody[:1])
    assert proposed(store, shop, desk, playbook, 10) == everybody[1:]
    add_campaign(store, shop)  # of "b" and "c" and others: strangers here
    assert proposed(store, shop, desk, playbook, 10) == everybody[1:]
    set_state(store, shop, results, everybody[1:2], "contacted")
    assert proposed(store, shop, desk, playbook, 10) == everybody[2:]
    words = left_alone(store, shop).words(pd.Series(everybody))
    assert words == "Left out: 1 customer spoken to within 30 days."


def test_customers_of_a_campaign_are_left_alone_and_anothers_list_is_not_asked(
    store: Store, tmp_path: Path
) -> None:
    shop = begin(store).session_id
    add_campaign(store, shop)
    alone = left_alone(store.for_tenant(store.tenant_id), shop)
    assert "b" in alone
    assert alone.others(pd.Series(["b", "zoe"])).tolist() == [False, True]
    stranger = left_alone(store.for_tenant("other"), shop)
    assert (stranger.contacted, stranger.in_campaign) == ({}, {})
