"""Three people at once, on pages and through the API: each sees and does what they may, and nothing else."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from churnkit.accounts import SYSTEM, Role
from churnkit.jobs import Platform
from churnkit.services.access.passwords import hash_password
from tests.app.conftest import InlineWorkers, full_shop_in
from tests.browser.steps import SHORT_MS, open_app, problems, settle
from tests.servers import Server, running

pytestmark = pytest.mark.slow

PASSWORD = "the tea is in the blue tin"
ANN, BEN, CID = "ann@shop.example", "ben@shop.example", "cid@other.example"
FILE = "orders of <my> shop.csv"
SHOP, OTHER = "Tea shop", "Other shop"


def settled_in(folder: Path, factory: pytest.TempPathFactory) -> str:
    """An administrator and a viewer of one shop, an administrator of another; the analysis of the first shop."""
    shop = full_shop_in(folder, factory)
    platform = Platform(shop.data, shop.models, workers=InlineWorkers(), slots=1)
    root = platform.store_for("local", SYSTEM)
    now = datetime.now(UTC)
    root.people.make_workspace(SHOP, tenant_id="local", at=now)
    root.people.make_workspace(OTHER, tenant_id="other", at=now)
    secret = hash_password(PASSWORD)
    members: list[tuple[str, str, Role, bool]] = [
        (ANN, "local", "administrator", True),
        (BEN, "local", "viewer", False),
        (CID, "other", "administrator", True),
    ]
    for email, tenant, role, may_export in members:
        name = email.partition("@")[0].capitalize()
        person = root.people.add(email=email, name=name, source="local", password_hash=secret, at=now)
        root.people.join(person.person_id, tenant, role, may_export, at=now)
    platform.close()
    return shop.session_id


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("together")
    return folder, settled_in(folder, tmp_path_factory)


@pytest.fixture(scope="module")
def server(analysis: tuple[Path, str]) -> Iterator[Server]:
    with running(analysis[0], CHURNKIT_AUTH="local") as one:
        yield one


def sign_in(browser: Any, url: str, email: str) -> Any:
    """A browser of one's own, signed in through the form."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.goto(f"{url}/settings")
    assert "/account/login" in page.url
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_test_id("stSidebarContent").wait_for(state="attached", timeout=SHORT_MS)
    page.get_by_role("heading", name="Settings", level=1).wait_for(timeout=SHORT_MS)
    settle(page)
    return page


def tabs(page: Any) -> list[str]:
    return [one.inner_text() for one in page.get_by_test_id("stMain").get_by_role("tab").all()]


def new_key(page: Any, url: str, scope: str) -> str:
    """A key of the API, made on the settings page and read off it."""
    open_app(page, url, "settings")
    page.get_by_role("tab", name="Keys").click()
    page.get_by_label("What it is for").fill(f"a program that may {scope}")
    page.get_by_test_id("stSelectbox").filter(has_text="What it allows").get_by_role("combobox").click()
    page.get_by_role("option", name=scope).click()
    page.get_by_role("button", name="Make a key").click()
    shown = page.get_by_role("dialog").get_by_text(re.compile("^ck_live_[A-Za-z0-9_-]{51}$"))
    shown.wait_for(timeout=SHORT_MS)
    text = str(shown.inner_text()).strip()
    page.get_by_role("button", name="I have it").click()
    settle(page)
    return text


def ask(url: str, path: str, key: str | None, method: str = "GET", body: Any = None) -> tuple[int, Any]:
    """Status and answer of a call of the API."""
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def metric(page: Any, label: str) -> str:
    return str(page.get_by_test_id("stMetric").filter(has_text=label).first.inner_text())


def test_each_sees_what_they_may_and_nothing_else(
    browser: Any, server: Server, analysis: tuple[Path, str]
) -> None:
    url, session_id = server.url, analysis[1]
    ann, ben, cid = (sign_in(browser, url, email) for email in (ANN, BEN, CID))
    each_is_told_of_their_workspace(ann, ben, cid)
    two_see_the_analysis_and_the_third_does_not(url, session_id, ann, ben, cid)
    a_viewer_may_look_and_no_more(url, session_id, ann, ben)
    the_api_answers_each_key_as_it_may(url, session_id, ann, ben, cid)
    the_log_is_of_one_workspace(url, ann, cid)
    tab = the_end_of_a_sign_in_is_known_in_every_tab(url, ben)
    for page in (ann, cid, tab):
        assert problems(page) == []
        page.context.close()


def each_is_told_of_their_workspace(ann: Any, ben: Any, cid: Any) -> None:
    assert {"Keys", "Links", "People", "Audit log", "Your sign-ins"} <= set(tabs(ann))
    assert not {"Keys", "Links", "People", "Audit log", "Webhooks"} & set(tabs(ben))
    for page, words in (
        (ann, f"{SHOP} · administrator"),
        (ben, f"{SHOP} · viewer"),
        (cid, f"{OTHER} · administrator"),
    ):
        page.get_by_text(words).wait_for(timeout=SHORT_MS)


def two_see_the_analysis_and_the_third_does_not(
    url: str, session_id: str, ann: Any, ben: Any, cid: Any
) -> None:
    """The third knows its address."""
    for page in (ann, ben, cid):
        page.goto(f"{url}/dashboard?analysis={session_id}")
    for page in (ann, ben):
        page.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)
        settle(page)
    cid.get_by_text("The address named an analysis that is not here").wait_for(timeout=SHORT_MS)
    cid.get_by_text("Nothing to look at yet").wait_for(timeout=SHORT_MS)
    assert FILE not in cid.content()
    assert metric(ann, "At risk") == metric(ben, "At risk")


