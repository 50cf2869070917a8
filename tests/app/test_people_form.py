"""People and sign-ins on the settings page, and who is signed in beside every page."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER, SYSTEM, Actor, Role
from churnkit.errors import AccessError
from churnkit.jobs import Platform
from churnkit.server.cookies import COOKIE, SIGN_IN_COOKIE
from churnkit.server.tokens import issue, new_workspace_id, server_key, tenant_of
from churnkit.services.access.keys import make_key
from churnkit.services.access.people import invite, opened
from churnkit.services.access.sign_in import end_sign_in, sign_in, sign_ins_of
from churnkit.store import SignedIn, Store
from churnkit.ui import keys
from tests.app.conftest import app as new_app

TENANT = "local"


class Browser:
    """Stands in for the WebSocket's handshake: the cookies of one browser."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def context(self) -> SimpleNamespace:
        text = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return SimpleNamespace(headers=[("cookie", text)], cookies={}, remote_ip=None)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, Path], shell: None) -> Browser:
    one = Browser()
    monkeypatch.setenv("CHURNKIT_AUTH", "local")
    monkeypatch.delenv("CHURNKIT_WORKSPACES", raising=False)
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", one.context)
    return one


@pytest.fixture
def root(platform: Platform) -> Store:
    """The store as the program sees it, with one workspace."""
    store = platform.store_for(TENANT, SYSTEM)
    store.people.make_workspace("Shop", tenant_id=TENANT, at=datetime.now(UTC))
    return store


def person(root: Store, email: str, role: Role, *tenants: str) -> str:
    now = datetime.now(UTC)
    found = root.people.add(email=email, name=email.partition("@")[0], source="local", at=now)
    for tenant in tenants or (TENANT,):
        root.people.join(found.person_id, tenant, role, True, at=now)
    return found.person_id


def come_in(root: Store, browser: Browser, person_id: str) -> SignedIn:
    new = sign_in(root, person_id, address=None, user_agent="Mozilla/5.0 (X11; Linux) Firefox/140.0")
    browser.cookies[SIGN_IN_COOKIE] = new.token
    return new.signed_in


def settings(tab: str) -> AppTest:
    app = new_app()
    app.run()
    app.session_state[keys.SETTINGS_TAB] = tab
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def test_administrator_invites_and_gives_roles(browser: Browser, root: Store) -> None:
    come_in(root, browser, person(root, "ann@shop.example", "administrator"))
    ben = person(root, "ben@shop.example", "viewer")
    app = settings("People")
    assert "ben@shop.example · viewer" in texts(app)
    app.text_input(key="invite_email").set_value("Cid@shop.example")
    app.selectbox(key="invite_role").set_value("viewer")
    app.button(key="invite_make").click().run()
    assert not app.exception
    found = [re.search(r"/account/invite/([A-Za-z0-9_-]{43})$", code.value) for code in app.code]
    (token,) = [one[1] for one in found if one]
    assert opened(root, "invitation", token).email == "cid@shop.example"
    app.selectbox(key=f"role_of_{ben}").set_value("analyst")
    app.button(key=f"role_save_{ben}").click().run()
    assert [one.role for one in root.people.memberships(ben)] == ["analyst"]
    app.button(key=f"disable_{ben}").click().run()
    assert root.people.get(ben).disabled_at is not None
    assert "disabled" in texts(app)
    app.text_input(key="workspace_name").set_value("Our shop").run()
    app.button(key="workspace_rename").click().run()
    assert root.members.workspace_name() == "Our shop"


def test_keys_of_a_person_are_revoked_beside_their_name(browser: Browser, root: Store) -> None:
    come_in(root, browser, person(root, "ann@shop.example", "administrator"))
    ben = person(root, "ben@shop.example", "administrator")
    for name in ("ben@shop.example", "cid@shop.example"):
        make_key(root.for_tenant(TENANT, Actor("person", name, name)), "nightly", "read")
    settings("People").button(key=f"keys_of_{ben}").click().run()
    assert {key.created_by: key.revoked_at is not None for key in root.keys.all()} == {
        "ben@shop.example": True,
        "cid@shop.example": False,
    }


