"""A browser leaves its workspace, and finds an empty one when it loads the page again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser.steps import SHORT_MS, drop_file, go_to, open_app, problems, settle
from tests.servers import Server

pytestmark = pytest.mark.slow

COOKIE = "churnkit_workspace"


def token(context: Any) -> str:
    """The workspace's cookie as the browser holds it."""
    (cookie,) = [cookie for cookie in context.cookies() if cookie["name"] == COOKIE]
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    return str(cookie["value"])


def test_nothing_of_a_left_workspace_is_shown(browser: Any, server: Server, samples: Path) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page, other_tab = context.new_page(), context.new_page()
    open_app(page, server.url)
    first = token(context)
    drop_file(page, samples / "coffee_shop_demo.csv")
    page.get_by_role("button", name="Read the file").wait_for(timeout=SHORT_MS)
    go_to(page, "Settings")
    open_app(other_tab, server.url, "settings")
    page.get_by_role("tab", name="What is kept").click()
    page.get_by_test_id("stMain").get_by_text("coffee_shop_demo.csv").first.wait_for(
        state="attached", timeout=SHORT_MS
    )
    page.get_by_role("button", name="Leave this workspace").click()
    page.locator(".st-key-confirm_leave button").click()
    page.get_by_text("You have left this workspace").wait_for(timeout=SHORT_MS)
    other_tab.get_by_test_id("stSidebarNavLink").filter(has_text="Orders").click()
    other_tab.get_by_text("You have left this workspace").wait_for(timeout=SHORT_MS)
    page.reload()
    settle(page)
    go_to(page, "Settings")
    page.get_by_role("tab", name="What is kept").click()
    page.get_by_text("None yet.").wait_for(timeout=SHORT_MS)
    assert token(context) != first
    assert page.get_by_text("coffee_shop_demo.csv").count() == 0
    assert problems(page) == []
    context.close()
