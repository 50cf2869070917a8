"""The pages keep to the Content-Security-Policy and to their own host, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.app.conftest import full_shop_in
from tests.browser.steps import SHORT_MS, open_app, problems, settle
from tests.servers import Server, running

pytestmark = pytest.mark.slow

PAGES = [
    "start", "upload", "data_quality", "history", "since", "compare", "dashboard", "customers", "customer", "models",
    "monitoring", "segments",
    "cohorts", "actions", "worklist", "whatif", "campaigns", "readout", "reports", "settings", "help",
]  # fmt: skip


@pytest.fixture(scope="module")
def shop_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shop")
    full_shop_in(folder, tmp_path_factory)
    with running(folder, CHURNKIT_WORKSPACES="shared") as server:
        yield server


def test_no_page_breaks_the_policy_or_asks_another_host(browser: Any, shop_server: Server) -> None:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    complaints: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for name in PAGES:
        open_app(page, shop_server.url, name)
        page.wait_for_timeout(1500)
        settle(page)
        assert problems(page) == [], name
        assert complaints == [], name
    open_app(page, shop_server.url, "reports")
    with page.expect_download(timeout=SHORT_MS) as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert download.value.path().stat().st_size > 0
    assert complaints == []
    assert hosts - {""} == {urlsplit(shop_server.url).netloc}
    context.close()
