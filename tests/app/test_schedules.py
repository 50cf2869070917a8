"""Schedules and destinations on the settings page: added, run, paused, deleted; only by whoever may."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.config import EXPORTS_FOLDER, SECRET_KEY
from churnkit.results.schedule import Rule
from churnkit.services.schedules.scheduling import add_schedule
from churnkit.store import Store
from churnkit.ui import keys

PAGE = "pages/settings.py"


@pytest.fixture(autouse=True)
def setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(SECRET_KEY, "a key of thirty-two characters!!")
    monkeypatch.setenv(EXPORTS_FOLDER, str(tmp_path / "exports"))


def opened(app: AppTest, tab: str) -> AppTest:
    app.run()
    app.session_state[keys.SETTINGS_TAB] = tab
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.text, *app.markdown, *app.caption])


def test_nothing_can_be_scheduled_without_a_shop(empty_app: AppTest) -> None:
    for tab in ("Schedules", "Destinations"):
        assert "There is no shop yet" in texts(opened(empty_app, tab))


def test_a_schedule_is_added_paused_run_and_deleted(small_app: AppTest, store: Store) -> None:
    app = opened(small_app, "Schedules")
    app.selectbox(key="schedule_every").set_value("weekly").run()
    app.selectbox(key="schedule_weekday").set_value("Monday").run()
    app.button(key="schedule_add").click().run()
    assert not app.exception
    shop = store.shops.all()[0]
    (schedule,) = store.schedules.of_shop(shop.shop_id)
    assert (schedule.what, schedule.rule) == ("refresh", Rule(every="weekly", hour=6, weekday=0))
    assert "every Monday at 06:00" in texts(app)
    app.button(key="schedule_add").click().run()
    assert "same one already" in app.error[0].value
    ident = schedule.schedule_id
    assert app.button(key=f"change_schedule_{ident}").disabled
    app.selectbox(key=f"schedule_{ident}_weekday").set_value("Friday").run()
    app.button(key=f"change_schedule_{ident}").click().run()
    assert not app.exception
    assert store.schedules.get(ident).rule == Rule(every="weekly", hour=6, weekday=4)
    assert "every Friday at 06:00" in texts(app)
    app.button(key=f"pause_schedule_{schedule.schedule_id}").click().run()
    assert "somebody paused it" in texts(app)
    app.button(key=f"pause_schedule_{schedule.schedule_id}").click().run()
    app.button(key=f"run_now_{schedule.schedule_id}").click().run()
    assert not app.exception
    assert store.schedules.runs(schedule.schedule_id)[0].cause == "by_hand"
    app.button(key=f"delete_schedule_{schedule.schedule_id}").click().run()
    assert not store.schedules.of_shop(shop.shop_id)


def test_another_zone_moves_the_clock(small_app: AppTest, store: Store) -> None:
    shop = store.shops.all()[0]
    add_schedule(store, shop.shop_id, "refresh", Rule(hour=6))
    app = opened(small_app, "Schedules")
    app.selectbox(key=f"zone_{shop.shop_id}").set_value("Asia/Tokyo").run()
    assert not app.exception
    assert store.shops.get(shop.shop_id).shop_settings.time_zone == "Asia/Tokyo"


def test_a_destination_is_added_and_its_token_never_shown(small_app: AppTest, store: Store) -> None:
    app = opened(small_app, "Destinations")
    app.text_input(key="destination_token").set_value("pat-<b>secret</b>")
    app.text_input(key="destination_name").set_value("<b>CRM</b> _x_")
    app.button(key="destination_add").click().run()
    assert not app.exception
    shop = store.shops.all()[0]
    (destination,) = store.destinations.of_shop(shop.shop_id)
    assert "<b>CRM</b> _x_" in "\n".join(text.value for text in app.text)
    assert "pat-<b>secret" not in texts(app)
    assert "<b>CRM</b> _x_ · HubSpot" in texts(app)
    app.button(key=f"pause_{destination.destination_id}").click().run()
    assert store.destinations.get(destination.destination_id).paused_at is not None
    app.button(key=f"after_runs_{destination.destination_id}").click().run()
    assert not store.destinations.get(destination.destination_id).after_runs
    app.button(key=f"delete_{destination.destination_id}").click().run()
    app.button(key="confirm_delete_destination").click().run()
    assert not store.destinations.of_shop(shop.shop_id)


def test_without_key_or_folder_it_says_what_to_set(
    small_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SECRET_KEY)
    monkeypatch.delenv(EXPORTS_FOLDER)
    app = opened(small_app, "Destinations")
    assert SECRET_KEY in app.info[0].value
    app.selectbox(key="destination_kind").set_value("folder").run()
    assert EXPORTS_FOLDER in app.info[0].value


def test_the_history_of_a_shop_has_its_schedule(small_app: AppTest, store: Store) -> None:
    app = small_app.run()
    app.session_state[keys.HISTORY_TAB] = "Schedule"
    app.switch_page("pages/history.py").run()
    assert not app.exception
    app.button(key="schedule_add").click().run()
    assert not app.exception
    (schedule,) = store.schedules.of_shop(store.shops.all()[0].shop_id)
    assert schedule.rule == Rule(every="daily", hour=6)
