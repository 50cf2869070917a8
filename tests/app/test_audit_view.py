"""The audit log on the settings page: what somebody did stands there, and is found."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from churnkit.accounts import Action
from churnkit.services.access.keys import make_key
from churnkit.store import Store
from churnkit.ui import keys


def log_tab(app: AppTest) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = "Audit log"
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    return app


def done(app: AppTest) -> list[str]:
    return list(app.dataframe[0].value["doing"]) if app.dataframe else []


def test_log_shows_what_was_done_and_finds_it(empty_app: AppTest, store: Store) -> None:
    make_key(store, "script", "read")
    store.preferences.set("currency", {"value": "EUR"})
    app = log_tab(empty_app)
    assert done(app)[:2] == ["saving a preference", "making a key"]
    assert "this machine" in list(app.dataframe[0].value["who"])
    app.selectbox(key="log_action").set_value(Action.KEYS).run()
    assert done(app) == ["making a key"]
    app.selectbox(key="log_action").set_value(None)
    app.text_input(key="log_text").set_value("PREFERENCE").run()
    assert done(app) == ["saving a preference"]
    app.text_input(key="log_text").set_value("nobody did this").run()
    assert not app.exception
    assert done(app) == []


def test_log_is_turned_over(empty_app: AppTest, store: Store) -> None:
    for number in range(52):
        make_key(store, f"key {number}", "read")
    app = log_tab(empty_app)
    assert len(done(app)) == 50
    assert any("52 entries" in one.value for one in app.caption)
