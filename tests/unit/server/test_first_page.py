"""Streamlit's HTML is told where its server is; every other answer goes by unchanged."""

from __future__ import annotations

import base64
import hashlib

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from churnkit.server.first_page import ENTER, SCRIPTS, STEPS, WHERE, FirstPage
from churnkit.server.headers import content_security_policy

INDEX = "<html><head><title>Streamlit</title></head><body></body></html>"
OTHER = "<html><head><title>Sign in</title></head></html>"


def client() -> TestClient:
    routes = [
        Route("/", lambda request: HTMLResponse(INDEX, headers={"etag": "x"})),
        Route("/parts", lambda request: StreamingResponse([INDEX[:20], INDEX[20:]], media_type="text/html")),
        Route("/account", lambda request: HTMLResponse(OTHER)),
        Route("/gone", lambda request: HTMLResponse(INDEX, 404)),
        Route("/text", lambda request: PlainTextResponse(INDEX)),
    ]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(FirstPage)]))


def test_the_first_page_has_a_name_and_knows_its_server() -> None:
    for path in ("/", "/parts"):
        answer = client().get(path, headers={"accept": "text/html"})
        assert answer.text == (
            f"<html><head><script>{WHERE}</script><script>{STEPS}</script><script>{ENTER}</script><title>churnkit</title></head><body></body></html>"
        )
        assert answer.headers.get("content-length", str(len(answer.content))) == str(len(answer.content))
        assert "etag" not in answer.headers


def test_other_answers_are_left_alone() -> None:
    html = {"accept": "text/html"}
    assert client().get("/account", headers=html).text == OTHER
    assert client().get("/gone", headers=html).text == client().get("/text", headers=html).text == INDEX
    assert client().get("/", headers={"accept": "*/*"}).text == INDEX


def test_the_policy_lets_the_script_run() -> None:
    for script in SCRIPTS:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in content_security_policy(("'self'",))
