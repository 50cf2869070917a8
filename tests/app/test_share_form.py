"""Sharing an analysis from its page, and the list of links in the settings."""

from __future__ import annotations

import re

from streamlit.testing.v1 import AppTest

from churnkit.accounts import SYSTEM
from churnkit.jobs import Platform
from churnkit.services.access.shares import make_share, open_share
from churnkit.store import Store
from churnkit.ui import keys

ADDRESS = re.compile(r"/dashboard\?share=([A-Za-z0-9_-]{43})$")


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def settings(app: AppTest, tab: str) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = tab
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    return app


def test_link_is_made_on_a_page_and_opens_that_analysis(
    full_app: AppTest, shell: None, platform: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    app = full_app.run()
    app.selectbox(key="share_days").set_value(7)
    app.checkbox(key="share_export").set_value(True)
    app.button(key="share_make").click().run()
    (token,) = [match[1] for code in app.code if (match := ADDRESS.search(code.value))]
    (record,) = store.shares.all()
    assert (record.may_export, (record.expires_at - record.created_at).days) == (True, 7)
    opened = open_share(platform.store_for("elsewhere", SYSTEM), token)
    assert opened is not None
    assert opened.session == session
    app.run()
    assert token not in "\n".join(code.value for code in app.code)


def test_link_is_taken_back(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    new = make_share(store, session.session_id)
    app = settings(full_app, "Links")
    assert "orders of <my> shop.csv" in "\n".join(one.value for one in app.text)
    app.button(key=f"take_back_{new.record.share_id}").click().run()
    assert not app.exception
    assert open_share(platform.store_for("elsewhere", SYSTEM), new.text) is None
    assert "No link opens anything here." in texts(app)
    assert "taken back" in texts(app)
