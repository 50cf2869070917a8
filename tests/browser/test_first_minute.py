"""The first minute in a browser: the example opens, is kept by a reload and by another browser, and is left."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.steps import SHORT_MS, analysis_id, open_app, problems, settle
from tests.servers import Server

pytestmark = pytest.mark.slow


def german_figures(page: Any, url: str, analysis: str) -> None:
    """The shop chooses German: Home's figures and a chart under the mouse are German then."""
    open_app(page, url, f"settings?analysis={analysis}")
    field = page.locator(".st-key-locale").get_by_role("combobox")
    field.fill("German (Germany)")
    field.press("Enter")
    settle(page)
    open_app(page, url, f"dashboard?analysis={analysis}&expert=true")
    page.get_by_text("Who has left already").wait_for(timeout=SHORT_MS)
    settle(page)
    home = page.get_by_test_id("stMain").inner_text()
    assert re.search(r"\d,\d\s?%", home) and not re.search(r"\d\.\d\s?%", home)
    assert re.search(r"\d\s\$", home) and not re.search(r"\$\d", home)
    plot = page.locator(".st-key-tier_values .nsewdrag").first
    plot.scroll_into_view_if_needed()
    space = plot.bounding_box()
    plot.hover(position={"x": 0.77 * space["width"], "y": 0.95 * space["height"]})
    under_the_mouse = page.locator(".st-key-tier_values .hovertext").first
    under_the_mouse.wait_for(timeout=SHORT_MS)
    assert re.search(r"\d\.\d{3}\s\$", under_the_mouse.text_content() or "")


def test_from_the_first_page_to_the_example_and_to_ones_own_file(browser: Any, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    open_app(page, server.url)
    page.get_by_role("button", name="See a finished example").click()
    page.get_by_role("heading", name="Home", level=1).wait_for(timeout=SHORT_MS)
    settle(page)
    example = analysis_id(page)
    page.reload()
    page.get_by_text("A finished example").first.wait_for(timeout=SHORT_MS)
    settle(page)
    assert analysis_id(page) == example
    stranger = browser.new_context(viewport={"width": 390, "height": 844})
    other = stranger.new_page()
    open_app(other, server.url, f"customers?analysis={example}")
    other.get_by_text("A finished example").first.wait_for(timeout=SHORT_MS)
    assert other.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 391
    stranger.close()
    german_figures(page, server.url, example)
    page.locator(".st-key-leave_example").get_by_role("button").click()
    page.get_by_test_id("stFileUploaderDropzone").wait_for(timeout=SHORT_MS)
    settle(page)
    assert analysis_id(page) == ""
    assert problems(page) == complaints == []
    context.close()
