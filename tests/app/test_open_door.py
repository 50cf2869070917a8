"""A server where nobody signs in says so to whoever comes from another machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.app.conftest import app

WORDS = "Nobody signs in here"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"host": "shop.example:8501"}, True),
        ({"host": "192.168.1.7:8501"}, True),
        ({"host": "127.0.0.1:8501", "x-forwarded-host": "churn.shop.example"}, True),
        ({"host": "localhost:8501"}, False),
        ({"host": "127.0.0.1:8501"}, False),
        ({}, False),
    ],
)
def test_it_is_said_to_whoever_comes_from_elsewhere(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], said: bool
) -> None:
    context = SimpleNamespace(headers=list(headers.items()), cookies={}, remote_ip=None)
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", lambda: context)
    sidebar = " ".join(one.value for one in app().run().sidebar.caption)
    assert (WORDS in sidebar) is said
