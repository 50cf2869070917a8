"""What a killed worker and a restarted server leave on the screen."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.browser.steps import SHORT_MS, analysis_id, drop_file, open_app, read_file, start_analysis
from tests.servers import running

pytestmark = pytest.mark.slow


def worker_of(folder: Path) -> int:
    """Process id of the newest running job's worker."""
    import json

    running_jobs = []
    for path in (folder / "data" / "jobs").glob("*/status.json"):
        status = json.loads(path.read_text())
        if status["state"] == "running":
            running_jobs.append((path.stat().st_mtime, status["pid"]))
    return int(max(running_jobs)[1])


def test_work_survives_the_server_and_a_killed_worker_is_called_interrupted(
    browser: Any, samples: Path, tmp_path: Path
) -> None:
    with running(tmp_path) as server:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = context.new_page()
        open_app(page, server.url)
        drop_file(page, samples / "coffee_shop_demo.csv")
        read_file(page)
        start_analysis(page)
        page.get_by_text("Training and comparing models").wait_for(timeout=SHORT_MS)
        analysis = analysis_id(page)
        page.wait_for_timeout(3000)

        server.stop()
        server.start()
        open_app(page, server.url, f"progress?analysis={analysis}")
        page.get_by_role("button", name="Stop").last.wait_for(timeout=SHORT_MS)
        page.get_by_text("You may close this page").wait_for(timeout=SHORT_MS)

        os.kill(worker_of(tmp_path), signal.SIGKILL)
        page.get_by_text("Interrupted").first.wait_for(timeout=SHORT_MS)
        page.get_by_role("button", name="Start again").wait_for(timeout=SHORT_MS)
        page.get_by_text("You may close this page").wait_for(state="detached", timeout=SHORT_MS)
        open_app(page, server.url, f"dashboard?analysis={analysis}")
        page.get_by_text("did not finish").wait_for(timeout=SHORT_MS)
        context.close()
