"""A reload in every state of an analysis, and pages of results that are opened before there are any."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from churnkit.jobs.queue import default_slots
from tests.browser.steps import (
    READING_MS,
    SHORT_MS,
    analysis_id,
    drop_file,
    go_to,
    open_app,
    problems,
    read_file,
    settle,
    share,
    start_analysis,
)
from tests.servers import Server
from tests.shops import order_lines

pytestmark = pytest.mark.slow

NAME = "small shop.csv"


class Held:
    """The worker that starts next is held, so that its state can be looked at for as long as it takes."""

    def __init__(self, server: Server) -> None:
        self.jobs = server.folder / "data" / "jobs"
        self.known = set(self.jobs.glob("*/status.json"))
        self.pid = 0

    def __enter__(self) -> Held:
        return self

    def __exit__(self, *failure: object) -> None:
        self.release()

    def take(self) -> None:
        """Wait for the worker and stop it where it is."""
        deadline = time.monotonic() + SHORT_MS / 1000
        while not (new := set(self.jobs.glob("*/status.json")) - self.known):
            assert time.monotonic() < deadline, "no worker has started"
            time.sleep(0.01)
        self.pid = json.loads(new.pop().read_text())["pid"]
        os.kill(self.pid, signal.SIGSTOP)

    def release(self) -> None:
        """Let it go on."""
        if self.pid:
            os.kill(self.pid, signal.SIGCONT)
            self.pid = 0


def shows(page: Any, heading: str, state: str, analysis: str) -> None:
    """The page is about the analysis, its sidebar calls the state so, and the address names it; so after a reload."""
    for _ in range(2):
        page.get_by_role("heading", name=heading).first.wait_for(timeout=SHORT_MS)
        label = re.compile(
            rf"{re.escape(NAME)} · (?:\d+ \w+|\w+ \d+,) \d{{4}}( · \d+ days)?{re.escape(state)}$"
        )
        page.wait_for_function(
            "pattern => new RegExp(pattern).test("
            "document.querySelector('[data-testid=stSidebarContent] [data-testid=stSelectbox] input')?.value)",
            arg=label.pattern,
            timeout=SHORT_MS,
        )
        assert analysis_id(page) == analysis
        assert problems(page) == []
        page.reload()


def begin(page: Any, url: str, file: Path) -> str:
    """Upload the file; its id, which the address names while its columns are checked."""
    open_app(page, url, "?upload=new")
    drop_file(page, file)
    button = page.get_by_role("button", name="Read the file")
    button.wait_for(timeout=READING_MS)
    settle(page)
    page.wait_for_url(re.compile("upload=[0-9a-f]{32}"), timeout=SHORT_MS)
    return str(page.url.partition("upload=")[2].partition("&")[0])


def waits_for_its_turn(page: Any, url: str, upload: str) -> None:
    """Another analysis of the file, which is queued while the first one runs, and then stopped."""
    open_app(page, url, f"?upload={upload}")
    read_file(page)
    start_analysis(page)
    page.get_by_text("Waiting for its turn").wait_for(timeout=SHORT_MS)
    shows(page, "Progress", " · waiting", analysis_id(page))
    page.get_by_role("button", name="Stop").last.click()
    page.get_by_role("button", name="Start again").wait_for(timeout=SHORT_MS)
    page.close()


def steps_back(page: Any, url: str, analysis: str) -> None:
    """From page to page and back, a step for each, with the tab that was open there; a reload opens the same."""
    open_app(page, url, f"settings?analysis={analysis}")
    page.get_by_role("tab", name="What is kept").click()
    page.get_by_role("heading", name="Storage").wait_for(timeout=SHORT_MS)
    settle(page)
    # A button takes to another page by the server, a link by the browser.
    page.locator("[class*=st-key-open_] button").first.click()
    page.wait_for_url("**/dashboard?**", timeout=SHORT_MS)
    settle(page)
    go_to(page, "Groups")
    page.go_back()
    page.wait_for_url("**/dashboard?**", timeout=SHORT_MS)
    settle(page)
    page.go_back()
    page.get_by_role("heading", name="Storage").wait_for(timeout=SHORT_MS)
    assert "settings_tab=What+is+kept" in page.url
    page.reload()
    page.get_by_role("heading", name="Storage").wait_for(timeout=SHORT_MS)
    assert analysis_id(page) == analysis
    open_app(page, url, f"settings?analysis={analysis}&settings_tab=%3Cscript%3E&expert=maybe")
    assert problems(page) == []
    assert page.get_by_role("tab", selected=True).inner_text() == "Defaults"


def test_every_state_survives_a_reload_and_pages_of_results_land(
    browser: Any, server: Server, tmp_path: Path
) -> None:
    file = tmp_path / NAME
    order_lines(customers=40, days=150).to_csv(file, index=False)
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()

    upload = begin(page, server.url, file)
    page.reload()
    page.get_by_role("button", name="Read the file").wait_for(timeout=READING_MS)
    assert analysis_id(page) == ""
    settle(page)
    with Held(server) as look:
        page.get_by_role("button", name="Read the file").click()
        look.take()
        page.get_by_role("heading", name="What was read").wait_for(timeout=SHORT_MS)
        settle(page)
        analysis = analysis_id(page)
        assert re.fullmatch("[0-9a-f]{32}", analysis)
        shows(page, "What was read", " · being read", analysis)
        waiting = context.new_page()
        open_app(waiting, server.url, f"dashboard?analysis={analysis}")
        shows(waiting, "The file is being read", " · being read", analysis)
    waiting.get_by_text("This file has not been analysed yet").wait_for(timeout=SHORT_MS)
    page.get_by_role("heading", name="Churn threshold").wait_for(timeout=READING_MS)
    shows(page, "Churn threshold", " · not analysed yet", analysis)

    page.get_by_role("heading", name="Churn threshold").wait_for(timeout=READING_MS)
    settle(page)
    with Held(server) as work:
        start_analysis(page)
        work.take()
        shows(page, "Progress", " · running", analysis)
        shows(waiting, "The analysis is running", " · running", analysis)
        page.get_by_role("button", name="Stop").last.click()
        page.get_by_role("button", name="Start again").wait_for(timeout=SHORT_MS)
        work.pid = 0
    shows(page, "Progress", " · stopped", analysis)
    shows(waiting, "The analysis did not finish", " · stopped", analysis)

    with Held(server) as work:
        page.get_by_role("button", name="Start again").click()
        work.take()
        waiting.get_by_text("The analysis is running").wait_for(timeout=SHORT_MS)
        stranger = browser.new_context(viewport={"width": 1400, "height": 1000})
        theirs = stranger.new_page()
        open_app(theirs, server.url, f"customers?share={share(waiting)}")
        theirs.get_by_text("The analysis is running").wait_for(timeout=SHORT_MS)
        if default_slots() == 1:
            waits_for_its_turn(context.new_page(), server.url, upload)
    waiting.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=READING_MS)
    theirs.get_by_role("button", name="customers as CSV").wait_for(timeout=SHORT_MS)
    page.get_by_text("The analysis is done.").wait_for(timeout=SHORT_MS)
    shows(page, "Is the data fresh?", "", analysis)
    shows(waiting, "Is the data fresh?", "", analysis)
    stranger.close()
    context.close()
