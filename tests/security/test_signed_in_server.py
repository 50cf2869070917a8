"""A server with accounts, from outside: what a stranger reaches, what every answer says, what the log keeps."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from websockets.exceptions import InvalidStatus

from tests.security.wire import Reply, Tab, Visitor, request, words
from tests.servers import Server, running

pytestmark = pytest.mark.slow

ADDRESS, PASSWORD = "ann@shop.example", "green tea with milk"
PAGE = {"accept": "text/html"}
# What must stand on every answer, whoever gives it.
ON_EVERY_ANSWER = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("accounts"), CHURNKIT_AUTH="local") as one:
        yield one


@pytest.fixture(scope="module")
def ann(server: Server) -> Visitor:
    """The first person, signed in."""
    form = {"code": set_up_code(server), "workspace": "Shop", "name": "Ann", "email": ADDRESS}
    answer = post(server, "/account/setup", {**form, "password": PASSWORD, "again": PASSWORD})
    assert answer.status == 303
    visitor = Visitor(server.url)
    visitor.cookies.update(cookies_of(answer))
    visitor.load()
    return visitor


def set_up_code(server: Server) -> str:
    """The code of the log, which stands there once the store is open."""
    deadline = time.monotonic() + 60
    while (found := re.search(r"with the code ([A-Z0-9-]+)", server.log())) is None:
        assert time.monotonic() < deadline, server.log()
        time.sleep(0.2)
    return found[1]


def post(server: Server, path: str, form: dict[str, str], **headers: str) -> Reply:
    sent = {"content-type": "application/x-www-form-urlencoded", "origin": server.url, **headers}
    return request(server.url + path, "POST", sent, urlencode(form))


def cookies_of(answer: Reply) -> dict[str, str]:
    lines = [value for name, value in answer.headers if name.lower() == "set-cookie"]
    return {line.partition("=")[0]: line.partition("=")[2].split(";")[0] for line in lines}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/dashboard",
        "/account/login",
        "/account/nothing",
        "/account/invite/" + "a" * 43,
        "/api/v1/health",
        "/api/v1/me",
        "/api/v1/nothing",
        "/api/v1/docs",
        "/api/v1/openapi.json",
        "/mcp",
        "/health",
        "/_stcore/health",
        "/_stcore/host-config",
        "/media/" + "0" * 56 + ".csv",
        "/static/nothing.js",
        "/nothing/at/all",
    ],
)
def test_every_answer_carries_the_headers(server: Server, ann: Visitor, path: str) -> None:
    for headers in (PAGE, {"accept": "application/json"}):
        answer = request(server.url + path, headers=headers)
        missing = [name for name in ON_EVERY_ANSWER if not answer.header(name)]
        assert (answer.status < 500, missing) == (True, [])
        assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/dashboard",
        "//account/login",
        "/account",
        "/account/../dashboard",
        "/account/%2e%2e/dashboard",
        "/account%2f..%2fdashboard",
        "/static/../dashboard",
        "/static/..%2fdashboard",
        "/account/_stcore/host-config",
        "/api/v1/_stcore/stream",
        "/static/_stcore/upload_file/a/b",
        "/_stcore/host-config",
        "/_stcore/allowed-message-origins",
        "/_stcore/metrics",
        "/media/" + "0" * 56 + ".csv",
        "/component/anything/index.html",
        "/index.html",
    ],
)
def test_a_stranger_reaches_nothing_of_the_app(server: Server, ann: Visitor, path: str) -> None:
    page = ann.load().body
    assert b"<script" in page
    for headers in (PAGE, {}):
        answer = request(server.url + path, headers=headers)
        assert answer.status in (303, 307, 400, 401, 403, 404), path
        assert answer.body != page


@pytest.mark.parametrize("cookie", ["", "churnkit_sign_in=" + "a" * 43, "churnkit_workspace=v1.x.1.y"])
def test_no_socket_opens_without_a_sign_in(server: Server, ann: Visitor, cookie: str) -> None:
    stranger = Visitor(server.url)
    if cookie:
        name, _, value = cookie.partition("=")
        stranger.cookies[name] = value
    with pytest.raises(InvalidStatus), stranger.tab():
        pass


def test_a_sign_in_opens_pages_until_it_ends_in_open_tabs_too(server: Server, ann: Visitor) -> None:
    visitor = Visitor(server.url)
    answer = post(server, "/account/login", {"email": ADDRESS, "password": PASSWORD})
    visitor.cookies.update(cookies_of(answer))
    visitor.load()
    with visitor.tab() as tab:
        assert "Use my export" in shown(tab)
        signed_in = visitor.cookies["churnkit_sign_in"]
        assert post(server, "/account/logout", {}, cookie=f"churnkit_sign_in={signed_in}").status == 303
        assert "Use my export" not in (after := shown(tab))
        assert "/account/login" in after


def another_sign_in(server: Server) -> Visitor:
    visitor = Visitor(server.url)
    visitor.cookies.update(
        cookies_of(post(server, "/account/login", {"email": ADDRESS, "password": PASSWORD}))
    )
    visitor.load()
    return visitor


def test_an_ended_sign_in_brings_no_file_and_no_tab(server: Server, ann: Visitor) -> None:
    visitor = another_sign_in(server)
    with visitor.tab() as tab:
        tab.run()
        file_id = tab.file_id()
        held = visitor.cookies["churnkit_sign_in"]
        post(server, "/account/logout", {}, cookie=f"churnkit_sign_in={held}")
        assert visitor.send_file(tab.session_id, file_id).status == 401
        with pytest.raises(InvalidStatus), visitor.tab(tab.session_id):
            pass


def test_another_sign_in_does_not_go_on_with_the_session_of_the_first(server: Server, ann: Visitor) -> None:
    other = another_sign_in(server)
    # The same browser, so that the workspace's cookie is the same.
    other.cookies["churnkit_workspace"] = ann.cookies["churnkit_workspace"]
    with ann.tab() as tab:
        tab.run()
        with other.tab(tab.session_id) as second:
            second.run()
            assert second.session_id != tab.session_id


def shown(tab: Tab) -> str:
    return words(tab.run())


def test_cookies_are_kept_from_scripts_and_other_sites(server: Server, ann: Visitor) -> None:
    for headers, secure in (({}, False), ({"x-forwarded-proto": "https"}, True)):
        answer = post(server, "/account/login", {"email": ADDRESS, "password": PASSWORD}, **headers)
        (line,) = (value for name, value in answer.headers if name == "set-cookie" and "sign_in" in value)
        assert {"HttpOnly", "Path=/"} <= {part.strip() for part in line.split(";")}
        assert re.search("samesite=lax", line, re.IGNORECASE)
        assert ("Secure" in line) is secure


def test_answers_of_forms_and_api_are_not_kept_by_the_browser(server: Server, ann: Visitor) -> None:
    for path in ("/account/login", "/account/", "/account/workspaces"):
        cookie = {"cookie": f"churnkit_sign_in={ann.cookies['churnkit_sign_in']}"}
        assert "no-store" in (
            request(server.url + path, headers=PAGE | cookie).header("cache-control") or ""
        ), path


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DELETE", "PUT"])
def test_other_methods_are_refused(server: Server, ann: Visitor, method: str) -> None:
    for path in ("/", "/account/login", "/api/v1/me"):
        assert 400 <= request(server.url + path, method).status < 500


def test_an_assistant_and_a_program_need_keys_whoever_is_signed_in(server: Server, ann: Visitor) -> None:
    cookie = {"cookie": f"churnkit_sign_in={ann.cookies['churnkit_sign_in']}"}
    assert request(server.url + "/api/v1/me", headers=cookie).status == 401
    assert request(
        server.url + "/mcp", "POST", cookie | {"content-type": "application/json"}, "{}"
    ).status in (401, 404)


def test_the_log_holds_no_address_password_or_token(server: Server, ann: Visitor) -> None:
    post(server, "/account/login", {"email": ADDRESS, "password": "wrong " + PASSWORD})
    request(server.url + "/account/invite/" + "secret" * 7)
    request(
        server.url + "/api/v1/customers/bob@shop.example", headers={"authorization": "Bearer ck_live_secret"}
    )
    log = server.log() + "".join(
        path.read_text() for path in (server.folder / "data" / "logs").glob("*") if path.is_file()
    )
    found = [
        word
        for word in (ADDRESS, PASSWORD, "secretsecret", "ck_live_secret", "bob@shop.example")
        if word in log
    ]
    assert found == []
