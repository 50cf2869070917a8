"""An address that the app does not have is 404 to programs; what browsers load relative to a page still arrives."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config

from churnkit.server.addresses import KnownAddresses, page_names

REPOSITORY = Path(__file__).resolve().parents[3]


def inside(request: Request) -> PlainTextResponse:
    return PlainTextResponse("inside")


@pytest.fixture
def client() -> TestClient:
    layers = [Middleware(KnownAddresses, pages=page_names(REPOSITORY / "pages"))]
    return TestClient(
        Starlette(routes=[Route("/{rest:path}", inside, methods=["GET", "POST"])], middleware=layers)
    )


@pytest.mark.parametrize(
    "path",
    ["/", "/customers", "/customers/", "/_stcore/health", "/static/js/a.js", "/media/a.png", "/favicon.png", "/api/v1/x",
     "/account/login", "/mcp", "/oauth2callback", "/customers/_stcore/host-config", "/shop/static/js/a.js"],
)  # fmt: skip
def test_what_the_app_has_passes(client: TestClient, path: str) -> None:
    assert client.get(path).text == "inside"


@pytest.mark.parametrize("path", ["/nothing", "/customers/nothing", "/.env", "/wp-login.php", "/healthy"])
def test_anything_else_is_not_found_by_programs(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["instance"] == path
    head = client.head(path)
    assert (head.status_code, head.content) == (404, b"")
    assert client.get(path, headers={"Accept": "text/html"}).text == "inside"
    assert client.post(path).text == "inside"


@pytest.mark.parametrize("path", ["/api/v1/customers/a%0Ab", "/customers%00", "/%7F"])
def test_control_characters_are_in_no_address(client: TestClient, path: str) -> None:
    for answer in (client.get(path, headers={"Accept": "text/html"}), client.post(path)):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_health_answers_everybody(client: TestClient) -> None:
    for accept in ("*/*", "text/html"):
        assert client.get("/health", headers={"Accept": accept}).json()["status"] == "ok"


def test_addresses_lie_below_the_base_path(client: TestClient) -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "churn")
    try:
        assert client.get("/churn/health").json()["status"] == "ok"
        assert client.get("/churn/customers").text == "inside"
        assert client.get("/churn").text == "inside"
        assert client.get("/churn/nothing").status_code == 404
    finally:
        config.set_option("server.baseUrlPath", before)
