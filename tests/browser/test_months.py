"""A year of monthly exports in a real browser: each joins the history, is scored, and checks what was said before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from tests.app.conftest import InlineWorkers
from tests.browser.steps import ANALYSIS_MS, SHORT_MS, go_to, open_app, problems, settle
from tests.servers import Server, running

pytestmark = pytest.mark.slow

SAMPLE = "ecommerce_demo.csv"
FIRST_MONTHS = 12


def monthly(samples: Path, folder: Path) -> list[Path]:
    """The sample's orders of every third customer: a file of the first year, then one for each month."""
    lines = pd.read_csv(samples / SAMPLE, dtype=str, keep_default_na=False)
    third = pd.util.hash_array(lines["Customer Email"].str.lower().to_numpy(dtype=object)) % 3 == 0
    dated = pd.to_datetime(lines["Order Date"], format="%m/%d/%Y %I:%M %p", errors="coerce").ffill()
    month = dated.dt.to_period("M")
    names = sorted(month[third].unique())
    parts = [month <= names[FIRST_MONTHS - 1], *(month == name for name in names[FIRST_MONTHS:])]
    files = []
    for number, part in enumerate(parts):
        files.append(folder / f"orders-{number:02d}.csv")
        lines[part & third].to_csv(files[-1], index=False)
    return files


@pytest.fixture(scope="module")
def files(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return monthly(samples, tmp_path_factory.mktemp("months"))


@pytest.fixture(scope="module")
def shop(chromium: str, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose only shop was analysed after its first year."""
    folder = tmp_path_factory.mktemp("shop")
    platform = Platform(folder / "data", folder / "models", workers=InlineWorkers(), slots=1)
    store = platform.store_for("local", OWNER)
    settings = AnalysisSettings(tournament=TournamentSettings(budget_seconds=1, jobs=1), horizon_days=90)
    with files[0].open("rb") as stream:
        upload = platform.receive_upload(store, stream, files[0].name, 10**8)
    session = platform.start_look(store, upload.upload_id, Reading(), settings)
    while platform.follower.tick():
        pass
    platform.start_analysis(store, session.session_id, settings)
    while platform.follower.tick():
        pass
    assert [job.status for job in store.jobs.of_session(session.session_id)] == ["completed", "completed"]
    platform.close()
    with running(folder, CHURNKIT_WORKSPACES="shared") as server:
        yield server


def add_months(page: Any, files: list[Path]) -> None:
    """Drop exports onto the history, and wait until each was added and nothing is left to do."""
    from playwright.sync_api import expect

    go_to(page, "History")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([str(file) for file in files])
    for file in files:
        page.get_by_text(re.compile(rf"^{re.escape(file.name)}; added")).wait_for(timeout=ANALYSIS_MS)
    going_on = page.get_by_text(re.compile("The forecast is being refreshed|A file is being added"))
    expect(going_on).to_have_count(0, timeout=ANALYSIS_MS)


def send_a_campaign(page: Any) -> None:
    """Two hundred customers, of whom some are spared, contacted on the day after the first file's end."""
    go_to(page, "Campaigns")
    size = page.get_by_role("spinbutton", name="Customers, at most")
    size.fill("200")
    size.press("Enter")
    settle(page)
    name = page.get_by_label("Name", exact=True)
    name.fill("Before winter")
    name.press("Enter")
    settle(page)
    page.get_by_role("button", name="Freeze this campaign").click()
    page.get_by_text("frozen, not sent yet").wait_for(timeout=SHORT_MS)
    settle(page)
    page.get_by_role("group", name="It went out on").get_by_role("spinbutton").first.click()
    page.keyboard.type("20250901")
    page.keyboard.press("Enter")
    settle(page)
    page.get_by_role("button", name="Write it down").click()
    settle(page)


def test_a_year_of_months(browser: Any, shop: Server, files: list[Path], tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    open_app(page, shop.url, "since")
    page.get_by_text("Nothing to compare with yet").wait_for(timeout=SHORT_MS)
    send_a_campaign(page)

    add_months(page, files[1:2])
    go_to(page, "Since last time")
    page.get_by_text("Sold since").wait_for(timeout=SHORT_MS)
    page.get_by_text("since 1 Sep 2025").first.wait_for(timeout=SHORT_MS)
    page.get_by_text("That time is still running.").wait_for(timeout=SHORT_MS)
    page.get_by_text("orders count until 29 Nov 2025").wait_for(timeout=SHORT_MS)
    go_to(page, "Was it right?")
    page.get_by_text("No forecast is old enough to be checked yet.").wait_for(timeout=SHORT_MS)

    add_months(page, files[2:])
    go_to(page, "Since last time")
    page.get_by_text("That time is over.").wait_for(timeout=SHORT_MS)
    page.get_by_text("Compared by itself").wait_for(timeout=SHORT_MS)
    go_to(page, "Was it right?")
    page.get_by_role("heading", name="The forecast of 1 Oct 2025").wait_for(timeout=SHORT_MS)
    page.get_by_text("Expert view", exact=True).click()
    settle(page)
    page.get_by_role("tab", name="Log").click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="The log as CSV").click()
    download.value.save_as(tmp_path / "log.csv")
    log = (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert "scorecard" in log.lower() or "can be checked" in log, log
    go_to(page, "Did it work?")
    page.get_by_text("Result (1 so far)").wait_for(timeout=SHORT_MS)
    assert problems(page) == []
    page.close()
