"""The app itself has the endpoint for assistants, and it takes a key of the API."""

from __future__ import annotations

import json

from tests.security.wire import request
from tests.servers import Server

HEADERS = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})


def test_it_takes_a_key(server: Server) -> None:
    for headers in (HEADERS, {**HEADERS, "authorization": "Bearer ck_live_no"}):
        refused = request(f"{server.url}/mcp", "POST", headers, LIST)
        assert (refused.status, refused.header("content-type")) == (401, "application/problem+json")
        assert refused.header("www-authenticate") == "Bearer"
        assert refused.header("x-content-type-options") == "nosniff"
        assert b"tools" not in refused.body


def test_it_is_no_page(server: Server) -> None:
    assert request(f"{server.url}/mcp", headers={"accept": "text/html"}).status == 405
