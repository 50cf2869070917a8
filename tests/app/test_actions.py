"""The page of actions: today's list, insights, playbook, texts, products."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.campaign import campaign_text
from churnkit.services.campaign.language_model import KEY, MODEL, URL, LanguageModel
from churnkit.services.decide.contact_lists import add_to_list
from churnkit.services.decide.next_best_action import ActionDesk
from churnkit.services.decide.one_budget import divide_budget, offered_actions
from churnkit.services.decide.playbook import saved_playbook
from churnkit.services.decide.reach import reach_of
from churnkit.services.decide.situation_words import USUAL, words_book
from churnkit.store import Store
from churnkit.ui.week_list import action_columns

PAGE = "pages/actions.py"
TABS = ("Words to send", "Findings", "One budget", "Playbook", "Products and timing")
HOSTILE_PRODUCT = "<b>Tea</b> *bold* $x$ :red[no]"


@pytest.fixture(autouse=True)
def no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (URL, KEY, MODEL):
        monkeypatch.delenv(name, raising=False)


def opened(app: AppTest, tab: str | None = None) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    if tab:
        app.session_state["actions_tab"] = tab
        app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.text])


@pytest.fixture
def results(platform: Platform, store: Store) -> Results:
    """The run that is on screen."""
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    return Results(folder)


def test_empty(empty_app: AppTest) -> None:
    assert "Nothing to look at yet" in words(opened(empty_app))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["full_app", "small_app"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab(name: str, tab: str, request: pytest.FixtureRequest) -> None:
    app = opened(request.getfixturevalue(name), tab)
    assert not app.error
    assert "<script>" not in "\n".join(str(part.value) for part in [*app.markdown, *app.caption])


@pytest.mark.slow
def test_the_list_is_that_of_the_service(full_app: AppTest, results: Results, store: Store) -> None:
    app = opened(full_app)
    desk = ActionDesk(results, reach_of(results))
    expected = desk.rank(desk.usual).table
    table = app.dataframe[0].value
    assert table["customer_id"].tolist() == expected["customer_id"].tolist()
    assert table["expected_gain"].is_monotonic_decreasing and len(table) <= 100
    app.number_input(key="actions_limit").set_value(7).run()
    assert len(app.dataframe[0].value) == 7
    session_id = store.sessions.all()[0].session_id
    add_to_list(store, session_id, "Spring", [])
    app.run()
    app.selectbox(key="actions_list").set_value("Spring").run()
    app.button(key="actions_add").click().run()
    assert not app.exception and not app.error
    assert store.contact_lists.of_session(session_id)[0].customer_count == 7


@pytest.mark.parametrize("expert", [False, True])
def test_a_shop_without_products_has_no_empty_column_of_them(expert: bool) -> None:
    bare = pd.DataFrame({"product": [None, None]})
    assert "action.product" not in action_columns(bare, expert=expert)
    assert "action.product" in action_columns(pd.DataFrame({"product": [None, "Kettle"]}), expert=expert)


@pytest.mark.slow
def test_insights_lead_to_customers(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, "Findings")
    assert results.segments is not None
    wanted = [one for one in results.segments.insights if one.kind == "predictive"]
    place = next(i for i, one in enumerate(wanted) if one.filter and one.filter.tiers == ("high",))
    app.button(key=f"insight_predictive_{place}").click().run()
    assert not app.exception
    assert f"**{wanted[place].customers}** customers" in words(app)


@pytest.mark.slow
def test_the_playbook_is_kept_and_used(full_app: AppTest, store: Store) -> None:
    app = opened(full_app, "Playbook")
    # The file holds no telephone number.
    assert app.toggle(key="play_active_call").disabled
    app.toggle(key="play_active_discount").set_value(False)
    app.toggle(key="play_active_product").set_value(True)
    app.number_input(key="play_rate_product").set_value(60.0)
    app.number_input(key="play_most_product").set_value(9)
    app.button(key="playbook_save").click().run()
    assert not app.exception and not app.error
    session_id = store.sessions.all()[0].session_id
    kept = saved_playbook(store, session_id)
    assert (
        kept is not None
        and kept["product"].save_rate == 0.6
        and kept["product"].source.startswith("Set by hand")
    )
    assert not kept["discount"].active and not kept["discount"].source.startswith("Set by hand")
    app = opened(full_app)
    assert (
        set(app.dataframe[0].value["action"]) == {"Product suggestion"} and len(app.dataframe[0].value) <= 9
    )
    app = opened(full_app, "Playbook")
    app.button(key="playbook_reset").click().run()
    assert saved_playbook(store, session_id) is None


@pytest.mark.slow
def test_texts_are_filled_in_as_text(full_app: AppTest) -> None:
    app = opened(full_app, "Words to send")
    # The shop's last order lies far back.
    assert "{offer} off your next order" in words(app) and "{valid_until}." not in words(app)
    assert "The data are too old to quote a last order" in words(app)
    assert not [button for button in app.button if button.key == "text_ask"]
    app.toggle(key="text_product").set_value(True).run()
    assert "We thought of {product} for you" in words(app)
    plain = "\n".join(str(part.value) for part in [*app.markdown, *app.caption])
    assert HOSTILE_PRODUCT not in plain


@pytest.mark.slow
def test_a_language_model_writes_where_one_is_configured(
    full_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, "https://models.example/v1")
    monkeypatch.setenv(KEY, "s3cret")
    app = opened(full_app, "Words to send")
    assert f"{KEY} is set, {MODEL} not".replace("_", "\\_") in app.error[0].value
    monkeypatch.setenv(MODEL, "small")
    answer = {"subject": "Anew: {offer}", "body": "For {customer_id}: {offer}."}
    monkeypatch.setattr(LanguageModel, "complete", lambda *_: json.dumps(answer))
    app.run()
    app.button(key="text_ask").click().run()
    assert not app.exception and not app.error
    assert "Anew: {offer}" in words(app) and "language model" in words(app)
    assert campaign_text.FIELDS["offer"] in words(app)
    monkeypatch.setattr(LanguageModel, "complete", lambda *_: "20 % off!")
    app.button(key="text_ask").click().run()
    assert "cannot be used" in app.error[0].value and "Anew: {offer}" in words(app)


@pytest.mark.slow
def test_runs_from_before(full_app: AppTest, results: Results) -> None:
    for name in ("segments.json", "cohorts.parquet", "baskets.json", "actions.parquet"):
        (results.folder / name).unlink()
    for tab in TABS:
        app = opened(full_app, tab)
        assert not app.error


@pytest.mark.slow
def test_one_budget_over_several_actions(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, "One budget")
    desk = ActionDesk(results, reach_of(results))
    actions = offered_actions(desk.usual, desk)
    found = divide_budget(desk, actions, float(app.number_input(key="budget_money").value or 0))
    table = app.dataframe[1].value
    assert table["action"].tolist() == [one.title for one in actions]
    assert table["customers"].sum() == len(found.listed.table) > 0
    assert app.dataframe[2].value["customer_id"].tolist() == found.listed.table["customer_id"].tolist()
    app.multiselect(key="budget_actions").set_value([actions[0].title]).run()
    assert not app.exception and not app.error
    assert app.dataframe[1].value["action"].tolist() == [actions[0].title]
    app.number_input(key="budget_money").set_value(0.0).run()
    assert "Nobody to spend it on" in words(app)
    assert not app.exception


def test_words_of_a_situation_are_edited_and_an_older_version_comes_back(
    full_app: AppTest, store: Store
) -> None:
    app = opened(full_app, "Playbook")
    app.selectbox(key="situation").set_value("lapsed").run()
    app.text_area(key="sales_lapsed_0").set_value("Come back, {customer_id}.")
    app.button(key="words_save").click().run()
    assert not app.exception
    assert words_book(store).present["lapsed"].sales == "Come back, {customer_id}."
    app.text_area(key="sales_lapsed_1").set_value("Dear {name}")
    app.button(key="words_save").click().run()
    assert "no field that can be filled in" in app.error[0].value
    app.selectbox(key="words_version").set_value(0)
    app.button(key="words_back").click().run()
    assert words_book(store).present["lapsed"] == USUAL["lapsed"]


@pytest.mark.slow
def test_rules_of_three_products_are_looked_for_on_demand(full_app: AppTest) -> None:
    app = opened(full_app, "Products and timing")
    assert "Three and more products" in "\n".join(one.value for one in app.header)
    app.toggle(key="larger_rules").set_value(True).run()
    assert not app.exception and not app.error
    told = words(app).replace("\\", "")
    assert "No three products" in told or "larger_table" in {one.key for one in app.dataframe}
