"""A customer is a page: by a click, by the keyboard, back to the list as it was, and in a second browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.app.conftest import full_shop_in
from tests.browser.steps import SHORT_MS, open_app, open_row, problems, settle
from tests.servers import Server, running

pytestmark = pytest.mark.slow

LIST = "risk=high&sort=Value+of+a+year&order=high+first&rows=25"
HOSTILE = "%3Cscript%3Ealert%281%29%3C%2Fscript%3E"


@pytest.fixture(scope="module")
def shop_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shop")
    full_shop_in(folder, tmp_path_factory)
    with running(folder, CHURNKIT_WORKSPACES="shared") as server:
        yield server


def heading(page: Any) -> str:
    settle(page)
    return str(page.get_by_role("heading", level=1).first.inner_text())


def test_from_the_list_to_a_customer_and_back(browser: Any, shop_server: Server) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    open_app(page, shop_server.url, f"customers?{LIST}")
    open_row(page, 2)
    third = heading(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("4 of ").wait_for(timeout=SHORT_MS)
    fourth = heading(page)
    assert third != fourth
    assert f"customer={fourth}" in page.url
    # A second browser that is handed the address sees the same customer in the same list.
    other = browser.new_page()
    other.goto(page.url)
    other.get_by_text("4 of ").wait_for(timeout=SHORT_MS)
    assert heading(other) == fourth
    other.close()
    page.go_back()
    page.get_by_text("3 of ").wait_for(timeout=SHORT_MS)
    assert heading(page) == third
    page.go_back()
    page.get_by_role("heading", name="Customers", level=1).wait_for(timeout=SHORT_MS)
    settle(page)
    assert all(part in page.url for part in LIST.split("&"))
    page.get_by_text("Clear 1 filter").wait_for(timeout=SHORT_MS)
    # By the keyboard: down the first column nobody opens, one to the right opens.
    page.get_by_test_id("stDataFrame").locator("canvas").first.focus()
    page.keyboard.press("ArrowDown")
    settle(page)
    page.keyboard.press("ArrowDown")
    settle(page)
    assert "/customers" in page.url
    page.keyboard.press("ArrowRight")
    page.get_by_text("3 of ").wait_for(timeout=SHORT_MS)
    assert heading(page) == third
    page.get_by_role("link", name="Back to the list").click()
    page.get_by_text("Clear 1 filter").wait_for(timeout=SHORT_MS)
    # By Enter: an id that one knows.
    page.get_by_label("Open a customer").fill(fourth)
    page.keyboard.press("Enter")
    page.get_by_text("4 of ").wait_for(timeout=SHORT_MS)
    assert heading(page) == fourth
    assert problems(page) == []
    page.close()


def test_a_hostile_id_is_an_address_like_any_other(browser: Any, shop_server: Server) -> None:
    page = browser.new_page()
    page.on("dialog", lambda dialog: pytest.fail("a customer's id ran as a script"))
    open_app(page, shop_server.url, f"customer?customer={HOSTILE}")
    page.get_by_text("Churn probability").first.wait_for(timeout=SHORT_MS)
    assert heading(page) == "<script>alert(1)</script>"
    assert problems(page) == []
    page.close()