def test_invitation_is_withdrawn_and_the_last_administrator_stays(browser: Browser, root: Store) -> None:
    ann = person(root, "ann@shop.example", "administrator")
    come_in(root, browser, ann)
    record = invite(root, "cid@shop.example", "viewer").record
    app = settings("People")
    assert "cid@shop.example" in texts(app)
    app.button(key=f"withdraw_{record.invitation_id}").click().run()
    assert "cid@shop.example" not in texts(app)
    app.button(key=f"part_{ann}").click().run()
    assert not app.exception
    assert "needs an administrator" in app.error[0].value
    assert root.people.memberships(ann)


def test_viewer_sees_no_people_and_ends_an_own_sign_in(browser: Browser, root: Store) -> None:
    ben = person(root, "ben@shop.example", "viewer")
    other = come_in(root, browser, ben)
    mine = come_in(root, browser, ben)
    app = settings("Your sign-ins")
    labels = [tab.label for tab in app.tabs]
    assert "Your sign-ins" in labels
    assert not {"People", "Keys", "Links", "Audit log"} & set(labels)
    assert "Firefox on Linux" in texts(app)
    app.button(key=f"end_{other.sign_in_id}").click().run()
    assert [one.sign_in_id for one in sign_ins_of(root, ben)] == [mine.sign_in_id]


def test_sidebar_says_who_is_here_and_opens_another_workspace(browser: Browser, root: Store) -> None:
    root.people.make_workspace("Second shop", tenant_id="second", at=datetime.now(UTC))
    come_in(root, browser, person(root, "ann@shop.example", "analyst", TENANT, "second"))
    app = new_app().run()
    assert "**ann**" in texts(app)
    assert "analyst" in texts(app)
    assert any("/account/logout" in str(one.proto.body) for one in app.get("html"))
    app.selectbox(key=keys.OTHER_WORKSPACE).set_value("second").run()
    assert not app.exception
    assert "Second shop · analyst" in texts(app)


def test_file_is_not_fetched_after_the_sign_in_has_ended(
    browser: Browser, root: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person(root, "ann@shop.example", "administrator")
    mine = come_in(root, browser, ann)
    fetched: dict[str, Callable[[], bytes]] = {}

    def keep(label: str, data: Callable[[], bytes], *, key: str, **_: object) -> None:
        fetched[key] = data

    monkeypatch.setattr("streamlit.download_button", keep)
    settings("Audit log")
    assert b"signing in" in fetched["log_csv"]()
    assert root.for_tenant(TENANT, OWNER).audit.page().rows[0].doing == "taking out audit_log.csv"
    root.people.join(ann, TENANT, "viewer", False, at=datetime.now(UTC))
    with pytest.raises(AccessError, match="take files out"):
        fetched["log_csv"]()
    end_sign_in(root, mine.sign_in_id, ann)
    with pytest.raises(AccessError, match="has ended"):
        fetched["log_csv"]()


def test_what_the_browser_held_before_is_offered_and_taken_over(
    browser: Browser, root: Store, platform: Platform, folders: tuple[Path, Path]
) -> None:
    workspace_id = new_workspace_id()
    before = platform.store_for(tenant_of(workspace_id), OWNER)
    upload = platform.receive_upload(before, io.BytesIO(b"a,b\n1,2\n"), "mine.csv", 100)
    session = before.sessions.create(
        upload_id=upload.upload_id, column_mapping={}, created_at=datetime.now(UTC)
    )
    browser.cookies[COOKIE] = issue(workspace_id, server_key(folders[0].resolve()), time.time())
    ben = person(root, "ben@shop.example", "viewer")
    come_in(root, browser, ben)
    assert "before you signed in" not in texts(new_app().run())
    come_in(root, browser, person(root, "ann@shop.example", "analyst"))
    app = new_app().run()
    assert "This browser holds 1 analysis from before you signed in." in texts(app)
    app.button(key="claim_later").click().run()
    assert "before you signed in" not in texts(app)
    app = new_app().run()
    app.button(key="claim_now").click().run()
    assert not app.exception
    assert root.sessions.get(session.session_id).upload_id == upload.upload_id
    assert before.sessions.all() == []
