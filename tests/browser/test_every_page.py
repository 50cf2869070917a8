"""Every page: no complaint in the console, no other host, no barrier in either theme, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from churnkit.ui.page_rules import PAGES
from tests.app.conftest import full_shop_in
from tests.browser.looks import DESK, PHONE, barriers, sticks_out, turn
from tests.browser.steps import SHORT_MS, open_app, problems, settle, turn_to
from tests.servers import Server, running

pytestmark = pytest.mark.slow

# What Streamlit asks for with every frame (the preview of a report has one), and this Chromium does not know.
OF_FRAMES = ("Unrecognized feature: ", "An iframe which has both allow-scripts and allow-same-origin")

# All that the expert view adds, and a customer.
GIVEN = "expert=true&customer=00002"


@pytest.fixture(scope="module")
def shop_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("shop")
    full_shop_in(folder, tmp_path_factory)
    with running(folder, CHURNKIT_WORKSPACES="shared") as server:
        yield server


class Witness:
    """What a browser said and where it went."""

    def __init__(self, page: Any) -> None:
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(OF_FRAMES):
            self.complaints.append(f"{message.text} {(message.location or {}).get('url', '')}")


def test_every_page_is_sound_for_everybody(browser: Any, shop_server: Server) -> None:
    """One visit to each page, with all that the expert view adds, in one theme, the other, and as narrow as a phone.

    What is light on one page is dark when the next one is drawn, so that each theme is drawn at first and changed to.
    """
    context = browser.new_context(viewport=DESK, accept_downloads=True)
    page = context.new_page()
    seen = Witness(page)
    wrong: dict[str, list[str]] = {}
    themes = ["light", "dark"]
    page.emulate_media(color_scheme=themes[0])
    open_app(page, shop_server.url, f"settings?{GIVEN}")
    # Progress leads on to the results of what has ended.
    for name in sorted(PAGES.keys() - {"progress"}):
        page.set_viewport_size(DESK)
        # The first page has the bare address.
        turn_to(page, f"{'' if name == 'start' else name}?{GIVEN}")
        assert page.get_by_label("Expert view", exact=True).is_checked()
        found = problems(page) + barriers(page)
        themes.reverse()
        turn(page, themes[0])
        found += barriers(page, colours_only=True)
        page.set_viewport_size(PHONE)
        settle(page)
        found += sticks_out(page) + seen.complaints
        seen.complaints.clear()
        if found:
            wrong[name] = found
    assert wrong == {}
    page.set_viewport_size(DESK)
    open_app(page, shop_server.url, "reports")
    with page.expect_download(timeout=SHORT_MS) as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert download.value.path().stat().st_size > 0
    assert seen.complaints == []
    assert seen.hosts - {""} == {urlsplit(shop_server.url).netloc}
    context.close()
