"""Filters under names: kept per workspace, replaced by name, with the right to plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.accounts import Actor
from churnkit.accounts.matrix import rights_of_role
from churnkit.errors import AccessError, DataError
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.list_view import ListView
from churnkit.services.decide.saved_filters import (
    MAX_FILTERS,
    MAX_NAME,
    delete_filter,
    save_filter,
    saved_filters,
)
from churnkit.store import Store

HIGH = ListView(CustomerFilter(tiers=("high",)), order_by="clv", descending=True)


def test_a_filter_is_kept_replaced_and_forgotten(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        assert saved_filters(store) == {}
        assert save_filter(store, "  Big   and quiet ", HIGH) == "Big and quiet"
        save_filter(store, "all", ListView())
        assert saved_filters(store) == {"all": ListView(), "Big and quiet": HIGH}
        save_filter(store, "all", HIGH)
        assert saved_filters(store)["all"] == HIGH
        assert saved_filters(store.for_tenant("other")) == {}
        delete_filter(store, "all")
        delete_filter(store, "never there")
        assert list(saved_filters(store)) == ["Big and quiet"]


@pytest.mark.parametrize("name", ["", "   ", "n" * (MAX_NAME + 1)])
def test_a_name_has_some_letters_and_not_too_many(tmp_path: Path, name: str) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        with pytest.raises(DataError, match="1 to 60"):
            save_filter(store, name, HIGH)
        save_filter(store, "n" * MAX_NAME, HIGH)


def test_there_is_room_for_so_many(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        for number in range(MAX_FILTERS):
            save_filter(store, str(number), HIGH)
        save_filter(store, "0", ListView())
        with pytest.raises(DataError, match="there are 50"):
            save_filter(store, "one more", HIGH)


def test_who_may_only_look_saves_none(tmp_path: Path) -> None:
    with Store.open(tmp_path / "churnkit.duckdb") as store:
        save_filter(store, "ours", HIGH)
        viewer = Actor("person", "p1", "v@shop.example", rights_of_role("viewer"))
        theirs = store.for_tenant(store.tenant_id, viewer)
        assert list(saved_filters(theirs)) == ["ours"]
        for attempt in (lambda: save_filter(theirs, "mine", HIGH), lambda: delete_filter(theirs, "ours")):
            with pytest.raises(AccessError):
                attempt()
