"""How people come in, and that nothing is served before: the gate, the forms, the ends of sign-ins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from churnkit.accounts import Actor, rights_of_role
from churnkit.config import data_dir, models_dir
from churnkit.errors import StoreError
from churnkit.jobs import open_platform
from churnkit.server.account import entering
from churnkit.server.account.forms import own_path
from churnkit.server.cookies import SHARE_COOKIE, SIGN_IN_COOKIE
from churnkit.server.gate import is_open
from churnkit.server.visitors import root_store
from churnkit.services.access.people import invite, make_reset
from churnkit.services.access.shares import make_share, revoke_share
from churnkit.services.access.throttle import Throttle
from churnkit.store import Store
from tests.unit.server.accounts_app import ANN, FORM, PAGE, PASSWORD, URL, browser, setup_form, wrong_of
from tests.unit.store.filled import begin


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CHURNKIT_AUTH", "local")
    monkeypatch.setattr(entering, "THROTTLE", Throttle(now=lambda: 0.0))
    yield
    open_platform(data_dir(), models_dir()).close()


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each try was made to wait."""
    seconds: list[float] = []

    async def sleep(delay: float) -> None:
        seconds.append(delay)

    monkeypatch.setattr(entering, "pause", sleep)
    return seconds


@pytest.fixture
def ann() -> TestClient:
    """The browser of the first person, who administers the workspace."""
    one = browser()
    assert one.post("/account/setup", data=setup_form(), headers=FORM).status_code == 303
    return one


def store_of(email: str = ANN, role: str = "administrator") -> Store:
    root = root_store()
    person = root.people.by_email(email)
    assert person is not None
    return root.for_tenant(
        root.people.memberships(person.person_id)[0].tenant,
        Actor("person", person.person_id, email, rights_of_role(role)),  # type: ignore[arg-type]
    )


def sign_in(one: TestClient, email: str = ANN, password: str = PASSWORD, **more: str) -> int:
    form = {"email": email, "password": password, **more}
    return one.post("/account/login", data=form, headers=FORM).status_code


