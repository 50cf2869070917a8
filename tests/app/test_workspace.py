"""Whose workspace a page shows: that of the connection's cookie, on every run, until its user leaves it."""

from __future__ import annotations

import io
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.jobs import Platform
from churnkit.server.cookies import COOKIE, WorkspaceCookie
from churnkit.server.tokens import issue, new_workspace_id, read, server_key, tenant_of
from churnkit.ui import keys

FILE = "of the first browser.csv"

pytestmark = pytest.mark.usefixtures("shell")


class Connection:
    """Stands in for the WebSocket's handshake, which AppTest has none of."""

    def __init__(self) -> None:
        self.cookie: str | None = None

    def context(self) -> SimpleNamespace:
        headers = [("cookie", f"a@b=1; {COOKIE}={self.cookie}")] if self.cookie else []
        return SimpleNamespace(headers=headers, cookies={}, remote_ip=None)


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch, folders: tuple[Path, Path]) -> Connection:
    one = Connection()
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    monkeypatch.setattr("streamlit.runtime.context._get_client_context", one.context)
    return one


@pytest.fixture
def key(folders: tuple[Path, Path]) -> bytes:
    return server_key(folders[0].resolve())


def browser_with_a_file(platform: Platform) -> str:
    """The id of a workspace that holds an upload."""
    workspace_id = new_workspace_id()
    platform.receive_upload(platform.store_for(tenant_of(workspace_id), OWNER), io.BytesIO(b"x"), FILE, 10)
    return workspace_id


def page_load(token: str | None) -> str | None:
    """The cookie that a browser holds after it has loaded the page."""
    routes = [Route("/", lambda request: HTMLResponse("<p>page</p>"))]
    client = TestClient(Starlette(routes=routes, middleware=[Middleware(WorkspaceCookie)]))
    headers = {"cookie": f"{COOKIE}={token}"} if token else {}
    return client.get("/", headers=headers).cookies.get(COOKIE, token)


def settings_page(app: AppTest, tab: str = "What is kept") -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = tab
    app.query_params.pop(keys.SETTINGS_TAB, None)
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.header, *app.text, *app.markdown, *app.caption])


def leave(app: AppTest) -> None:
    app.button(key="leave").click().run()
    assert "nobody can list, change or delete" in texts(app)
    app.button(key="confirm_leave").click().run()
    assert not app.exception


def test_the_cookie_opens_its_workspace(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    connection.cookie = issue(browser_with_a_file(platform), key, time.time())
    assert FILE in texts(settings_page(empty_app))


def test_a_session_that_comes_to_another_browser_shows_nothing_of_the_first(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    connection.cookie = issue(browser_with_a_file(platform), key, time.time())
    app = settings_page(empty_app, "Defaults")
    app.text_input(key="currency").set_value("EUR").run()
    settings_page(app)
    assert FILE in texts(app)
    connection.cookie = issue(new_workspace_id(), key, time.time())
    settings_page(app)
    assert FILE not in texts(app)
    connection.cookie = None
    settings_page(app)
    assert FILE not in texts(app)


def test_a_token_that_nobody_signed_opens_nothing(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    workspace_id = browser_with_a_file(platform)
    connection.cookie = issue(workspace_id, b"k" * 32, time.time())
    assert FILE not in texts(settings_page(empty_app))


def test_a_workspace_of_an_earlier_version_lives_on(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    workspace_id = browser_with_a_file(platform)
    connection.cookie = workspace_id
    assert FILE in texts(settings_page(empty_app))
    token = page_load(workspace_id)
    assert token is not None
    connection.cookie = token
    assert FILE in texts(settings_page(empty_app))
    known = read(token, key, time.time())
    assert known is not None and known.workspace_id == workspace_id


def test_an_empty_workspace_of_a_chosen_id_is_not_adopted(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    connection.cookie = "b" * 32
    app = settings_page(empty_app, "Defaults")
    app.button(key="save_preferences").click().run()
    assert not platform.store_for(tenant_of("b" * 32), OWNER).workspace.is_in_use()
    token = page_load("b" * 32)
    known = read(token or "", key, time.time())
    assert known is not None and known.workspace_id != "b" * 32


def test_leaving_ends_every_token_of_the_workspace(
    empty_app: AppTest, connection: Connection, platform: Platform, key: bytes
) -> None:
    workspace_id = browser_with_a_file(platform)
    token, older = issue(workspace_id, key, time.time()), issue(workspace_id, key, time.time() - 1000)
    connection.cookie = token
    app = settings_page(empty_app)
    leave(app)
    for cookie in (token, older, workspace_id):
        connection.cookie = cookie
        settings_page(app)
        assert "You have left this workspace" in texts(app)
        assert FILE not in texts(app)
        assert page_load(cookie) not in (token, older, workspace_id)
    connection.cookie = page_load(token)
    app.run()
    assert "You have left this workspace" not in texts(app)
    assert platform.store_for(tenant_of(workspace_id), OWNER).uploads.all()[0].filename == FILE


def test_a_visit_without_cookies_begins_anew_at_once(
    empty_app: AppTest, connection: Connection, platform: Platform
) -> None:
    app = settings_page(empty_app, "Defaults")
    app.number_input(key="margin").set_value(45.0)
    app.button(key="save_preferences").click().run()
    leave(settings_page(app))
    app = settings_page(app, "Defaults")
    # An empty field: nobody has told this workspace.
    assert app.number_input(key="margin").value is None


def test_a_shared_workspace_cannot_be_left(empty_app: AppTest) -> None:
    app = settings_page(empty_app)
    assert "leave" not in [button.key for button in app.button]
