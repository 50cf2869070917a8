"""Limits and sites of the API, from the environment."""

from __future__ import annotations

import pytest

from churnkit.config import ApiSettings
from churnkit.errors import SettingsError


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ApiSettings.from_environment() == ApiSettings(10, 50, 6, ())
    monkeypatch.setenv("CHURNKIT_API_READS_PER_SECOND", "0")
    monkeypatch.setenv("CHURNKIT_API_PREDICTIONS_PER_SECOND", "1")
    monkeypatch.setenv("CHURNKIT_API_STARTS_PER_MINUTE", "60")
    monkeypatch.setenv("CHURNKIT_API_ORIGINS", "https://a.example http://localhost:3000")
    assert ApiSettings.from_environment() == ApiSettings(
        0, 1, 60, ("https://a.example", "http://localhost:3000")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("READS_PER_SECOND", "0.5"),
        ("PREDICTIONS_PER_SECOND", "-1"),
        ("STARTS_PER_MINUTE", "many"),
        ("ORIGINS", "*"),
        ("ORIGINS", "https://a.example/"),
    ],
)
def test_value_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CHURNKIT_API_{name}", value)
    with pytest.raises(SettingsError, match=name):
        ApiSettings.from_environment()
