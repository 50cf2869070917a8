"""The log of what happened to shops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from churnkit.accounts import Actor
from churnkit.errors import StoreError
from churnkit.results.shop import ShopSettings
from churnkit.store import Store
from tests.unit.store.filled import NOON, begin


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def test_the_same_event_is_noted_once(store: Store) -> None:
    shop_id = begin(store).session_id
    assert store.events.note(shop_id, "promoted", key="run 1", words="First.", at=NOON, details={"n": 1})
    assert not store.events.note(shop_id, "promoted", key="run 1", words="Again.", at=NOON)
    assert store.events.note(shop_id, "rolled_back", key="run 1", words="Another kind.", at=NOON)
    assert store.events.note(begin(store).session_id, "promoted", key="run 1", words="Of another.", at=NOON)
    first, second = reversed(store.events.of_shop(shop_id))
    assert (first.sentence, first.details, first.happened_at) == ("First.", {"n": 1}, NOON)
    assert (second.kind, second.event_number) == ("rolled_back", first.event_number + 1)


def test_events_are_found_by_kind_and_time_newest_first(store: Store) -> None:
    shop_id = store.shops.create("No file yet", ShopSettings(), created_at=NOON).shop_id
    for hours in (2, 1, 3):
        at = NOON + timedelta(hours=hours)
        store.events.note(shop_id, "source_failed", key=str(hours), words=f"{hours}.", at=at)
    store.events.note(shop_id, "promoted", key="x", words="Promoted.", at=NOON)
    assert [one.sentence for one in store.events.of_shop(shop_id)] == ["3.", "2.", "1.", "Promoted."]
    assert [one.sentence for one in store.events.of_shop(shop_id, kinds=["promoted"])] == ["Promoted."]
    late = store.events.of_shop(shop_id, since=NOON + timedelta(hours=2))
    assert [one.sentence for one in late] == ["3.", "2."]
    assert [one.sentence for one in store.events.of_shop(shop_id, most=1)] == ["3."]
    assert store.events.of_shop(shop_id, kinds=[]) == []


def test_events_go_with_their_shop_and_their_numbers_are_not_given_again(store: Store) -> None:
    first, second = begin(store).session_id, begin(store).session_id
    store.events.note(first, "promoted", key="x", words="One.", at=NOON)
    store.sessions.delete(first)
    with pytest.raises(StoreError, match="there is none"):
        store.events.of_shop(first)
    store.events.note(second, "promoted", key="x", words="Two.", at=NOON)
    assert store.events.of_shop(second)[0].event_number == 2


def test_events_move_with_what_a_workspace_takes_over(store: Store) -> None:
    shop_id = begin(store).session_id
    store.events.note(shop_id, "promoted", key="x", words="One.", at=NOON)
    new = store.for_tenant("new")
    new.workspace.take_over(store.workspace, at=NOON)
    assert [one.sentence for one in new.events.of_shop(shop_id)] == ["One."]


def test_a_link_shows_the_events_of_its_analysis_alone(store: Store) -> None:
    shown, hidden = begin(store).session_id, begin(store).session_id
    store.events.note(hidden, "promoted", key="x", words="Hidden.", at=NOON)
    link = store.for_tenant("local", Actor("link", only=shown))
    assert link.events.of_shop(shown) == []
    with pytest.raises(StoreError, match="there is none"):
        link.events.of_shop(hidden)
