"""The whole way through a real browser: from a dropped file to a PDF and a target list that are opened and read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

from tests.browser.steps import (
    SHORT_MS,
    analysis_id,
    drop_file,
    go_to,
    open_app,
    open_row,
    problems,
    read_file,
    settle,
    share,
    start_analysis,
    turn_to,
    wait_for_results,
)
from tests.servers import Server

pytestmark = pytest.mark.slow

SAMPLE = "coffee_shop_demo.csv"
CUSTOMERS = 1884
TITLES = (
    "Data quality",
    "Progress",
    "Since last time",
    "Home",
    "Customers",
    "How it forecasts",
    "Groups",
    "By first purchase",
    "What to do",
    "Work list",
    "Try a plan",
    "Campaigns",
    "Did it work?",
    "Reports",
    "Settings",
)
PATHS = (
    "",
    "upload",
    "data_quality",
    "history",
    "since",
    "compare",
    "dashboard",
    "customers",
    "customer",
    "models",
    "monitoring",
    "segments",
    "cohorts",
    "actions",
    "worklist",
    "whatif",
    "campaigns",
    "readout",
    "reports",
    "settings",
    "help",
)


@pytest.fixture(scope="module")
def context(browser: Any) -> Any:
    """One visitor's browser, with its own cookies."""
    made = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def analysed(context: Any, server: Server, samples: Path) -> str:
    """Drop a sample, read it, move the threshold, start, reload in the middle; the finished analysis' id."""
    page = context.new_page()
    open_app(page, server.url)
    drop_file(page, samples / SAMPLE)
    read_file(page)
    slider = page.locator("[class*=st-key-threshold_days]").get_by_role("slider")
    shown = page.get_by_text(re.compile(r"^With \d+ days")).first.inner_text()
    days = int(shown.split()[1])
    slider.focus()
    slider.press("ArrowRight")
    page.get_by_text(f"With {days + 1} days").wait_for(timeout=SHORT_MS)
    slider.press("ArrowLeft")
    page.get_by_text(f"With {days} days").wait_for(timeout=SHORT_MS)
    start_analysis(page)
    page.get_by_text("Training and comparing models").wait_for(timeout=SHORT_MS)
    running = analysis_id(page)
    page.reload()
    page.get_by_role("heading", name="Progress").wait_for(timeout=SHORT_MS)
    assert analysis_id(page) == running
    wait_for_results(page, server.url)
    assert problems(page) == []
    page.close()
    return running


@pytest.fixture
def page(context: Any, analysed: str, server: Server) -> Any:
    """A tab on the finished analysis' dashboard."""
    opened = context.new_page()
    open_app(opened, server.url, f"dashboard?analysis={analysed}")
    yield opened
    opened.close()


def test_every_screen_shows_the_analysis(page: Any, analysed: str) -> None:
    for title in TITLES:
        go_to(page, title)
        assert problems(page) == [], title
        assert analysis_id(page) == analysed, title


def test_a_row_opens_the_customer_whose_bars_add_up(page: Any) -> None:
    go_to(page, "Customers")
    open_row(page, 0)
    page.get_by_text("Churn probability").first.wait_for(timeout=SHORT_MS)
    page.get_by_text("If this customer bought today").wait_for(timeout=SHORT_MS)
    page.get_by_role("radio", name="Why").click()
    page.get_by_text("log-odds of leaving").first.wait_for(timeout=SHORT_MS)
    shown = page.get_by_test_id("stMetricValue").first.inner_text()
    total = page.get_by_text("This customer: ").first.text_content()
    assert shown.strip() == total.removeprefix("This customer: ").strip()
    page.get_by_role("link", name="Back to the list").click()
    page.get_by_role("heading", name="Customers", level=1).wait_for(timeout=SHORT_MS)
    assert problems(page) == []


def test_the_list_is_taken_away_as_csv(page: Any, tmp_path: Path) -> None:
    go_to(page, "Customers")
    button = page.get_by_role("button", name="customers as CSV")
    with page.expect_download(timeout=60_000) as waiting:
        button.click()
    waiting.value.save_as(tmp_path / "customers.csv")
    rows = pd.read_csv(tmp_path / "customers.csv", dtype={"customer_id": str})
    assert len(rows) == CUSTOMERS
    assert rows["customer_id"].is_unique
    assert rows["p_churn"].between(0, 1).all()


def test_a_pdf_is_taken_away_and_says_what_the_page_says(page: Any, tmp_path: Path) -> None:
    go_to(page, "Reports")
    with page.expect_download(timeout=60_000) as waiting:
        page.get_by_test_id("stDownloadButton").get_by_role("button", name="PDF").first.click()
    waiting.value.save_as(tmp_path / "report.pdf")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "report.pdf").pages]
    text = "\n".join(pages)
    assert len(pages) > 3
    assert f"{CUSTOMERS:,}" in text
    assert "How far to trust this" in text
    assert f"1 of {len(pages)}" in text


def test_a_slider_moves_its_figures(page: Any) -> None:
    go_to(page, "Try a plan")
    slider = page.get_by_role("slider").first
    slider.wait_for(timeout=SHORT_MS)
    figures = page.get_by_test_id("stMetricValue")
    before = figures.all_inner_texts()
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_function(
        "before => [...document.querySelectorAll('[data-testid=stMetricValue]')].map(e => e.innerText).join() != before",
        arg=",".join(before),
        timeout=SHORT_MS,
    )
    assert problems(page) == []


def test_another_browser_sees_none_of_it_without_a_link(
    browser: Any, page: Any, server: Server, analysed: str
) -> None:
    stranger = browser.new_context(viewport={"width": 1400, "height": 1000})
    theirs = stranger.new_page()
    open_app(theirs, server.url)
    theirs.get_by_text("No analysis yet").wait_for(timeout=SHORT_MS)
    assert SAMPLE not in theirs.locator("body").inner_text()
    open_app(theirs, server.url, f"dashboard?analysis={analysed}")
    theirs.get_by_text("Nothing to look at yet").wait_for(timeout=SHORT_MS)
    open_app(theirs, server.url, f"dashboard?share={share(page)}")
    theirs.get_by_text("Opened from a link").wait_for(timeout=SHORT_MS)
    theirs.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)
    stranger.close()


def test_it_fits_a_telephone(context: Any, server: Server, analysed: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    open_app(page, server.url, f"{PATHS[-1]}?analysis={analysed}")
    for path in PATHS:
        turn_to(page, f"{path}?analysis={analysed}")
        page.wait_for_timeout(500)
        width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
        assert width <= 391, f"{path or 'start'} is {width} pixels wide"
    page.close()


def test_a_bad_file_gets_one_message(context: Any, server: Server, tmp_path: Path) -> None:
    bad = tmp_path / "photo.csv"
    bad.write_bytes(bytes(range(256)) * 50)
    page = context.new_page()
    open_app(page, server.url, "?upload=new")
    drop_file(page, bad)
    page.get_by_test_id("stAlert").first.wait_for(timeout=60_000)
    settle(page)
    assert problems(page) == []
    assert "Traceback" not in page.locator("body").inner_text()
    page.close()
