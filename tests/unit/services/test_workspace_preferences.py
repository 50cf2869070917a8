"""Preferences of a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from churnkit.config import AnalysisSettings, Money, ScoreWeights, Tiers, TournamentSettings
from churnkit.errors import DataError, SettingsError
from churnkit.services.workspace.workspace_preferences import (
    Preferences,
    default_settings,
    load_preferences,
    save_preferences,
)
from churnkit.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def test_a_new_workspace_has_the_defaults(store: Store) -> None:
    assert load_preferences(store) == Preferences()
    assert default_settings(store) == AnalysisSettings()


def test_choices_are_the_defaults_of_the_next_analysis(store: Store) -> None:
    chosen = Preferences(
        tiers=Tiers(high=0.8, medium=0.3),
        money=Money(margin=0.4, contact_cost=2.5),
        currency="EUR",
        retention_days=90,
        weights=ScoreWeights(f1=0.1, recall=0.9, profit=0.0, stability=0.0),
        model_owner="Ms Weaver",
    )
    save_preferences(store, chosen)
    assert load_preferences(store) == chosen
    assert default_settings(store) == AnalysisSettings(
        tiers=chosen.tiers, money=chosen.money, tournament=TournamentSettings(weights=chosen.weights)
    )
    assert load_preferences(store.for_tenant("other")) == Preferences()
    save_preferences(store, Preferences())
    assert load_preferences(store) == Preferences()


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "euro"},
        {"currency": "€"},
        {"retention_days": 0},
        {"retention_days": 9999},
        {"model_owner": 121 * "x"},
    ],
)
def test_choices_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Preferences(**wrong)


def test_a_default_that_the_owner_gave_is_his(store: Store) -> None:
    told = Money().told(margin=1.0, contact_cost=None, call_cost=4.0)
    save_preferences(store, Preferences(money=told, channels=("phone",), asked=True))
    kept = load_preferences(store)
    assert (kept.channels, kept.asked) == (("phone",), True)
    kinds = {name: kept.money.kind(name) for name in ("margin", "contact_cost", "call_cost", "save_rate")}
    assert kinds == {
        "margin": "given", "contact_cost": "assumed", "call_cost": "given", "save_rate": "assumed",
    }  # fmt: skip
    assert told.told(margin=None).kind("margin") == "assumed"
    assert Money(save_rate=0.08, measured=("save_rate",)).kind("save_rate") == "measured"


def test_what_was_kept_before_it_had_a_version_is_read(store: Store) -> None:
    store.preferences.set("analysis", {"tiers": {"high": 0.8, "medium": 0.3}, "money": {"margin": 0.4}})
    assert load_preferences(store) == Preferences(tiers=Tiers(high=0.8, medium=0.3), money=Money(margin=0.4))


@pytest.mark.parametrize("kept", [{"tiers": {"high": 2.0}}, {"money": 3}, {"colour": "red"}, {"version": 5}])
def test_what_cannot_be_read_is_one_error(store: Store, kept: dict[str, Any]) -> None:
    store.preferences.set("analysis", kept)
    with pytest.raises(DataError, match="Reading the settings of a workspace"):
        load_preferences(store)
