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
CELL = "a cell"
IN_FOCUS = f"""(() => {{
  const it = document.activeElement;
  if (it.closest('[data-testid="stDataFrame"]')) return it.closest("canvas") ? "{CELL}" : "";
  return it.matches("a, button, input") && (it.ariaLabel || it.innerText || it.labels?.[0]?.innerText) || "";
}})()"""
# The ring is drawn around it, or around what a hidden field is shown as.
IS_SEEN = """(() => {
  const ring = (it) => getComputedStyle(it).outlineStyle !== "none" || getComputedStyle(it).boxShadow !== "none";
  const it = document.activeElement;
  return ring(it) || [...(it.closest("label")?.children ?? [])].some(ring);
})()"""
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
    # By Enter: an id that one knows.
    page.get_by_label("Open a customer").fill(fourth)
    page.keyboard.press("Enter")
    page.get_by_text("4 of ").wait_for(timeout=SHORT_MS)
    assert heading(page) == fourth
    assert problems(page) == []
    page.close()


def tab_to(page: Any, what: str) -> None:
    """Press Tab until something is in focus: by its words, or a table's cell; what is in focus is seen to be."""
    for _ in range(100):
        page.keyboard.press("Tab")
        if what in page.evaluate(IN_FOCUS):
            assert what == CELL or page.evaluate(IS_SEEN), what
            return
    raise AssertionError(f"Tab does not reach {what!r}")


def test_the_main_path_by_keyboard_alone(browser: Any, shop_server: Server) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    open_app(page, shop_server.url)
    page.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)
    tab_to(page, "Customers")
    page.keyboard.press("Enter")
    page.get_by_text("customers as CSV").wait_for(timeout=SHORT_MS)
    settle(page)
    tab_to(page, CELL)
    for _ in range(2):
        settle(page)
        page.keyboard.press("ArrowDown")
    settle(page)
    assert "/customers" in page.url
    page.keyboard.press("Enter")
    page.get_by_text("3 of ").wait_for(timeout=SHORT_MS)
    third = heading(page)
    assert f"customer={third}" in page.url
    tab_to(page, "Back to the list")
    page.keyboard.press("Enter")
    page.get_by_text("customers as CSV").wait_for(timeout=SHORT_MS)
    settle(page)
    # On the way through the page Tab passes the table, and opens nobody.
    tab_to(page, CELL)
    tab_to(page, "Page 2")
    settle(page)
    assert "/customers" in page.url
    for door, title in (("To do", "What to do"), ("About this page", "Help")):
        tab_to(page, door)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name=title, level=1).wait_for(timeout=SHORT_MS)
        settle(page)
    tab_to(page, "Expert view")
    page.keyboard.press("Space")
    settle(page)
    assert "expert=true" in page.url
    # An address that says nothing of it shows what was kept, and says so then.
    open_app(page, shop_server.url, "help")
    page.wait_for_url("**expert=true**", timeout=SHORT_MS)
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
