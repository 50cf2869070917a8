"""From scores to an exported, held-out campaign and its readout, in a real browser on a bundled shop."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.processes import process_started
from tests.browser.steps import SHORT_MS, choose, go_to, open_app, problems, settle
from tests.servers import Server, running

pytestmark = pytest.mark.slow

SAMPLE = "ecommerce_demo.csv"


class InlineWorkers:
    """Does the work here and now: what is tested begins after the analysis."""

    def start(self, folder: Path) -> tuple[int, str]:
        from churnkit.jobs.request import Order
        from churnkit.jobs.status import Status
        from churnkit.worker.one_job import run_job

        order = Order.read(folder)
        pid, started = os.getpid(), process_started(os.getpid()) or ""
        with warnings.catch_warnings():
            run_job(folder, order, Status.beginning(order.kind, pid, started, time.time()))
        return pid, started

    def is_alive(self, pid: int, pid_started: str) -> bool:
        return False

    def stop(self, pid: int, pid_started: str) -> None:
        raise AssertionError("nothing runs")


@pytest.fixture(scope="module")
def shop(chromium: str, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose only workspace holds the sample, analysed."""
    folder = tmp_path_factory.mktemp("shop")
    platform = Platform(folder / "data", folder / "models", workers=InlineWorkers(), slots=1)
    store = platform.store_for("local", OWNER)
    settings = AnalysisSettings(tournament=TournamentSettings(budget_seconds=1, jobs=1))
    with (samples / SAMPLE).open("rb") as stream:
        upload = platform.receive_upload(store, stream, SAMPLE, 10**8)
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


def save(page: Any, key: str, path: Path) -> pd.DataFrame:
    """Press a download button; the table that arrives."""
    with page.expect_download() as download:
        page.locator(f".st-key-{key} button").click()
    download.value.save_as(path)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_plan_export_and_readout(browser: Any, shop: Server, tmp_path: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    open_app(page, shop.url, "campaigns")
    size = page.get_by_role("spinbutton", name="Customers, at most")
    size.fill("300")
    size.press("Enter")
    page.get_by_text("45 of 300 customers").wait_for(timeout=SHORT_MS)
    name = page.get_by_label("Name", exact=True)
    name.fill("Spring comeback")
    name.press("Enter")
    settle(page)
    page.get_by_role("button", name="Freeze this campaign").click()
    page.get_by_text("frozen, not sent yet").wait_for(timeout=SHORT_MS)

    choose(page, "For", "Klaviyo")
    page.get_by_role("button", name="spring-comeback-klaviyo.csv").wait_for(timeout=SHORT_MS)
    settle(page)
    listed = save(page, "export_spring-comeback-klaviyo-csv", tmp_path / "listed.csv")
    spared = save(page, "holdout_csv", tmp_path / "spared.csv")
    sheet = save(page, "results_csv", tmp_path / "sheet.csv")
    assert next(iter(listed)) == "Email"
    assert set(listed["churnkit_arm"]) == {"treatment"}
    assert len(spared) == 45
    assert not set(listed["Email"]) & set(spared["customer_id"])
    assert len(sheet) == 300

    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("button", name="See whether it worked").click()
    page.get_by_role("heading", name="Did it work?", level=1).wait_for(timeout=SHORT_MS)
    rng = np.random.default_rng(1)
    bought = rng.random(300) < 0.2 + 0.6 * (sheet["arm"] == "treatment")
    sheet.assign(converted=bought.astype(int), revenue=np.where(bought, 50.0, 0.0)).to_csv(
        tmp_path / "filled.csv", index=False
    )
    page.get_by_text("a file of results").click()
    settle(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(str(tmp_path / "filled.csv"))
    settle(page)
    page.get_by_role("button", name="Compare now").click()
    page.get_by_text("The campaign kept customers.").wait_for(timeout=SHORT_MS)
    page.get_by_text("The next plan starts from the measured rate.").wait_for(timeout=SHORT_MS)
    go_to(page, "Campaigns")
    assert problems(page) == []
    page.close()