def a_viewer_may_look_and_no_more(url: str, session_id: str, ann: Any, ben: Any) -> None:
    assert ben.get_by_role("button", name="Share").is_disabled()
    assert ann.get_by_role("button", name="Share").is_enabled()
    for page in (ann, ben):
        page.goto(f"{url}/customers?analysis={session_id}")
    for page, may in ((ann, True), (ben, False)):
        button = page.get_by_role("button", name="customers as CSV")
        button.wait_for(timeout=SHORT_MS)
        settle(page)
        assert button.is_enabled() is may
        table = page.get_by_test_id("stDataFrame").first
        table.hover()
        download = table.get_by_role("button", name="Download as CSV")
        if may:
            download.wait_for(timeout=SHORT_MS)
        else:
            assert not download.is_visible()
    ben.goto(f"{url}/campaigns?analysis={session_id}")
    freeze = ben.get_by_role("button", name="Freeze this campaign")
    freeze.wait_for(timeout=SHORT_MS)
    assert freeze.is_disabled()


def the_api_answers_each_key_as_it_may(url: str, session_id: str, ann: Any, ben: Any, cid: Any) -> None:
    """All calls at once, beside two pages."""
    reading, everything, others = (
        new_key(ann, url, "Read"),
        new_key(ann, url, "Everything"),
        new_key(cid, url, "Everything"),
    )
    one = f"/analyses/{session_id}"
    calls: list[tuple[int, str, str | None, str, Any]] = [
        (200, f"{one}/results", reading, "GET", None),
        (200, f"{one}/customers?limit=5", reading, "GET", None),
        (200, "/keys", everything, "GET", None),
        (403, "/keys", reading, "GET", None),
        (403, one, reading, "DELETE", None),
        (403, f"{one}/jobs", reading, "POST", {}),
        (404, f"{one}/results", others, "GET", None),
        (404, f"{one}/customers", others, "GET", None),
        (404, one, others, "DELETE", None),
        (401, f"{one}/results", None, "GET", None),
    ] * 2
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(ask, url, *call[1:]) for call in calls]
        for page in (ann, ben):
            page.goto(f"{url}/dashboard?analysis={session_id}")
            page.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)
        answers = [one.result() for one in waiting]
    wrong = [(call, answer) for call, answer in zip(calls, answers, strict=True) if call[0] != answer[0]]
    assert wrong == []
    assert ask(url, "/analyses", others)[1]["items"] == []
    assert [row["analysis_id"] for row in ask(url, "/analyses", reading)[1]["items"]] == [session_id]


def the_log_is_of_one_workspace(url: str, ann: Any, cid: Any) -> None:
    """What was done stands in the log of the workspace in which it was done, and in that alone."""
    for page, there in ((ann, True), (cid, False)):
        open_app(page, url, "settings")
        page.get_by_role("tab", name="Audit log").click()
        page.get_by_label("Who or what").fill(ANN)
        page.get_by_label("Who or what").press("Enter")
        page.get_by_text(re.compile(r"^\d+ entries\.$") if there else "Nothing of the kind.").wait_for(
            timeout=SHORT_MS
        )


def the_end_of_a_sign_in_is_known_in_every_tab(url: str, ben: Any) -> Any:
    """The other tab of who has signed out."""
    tab = ben.context.new_page()
    open_app(tab, url, "settings")
    ben.get_by_role("link", name="Sign out").click()
    ben.get_by_role("button", name="Sign out").click()
    ben.wait_for_url(re.compile("/account/"), timeout=SHORT_MS)
    tab.get_by_test_id("stSidebarNavLink").filter(has_text="Home").click()
    tab.get_by_text("You are signed out").wait_for(timeout=SHORT_MS)
    return tab


def test_link_shows_one_analysis_until_it_is_taken_back(
    browser: Any, server: Server, analysis: tuple[Path, str]
) -> None:
    url, session_id = server.url, analysis[1]
    ann = sign_in(browser, url, ANN)
    open_app(ann, url, f"dashboard?analysis={session_id}")
    ann.get_by_role("button", name="Share").click()
    ann.get_by_role("button", name="Make a link").click()
    shown = ann.get_by_role("dialog").get_by_text(re.compile(r"/dashboard\?share="))
    shown.wait_for(timeout=SHORT_MS)
    link = str(shown.inner_text()).strip()
    assert link.startswith(f"{url}/dashboard?share=")

    visitor = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    visitor.goto(link)
    visitor.get_by_role("heading", name="Is the data fresh?").wait_for(timeout=SHORT_MS)
    settle(visitor)
    visitor.goto(f"{url}/customers")
    button = visitor.get_by_role("button", name="customers as CSV")
    button.wait_for(timeout=SHORT_MS)
    assert button.is_disabled()

    open_app(ann, url, "settings")
    ann.get_by_role("tab", name="Links").click()
    ann.get_by_role("button", name="Take back").click()
    ann.get_by_text("No link opens anything here.").wait_for(timeout=SHORT_MS)
    visitor.get_by_test_id("stSidebarNavLink").filter(has_text="Home").click()
    visitor.get_by_text("You are signed out").wait_for(timeout=SHORT_MS)
    stranger = browser.new_context().new_page()
    stranger.goto(link)
    assert "/account/login" in stranger.url
    for page in (ann, visitor, stranger):
        assert problems(page) == []
        page.context.close()
