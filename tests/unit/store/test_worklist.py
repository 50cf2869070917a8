"""The work list: what was said last of a customer counts, and what was said before is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.errors import StoreError
from churnkit.store import Store
from tests.unit.store.filled import NOON, begin, row_counts

KNOWN = datetime(2026, 2, 28)


def test_the_newest_word_counts_and_the_last_contact_stays_known(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb", actor=replace(OWNER, kind="person", name="ann@x")) as store:
        shop = begin(store).session_id
        store.worklist.note(shop, ["00123", "b", "b"], "to_do", known_until=KNOWN, at=NOON)
        store.worklist.note(
            shop,
            ["b"],
            "contacted",
            known_until=KNOWN,
            at=NOON,
            note="by phone",
            contacted_on=date(2026, 3, 1),
        )
        # The clock was set back: what is said last is still the last.
        store.worklist.note(
            shop, ["b"], "back", known_until=KNOWN, at=NOON - timedelta(days=1), automatic=True
        )
        listed = {entry.customer_id: entry for entry in store.worklist.of_shop(shop)}
        told = store.worklist.of_customer(shop, "b")
    assert {name: entry.state for name, entry in listed.items()} == {"00123": "to_do", "b": "back"}
    assert (listed["b"].contacted_on, listed["00123"].contacted_on) == (date(2026, 3, 1), None)
    assert [(one.state, one.noted_by, one.is_automatic) for one in told] == [
        ("back", "", True),
        ("contacted", "ann@x", False),
        ("to_do", "ann@x", False),
    ]
    assert (told[1].note, told[1].known_until) == ("by phone", KNOWN)


def test_states_and_customers_are_what_they_must_be(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        shop = begin(store).session_id
        with pytest.raises(StoreError):
            store.worklist.note(shop, ["b"], "lost", known_until=KNOWN, at=NOON)  # type: ignore[arg-type]
        with pytest.raises(StoreError, match="text"):
            store.worklist.note(shop, [7], "to_do", known_until=KNOWN, at=NOON)  # type: ignore[list-item]
        assert row_counts(store)["work_list"] == 0


def test_it_goes_with_its_shop(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        shop, other = begin(store).session_id, begin(store, "other.csv").session_id
        for one in (shop, other):
            store.worklist.note(one, ["b"], "to_do", known_until=KNOWN, at=NOON)
        store.sessions.delete(shop)
        assert row_counts(store)["work_list"] == 1
        assert [entry.shop_id for entry in store.worklist.of_shop(other)] == [other]
