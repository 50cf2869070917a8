"""The script of our own is served where the page asks for it, as a script, and nothing of it stands inline."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from churnkit.server.headers import content_security_policy
from churnkit.server.scripts import NOTIFY
from churnkit.ui import notification


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page is given as HTML."""
    parts: list[str] = []
    monkeypatch.setattr("streamlit.html", lambda body, **_: parts.append(body))
    return parts


def test_the_script_is_where_the_page_asks_for_it(drawn: list[str]) -> None:
    notification.offer_notification("j1")
    notification.notify("j1", "Done.")
    assert {re.search(r'src="([^"]+)"', part)[1] for part in drawn} == {NOTIFY.path.removeprefix("/")}  # type: ignore[index]
    answer = TestClient(Starlette(routes=[NOTIFY])).get(NOTIFY.path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "requestPermission" in answer.text


def test_nothing_that_runs_stands_in_the_page(drawn: list[str]) -> None:
    notification.offer_notification('"><img onerror=x>')
    notification.notify("j", '"><script>x</script>')
    for part in drawn:
        assert re.findall(r"<script[^>]*>([^<]*)</script>", part) == [""]
        assert "<img" not in part
    assert "'unsafe-inline'" not in content_security_policy(()).partition("script-src")[2].partition(";")[0]
