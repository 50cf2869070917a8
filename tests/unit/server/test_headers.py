"""Settings open what is closed by default, and a failure carries the headers too."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from churnkit.server.headers import SecurityHeaders, failed


def broken(request: Request) -> PlainTextResponse:
    raise ValueError("secret path /srv/data")


def client() -> TestClient:
    routes = [
        Route("/_stcore/metrics", lambda request: PlainTextResponse("figures")),
        Route("/framed", lambda request: PlainTextResponse("x", headers={"Referrer-Policy": "unsafe-url"})),
        Route("/broken", broken),
    ]
    layers = [Middleware(SecurityHeaders)]
    app = Starlette(routes=routes, middleware=layers, exception_handlers={Exception: failed})
    return TestClient(app, raise_server_exceptions=False)


def test_metrics_answer_only_where_they_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHURNKIT_METRICS", raising=False)
    assert client().get("/_stcore/metrics").status_code == 404
    monkeypatch.setenv("CHURNKIT_METRICS", "1")
    assert client().get("/_stcore/metrics").text == "figures"


def test_sites_that_may_frame_the_app_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_FRAME_ANCESTORS", "'self' https://*.streamlit.app")
    policy = client().get("/framed").headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://*.streamlit.app")


def test_a_header_of_the_app_does_not_stand_beside_ours() -> None:
    assert client().get("/framed").headers.get_list("referrer-policy") == ["same-origin"]


def test_a_failure_says_nothing_and_carries_the_headers() -> None:
    answer = client().get("/broken")
    assert (answer.status_code, answer.text) == (500, "Internal server error")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors" in answer.headers["content-security-policy"]
