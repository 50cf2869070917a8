"""Signing in at an OpenID provider in a real browser, and what an open tab does when its person loses the right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.steps import SHORT_MS
from tests.provider import CLIENT, SECRET, Provider, provider
from tests.servers import Server

pytestmark = pytest.mark.slow


@pytest.fixture
def told() -> Iterator[Provider]:
    pytest.importorskip("authlib")
    with provider() as found:
        yield found


@pytest.fixture
def server(told: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    one = Server(tmp_path_factory.mktemp("federated"))
    one.environment = {
        "CHURNKIT_AUTH": "oidc",
        "CHURNKIT_OIDC_ISSUER": told.url,
        "CHURNKIT_OIDC_CLIENT_ID": CLIENT,
        "CHURNKIT_OIDC_CLIENT_SECRET": SECRET,
        "CHURNKIT_OIDC_NAME": "Shop ID",
        "CHURNKIT_URL": one.url,
        "CHURNKIT_GROUPS": "analysts=analyst",
    }
    one.start()
    yield one
    one.stop()


def test_a_person_comes_in_through_the_provider_and_an_open_tab_ends_with_the_group(
    browser: Any, server: Server, told: Provider
) -> None:
    page = browser.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.goto(f"{server.url}/settings")
    page.get_by_role("link", name="Sign in with Shop ID").click(timeout=SHORT_MS)
    page.get_by_role("heading", name="Settings", exact=True).wait_for(timeout=SHORT_MS)
    assert complaints == []

    told.person["groups"] = ["visitors"]
    other = browser.new_context().new_page()
    other.goto(f"{server.url}/account/login")
    other.get_by_role("link", name="Sign in with Shop ID").click(timeout=SHORT_MS)
    other.get_by_text("none of their groups has a role here").wait_for(timeout=SHORT_MS)

    page.get_by_role("link", name="Orders").click(timeout=SHORT_MS)
    page.get_by_text("You are signed out").wait_for(timeout=SHORT_MS)