def sees_the_page(one: TestClient) -> bool:
    return one.get("/dashboard", headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/dashboard", "/media/x", "/_stcore/host-config", "/staticx", "/account"]
)
def test_a_browser_without_a_sign_in_is_sent_to_the_form(path: str) -> None:
    answer = browser().get(path + "?a=b&c=1", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/account/login?next=%2F")
    assert "%3Fa%3Db%26c%3D1" in answer.headers["location"]


@pytest.mark.parametrize(
    "path", ["/", "/media/x.png", "/_stcore/host-config", "/static/_stcore/upload_file/a/b"]
)
def test_everything_else_is_refused(path: str) -> None:
    assert browser().get(path).status_code == 401
    assert browser().put(path, content=b"x", headers=PAGE).status_code == 401


def test_the_socket_is_closed_before_it_is_accepted(ann: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), browser().websocket_connect("/_stcore/stream"):
        pass
    # The client connects by ws:, where it does not send a cookie that is Secure.
    held = {"Cookie": f"{SIGN_IN_COOKIE}={ann.cookies[SIGN_IN_COOKIE]}"}
    with browser().websocket_connect("/_stcore/stream", headers=held) as opened:
        assert opened.receive_text() == "open"


@pytest.mark.parametrize(
    ("path", "opened"),
    [("/account/login", True), ("/static/js/a.js", True), ("/api/v1/health", True), ("/mcp", True),
     ("/_stcore/health", True), ("/favicon.png", True), ("/accounts", False), ("/api/v1", False),
     ("/_stcore/healthy", False), ("/account/_stcore/stream", False), ("//account/login", False)],
)  # fmt: skip
def test_what_is_open(path: str, opened: bool) -> None:
    assert is_open(path) is opened


def test_without_accounts_the_gate_stands_open_and_there_are_no_forms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CHURNKIT_AUTH", "none")
    assert browser().get("/").text == "page of nobody"
    assert browser().get("/account/login").status_code == 404
    assert browser().post("/account/setup", data=setup_form(), headers=FORM).status_code == 404


def test_who_has_a_link_looks_without_an_account_until_it_is_taken_back(ann: TestClient) -> None:
    store = store_of(ANN)
    session = begin(store)
    new = make_share(store, session.session_id)
    visitor = browser()
    assert visitor.get(f"/dashboard?share={new.text}", headers=PAGE).status_code == 200
    assert visitor.cookies[SHARE_COOKIE] == new.text
    held = {"Cookie": f"{SHARE_COOKIE}={new.text}"}
    with browser().websocket_connect("/_stcore/stream", headers=held) as opened:
        assert opened.receive_text() == "open"
    assert visitor.get("/media/x").status_code == 200
    assert visitor.put("/_stcore/upload_file/a/b", content=b"x").status_code == 401
    revoke_share(store, new.record.share_id)
    assert visitor.get("/dashboard", headers=PAGE).status_code == 303
    assert visitor.get("/media/x").status_code == 401
    assert browser().get(f"/dashboard?share={'a' * 43}", headers=PAGE).status_code == 303


def test_the_first_person_needs_the_code_of_the_log() -> None:
    stranger = browser()
    assert stranger.get("/account/login").headers["location"] == "/account/setup"
    answer = stranger.post("/account/setup", data=setup_form(code="AAAA-AAAA-AAAA-AAAA"), headers=FORM)
    assert (answer.status_code, "server&#39;s log" in wrong_of(answer)) == (403, True)
    assert root_store().people.is_empty()
    answer = stranger.post("/account/setup", data=setup_form(), headers=FORM)
    cookie = answer.headers["set-cookie"]
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/"))
    assert stranger.get("/", headers=PAGE).text == f"page of {ANN}"
    late = browser().post("/account/setup", data=setup_form(email="late@x.example"), headers=FORM)
    assert "already" in wrong_of(late)
    assert browser().get("/account/setup").headers["location"] == "/account/login"


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"password": "short", "again": "short"}, "10 to 200"), ({"again": "another one here"}, "differ"),
     ({"password": "password123", "again": "password123"}, "tried first"),
     ({"password": "Tea Shop 2026", "again": "Tea Shop 2026"}, "tried first"),
     ({"email": "nobody"}, "like name@shop.example"), ({"name": " "}, "1 to 80")],
)  # fmt: skip
def test_what_the_first_person_cannot_choose(changes: dict[str, str], word: str) -> None:
    answer = browser().post("/account/setup", data=setup_form(**changes), headers=FORM)
    assert (answer.status_code, word in wrong_of(answer)) == (422, True)
    assert changes.get("password", PASSWORD) not in answer.text
    assert root_store().people.is_empty()


def test_signing_in_and_out(ann: TestClient) -> None:
    other = browser()
    assert sign_in(other, " Ann@SHOP.example ") == 303
    assert sees_the_page(other)
    token = other.cookies[SIGN_IN_COOKIE]
    assert other.get("/account/logout").status_code == 200
    assert sees_the_page(other), "a link alone signs nobody out"
    answer = other.post("/account/logout", headers=FORM)
    assert answer.headers["location"] == "/account/login?said=out"
    assert SIGN_IN_COOKIE not in other.cookies
    other.cookies.set(SIGN_IN_COOKIE, token)
    assert not sees_the_page(other)
    assert sees_the_page(ann)


def test_a_cookie_that_is_lost_on_the_way_is_said(ann: TestClient) -> None:
    blocked = browser()
    assert sign_in(blocked, next="/dashboard") == 303
    blocked.cookies.clear()
    form = f"{URL}/account/login"
    again = blocked.get("/dashboard", headers={**PAGE, "referer": form}, follow_redirects=True)
    assert "came back without the cookie" in again.text
    others: list[dict[str, str]] = [
        {},
        {"referer": "https://evil.example/account/login"},
        {"referer": f"{URL}/dashboard"},
    ]
    for headers in (*others, {"referer": form, "cookie": f"{SIGN_IN_COOKIE}=ended"}):
        assert "came back without" not in blocked.get("/account/login", headers=headers).text
    assert "came back without" not in blocked.get("/account/login?said=out", headers={"referer": form}).text


def test_a_sign_in_rotates_what_the_browser_holds(ann: TestClient) -> None:
    before = ann.cookies[SIGN_IN_COOKIE]
    sign_in(ann)
    assert ann.cookies[SIGN_IN_COOKIE] != before
    thief = browser()
    thief.cookies.set(SIGN_IN_COOKIE, before)
    assert not sees_the_page(thief)


