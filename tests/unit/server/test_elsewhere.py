"""Signing in where another system vouches: through the gate and back, at a provider and behind a proxy."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from churnkit.accounts import OWNER
from churnkit.config import ProxySettings, data_dir, models_dir
from churnkit.errors import ConflictError
from churnkit.jobs import open_platform
from churnkit.server.account import entering
from churnkit.server.account.attempts import COOKIE as ATTEMPT
from churnkit.server.account.routes import ROUTES
from churnkit.server.cookies import SIGN_IN_COOKIE
from churnkit.server.gate import AccountGate
from churnkit.server.proxied import named_by_proxy
from churnkit.server.visitors import root_store
from churnkit.services.access.people import invite
from churnkit.services.access.throttle import Throttle
from tests.provider import CLIENT, SECRET, Provider, provider

SITE = "https://churn.shop.example"
GROUPS = "staff=viewer; analysts=analyst"
STREAM = "wss://churn.shop.example/stream"
PAGE = {"accept": "text/html"}
ANA = {"remote-user": "ana", "remote-email": "ana@shop.example", "remote-groups": "staff,analysts"}
PROXY, OTHER = "10.0.0.2", "10.0.0.9"


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def browser(address: str = PROXY) -> TestClient:
    """A browser, or what stands between, that connects from an address; it follows no redirect by itself."""
    routes = [
        Route("/", lambda request: PlainTextResponse("a page")),
        WebSocketRoute("/stream", _socket),
        Mount("/account", routes=ROUTES),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(AccountGate)])
    return TestClient(app, SITE, client=(address, 50_000), follow_redirects=False)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CHURNKIT_GROUPS", GROUPS)
    monkeypatch.setattr(entering, "THROTTLE", Throttle())
    monkeypatch.setenv("CHURNKIT_PROXY_ADDRESSES", PROXY)
    monkeypatch.setenv("CHURNKIT_PROXY_SIGN_OUT", "/oauth2/sign_out")
    yield
    open_platform(data_dir(), models_dir()).close()


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as found:
        yield found


@pytest.fixture
def told(running: Provider, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """The provider of the server."""
    pytest.importorskip("authlib")
    running.reset()
    monkeypatch.setenv("CHURNKIT_AUTH", "oidc")
    monkeypatch.setenv("CHURNKIT_OIDC_ISSUER", running.url)
    monkeypatch.setenv("CHURNKIT_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("CHURNKIT_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("CHURNKIT_URL", SITE)
    return running


@pytest.fixture
def behind_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_AUTH", "proxy")


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def from_provider(address: str) -> str:
    """Path and query with which the provider sends a browser back to this server."""
    try:
        urllib.request.build_opener(_Stays).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}" == SITE
    return f"{back.path}?{back.query}"


def signs_in(client: TestClient, wanted: str = "/?page=2") -> Any:
    """What the server answers to a browser that comes back from the provider."""
    to_provider = client.get("/account/oidc", params={"next": wanted})
    assert to_provider.status_code == 303
    return client.get(from_provider(to_provider.headers["location"]))


def role() -> str | None:
    """Of the only person, in the only workspace."""
    root = root_store()
    (person,) = root.people.all()
    found = root.people.memberships(person.person_id)
    return found[0].role if found else None


def test_a_provider_lets_somebody_in(told: Provider) -> None:
    client = browser()
    to_form = client.get("/?page=2", headers=PAGE)
    assert to_form.headers["location"] == "/account/login?next=%2F%3Fpage%3D2"
    form = client.get(to_form.headers["location"])
    assert 'href="/account/oidc?next=%2F%3Fpage%3D2"' in form.text
    assert "password" not in form.text.lower()
    answer = signs_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?page=2")
    assert SIGN_IN_COOKIE in client.cookies and ATTEMPT not in client.cookies
    assert client.get("/", headers=PAGE).text == "a page"
    assert role() == "analyst"


def test_the_attempt_is_kept_from_scripts_and_other_sites(told: Provider) -> None:
    cookie = browser().get("/account/oidc").headers["set-cookie"]
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/account/oidc"))


def test_the_answer_for_another_browser_lets_nobody_in(told: Provider) -> None:
    mine, other = browser(), browser()
    back = from_provider(mine.get("/account/oidc").headers["location"])
    other.get("/account/oidc")
    for client, said in ((browser(), "did not begin it here"), (other, "another attempt")):
        answer = client.get(back)
        assert answer.status_code == 403 and said in answer.text
        assert SIGN_IN_COOKIE not in client.cookies
    assert mine.get(back).status_code == 303
    assert mine.get(back).status_code == 403, "an answer serves once"


def test_an_attempt_that_was_changed_is_none(told: Provider) -> None:
    client = browser()
    back = from_provider(client.get("/account/oidc").headers["location"])
    value = client.cookies[ATTEMPT]
    client.cookies.clear()
    changed = value[:-1] + ("0" if value[-1] != "0" else "1")
    assert client.get(back, headers={"cookie": f"{ATTEMPT}={changed}"}).status_code == 403
    assert client.get(back, headers={"cookie": f"{ATTEMPT}={value}"}).status_code == 303


def test_another_servers_address_is_not_gone_to_afterwards(told: Provider) -> None:
    assert signs_in(browser(), "//evil.example/").headers["location"] == "/"


def test_who_loses_the_group_loses_what_is_open_too(told: Provider) -> None:
    first, second = browser(), browser()
    signs_in(first)
    told.person["groups"] = ["visitors"]
    refused = signs_in(second)
    assert refused.status_code == 403 and "visitors" in refused.text
    assert first.get("/", headers=PAGE).status_code == 303


def test_who_signs_out_at_the_provider_is_out_here(told: Provider) -> None:
    client, stranger = browser(), browser(OTHER)
    signs_in(client)
    assert stranger.post("/account/oidc/logout", data={"logout_token": "x"}).status_code == 400
    assert client.get("/", headers=PAGE).status_code == 200
    answer = stranger.post("/account/oidc/logout", data={"logout_token": told.logout_token()})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert client.get("/", headers=PAGE).status_code == 303


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"},
        {"iss": "https://id.evil.example"},
        {"iat": 1},
        {"sub": None},
        {"nonce": "x"},
        {"events": None},
        {"events": {}},
        {"exp": 1},
        {"sub": "user-2"},
    ],
    ids=str,
)
def test_a_sign_out_that_is_not_proven_ends_nothing(told: Provider, change: dict[str, Any]) -> None:
    client = browser()
    signs_in(client)
    sent = {"logout_token": told.logout_token(**change)}
    status = browser().post("/account/oidc/logout", data=sent).status_code
    assert status == (200 if change == {"sub": "user-2"} else 400)
    assert client.get("/", headers=PAGE).status_code == 200


@pytest.mark.parametrize("key", ["other", "none", "secret"])
def test_a_sign_out_that_the_provider_did_not_sign_ends_nothing(told: Provider, key: str) -> None:
    client = browser()
    signs_in(client)
    told.signs_with = key
    sent = {"logout_token": told.logout_token()}
    assert browser().post("/account/oidc/logout", data=sent).status_code == 400
    assert client.get("/", headers=PAGE).status_code == 200


def test_a_provider_that_is_away_is_said_in_words(told: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_OIDC_ISSUER", "http://127.0.0.1:9")
    answer = browser().get("/account/oidc")
    assert answer.status_code == 502 and "cannot be read" in answer.text


def test_many_wrong_answers_of_an_address_are_slowed_down(
    told: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(entering, "pause", pause)
    client = browser()
    for _ in range(8):
        client.get("/account/oidc")
        assert client.get("/account/oidc/callback?state=x&code=y").status_code == 403
    assert waited[0] == 0 < waited[-1]


def test_what_a_browser_holds_from_another_way_of_signing_in_opens_nothing(
    told: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    signs_in(client)
    assert client.get("/", headers=PAGE).status_code == 200
    for mode in ("local", "proxy"):
        monkeypatch.setenv("CHURNKIT_AUTH", mode)
        assert client.get("/", headers={**PAGE, **ANA}).status_code == 303


def test_nobody_is_invited(told: Provider) -> None:
    signs_in(browser())
    root = root_store()
    (tenant,) = root.people.workspaces()
    with pytest.raises(ConflictError, match="the groups of the system"):
        invite(root.for_tenant(tenant, OWNER), "ben@shop.example", "viewer")


def test_after_the_sign_out_the_providers_own_is_offered(told: Provider) -> None:
    answer = browser().get("/account/login?said=out")
    assert f'href="{told.url}/out?client_id=churnkit"' in answer.text


@pytest.mark.parametrize("path", ["login", "setup", "invite/x", "reset/x", "password"])
def test_no_password_lets_anybody_in(told: Provider, path: str) -> None:
    form = {"email": "a@b.example", "password": "correct horse battery", "code": "x", "again": "x"}
    answer = browser().post(f"/account/{path}", data=form, headers={"origin": SITE})
    assert answer.status_code in (404, 405)
    assert root_store().people.is_empty()


def test_the_proxy_lets_somebody_in(behind_proxy: None) -> None:
    client = browser()
    to_login = client.get("/?page=2", headers={**PAGE, **ANA})
    assert to_login.headers["location"] == "/account/login?next=%2F%3Fpage%3D2"
    answer = client.get(to_login.headers["location"], headers=ANA)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?page=2")
    assert client.get("/", headers={**PAGE, **ANA}).text == "a page"
    with client.websocket_connect(STREAM, headers=ANA):
        pass
    assert role() == "analyst"


def test_a_sign_in_is_worth_nothing_without_the_proxys_word(behind_proxy: None) -> None:
    client = browser()
    client.get("/account/login", headers=ANA)
    assert client.get("/", headers={**PAGE, **ANA}).status_code == 200
    others: list[dict[str, str]] = [{}, {**ANA, "remote-user": "ben"}, {"remote-user": ""}]
    for headers in others:
        assert client.get("/", headers={**PAGE, **headers}).status_code == 303
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(STREAM, headers=headers):
            pass


def test_the_headers_from_elsewhere_are_nobodys_word(behind_proxy: None) -> None:
    proxied, stranger = browser(), browser(OTHER)
    proxied.get("/account/login", headers=ANA)
    token = proxied.cookies[SIGN_IN_COOKIE]
    answer = stranger.get("/account/login", headers={**ANA, "x-forwarded-for": PROXY})
    assert answer.status_code == 403 and "through its sign-in proxy only" in answer.text
    stolen = {**PAGE, **ANA, "cookie": f"{SIGN_IN_COOKIE}={token}"}
    assert stranger.get("/", headers=stolen).status_code == 303


def test_a_header_that_stands_there_twice_names_nobody(behind_proxy: None) -> None:
    twice = [("remote-user", "boss"), *ANA.items()]
    answer = browser().get("/account/login", headers=twice)
    assert answer.status_code == 403 and "named nobody" in answer.text
    twice = [*ANA.items(), ("remote-groups", "chiefs")]
    assert browser().get("/account/login", headers=twice).status_code == 403


@pytest.mark.parametrize(("user", "named"), [("Jürgen".encode(), "Jürgen"), (b"\xff", None), (b" ", None)])
def test_a_name_is_text_or_nobodys(behind_proxy: None, user: bytes, named: str | None) -> None:
    headers = [(b"remote-user", user), (b"remote-groups", b"staff")]
    scope = {"type": "http", "client": (PROXY, 1), "headers": headers}
    found = named_by_proxy(scope, ProxySettings.from_environment())
    assert (found.subject if found else None) == named


def test_who_is_signed_in_goes_on_without_another_sign_in(behind_proxy: None) -> None:
    client = browser()
    client.get("/account/login", headers=ANA)
    again = client.get("/account/login?next=/customers", headers=ANA)
    assert again.headers["location"] == "/customers" and "set-cookie" not in again.headers
    (person,) = root_store().people.all()
    assert len(root_store().sign_ins.of_person(person.person_id)) == 1


def test_groups_that_change_count_with_the_next_request(behind_proxy: None) -> None:
    client = browser()
    client.get("/account/login", headers=ANA)
    assert role() == "analyst"
    assert client.get("/", headers={**PAGE, **ANA, "remote-groups": "staff"}).status_code == 200
    assert role() == "viewer"
    assert client.get("/", headers={**PAGE, **ANA, "remote-groups": "none"}).status_code == 303
    assert role() is None
    assert client.get("/", headers={**PAGE, **ANA}).status_code == 303, "the sign-in has ended"


def test_a_user_without_an_address_of_their_own_is_refused_in_words(behind_proxy: None) -> None:
    answer = browser().get("/account/login", headers={"remote-user": "ana", "remote-groups": "staff"})
    assert answer.status_code == 403 and "e-mail address" in answer.text


def test_after_the_sign_out_the_proxys_own_is_offered(behind_proxy: None) -> None:
    answer = browser().get("/account/login?said=out", headers=ANA)
    assert answer.status_code == 200 and 'href="/oauth2/sign_out"' in answer.text
    assert SIGN_IN_COOKIE not in answer.cookies
