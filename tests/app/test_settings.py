"""The settings page: defaults that are kept, storage, deletion with every file."""

from __future__ import annotations

import io

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.config import Money, ScoreWeights, Tiers
from churnkit.jobs import Platform
from churnkit.services.workspace.workspace_preferences import Preferences, load_preferences
from churnkit.store import Store
from churnkit.text.figures import escape_markdown
from churnkit.ui import keys

PAGE = "pages/settings.py"


def opened(app: AppTest, tab: str = "What is kept") -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = tab
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def test_empty_workspace(empty_app: AppTest, store: Store) -> None:
    app = opened(empty_app)
    assert app.metric[0].value == "0 bytes"
    assert "None yet." in texts(app)
    assert "delete_all" not in [button.key for button in app.button]
    assert load_preferences(store) == Preferences()


def test_defaults_are_kept(empty_app: AppTest, store: Store) -> None:
    empty_app.session_state["expert"] = True
    app = opened(empty_app, "Defaults")
    app.number_input(key="tier_high").set_value(80)
    app.number_input(key="tier_medium").set_value(30)
    app.number_input(key="margin").set_value(45.0)
    app.number_input(key="contact_cost").set_value(2.5)
    app.text_input(key="currency").set_value("eur")
    app.number_input(key="retention_days").set_value(90)
    app.number_input(key="default_weight_recall").set_value(70)
    app.text_input(key="model_owner").set_value(" Ms Weaver ")
    app.button(key="save_preferences").click().run()
    assert not app.exception
    assert not app.error
    assert load_preferences(store) == Preferences(
        Tiers(high=0.8, medium=0.3),
        Money().told(margin=0.45, contact_cost=2.5),
        "EUR",
        90,
        weights=ScoreWeights(recall=0.7),
        model_owner="Ms Weaver",
    )


def test_defaults_that_contradict_are_refused(empty_app: AppTest, store: Store) -> None:
    app = opened(empty_app, "Defaults")
    app.number_input(key="tier_medium").set_value(90)
    app.button(key="save_preferences").click().run()
    assert "medium" in app.error[0].value
    assert load_preferences(store) == Preferences()


def test_analyses_are_listed_with_their_size(full_app: AppTest) -> None:
    app = opened(full_app)
    assert app.metric[0].value.endswith("MB")
    (line,) = [text.value for text in app.text if "orders of" in text.value]
    assert line.startswith("orders of <my> shop.csv · ")
    assert " · done · " in line


def test_analysis_is_renamed(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.text_input(key=f"name_{session.session_id}").set_value("All of 2025")
    app.button(key=f"rename_{session.session_id}").click().run()
    assert store.sessions.get(session.session_id).name == "All of 2025"


def test_note_is_kept_and_shown_on_home_and_in_the_sidebar(
    full_app: AppTest, store: Store, shell: None
) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.text_area(key=f"note_{session.session_id}").set_value("No *wholesale*\n[orders](x)")
    app.button(key=f"rename_{session.session_id}").click().run()
    kept = store.sessions.get(session.session_id)
    assert (kept.name, kept.note) == (session.name, "No *wholesale*\n[orders](x)")
    app.switch_page("pages/dashboard.py").run()
    shown = [part.value for part in app.main.caption if "wholesale" in part.value]
    assert shown == [part.value for part in app.sidebar.caption if "wholesale" in part.value]
    assert shown == [f":material/sticky_note_2: {escape_markdown(kept.note)}"]
    assert r"\*wholesale\* \[orders\]" in shown[0]
    opened(app).text_area(key=f"note_{session.session_id}").set_value(" ")
    app.button(key=f"rename_{session.session_id}").click().run()
    assert store.sessions.get(session.session_id).note is None


def test_analysis_is_deleted_after_a_question(full_app: AppTest, platform: Platform, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.button(key=f"delete_{session.session_id}").click().run()
    assert store.sessions.all() == [session]
    app.button(key="confirm_delete").click().run()
    assert not app.exception
    assert (store.sessions.all(), store.uploads.all()) == ([], [])
    assert "Recently deleted" in [header.value for header in app.header]
    assert "For 24 hours it can be brought back." in texts(app)
    app.button(key=f"delete_now_{session.session_id}").click().run()
    assert not app.exception
    assert "Recently deleted" not in [header.value for header in app.header]
    assert not platform.folders.session(session.session_id).exists()
    left = [path for root in (platform.folders.models, platform.folders.uploads) for path in root.iterdir()]
    assert left == []
    assert "None yet." in texts(app)


@pytest.mark.parametrize("where", ["undo_deletion", "bring_back_{}"])
def test_deleted_analysis_is_brought_back(full_app: AppTest, store: Store, where: str) -> None:
    (session,) = store.sessions.all()
    uploads, people = store.uploads.all(), store.predictions.page(session.session_id).total
    app = opened(full_app)
    app.button(key=f"delete_{session.session_id}").click().run()
    app.button(key="confirm_delete").click().run()
    assert store.sessions.all() == []
    app.button(key=where.format(session.session_id)).click().run()
    assert not app.exception
    assert not app.error
    assert (store.sessions.all(), store.uploads.all()) == ([session], uploads)
    assert store.predictions.page(session.session_id).total == people
    assert "Recently deleted" not in [header.value for header in app.header]
    app.switch_page("pages/dashboard.py").run()
    assert not app.exception
    assert not app.error


def test_nothing_is_deleted_while_a_customer_is_erased(
    full_app: AppTest, platform: Platform, store: Store
) -> None:
    (session,) = store.sessions.all()
    platform.erase_customer(store, session.session_id, "somebody")
    app = opened(full_app)
    app.button(key=f"delete_{session.session_id}").click().run()
    app.button(key="confirm_delete").click().run()
    assert [one.session_id for one in store.sessions.all()] == [session.session_id]
    assert "a customer is being erased from it" in app.warning[0].value


def test_kept_after_all(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.button(key=f"delete_{session.session_id}").click().run()
    app.button(key="keep").click().run()
    assert store.sessions.all() == [session]
    assert "confirm_delete" not in [button.key for button in app.button]


def test_workspace_is_emptied(full_app: AppTest, platform: Platform, store: Store) -> None:
    platform.receive_upload(store, io.BytesIO(b"x"), "unused.csv", 10)
    app = opened(full_app)
    app.button(key="delete_all").click().run()
    app.button(key="confirm_all").click().run()
    assert not app.exception
    assert (store.sessions.all(), store.uploads.all()) == ([], [])
    assert platform.storage(store).total_bytes == 0


def test_unused_file_is_deleted(empty_app: AppTest, platform: Platform, store: Store) -> None:
    upload = platform.receive_upload(store, io.BytesIO(b"x"), "unused.csv", 10)
    app = opened(empty_app)
    app.button(key=f"delete_{upload.upload_id}").click().run()
    assert store.uploads.all() == []
