"""Keys on the settings page: made, shown once, used, revoked."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from churnkit.services.access.keys import is_key, key_hash, make_key
from churnkit.store import Store
from churnkit.ui import keys

PAGE = "pages/settings.py"


def opened(app: AppTest) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = "Keys"
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def test_key_is_shown_once_and_opens_the_workspace(empty_app: AppTest, store: Store) -> None:
    app = opened(empty_app)
    assert "No key opens this workspace." in texts(app)
    assert "the address **/mcp**" in texts(app)
    app.text_input(key="key_name").set_value("nightly *export*")
    app.selectbox(key="key_scope").set_value("run")
    app.selectbox(key="key_days").set_value(90)
    app.button(key="key_make").click().run()
    (text,) = [one.value for one in app.code if is_key(one.value)]
    (record,) = store.keys.all()
    assert (record.name, record.scope) == ("nightly *export*", "run")
    assert record.expires_at is not None
    assert (record.expires_at - record.created_at).days == 90
    found = store.overview.key(key_hash(text))
    assert found is not None
    assert found[1].key_id == record.key_id
    app.run()
    assert not app.code
    assert text not in texts(app)
    assert f"{record.prefix}…" in texts(app)


def test_key_without_a_name_is_not_made(empty_app: AppTest, store: Store) -> None:
    app = opened(empty_app)
    app.button(key="key_make").click().run()
    assert "what the key is for" in app.warning[0].value
    assert store.keys.all() == []


def test_key_is_revoked_after_a_question(empty_app: AppTest, store: Store) -> None:
    record = make_key(store, "script", "read", None).record
    app = opened(empty_app)
    assert "does not end" in texts(app)
    app.button(key=f"revoke_{record.key_id}").click().run()
    assert store.keys.all()[0].revoked_at is None
    app.button(key="confirm_revoke").click().run()
    assert not app.exception
    assert store.keys.all()[0].revoked_at is not None
    assert "No key opens this workspace." in texts(app)
    assert "revoked" in texts(app)
