"""Every browser gets a workspace of its own, by a cookie that the server signed and that tells the store nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from churnkit.config import data_dir, models_dir
from churnkit.jobs import open_platform
from churnkit.server.cookies import COOKIE, WorkspaceCookie, browser_of, cookie_values, token_of
from churnkit.server.tokens import VALID_SECONDS, issue, new_workspace_id, read, server_key

DAY = 24 * 3600


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.delenv("CHURNKIT_WORKSPACES", raising=False)
    yield
    if (tmp_path / "data" / "churnkit.duckdb").exists():
        open_platform(data_dir(), models_dir()).close()


@pytest.fixture
def key() -> bytes:
    return server_key(data_dir().resolve())


def client(base_url: str = "http://shop.example") -> TestClient:
    routes = [
        Route("/", lambda request: HTMLResponse("<p>page</p>")),
        Route("/data", lambda request: JSONResponse({})),
        Route("/unchanged", lambda request: HTMLResponse(status_code=304)),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(WorkspaceCookie)]), base_url=base_url)


def test_a_browser_without_a_cookie_gets_one_with_its_first_page(key: bytes) -> None:
    answer = client().get("/")
    assert read(answer.cookies[COOKIE], key, time.time())
    header = answer.headers["set-cookie"]
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Secure" not in header


def test_the_cookie_is_secure_behind_https() -> None:
    assert "Secure" in client("https://shop.example").get("/").headers["set-cookie"]
    behind_proxy = client().get("/", headers={"x-forwarded-proto": "https"})
    assert "Secure" in behind_proxy.headers["set-cookie"]


def test_a_known_browser_keeps_its_cookie() -> None:
    browser = client()
    browser.get("/")
    assert "set-cookie" not in browser.get("/").headers


@pytest.mark.parametrize("made_up", ["local", "a" * 32, "v1." + "a" * 32 + ".1800000000." + "a" * 43])
def test_a_made_up_cookie_is_replaced(made_up: str, key: bytes) -> None:
    answer = client().get("/", headers={"cookie": f"{COOKIE}={made_up}"})
    token = read(answer.cookies[COOKIE], key, time.time())
    assert token is not None and "a" * 32 not in token.workspace_id


def test_a_token_is_renewed_after_a_month_and_replaced_after_a_year(key: bytes) -> None:
    workspace_id = new_workspace_id()
    for age, renewed_as in ((29 * DAY, None), (31 * DAY, True), (VALID_SECONDS + DAY, False)):
        cookie = issue(workspace_id, key, time.time() - age)
        answer = client().get("/", headers={"cookie": f"{COOKIE}={cookie}"})
        token = read(answer.cookies.get(COOKIE) or "", key, time.time())
        assert renewed_as == (token and token.workspace_id == workspace_id)


def test_answers_that_are_no_pages_set_nothing() -> None:
    assert "set-cookie" not in client().get("/data").headers
    assert "set-cookie" not in client().get("/unchanged", headers={"accept": "image/png"}).headers


def test_a_page_from_the_browsers_cache_brings_the_cookie_too() -> None:
    assert "set-cookie" in client().get("/unchanged", headers={"accept": "text/html,*/*"}).headers


def test_a_damaged_key_leaves_the_cookie_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "server.key").write_bytes(b"")
    answer = client().get("/", headers={"cookie": f"{COOKIE}={'a' * 32}"})
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)


@pytest.mark.parametrize(
    "odd", ["a@b=1", "a,b=1", "a/b=1", "a(b)=1", "=", ";;", '"', 'x="open', "\xff\xfe=\x80"]
)
def test_our_cookie_is_found_among_odd_ones(odd: str, key: bytes) -> None:
    token = issue(new_workspace_id(), key, time.time())
    for header in (
        f"{odd}; {COOKIE}={token}",
        f"{COOKIE}={token}; {odd}",
        f"{COOKIE}=x;{odd};{COOKIE}={token}",
    ):
        assert token_of([header]) == read(token, key, time.time())
    assert token_of([odd]) is None


def test_a_name_that_only_begins_like_ours_is_another() -> None:
    assert cookie_values([f"{COOKIE}2=a; x{COOKIE}=b; {COOKIE} =c; {COOKIE}"], COOKIE) == ["c"]


def test_a_browser_is_known_by_its_workspace_else_by_the_random_cookie_of_streamlit(key: bytes) -> None:
    workspace_id = new_workspace_id()
    early, late = issue(workspace_id, key, time.time() - DAY), issue(workspace_id, key, time.time())
    assert browser_of([f"{COOKIE}={early}"]) == browser_of([f"{COOKIE}={late}; a=b"]) is not None
    one = browser_of(["_streamlit_xsrf=2|00000000|" + "ab" * 16 + "|1800000000"])
    masked_otherwise = browser_of(["_streamlit_xsrf=2|ffffffff|" + "54" * 16 + "|1800000009"])
    assert one == masked_otherwise is not None
    assert one != browser_of(["_streamlit_xsrf=2|00000000|" + "cd" * 16 + "|1800000000"])


@pytest.mark.parametrize(
    "xsrf", ["", "2", "2|zz|zz|1", "2|00000000||1", "2|00000000|abab|1", "1|2|3|4", "2|||", "ÿ|ÿ"]
)
def test_a_browser_that_shows_nothing_of_use_is_nobody(xsrf: str) -> None:
    assert browser_of([f"_streamlit_xsrf={xsrf}"]) is None
