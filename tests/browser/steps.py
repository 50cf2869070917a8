"""What a person does in the browser, step by step."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from churnkit.ui.navigation import DOORS

# Pixels of the list of customers, whose reasons take some lines.
_HEAD, _ROW = 35, 62

READING_MS = 120_000
ANALYSIS_MS = 900_000
# As long as it takes on a machine with much else to do: whoever waits less fails for no reason.
SHORT_MS = 60_000


def settle(page: Any, timeout_ms: int = SHORT_MS) -> None:
    """Wait until the app has answered the last action."""
    page.wait_for_timeout(300)
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=timeout_ms)


def open_app(page: Any, url: str, path: str = "") -> None:
    """Go to a page of the app."""
    page.goto(f"{url}/{path}")
    page.get_by_test_id("stSidebarContent").wait_for(state="attached", timeout=SHORT_MS)
    settle(page)


def turn_to(page: Any, path: str) -> None:
    """To a page with another heading inside the app that is open, as its links and the way back do.

    A new load costs a second of the browser's work, and shows the same.
    """
    heading = "document.querySelector('[data-testid=stMain] h1')?.innerText"
    before = page.evaluate(heading)
    page.evaluate(
        "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate', {state: {}})) }",
        f"/{path}",
    )
    page.wait_for_function(
        f"before => ![undefined, before].includes({heading})", arg=before, timeout=SHORT_MS, polling=100
    )
    settle(page)


def drop_file(page: Any, file: Path) -> None:
    """Hand a file to the uploader, from the first page too."""
    uploader, first = (
        page.get_by_test_id("stFileUploaderDropzone"),
        page.get_by_role("button", name="Use my export"),
    )
    uploader.or_(first).first.wait_for(timeout=SHORT_MS)
    if not uploader.count():
        first.click()
        page.get_by_test_id("stFileUploaderDropzone").wait_for(timeout=SHORT_MS)
        settle(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(file))


def read_file(page: Any) -> None:
    """From the columns to what was read."""
    button = page.get_by_role("button", name="Read the file")
    button.wait_for(timeout=READING_MS)
    settle(page)
    button.click()
    page.get_by_role("heading", name="Churn threshold").wait_for(timeout=READING_MS)
    settle(page)


def start_analysis(page: Any) -> None:
    """From what was read to the progress page; amounts stay bare numbers where the currency is asked."""
    asked = page.locator(".st-key-ask_currency").get_by_role("combobox")
    if asked.count() and not asked.input_value():
        asked.click()
        page.get_by_role("option", name="no currency").click()
        settle(page)
    page.get_by_role("button", name="Start analysis").click()
    page.get_by_role("heading", name="Progress").wait_for(timeout=SHORT_MS)


def wait_for_results(page: Any, url: str) -> None:
    """Until the dashboard of the analysis is there."""
    page.get_by_text("The analysis is done.").first.wait_for(timeout=ANALYSIS_MS)
    analysis = analysis_id(page)
    open_app(page, url, f"dashboard?analysis={analysis}")
    page.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)


def analysis_id(page: Any) -> str:
    """The analysis that the address names."""
    return str(page.url.partition("analysis=")[2].partition("&")[0])


def share(page: Any) -> str:
    """The token of a link to the analysis on screen, made as its owner does."""
    settle(page)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    shown = page.get_by_role("dialog").get_by_text(re.compile(r"/dashboard\?share="))
    shown.wait_for(timeout=SHORT_MS)
    link = shown.inner_text().strip()
    page.get_by_role("button", name="I have it").click()
    settle(page)
    return link.partition("share=")[2]


def go_to(page: Any, title: str) -> None:
    """To the view with a title: through its door in the sidebar, then by the links above the page."""
    door = next(door for door in DOORS if any(view.title == title for view in door.views))
    page.get_by_test_id("stSidebarNavLink").filter(has_text=door.title).click()
    settle(page)
    if len(door.views) > 1:
        page.locator(".st-key-views").get_by_role("link", name=title).click()
    page.get_by_role("heading", name=title, level=1).wait_for(timeout=SHORT_MS)
    settle(page)


def choose(page: Any, label: str, option: str) -> None:
    """Open the list with a label, and take an option.

    A click closes the list again where the page is drawn anew at that moment; a person would click again.
    """
    from playwright.sync_api import Error

    box = page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox")
    for _ in range(5):
        settle(page)
        box.click()
        with suppress(Error):
            page.get_by_role("option", name=option).click(timeout=3_000)
            settle(page)
            return
    raise AssertionError(f"the list {label!r} shows no {option!r}")


def open_row(page: Any, row: int) -> None:
    """The page of the customer in a row of the page's table, by a click in the middle of the row.

    A table is drawn on a canvas that a click reaches before its rows are there, or moves while figures above it arrive;
    a person would click again.
    """
    canvas = page.get_by_test_id("stDataFrame").locator("canvas").first
    canvas.wait_for(timeout=SHORT_MS)
    for _ in range(5):
        box = canvas.bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + _HEAD + _ROW * row + _ROW / 2)
        for _ in range(20):
            if "/customer?" in page.url:
                settle(page)
                return
            page.wait_for_timeout(300)
    raise AssertionError("no customer opens")


def problems(page: Any) -> list[str]:
    """Tracebacks on the page; there must never be one."""
    return [element.inner_text() for element in page.query_selector_all('[data-testid="stException"]')]
