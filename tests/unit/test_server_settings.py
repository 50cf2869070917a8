"""What the environment may say about the web server."""

from __future__ import annotations

import pytest

from churnkit.config import MEGABYTE, ServerSettings, WorkerLimits, reader_limits
from churnkit.errors import SettingsError

NAMES = ("WORKSPACES", "FRAME_ANCESTORS", "METRICS", "UPLOAD_SESSION_MB", "UPLOAD_SESSION_FILES", "UPLOAD_TOTAL_MB",
         "UPLOAD_MINUTES")  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"CHURNKIT_{name}", raising=False)


def test_nothing_said_is_the_closed_way() -> None:
    settings = ServerSettings.from_environment()
    assert settings == ServerSettings()
    assert not (settings.shared_workspace or settings.metrics_open)
    assert settings.frame_ancestors == ("'self'",)


def test_everything_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ("shared", "'self' https://*.streamlit.app http://shop:8501", "1", "20", "3", "60", "0.5")
    for name, value in zip(NAMES, said, strict=True):
        monkeypatch.setenv(f"CHURNKIT_{name}", value)
    assert ServerSettings.from_environment() == ServerSettings(
        shared_workspace=True,
        frame_ancestors=("'self'", "https://*.streamlit.app", "http://shop:8501"),
        metrics_open=True,
        upload_session_bytes=20 * MEGABYTE,
        upload_session_files=3,
        upload_total_bytes=60 * MEGABYTE,
        upload_minutes=0.5,
    )


def test_larger_files_have_room_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", "1000000000")
    settings = ServerSettings.from_environment()
    assert (settings.upload_session_bytes, settings.upload_total_bytes) == (1250 * MEGABYTE, 2250 * MEGABYTE)
    assert reader_limits() == WorkerLimits(4096, 600)
    monkeypatch.setenv("CHURNKIT_MAX_BYTES", "1000")
    assert ServerSettings.from_environment() == ServerSettings()
    assert reader_limits() == WorkerLimits()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKSPACES", "everybody"),
        ("FRAME_ANCESTORS", "https://a.example; script-src *"),
        ("FRAME_ANCESTORS", "*"),
        ("UPLOAD_SESSION_MB", "much"),
        ("UPLOAD_SESSION_MB", "0"),
        ("UPLOAD_SESSION_FILES", "0"),
        ("UPLOAD_TOTAL_MB", "1"),
        ("UPLOAD_MINUTES", "nan"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CHURNKIT_{name}", value)
    with pytest.raises(SettingsError, match=f"CHURNKIT_{name}"):
        ServerSettings.from_environment()
