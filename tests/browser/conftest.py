"""A real server and a real Chromium: what a newcomer's browser would meet."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator

import pytest

from tests.servers import Server, running

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
]


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; without one these tests skip, or fail where ``CHURNKIT_REQUIRE_BROWSER`` is set."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        reason = "no Chromium found: install one (Debian: apt-get install chromium) to run the browser tests"
        if os.environ.get("CHURNKIT_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a session: every browser context has a workspace of its own anyway."""
    with running(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    """A headless Chromium, for a file: as long as it is open a loop runs in this thread, and no other test could run one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        # Whatever moves is drawn by the processor here, again and again while a test waits.
        for name in ("new_context", "new_page"):
            setattr(launched, name, functools.partial(getattr(launched, name), reduced_motion="reduce"))
        yield launched
        launched.close()
