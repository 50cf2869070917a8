"""What the server says of its doors when it starts."""

from __future__ import annotations

import logging

import pytest
from streamlit import config

from churnkit.server import beginning
from churnkit.server.beginning import is_own_machine, listens_to_others, say_who_may_come_in


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8501", "127.0.0.1:8501", "127.9.9.9", "[::1]:80", "a.localhost"]
)
def test_names_of_the_own_machine(host: str) -> None:
    assert is_own_machine(host)


@pytest.mark.parametrize(
    "host", ["shop.example", "192.168.1.4:8501", "0.0.0.0", "localhost.evil.example", "", "[::]", "["]
)
def test_names_of_other_machines(host: str) -> None:
    assert not is_own_machine(host)


@pytest.mark.parametrize(
    ("mode", "address", "warned"),
    [("none", None, True), ("none", "0.0.0.0", True), ("none", "127.0.0.1", False), ("local", None, False)],
)
def test_a_server_without_a_lock_warns_who_starts_it(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    mode: str,
    address: str | None,
    warned: bool,
) -> None:
    monkeypatch.setenv("CHURNKIT_AUTH", mode)
    monkeypatch.setattr(config, "get_option", lambda name: address)
    monkeypatch.setattr(beginning, "_say_setup_code", lambda: None)
    caplog.set_level(logging.WARNING, "churnkit")
    say_who_may_come_in()
    assert ("nobody signs in" in caplog.text) is warned


def test_uvicorn_has_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: None)
    monkeypatch.setattr("sys.argv", ["/venv/bin/uvicorn", "app:app"])
    assert not listens_to_others()
