"""What every answer of the server says, whatever was sent."""

from __future__ import annotations

import re

import pytest

from tests.security.wire import COOKIE, Visitor, request
from tests.servers import Server

pytestmark = pytest.mark.slow

ODD_COOKIES = [
    "a@b=1", "a,b=1", "a/b=1", "a(b)=1", "=", ";;;", "no equals sign", '"', 'x="unclosed', "\xff\xfe=\x80", "a=b=c",
    "_streamlit_xsrf=2|zz|zz|zz", "_streamlit_xsrf=2|00000000||x", "_streamlit_session=ÿ", "_streamlit_session=e30.x.y",
    f"{COOKIE}=", f"{COOKIE}=v1.x.y.z", f"{COOKIE}=\xff", "; ".join(f"n{number}=v" for number in range(600)),
]  # fmt: skip
PATHS = ["/", "/dashboard", "/_stcore/health", "/_stcore/host-config", "/static/nothing.js", "/media/nothing"]


@pytest.mark.parametrize("cookie", ODD_COOKIES)
def test_no_foreign_cookie_breaks_anything(server: Server, cookie: str) -> None:
    for path in PATHS:
        assert request(server.url + path, headers={"cookie": cookie, "accept": "text/html"}).status < 500
    with Visitor(server.url).tab(cookie=cookie, origin="" if COOKIE not in cookie else server.url) as tab:
        tab.run()
        assert tab.session_id


def test_our_cookie_is_found_among_odd_ones(server: Server) -> None:
    known = Visitor(server.url)
    known.load()
    jar = f'a@b=1; x="; {COOKIE}=stale; {COOKIE}={known.cookies[COOKIE]}; (=)'
    assert "churnkit_workspace" not in str(request(server.url, headers={"cookie": jar}).headers)


@pytest.mark.parametrize("path", [*PATHS, "/_stcore/metrics", "/_stcore/upload_file/a/b"])
def test_every_answer_carries_the_headers(server: Server, path: str) -> None:
    reply = request(server.url + path)
    policy = reply.header("content-security-policy") or ""
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"script-src[^;]*unsafe-inline", policy)
    assert reply.header("x-content-type-options") == "nosniff"
    assert reply.header("referrer-policy") == "same-origin"
    assert "camera=()" in (reply.header("permissions-policy") or "")


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/metrics?families=active_sessions"]
)
def test_the_metrics_are_closed(server: Server, path: str) -> None:
    assert request(server.url + path).status in (404, 307)


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/mcp"])
def test_the_agent_interface_is_off(server: Server, path: str) -> None:
    reply = request(server.url + path, "POST", {"content-type": "application/json"}, b"{}")
    assert 400 <= reply.status < 500
    assert b"not_available" in reply.body or reply.status in (404, 405)


def test_the_health_of_the_script_cannot_be_asked_for(server: Server) -> None:
    reply = request(f"{server.url}/_stcore/script-health-check")
    assert reply.status == 404 or b"<html" in reply.body


def test_a_page_that_the_browser_has_already_still_brings_the_cookie(server: Server) -> None:
    tag = request(server.url).header("etag") or ""
    reply = request(server.url, headers={"if-none-match": tag, "accept": "text/html"})
    assert reply.status == 304
    assert (reply.header("set-cookie") or "").startswith(f"{COOKIE}=v1.")
