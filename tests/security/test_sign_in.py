"""A real server where people sign in: what a stranger gets, and what an open tab does once its person is out."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from websockets.exceptions import InvalidStatus

from tests.security.wire import COOKIE, Reply, Visitor, request, words
from tests.servers import Server, running

pytestmark = pytest.mark.slow

SIGN_IN = "churnkit_sign_in"
ANN = {"email": "ann@shop.example", "password": "three blind mice run"}
FILES = "file_uploader"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server where the first person has been set up with the code of its log."""
    with running(tmp_path_factory.mktemp("closed"), CHURNKIT_AUTH="local") as one:
        form = ANN | {"again": ANN["password"], "name": "Ann", "workspace": "Tea Shop", "code": code_of(one)}
        assert post(Visitor(one.url), "setup", form).status == 303
        yield one


def code_of(server: Server) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = re.search(r"with the code ([A-Z0-9-]{19})", server.log())
        if found:
            return found[1]
        time.sleep(0.2)
    raise AssertionError(server.log())


def post(visitor: Visitor, path: str, form: dict[str, str]) -> Reply:
    """Send a form as a browser does, and keep the cookies that come back."""
    jar = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {"origin": visitor.url, "content-type": "application/x-www-form-urlencoded", "cookie": jar}
    reply = request(f"{visitor.url}/account/{path}", "POST", headers, urlencode(form))
    for name, value in reply.headers:
        if name.lower() == "set-cookie":
            found, _, rest = value.partition("=")
            visitor.cookies[found] = rest.split(";")[0]
    return reply


def signed_in(server: Server) -> Visitor:
    one = Visitor(server.url)
    assert post(one, "login", ANN).status == 303
    assert one.load().status == 200
    return one


@pytest.mark.parametrize(
    "path", ["/", "/customers", "/media/x.csv", "/component/x/y.js", "/_stcore/host-config", "/app/static/x",
             "/_stcore/upload_file/a/b", "/_stcore/metrics", "/oauth2callback", "/auth/login", "/account"]
)  # fmt: skip
def test_a_stranger_is_served_nothing_of_the_app(closed: Server, path: str) -> None:
    page = request(closed.url + path, headers={"accept": "text/html"})
    assert (page.status, page.body) in ((303, b""), (404, b"Not found"))
    for method in ("GET", "PUT", "POST", "DELETE"):
        assert request(closed.url + path, method).status in (401, 404)


@pytest.mark.parametrize("cookie", ["", "churnkit_sign_in=", f"churnkit_sign_in={'a' * 43}", "workspace"])
def test_the_socket_opens_for_nobody_without_a_sign_in(closed: Server, cookie: str) -> None:
    stranger = Visitor(closed.url)
    if cookie == "workspace":
        stranger.load("/account/login")
        assert stranger.cookies[COOKIE].startswith("v1.")
    elif cookie:
        name, _, value = cookie.partition("=")
        stranger.cookies[name] = value
    with pytest.raises(InvalidStatus) as refused, stranger.tab():
        pass
    assert refused.value.response.status_code == 403


def test_who_is_signed_in_works_until_they_sign_out_and_the_open_tab_ends_too(closed: Server) -> None:
    ann = signed_in(closed)
    with ann.tab() as tab:
        assert FILES in words(tab.run())
        file_id = tab.file_id()
        held = dict(ann.cookies)
        post(ann, "logout", {})
        drawn = words(tab.run())
        assert "You are signed out" in drawn
        assert FILES not in drawn
        stale = Visitor(closed.url, held)
        assert stale.send_file(tab.session_id, file_id).status == 401
        assert stale.load().status == 303
        with pytest.raises(InvalidStatus), stale.tab(tab.session_id):
            pass


def test_another_sign_in_does_not_go_on_with_the_session_of_the_first(closed: Server) -> None:
    first, second = signed_in(closed), signed_in(closed)
    second.cookies[COOKIE] = first.cookies[COOKIE]
    with first.tab() as tab:
        tab.run()
        with second.tab(tab.session_id) as other:
            other.run()
            assert other.session_id != tab.session_id


def test_what_is_open_stays_open(closed: Server) -> None:
    for path in ("/_stcore/health", "/health", "/api/v1/health", "/account/login"):
        assert request(closed.url + path, headers={"accept": "text/html"}).status == 200
    assert request(f"{closed.url}/api/v1/analyses").status == 401
