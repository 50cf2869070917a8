"""What the environment may say about who comes in."""

from __future__ import annotations

import pytest

from churnkit.config import AuthSettings
from churnkit.errors import SettingsError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH", "SIGN_IN_IDLE_DAYS", "SIGN_IN_DAYS"):
        monkeypatch.delenv(f"CHURNKIT_{name}", raising=False)


def test_nothing_said_is_one_machine_without_a_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert AuthSettings.from_environment() == AuthSettings("none", 14, 90)
    assert not AuthSettings().has_accounts
    monkeypatch.setenv("CHURNKIT_AUTH", " ")
    assert AuthSettings.from_environment().mode == "none"


def test_mode_and_days_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AUTH", "local"), ("SIGN_IN_DAYS", "30"), ("SIGN_IN_IDLE_DAYS", "2")):
        monkeypatch.setenv(f"CHURNKIT_{name}", value)
    settings = AuthSettings.from_environment()
    assert (settings.mode, settings.idle_days, settings.longest_days) == ("local", 2, 30)
    assert settings.has_accounts


def test_a_short_sign_in_is_not_idle_for_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_SIGN_IN_DAYS", "1")
    assert AuthSettings.from_environment().idle_days == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("AUTH", "Local"), ("AUTH", "open"), ("SIGN_IN_DAYS", "0"), ("SIGN_IN_DAYS", "3651"), ("SIGN_IN_DAYS", "1.5"),
     ("SIGN_IN_DAYS", "soon"), ("SIGN_IN_IDLE_DAYS", "0"), ("SIGN_IN_IDLE_DAYS", "91"), ("SIGN_IN_IDLE_DAYS", "-1")],
)  # fmt: skip
def test_what_must_not_be_said_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CHURNKIT_{name}", value)
    with pytest.raises(SettingsError, match=f"CHURNKIT_{name}"):
        AuthSettings.from_environment()


def test_the_longest_days_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_SIGN_IN_DAYS", "3650")
    monkeypatch.setenv("CHURNKIT_SIGN_IN_IDLE_DAYS", "3650")
    assert AuthSettings.from_environment().idle_days == 3650
