"""A WebSocket comes from a page of our own host, or of one that is named."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit import config

from churnkit.server.cookies import COOKIE
from churnkit.server.origins import OwnOrigin
from tests.servers import finish


async def never_called(*_: Any) -> Any:
    raise AssertionError("nothing is sent or received here")


def origin_passed_on(**headers: str) -> str | None:
    """The origin that Streamlit is told, None where the connection was refused."""
    seen: list[str | None] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        named = {name: value.decode() for name, value in scope["headers"]}
        seen.append(named.get(b"origin", ""))

    async def send(message: Any) -> None:
        assert message == {"type": "websocket.close", "code": 1008}

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    finish(OwnOrigin(app)({"type": "websocket", "headers": pairs}, never_called, send))
    return seen[0] if seen else None


def test_the_own_host_is_let_through() -> None:
    assert origin_passed_on(host="shop:8501", origin="http://SHOP:8501") == "http://SHOP:8501"


@pytest.mark.parametrize(
    "origin",
    [
        "http://shop",
        "http://shop:8502",
        "https://evil.example",
        "null",
        "",
        "http://[",
        "http://shop:8501@evil",
    ],
)
def test_others_are_refused(origin: str) -> None:
    assert origin_passed_on(host="shop:8501", origin=origin) is None


def test_a_proxy_that_changes_the_host_names_the_right_one() -> None:
    known = {"host": "10.0.0.3:8501", "x_forwarded_host": "shop.example"}
    assert origin_passed_on(**known, origin="https://shop.example") == "https://10.0.0.3:8501"
    assert origin_passed_on(**known, origin="https://evil.example") is None


def test_named_origins_are_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "get_option", lambda name: ["https://front.example"])
    assert origin_passed_on(host="shop", origin="https://front.example") == "https://shop"


def test_without_an_origin_no_cookie_of_ours_may_come() -> None:
    assert origin_passed_on(host="shop") == ""
    assert origin_passed_on(host="shop", cookie="a=b") == ""
    assert origin_passed_on(host="shop", cookie=f"{COOKIE}=x") is None
