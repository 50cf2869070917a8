"""Since last time and the work list: what they show is what the services say, and what is pressed is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.results.folders import Results
from churnkit.services.since.changes import Changes, compare_runs
from churnkit.store import Store
from churnkit.text.figures import count, day, short_money
from churnkit.ui.since_people import then_words
from tests.app.conftest import Shop
from tests.app.earlier_version import add_earlier_version


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.text, *app.success])


def on(app: AppTest, page: str) -> AppTest:
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not app.error
    return app


@pytest.fixture
def two_versions(full_app: AppTest, folders: tuple[Path, Path], full_shop: Shop) -> Changes:
    """What the later version of the full shop says against an earlier one."""
    earlier = add_earlier_version(*folders, full_shop.session_id)
    runs = folders[0] / "analyses" / full_shop.session_id / "runs"
    (shown,) = (one for one in runs.iterdir() if one.name != earlier)
    return compare_runs(Results(runs / earlier), Results(shown), same_model=False)


@pytest.mark.parametrize("page", ["since", "worklist"])
def test_empty(empty_app: AppTest, page: str) -> None:
    assert "Nothing to look at yet" in words(on(empty_app, page))


@pytest.mark.slow
def test_the_first_version_has_nothing_to_compare_with(small_app: AppTest) -> None:
    app = on(small_app, "since")
    assert "Nothing to compare with yet" in words(app)
    assert "Active customers" in {metric.label for metric in app.metric}
    assert "No campaign was planned" in words(app)
    assert "Nothing proves yet who is about to leave" in words(on(small_app, "worklist"))


@pytest.mark.slow
def test_what_changed_is_what_the_service_says(full_app: AppTest, two_versions: Changes) -> None:
    app = on(full_app, "since")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Active customers"] == count(two_versions.active)
    assert shown["At high risk"] == count(two_versions.leaving)
    assert f"{count(two_versions.newly_leaving)} of them were not then" in words(app)
    assert shown["Sold since"] == short_money(two_versions.since.revenue, "EUR")
    (move,) = (box for box in app.selectbox if box.key == "since_move")
    assert len(move.options) == len(two_versions.moves) > 3
    assert "Another model scored then" in words(app)
    assert "said who buys nothing until" in words(app)
    assert "<script>" not in words(app)


def test_who_was_not_there_then_is_called_new() -> None:
    rows = pd.DataFrame(
        {
            "p_churn_then": [0.55, float("nan"), float("nan")],
            "standing_before": ["active", "lapsed", "unknown"],
        }
    )
    assert then_words(rows) == ["55\u202f%", "–", "new"]


@pytest.mark.slow
def test_experts_see_more_columns(full_app: AppTest, two_versions: Changes) -> None:
    app = on(full_app, "since")
    people = next(one.value for one in app.dataframe if "then" in one.value)
    assert people["customer_id"].tolist()[0] in set(two_versions.customers["customer_id"])
    assert not any("p_churn_then" in one.value for one in app.dataframe)
    app.session_state["expert"] = True
    app.run()
    assert any("p_churn_then" in one.value for one in app.dataframe)


@pytest.mark.slow
def test_versions_say_what_home_says_and_when_they_were_scored(
    full_app: AppTest, two_versions: Changes, store: Store
) -> None:
    home = on(full_app, "dashboard")
    expected = {metric.label: metric.value for metric in home.metric}["Expected to leave"]
    home.session_state["history_tab"] = "Versions"
    app = on(home, "history")
    (table,) = (one.value for one in app.dataframe if "on_screen" in one.value)
    share = table.loc[table["on_screen"] == "●", "mean_p_churn"].iloc[0]
    assert count(share * two_versions.active) == expected
    assert f"Customers as of {day(two_versions.before)}" in "".join(one.value for one in app.text)


@pytest.mark.slow
def test_customers_of_a_move_come_onto_the_work_list_once(
    full_app: AppTest, two_versions: Changes, store: Store
) -> None:
    app = on(full_app, "since")
    wanted = two_versions.of_move(two_versions.moves["move"].iloc[0])["customer_id"].tolist()
    app.button(key="since_people_list").click().run()
    assert not app.exception
    (session,) = store.sessions.all()
    listed = store.worklist.of_shop(session.session_id)
    assert {one.customer_id for one in listed} == set(wanted)
    assert {one.state for one in listed} == {"to_do"}
    app.button(key="since_people_list").click().run()
    assert len(store.worklist.of_customer(session.session_id, wanted[0])) == 1


@pytest.mark.slow
def test_what_is_said_of_a_customer_is_kept_and_actions_leave_them_alone(
    full_app: AppTest, store: Store
) -> None:
    app = on(full_app, "worklist")
    app.number_input(key="work_count").set_value(2)
    app.button(key="work_go").click().run()
    (session,) = store.sessions.all()
    first, second = (one.customer_id for one in store.worklist.of_shop(session.session_id))
    app.button(key=f"work_contacted_{first}").click().run()
    app.selectbox(key=f"work_set_{second}").set_value("gave_up")
    app.text_area(key=f"work_note_{second}").set_value("moved <b>away</b>")
    app.button(key=f"work_save_{second}").click().run()
    assert not app.exception
    states = {one.customer_id: one for one in store.worklist.of_shop(session.session_id)}
    assert (states[first].state, states[first].contacted_on) == ("contacted", date.today())
    assert (states[second].state, states[second].note) == ("gave_up", "moved <b>away</b>")
    assert {metric.label: metric.value for metric in app.metric}["Contacted"] == "1"
    actions = on(app, "actions")
    (table,) = (one.value for one in actions.dataframe if "expected_gain" in one.value)
    assert first not in table["customer_id"].tolist()
    assert "1 customer spoken to within 30 days" in words(actions)


@pytest.mark.slow
def test_a_visit_begins_with_what_changed_once(full_app: AppTest, two_versions: Changes) -> None:
    app = full_app.run()
    assert [one.value for one in app.title] == ["Since last time"]
    assert f"new at high risk since {day(two_versions.before)}" in words(on(app, "dashboard"))
    assert [one.value for one in on(app, "upload").title] != ["Since last time"]
