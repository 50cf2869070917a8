"""The libraries of models are loaded before the first forecast, on servers that somebody asks by a key."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.api import forecast_warming
from churnkit.jobs import Platform
from churnkit.services.access.keys import make_key


def test_libraries_of_models_are_for_servers_with_a_key(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast_warming, "FORECASTS_NEED", ("json",))
    assert not forecast_warming.get_forecasts_ready()
    make_key(platform.store_for("local", OWNER), "script", "read")
    assert forecast_warming.get_forecasts_ready()


def test_folder_that_cannot_be_opened_is_left_to_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "churnkit.duckdb").write_bytes(b"no database")
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path))
    assert not forecast_warming.get_forecasts_ready()