@pytest.mark.parametrize(
    ("email", "password"), [(ANN, "wrong password here"), ("nobody@x.example", PASSWORD), (ANN, "")]
)
def test_a_wrong_sign_in_does_not_say_what_is_wrong(ann: TestClient, email: str, password: str) -> None:
    answer = browser().post("/account/login", data={"email": email, "password": password}, headers=FORM)
    assert answer.status_code == 403
    assert "do not belong together" in wrong_of(answer)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "https://shop.example.evil.example"]
)
@pytest.mark.parametrize(
    "path", ["login", "setup", "logout", "sign-ins", "password", "workspaces", "invite/x", "reset/x"]
)
def test_a_form_of_another_site_is_refused(ann: TestClient, origin: str | None, path: str) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert ann.post(f"/account/{path}", data=setup_form(), headers=headers).status_code == 403
    assert sees_the_page(ann)


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [("/customers?tier=high", "/customers?tier=high"), ("//evil.example", "/"), ("https://evil.example", "/"),
     ("/\\evil.example", "/"), ("javascript:alert(1)", "/"), ("/\t/evil.example", "/"), ("", "/"), ("customers", "/"),
     ("/a\r\nSet-Cookie: x=1", "/"), ("/\u00e4", "/"), ("//[", "/")],
)  # fmt: skip
def test_the_way_on_is_a_path_of_this_server(ann: TestClient, wanted: str, goes_to: str) -> None:
    assert own_path(wanted) == goes_to
    answer = browser().post(
        "/account/login", data={"email": ANN, "password": PASSWORD, "next": wanted}, headers=FORM
    )
    assert answer.headers["location"] == goes_to


def test_what_was_typed_is_shown_as_text(ann: TestClient) -> None:
    hostile = "<script>alert(1)</script>@x.example"
    answer = browser().post("/account/login", data={"email": hostile, "password": "x"}, headers=FORM)
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_guessing_waits_longer_and_longer_and_the_owner_still_comes_in(
    ann: TestClient, waited: list[float]
) -> None:
    guesser = browser("198.51.100.7")
    for _ in range(12):
        sign_in(guesser, password="wrong password here")
    assert waited == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    waited.clear()
    assert sign_in(browser("203.0.113.9")) == 303
    assert sign_in(browser("203.0.113.9")) == 303
    assert waited == [30, 0]


def test_many_accounts_from_one_address_wait_too(ann: TestClient, waited: list[float]) -> None:
    guesser = browser("198.51.100.7")
    for number in range(22):
        sign_in(guesser, f"p{number}@x.example", "wrong password here")
    assert waited[19:] == [0, 1, 2]
    waited.clear()
    sign_in(browser("203.0.113.9"), "p1@x.example", "wrong password here")
    assert waited == [0]


def test_the_addresses_of_one_household_count_together(ann: TestClient, waited: list[float]) -> None:
    for number in range(21):
        sign_in(browser(f"2001:db8:1:2::{number}"), f"p{number}@x.example", "wrong password here")
    assert waited[20:] == [1]
    waited.clear()
    sign_in(browser("2001:db8:1:3::1"), "p1@x.example", "wrong password here")
    assert waited == [0]


def test_an_address_of_both_kinds_is_written_plainly(ann: TestClient) -> None:
    one = browser("::ffff:198.51.100.4")
    sign_in(one)
    assert ", from 198.51.100.4<" in one.get("/account/").text


def test_changes_of_a_password_are_in_the_audit_log_of_the_workspace(ann: TestClient) -> None:
    new = "a new long password"
    ann.post("/account/password", data={"old": PASSWORD, "password": new, "again": new}, headers=FORM)
    token = make_reset(store_of(), store_of().actor.actor_id)
    browser("203.0.113.1").post(f"/account/reset/{token}", data={"password": new, "again": new}, headers=FORM)
    entries = store_of().audit.page().rows
    found = {one.doing: one.address for one in entries}
    assert found["changing the password"] == "192.0.2.1"
    assert found["setting a new password by a link"] == "203.0.113.1"


