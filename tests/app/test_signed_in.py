"""Pages where people sign in: whose workspace they show, and that a sign-in's end is known on the next run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER, SYSTEM
from churnkit.jobs import Platform
from churnkit.server.cookies import SHARE_COOKIE, SIGN_IN_COOKIE
from churnkit.services.access.shares import make_share, revoke_share
from churnkit.services.access.sign_in import end_sign_in, sign_in
from churnkit.store import SignedIn, Store
from tests.app.conftest import SHELL

pytestmark = pytest.mark.usefixtures("shell")


class Connection:
    """Stands in for the WebSocket's handshake, which AppTest has none of."""

    token: str | None = None
    name = SIGN_IN_COOKIE

    def context(self) -> SimpleNamespace:
        headers = [("cookie", f"a=1; {self.name}={self.token}")] if self.token else []
        return SimpleNamespace(headers=headers, cookies={}, remote_ip=None)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, Path]) -> Connection:
    one = Connection()
    monkeypatch.setenv("CHURNKIT_AUTH", "local")
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", one.context)
    return one


@pytest.fixture
def root(platform: Platform) -> Store:
    return platform.store_for("local", SYSTEM)


def member(root: Store, connection: Connection, *tenants: str) -> SignedIn:
    """Somebody who belongs to workspaces and is signed in with the connection's browser."""
    now = datetime.now(UTC)
    person = root.people.add(email="ann@shop.example", name="Ann", source="local", at=now)
    for tenant in tenants:
        root.people.make_workspace(f"Shop {tenant}", tenant_id=tenant, at=now)
        root.people.join(person.person_id, tenant, "analyst", True, at=now + timedelta(seconds=1))
    new = sign_in(root, person.person_id, address=None, user_agent=None)
    connection.token = new.token
    return new.signed_in


def page() -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=60)
    return app.run()


def words(app: AppTest) -> str:
    return " ".join(one.value for one in [*app.header, *app.markdown, *app.caption])


def test_nobody_without_a_sign_in_sees_a_page(connection: Connection, root: Store) -> None:
    for connection.token in (None, "a" * 43, "not a token"):
        app = page()
        assert "You are signed out" in words(app)
        assert not app.get("file_uploader")
        assert any('<a href="/account/login"' in part.proto.body for part in app.get("html"))


def test_a_member_works_in_the_workspace_under_their_name(connection: Connection, root: Store) -> None:
    signed = member(root, connection, "tea")
    app = page()
    assert "You are signed out" not in words(app)
    cursor = root.cursor()
    assert cursor.execute("SELECT tenant_id, actor_name FROM audit_log").fetchall() == [("tea", signed.email)]
    cursor.close()


def test_an_open_tab_ends_with_the_sign_in(connection: Connection, root: Store) -> None:
    signed = member(root, connection, "tea")
    app = page()
    assert "You are signed out" not in words(app)
    end_sign_in(root, signed.sign_in_id, signed.person_id)
    app.run()
    assert "You are signed out" in words(app)
    assert not app.get("file_uploader")


def test_who_is_taken_out_of_a_workspace_sees_it_no_more(connection: Connection, root: Store) -> None:
    signed = member(root, connection, "tea")
    app = page()
    root.for_tenant("tea").members.remove(signed.person_id)
    app.run()
    assert "No workspace is open" in words(app)


def test_another_workspace_is_another_beginning(connection: Connection, root: Store) -> None:
    signed = member(root, connection, "tea", "coffee")
    app = page()
    app.session_state["left over"] = "of the first"
    app.run()
    assert "left over" in app.session_state
    assert signed.tenant == "coffee"
    root.sign_ins.open_workspace(signed.sign_in_id, "tea")
    app.run()
    assert "left over" not in app.session_state


def test_a_link_shows_its_analysis_to_somebody_without_an_account(
    shell: None, connection: Connection, small_app: AppTest, root: Store
) -> None:
    owner = root.for_tenant("local", OWNER)
    (session,) = owner.sessions.all()
    new = make_share(owner, session.session_id)
    connection.name, connection.token = SHARE_COOKIE, new.text
    for path in sorted((SHELL.parent / "pages").glob("*.py")):
        app = page()
        app.switch_page(f"pages/{path.name}").run()
        assert not app.exception
        assert "You are signed out" not in words(app)
        assert not [one.value for one in app.error], path.name
        assert "Opened from a link" in words(app), path.name
    revoke_share(owner, new.record.share_id)
    assert "You are signed out" in words(page())


def test_the_expert_view_is_kept_for_the_person_whatever_they_may_change(
    connection: Connection, root: Store
) -> None:
    ann = member(root, connection, "tea", "coffee")
    for tenant in ("tea", "coffee"):
        root.people.join(ann.person_id, tenant, "viewer", False, at=datetime.now(UTC))
    root.sign_ins.open_workspace(ann.sign_in_id, "tea")
    app = page()
    assert app.toggle(key="expert").value is False
    app.toggle(key="expert").set_value(True).run()
    again = page()
    assert again.toggle(key="expert").value is True
    again.toggle(key="expert").set_value(False).run()
    shown = AppTest.from_file(str(SHELL), default_timeout=60)
    shown.query_params["expert"] = "true"
    assert shown.run().toggle(key="expert").value is True
    # What a link brought is of whoever sent it.
    assert page().toggle(key="expert").value is False
    bob = root.people.add(email="bob@shop.example", name="Bob", source="local", at=datetime.now(UTC))
    root.people.join(bob.person_id, "tea", "viewer", False, at=datetime.now(UTC))
    app.toggle(key="expert").set_value(False).run()
    app.toggle(key="expert").set_value(True).run()
    connection.token = sign_in(root, bob.person_id, address=None, user_agent=None).token
    assert page().toggle(key="expert").value is False
