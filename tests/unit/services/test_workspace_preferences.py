"""Preferences of a workspace, and settings through JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from churnkit.config import AnalysisSettings, IngestSettings, Money, Tiers, TournamentSettings
from churnkit.errors import SettingsError
from churnkit.ingest import Reading
from churnkit.services.workspace.stored_settings import (
    reading_from_json,
    settings_as_json,
    settings_from_json,
)
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
    )
    save_preferences(store, chosen)
    assert load_preferences(store) == chosen
    assert default_settings(store) == AnalysisSettings(tiers=chosen.tiers, money=chosen.money)
    assert load_preferences(store.for_tenant("other")) == Preferences()
    save_preferences(store, Preferences())
    assert load_preferences(store) == Preferences()


@pytest.mark.parametrize(
    "wrong", [{"currency": "euro"}, {"currency": "€"}, {"retention_days": 0}, {"retention_days": 9999}]
)
def test_choices_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError):
        Preferences(**wrong)


def test_settings_survive_json() -> None:
    settings = AnalysisSettings(horizon_days=45, tournament=TournamentSettings(seed=7))
    reading = Reading(
        settings=IngestSettings(sheet="May", day_first=False), as_of=datetime(2026, 1, 31, 12, 30)
    )
    kept = json.loads(json.dumps(settings_as_json(settings, reading)))
    assert settings_from_json(kept) == settings
    assert reading_from_json(kept) == reading


def test_settings_of_another_version_take_what_is_known() -> None:
    assert settings_from_json({"horizon_days": 9, "gone": 1, "money": {"margin": 0.5}}) == AnalysisSettings(
        horizon_days=9, money=Money(margin=0.5)
    )
