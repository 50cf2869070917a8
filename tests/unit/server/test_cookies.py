"""Every browser gets a workspace of its own, by a cookie that tells the store nothing."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from churnkit.server.cookies import COOKIE, WorkspaceCookie, is_token, new_token, tenant_of


def client(base_url: str = "http://shop.example") -> TestClient:
    routes = [
        Route("/", lambda request: HTMLResponse("<p>page</p>")),
        Route("/data", lambda request: JSONResponse({})),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(WorkspaceCookie)]), base_url=base_url)


def test_a_browser_without_a_cookie_gets_one_with_its_first_page() -> None:
    answer = client().get("/")
    assert is_token(answer.cookies[COOKIE])
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


def test_a_made_up_cookie_is_replaced() -> None:
    answer = client().get("/", headers={"cookie": f"{COOKIE}=local"})
    assert is_token(answer.cookies[COOKIE])


def test_answers_that_are_no_pages_set_nothing() -> None:
    assert "set-cookie" not in client().get("/data").headers


def test_a_shared_workspace_needs_no_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "shared")
    assert "set-cookie" not in client().get("/").headers


def test_tenants_are_told_apart_and_do_not_give_the_cookie_away() -> None:
    one, other = new_token(), new_token()
    assert tenant_of(one) != tenant_of(other)
    assert tenant_of(one) == tenant_of(one)
    assert one not in tenant_of(one)