def test_of_a_broken_store_a_stranger_learns_nothing(
    ann: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Store:
        raise StoreError("Opening the store /srv/secret/churnkit.duckdb: it is damaged.")

    monkeypatch.setattr(entering, "root_store", broken)
    answer = browser().get("/account/login")
    assert (answer.status_code, "secret" in answer.text) == (503, False)
    assert "/srv/secret" in caplog.text


def test_an_address_has_few_tries_under_way_at_once(ann: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    throttle = Throttle(now=lambda: 0.0)
    monkeypatch.setattr(entering, "THROTTLE", throttle)
    while throttle.begin("198.51.100.7"):
        pass
    answer = browser("198.51.100.7").post("/account/login", data={"email": ANN}, headers=FORM)
    assert (answer.status_code, int(answer.headers["retry-after"])) == (429, 1)
    assert sign_in(browser("203.0.113.9")) == 303


def test_an_invited_person_joins_with_the_role_they_were_given(ann: TestClient) -> None:
    token = invite(store_of(), "bob@shop.example", "viewer", may_export=False).token
    bob = browser()
    shown = bob.get(f"/account/invite/{token}")
    assert "Tea Shop" in shown.text
    assert "bob@shop.example" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    form = {"name": "Bob", "password": "another long password", "again": "another long password"}
    assert bob.post(f"/account/invite/{token}", data=form, headers=FORM).status_code == 303
    assert bob.get("/", headers=PAGE).text == "page of bob@shop.example"
    (joined,) = root_store().people.memberships(root_store().people.by_email("bob@shop.example").person_id)  # type: ignore[union-attr]
    assert (joined.role, joined.may_export) == ("viewer", False)
    assert browser().get(f"/account/invite/{token}").status_code == 404
    assert browser().post(f"/account/invite/{token}", data=form, headers=FORM).status_code == 404


def test_somebody_with_an_account_joins_another_workspace_signed_in(ann: TestClient) -> None:
    root = root_store()
    other = root.people.make_workspace("Coffee Shop", at=datetime.now(UTC))
    boss = root.for_tenant(other, Actor("person", "b", "boss@x.example", rights_of_role("administrator")))
    token = invite(boss, ANN, "analyst").token
    path = f"/account/invite/{token}"
    stranger = browser()
    assert "has an account already" in stranger.get(path).text
    form = {"name": "Thief", "password": "another long password", "again": "another long password"}
    assert stranger.post(path, data=form, headers=FORM).status_code == 422
    assert not sees_the_page(stranger)
    assert ann.post(path, headers=FORM).headers["location"] == "/"
    assert "Coffee Shop" in ann.get("/account/").text
    assert (
        ann.post("/account/workspaces", data={"workspace": "local"}, headers=FORM).headers["location"] == "/"
    )
    assert "Administrator in Tea Shop" in ann.get("/account/").text
    assert ann.post("/account/workspaces", data={"workspace": "demo"}, headers=FORM).status_code == 403


def test_an_invitation_for_somebody_else_cannot_be_taken(ann: TestClient) -> None:
    root = root_store()
    token = invite(store_of(), "bob@shop.example", "administrator").token
    form = {"name": "Bob", "password": "another long password", "again": "another long password"}
    bob = browser()
    bob.post(f"/account/invite/{token}", data=form, headers=FORM)
    other = root.people.make_workspace("Coffee Shop", at=datetime.now(UTC))
    boss = root.for_tenant(other, Actor("person", "b", "boss@x.example", rights_of_role("administrator")))
    for_ann = invite(boss, ANN, "administrator").token
    assert "signed in as bob" in bob.get(f"/account/invite/{for_ann}").text
    assert bob.post(f"/account/invite/{for_ann}", headers=FORM).status_code == 422
    assert len(root.people.memberships(root.people.by_email("bob@shop.example").person_id)) == 1  # type: ignore[union-attr]


def test_a_reset_sets_a_new_password_and_ends_every_sign_in(ann: TestClient) -> None:
    root = root_store()
    token = make_reset(store_of(), root.people.by_email(ANN).person_id)  # type: ignore[union-attr]
    new = "a quite different password"
    stranger = browser()
    answer = stranger.post(
        f"/account/reset/{token}", data={"password": "short", "again": "short"}, headers=FORM
    )
    assert "10 to 200" in wrong_of(answer)
    answer = stranger.post(f"/account/reset/{token}", data={"password": new, "again": new}, headers=FORM)
    assert answer.headers["location"] == "/account/login?said=password"
    assert not sees_the_page(ann)
    assert sign_in(browser()) == 403
    assert sign_in(browser(), password=new) == 303
    assert stranger.get(f"/account/reset/{token}").status_code == 404


def test_a_password_change_ends_all_other_sign_ins(ann: TestClient) -> None:
    other = browser()
    sign_in(other)
    form = {"old": "wrong password here", "password": "a new long password", "again": "a new long password"}
    assert "present one" in wrong_of(ann.post("/account/password", data=form, headers=FORM))
    assert sees_the_page(other)
    ann.post("/account/password", data=form | {"old": PASSWORD}, headers=FORM)
    assert (sees_the_page(ann), sees_the_page(other)) == (True, False)


def test_sign_ins_are_listed_and_ended(ann: TestClient) -> None:
    phone, desk = browser("198.51.100.1"), browser("198.51.100.2")
    for one in (phone, desk):
        sign_in(one)
    shown = ann.get("/account/").text
    assert "198.51.100.1" in shown
    assert shown.count(">End</button>") == 2
    ids = [one.sign_in_id for one in root_store().sign_ins.of_person(store_of().actor.actor_id)]
    for sign_in_id in ids:
        if root_store().sign_ins.find(sign_in_id).address == "198.51.100.1":  # type: ignore[union-attr]
            ann.post("/account/sign-ins", data={"which": sign_in_id}, headers=FORM)
    assert [sees_the_page(one) for one in (ann, phone, desk)] == [True, False, True]
    ann.post("/account/sign-ins", data={"which": "others"}, headers=FORM)
    assert [sees_the_page(one) for one in (ann, phone, desk)] == [True, False, False]


def test_nobody_ends_the_sign_ins_of_another(ann: TestClient) -> None:
    token = invite(store_of(), "bob@shop.example", "viewer").token
    bob = browser()
    form = {"name": "Bob", "password": "another long password", "again": "another long password"}
    bob.post(f"/account/invite/{token}", data=form, headers=FORM)
    (mine,) = root_store().sign_ins.of_person(store_of().actor.actor_id)
    bob.post("/account/sign-ins", data={"which": mine.sign_in_id}, headers=FORM)
    assert sees_the_page(ann)


def test_who_is_taken_out_of_the_only_workspace_sees_none(ann: TestClient) -> None:
    token = invite(store_of(), "bob@shop.example", "viewer").token
    bob = browser()
    form = {"name": "Bob", "password": "another long password", "again": "another long password"}
    bob.post(f"/account/invite/{token}", data=form, headers=FORM)
    store_of().members.remove(root_store().people.by_email("bob@shop.example").person_id)  # type: ignore[union-attr]
    assert bob.get("/", headers=PAGE).headers["location"] == "/account/workspaces"
    assert "no workspace" in bob.get("/account/workspaces").text
    assert bob.get("/media/x").status_code == 401


def test_a_sign_in_ends_by_itself(ann: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from churnkit.services.access import sign_in as module

    (signed,) = root_store().sign_ins.of_person(store_of().actor.actor_id)
    created = signed.created_at
    assert module.is_valid(signed, created + timedelta(days=14, seconds=-1))
    assert not module.is_valid(signed, signed.seen_at + timedelta(days=14))
    used = signed.__class__(**{**vars(signed), "seen_at": created + timedelta(days=89)})
    assert module.is_valid(used, signed.expires_at - timedelta(seconds=1))
    assert not module.is_valid(used, signed.expires_at)
    assert signed.expires_at == created + timedelta(days=90)
    monkeypatch.setenv("CHURNKIT_SIGN_IN_IDLE_DAYS", "1")
    assert not module.is_valid(signed, created + timedelta(days=1))


def test_an_address_without_a_form_says_so(ann: TestClient) -> None:
    answer = browser().get("/account/nothing")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


def test_a_form_is_short(ann: TestClient) -> None:
    assert browser().post("/account/login", data={"email": "x" * 20_000}, headers=FORM).status_code == 413


def test_no_secret_lies_in_the_store_or_the_log(ann: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    sign_in(browser(), password="wrong password here")
    root = root_store()
    token = invite(store_of(), "bob@shop.example", "viewer").token
    reset = make_reset(store_of(), store_of().actor.actor_id)
    cursor = root.cursor()
    kept = "".join(
        str(cursor.execute(f"SELECT * FROM {table}").fetchall())
        for table in ("people", "sign_ins", "invitations", "password_resets", "audit_log")
    )
    cursor.close()
    for secret in (PASSWORD, ann.cookies[SIGN_IN_COOKIE], token, reset):
        assert secret not in kept
        assert secret not in caplog.text
    assert "$argon2id$" in kept
    assert ANN not in caplog.text
