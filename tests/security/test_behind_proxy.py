"""A real server behind a proxy that signs people in: it is known by the address that it connects from, and by no word."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.servers import Server, running

pytestmark = pytest.mark.slow

PROXY, STRANGER = "127.0.0.2", "127.0.0.1"
ANA = {"Remote-User": "ana", "Remote-Email": "ana@shop.example", "Remote-Groups": "staff"}


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(
        tmp_path_factory.mktemp("behind"),
        CHURNKIT_AUTH="proxy",
        CHURNKIT_PROXY_ADDRESSES=PROXY,
        CHURNKIT_GROUPS="staff=viewer",
    ) as one:
        yield one


def get(
    server: Server, path: str, come_from: str, **headers: str
) -> tuple[int, http.client.HTTPMessage, str]:
    """Status, headers and text of a page for whoever connects from an address of this machine."""
    connection = http.client.HTTPConnection(
        urlsplit(server.url).netloc, timeout=30, source_address=(come_from, 0)
    )
    try:
        connection.request("GET", path, headers={"accept": "text/html", **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def signed_in(server: Server) -> str:
    """The cookie of a browser that the proxy let in."""
    status, headers, _ = get(server, "/account/login", PROXY, **ANA)
    assert status == 303
    return headers["set-cookie"].split(";")[0]


def opens_socket(server: Server, come_from: str, **headers: str) -> bool:
    try:
        with connect(
            server.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), Subprotocol("none")],
            additional_headers=headers,
            origin=Origin(server.url),
            source_address=(come_from, 0),
        ):
            return True
    except InvalidStatus as refused:
        assert refused.response.status_code == 403
        return False


def test_whom_the_proxy_names_comes_in(behind: Server) -> None:
    cookie = signed_in(behind)
    status, _, page = get(behind, "/", PROXY, cookie=cookie, **ANA)
    assert status == 200 and "streamlit" in page.lower()
    assert opens_socket(behind, PROXY, cookie=cookie, **ANA)


def test_a_stranger_who_says_to_be_the_proxy_stays_outside(behind: Server) -> None:
    """This machine's own address may say where a request came from (X-Forwarded-For), and still names nobody."""
    lie = {**ANA, "X-Forwarded-For": PROXY}
    status, _, words = get(behind, "/account/login", STRANGER, **lie)
    assert status == 403 and "through its sign-in proxy only" in words
    cookie = signed_in(behind)
    assert get(behind, "/", STRANGER, cookie=cookie, **lie)[0] == 303
    assert not opens_socket(behind, STRANGER, cookie=cookie, **lie)


def test_without_the_proxys_word_a_cookie_opens_nothing(behind: Server) -> None:
    cookie = signed_in(behind)
    assert get(behind, "/", PROXY, cookie=cookie)[0] == 303
    assert not opens_socket(behind, PROXY, cookie=cookie)


def test_the_health_is_told_to_everybody(behind: Server) -> None:
    assert get(behind, "/_stcore/health", STRANGER)[0] == 200
