"""The what-if page: sliders, scenarios, another threshold, hypothetical customers."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.config import Indicators
from churnkit.jobs import Platform
from churnkit.jobs.request import stored_request
from churnkit.results.campaign_money import Scenario
from churnkit.results.folders import Results
from churnkit.results.whom import Whom
from churnkit.roi import assumption_words
from churnkit.server.tokens import tenant_of
from churnkit.services.access.shares import make_share
from churnkit.services.whatif.hypothetical_files import hypothetical_template
from churnkit.services.whatif.kept_scenarios import saved_scenarios
from churnkit.services.whatif.simulate import Desk
from churnkit.store import Store
from churnkit.text.figures import NARROW, people, percent, short_money

PAGE = "pages/whatif.py"


def opened(app: AppTest, tab: str | None = None, *, expert: bool = False) -> AppTest:
    if expert:
        app.session_state["expert"] = True
    app.run()
    app.switch_page(PAGE).run()
    if tab:
        app.session_state["whatif_tab"] = tab
        app.run()
    assert not app.exception
    assert not app.error
    return app


def card(app: AppTest, label: str) -> str:
    (found,) = [metric.value for metric in app.metric if metric.label == label]
    return found


def texts(app: AppTest) -> str:
    return "\n".join(
        str(part.value) for part in [*app.text, *app.markdown, *app.caption, *app.warning, *app.success]
    )


@pytest.fixture
def results(platform: Platform, store: Store) -> Results:
    """The run that is on screen."""
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    return Results(folder)


def test_empty_workspace(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert "Nothing to look at yet" in texts(app)
    assert not app.slider


@pytest.mark.slow
def test_small_shop(small_app: AppTest) -> None:
    app = opened(small_app)
    # So few customers prove no forecast.
    assert not app.slider and not app.metric
    assert "No advice without proof" in texts(app)


@pytest.mark.slow
def test_figures_are_the_services(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, expert=True)
    desk = Desk(results)
    # The sliders stand at whole percents.
    defaults = replace(desk.defaults, returns_anyway=round(desk.defaults.returns_anyway, 3))
    play = desk.play(Scenario(name="", customers=desk.count, assumptions=defaults))
    # Only the active are contacted: fewer than the usual hundred.
    assert app.slider(key="plan_customers").value == desk.count < 100
    assert card(app, "Cost") == short_money(play.outcome.cost.value, "EUR")
    assert card(app, "Net in a year") == short_money(play.outcome.net.value, "EUR")
    assert play.outcome.roi is not None
    assert card(app, "Return on cost") == percent(play.outcome.roi.value)
    assert card(app, "It pays from") == percent(play.outcome.break_even_save_rate)
    assert f"{desk.count} contacts × {percent(0.35)} = {people(0.35 * desk.count)} stay" in texts(app)
    for label, _ in assumption_words(desk.defaults, "EUR"):
        assert label in texts(app)


@pytest.mark.slow
def test_a_plan_is_handed_on_to_a_campaign_with_all_that_it_assumes(full_app: AppTest) -> None:
    app = opened(full_app)
    usual = app.slider(key="plan_discount").value
    app.slider(key="plan_discount").set_value(5).run()
    app.number_input(key="plan_exact").set_value(30).run()
    app.button(key="plan_to_campaign").click().run()
    assert not app.exception
    # AppTest itself does not follow a page that the app has changed.
    app.switch_page("pages/campaigns.py").run()
    assert not app.exception and not app.error
    assert app.number_input(key="campaign_size").value == 30
    assert app.number_input(key="campaign_discount").value == 5.0
    assert "those of the plan that you tried" in texts(app)
    app.button(key="forget_plan").click().run()
    assert app.number_input(key="campaign_discount").value == usual
    assert "those of the plan that you tried" not in texts(app)


@pytest.mark.slow
def test_a_slider_moves_the_figures(full_app: AppTest) -> None:
    app = opened(full_app)
    app.slider(key="plan_customers").set_value(60).run()
    before = card(app, "Stay because of it"), card(app, "Net in a year")
    app.slider(key="plan_save_rate").set_value(60).run()
    after = card(app, "Stay because of it"), card(app, "Net in a year")
    assert float(after[0]) > float(before[0])
    assert after[1] != before[1]
    app.slider(key="plan_customers").set_value(90).run()
    assert float(card(app, "Stay because of it")) > float(after[0])
    app.number_input(key="plan_cost").set_value(10_000.0).run()
    assert "no contact is expected to bring more than it costs" in texts(app)
    assert card(app, "It pays from") == "no rate"
    assert not app.exception


@pytest.mark.slow
def test_optimum_all_and_reset(full_app: AppTest, results: Results) -> None:
    app, active = opened(full_app), Desk(results).count
    app.button(key="take_all").click().run()
    assert app.number_input(key="plan_exact").value == active
    app.number_input(key="plan_cost").set_value(2.0).run()
    app.button(key="take_optimum").click().run()
    labels = {button.key: button.label for button in app.button}
    assert labels["take_optimum"] == f"Highest net: {app.number_input(key='plan_exact').value}"
    app.button(key="take_recommended").click().run()
    assert labels["take_recommended"] == f"Recommended: {app.number_input(key='plan_exact').value}"
    app.number_input(key="plan_budget").set_value(20.0).run()
    app.button(key="take_budget").click().run()
    assert app.number_input(key="plan_exact").value == active
    labels = {button.key: button.label for button in app.button}
    paid_for = int(labels["take_budget"].rsplit(" ", 1)[1])
    assert 0 < paid_for <= 10
    assert f"These {paid_for} customers as CSV" in {part.proto.label for part in app.get("download_button")}
    app.button(key="take_optimum").click().run()
    assert app.number_input(key="plan_budget").value is None
    app.button(key="reset_plan").click().run()
    assert app.number_input(key="plan_exact").value is None
    assert app.slider(key="plan_customers").value == active
    assert app.number_input(key="plan_cost").value != 2.0
    assert not app.exception


@pytest.mark.slow
def test_every_assumption_counts(full_app: AppTest) -> None:
    app = opened(full_app, expert=True)
    for key, value in [
        ("plan_reach", 50.0),
        ("plan_stayers", 100.0),
        ("plan_gone", 100.0),
        ("plan_returns", 60.0),
        ("plan_margin", 30.0),
    ]:
        before = card(app, "Net in a year")
        app.number_input(key=key).set_value(value).run()
        assert card(app, "Net in a year") != before, key
    captions = texts(app)
    app.number_input(key="plan_weight").set_value(1000).run()
    assert texts(app) != captions
    assert not app.exception


@pytest.mark.slow
def test_nobody_to_contact(full_app: AppTest) -> None:
    app = opened(full_app)
    app.number_input(key="plan_exact").set_value(0).run()
    assert not app.exception
    assert card(app, "Stay because of it") == "0"
    assert card(app, "Return on cost") == "–"


@pytest.mark.slow
def test_a_scenario_is_saved_compared_opened_and_deleted(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.slider(key="plan_discount").set_value(25).run()
    app.slider(key="plan_customers").set_value(70).run()
    app.text_input(key="scenario_name").set_value("  Spring <b>sale</b> ").run()
    app.button(key="scenario_save").click().run()
    (kept,) = saved_scenarios(store, session.session_id).scenarios
    assert (kept.name, kept.customers, kept.assumptions.discount) == ("Spring <b>sale</b>", 70, 0.25)
    assert store.scenarios.of_session(session.session_id)[0].figures["outcome"]["contacted"] == 70

    app.session_state["whatif_tab"] = "Plans compared"
    app.run()
    assert not app.exception
    table = app.dataframe[0].value
    assert table["name"].iloc[0] == "Your plan now"
    assert {"Conservative", "Balanced", "Aggressive", "All high risk", "Spring <b>sale</b>"} <= set(
        table["name"]
    )
    mine = table.set_index("name").loc["Spring <b>sale</b>"]
    assert (mine["contacted"], mine["discount"]) == (70, 0.25)
    assert table["net"].iloc[0] == mine["net"]

    app.selectbox(key="scenario_choice").set_value(len(table) - 1).run()
    app.button(key="scenario_open").click().run()
    assert not app.exception
    assert app.slider(key="plan_discount").value == 25
    assert app.slider(key="plan_customers").value == 70

    app.session_state["whatif_tab"] = "Plans compared"
    app.run()
    app.selectbox(key="scenario_choice").set_value(len(table) - 1).run()
    app.button(key="scenario_delete").click().run()
    assert not app.exception
    assert not saved_scenarios(store, session.session_id).scenarios


@pytest.mark.slow
def test_a_damaged_scenario_is_told_and_can_be_deleted(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    settings: dict[str, object] = {"words": "", "customers": 70, "assumptions": {"mood": 1.0}}
    store.scenarios.save(
        session.session_id, "Torn", settings=settings, figures={}, created_at=datetime.now(UTC)
    )
    app = opened(full_app)
    app.session_state["whatif_tab"] = "Plans compared"
    app.run()
    assert "Reading the scenario 'Torn': it is damaged" in app.error[0].value.replace("\\", "")
    assert "Torn" not in set(app.dataframe[0].value["name"])
    app.button(key="scenario_damaged_Torn").click().run()
    assert not app.exception and not app.error
    assert not store.scenarios.of_session(session.session_id)


@pytest.mark.slow
def test_a_ready_made_name_is_refused(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.text_input(key="scenario_name").set_value("balanced").run()
    app.button(key="scenario_save").click().run()
    assert "ready" in app.error[0].value
    assert store.scenarios.of_session(session.session_id) == []


@pytest.mark.slow
def test_a_high_risk_scenario_opens_with_as_many(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, "Plans compared")
    app.selectbox(key="scenario_choice").set_value(4).run()
    app.button(key="scenario_open").click().run()
    assert not app.exception
    high = int((results.customers["risk_tier"] == "high").sum())
    chosen = app.number_input(key="plan_exact").value
    assert high == (app.slider(key="plan_customers").value if chosen is None else chosen)


@pytest.mark.slow
def test_a_segment_is_asked_about(full_app: AppTest, results: Results) -> None:
    app = opened(full_app)
    desk = Desk(results)
    name = str(desk.customers["segment"].value_counts().index[0])
    whom = Whom(kind="segment", name=name)
    app.selectbox(key="plan_whom").set_value(f"Segment: {name}").run()
    assert not app.exception
    group = desk.play(Scenario(name="", customers=None, assumptions=desk.defaults, whom=whom)).group
    assert f"What it changes for all {group.customers} who" in texts(app)
    assert card(app, "Stay without it") == people(group.stay)
    assert card(app, "Stay with it") == people(group.stay_with.value)
    assert card(app, "A year without it") == short_money(group.year_each()[0], "EUR")
    assert "hangs most on" in texts(app)
    assert f"These {group.customers} customers as CSV" in {
        part.proto.label for part in app.get("download_button")
    }
    active, everybody = group.customers, int((results.customers["segment"] == name).sum())
    app.toggle(key="plan_lapsed").set_value(True).run()
    assert not app.exception
    assert f"{active} active and {everybody - active} lapsed customers" in texts(app).replace("\\", "")
    assert f"What it changes for all {everybody} who" in texts(app)
    app.button(key="reset_plan").click().run()
    assert app.selectbox(key="plan_whom").value == "Everybody"
    assert not app.exception


@pytest.mark.slow
def test_targets_go_on_a_list(full_app: AppTest, store: Store, results: Results) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.text_input(key="list_name").set_value("First try").run()
    app.button(key="list_add").click().run()
    assert not app.exception
    (listed,) = store.contact_lists.of_session(session.session_id)
    desk = Desk(results)
    assert (listed.name, listed.customer_count) == ("First try", desk.count)
    best = desk.targets(Scenario(name="", customers=100, assumptions=desk.defaults), None)["customer_id"]
    assert set(store.contact_lists.customers(listed.list_id)) == set(best)


@pytest.mark.slow
def test_value_at_risk_by_tier_and_segment(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, "Value at risk")
    table = app.dataframe[0].value
    assert set(table["group"]) == set(results.customers["risk_tier"].dropna())
    assert table["value_at_risk"].sum() == pytest.approx(results.customers["value_at_risk"].sum(), rel=1e-3)
    app.segmented_control(key="risk_by").set_value("segment").run()
    assert set(app.dataframe[0].value["group"]) == set(Desk(results).customers["segment"])


@pytest.mark.slow
def test_another_threshold_starts_a_version(full_app: AppTest, store: Store, results: Results) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app, "Churn threshold")
    now = results.horizon_days
    key = f"new_threshold_{session.session_id}"
    (start,) = [button for button in app.button if button.key == "start_version"]
    assert start.disabled
    app.slider(key=key).set_value(now + 15).run()
    assert f"With {now + 15} days" in texts(app)
    app.number_input(key=f"{key}_any").set_value(3000).run()
    assert "no complete window of 3,000 days" in texts(app)
    app.number_input(key=f"{key}_any").set_value(None).run()
    app.button(key="start_version").click().run()
    assert not app.exception
    job = next(
        job for job in store.jobs.of_session(session.session_id) if job.status in ("pending", "running")
    )
    assert (job.kind, job.request["settings"]["horizon_days"]) == ("analyze", now + 15)


@pytest.mark.slow
def test_outside_figures_start_a_version(full_app: AppTest, store: Store) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app, "Churn threshold")
    figures = b"date,mood\n2024-01-31,1.5\n2024-02-29,2\n"
    app.file_uploader(key="new_indicators_file").set_value(("mood.csv", figures, "text/csv")).run()
    app.number_input(key="new_indicators_lag").set_value(10).run()
    assert "1 figure \\(mood\\) on 2 days from 31 Jan 2024 to 29 Feb 2024" in texts(app).replace(NARROW, " ")
    app.button(key="start_version").click().run()
    assert not app.exception and not app.error
    job = next(
        job for job in store.jobs.of_session(session.session_id) if job.status in ("pending", "running")
    )
    given = stored_request(job.request).settings.indicators
    assert given == Indicators(
        ("mood",), (date(2024, 1, 31), date(2024, 2, 29)), ((1.5,), (2.0,)), lag_days=10
    )


@pytest.mark.slow
def test_how_the_models_compete_starts_a_version(full_app: AppTest, store: Store, results: Results) -> None:
    (session,) = store.sessions.all()
    app = opened(full_app, "Churn threshold")
    key = f"again_{session.session_id}"
    app.selectbox(key=f"{key}_search").set_value("grid")
    app.selectbox(key=f"{key}_imbalance").set_value("undersample")
    app.selectbox(key=f"{key}_window").set_value(18)
    app.multiselect(key=f"{key}_extras").set_value(["stacking", "decision_tree"]).run()
    app.button(key="start_version").click().run()
    assert not app.exception and not app.error
    job = next(
        job for job in store.jobs.of_session(session.session_id) if job.status in ("pending", "running")
    )
    asked = stored_request(job.request).settings
    assert asked.horizon_days == results.horizon_days
    assert asked.tournament == dataclasses.replace(
        results.summary.settings.tournament,
        search="grid",
        imbalance="undersample",
        training_months=18,
        extras=("decision_tree", "stacking"),
    )


@pytest.mark.slow
def test_a_table_that_is_none_starts_nothing(full_app: AppTest) -> None:
    app = opened(full_app, "Churn threshold")
    app.file_uploader(key="new_indicators_file").set_value(
        ("mood.csv", b"week,mood\n7,1\n", "text/csv")
    ).run()
    assert "one column must be called" in app.error[0].value
    (start,) = [button for button in app.button if button.key == "start_version"]
    assert start.disabled


def score(app: AppTest, platform: Platform, store: Store, name: str, content: bytes) -> AppTest:
    """Upload a file on the open tab, and wait for its worker."""
    app.file_uploader[0].set_value((name, content, "text/csv"))
    app.run()
    assert not app.exception
    (session,) = store.sessions.all()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = platform.progress(store, session.session_id, "score")
        if job is None or job.status in ("completed", "failed"):
            return app.run()
        time.sleep(0.2)
    raise AssertionError("the worker did not finish")


@pytest.mark.slow
def test_hypothetical_customers_are_scored(
    full_app: AppTest, platform: Platform, store: Store, results: Results
) -> None:
    app = opened(full_app, "Hypothetical customers", expert=True)
    orders = hypothetical_template(results)
    extra = orders.iloc[:1].assign(customer_id="=1+<b>2</b>", order_id="T9")
    content = pd.concat([orders, extra]).to_csv(index=False).encode()
    app = score(app, platform, store, "mine.csv", content)
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value.set_index("customer_id")
    assert set(table.index) == {"new", "silent", "=1+<b>2</b>"}
    assert table["p_churn"]["new"] < table["p_churn"]["silent"]
    assert table["p_churn"].between(0, 100).all()
    assert (table["factor_1"].str.len() > 0).all()
    # The next file finds an empty uploader again.
    assert app.file_uploader[0].value is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"customer_id,order_id,order_date,amount\na,1,2099-01-01,5\n", "must lie before"),
        (b"colour,shape\nred,round\n", "olumn"),
    ],
)
def test_a_file_that_cannot_be_scored_says_why(
    full_app: AppTest, platform: Platform, store: Store, content: bytes, words: str
) -> None:
    app = opened(full_app, "Hypothetical customers", expert=True)
    app = score(app, platform, store, "mine.csv", content)
    assert not app.exception
    assert words in app.error[0].value
    assert not app.dataframe


@pytest.mark.slow
def test_a_visitor_may_play_but_not_start_anything(
    full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (session,) = store.sessions.all()
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    full_app.query_params["share"] = make_share(store, session.session_id).text
    app = opened(full_app, "Churn threshold", expert=True)
    assert "only its owner can start an analysis" in texts(app)
    assert "start_version" not in [button.key for button in app.button]
    app.session_state["whatif_tab"] = "Hypothetical customers"
    app.run()
    assert "only its owner can score a file" in texts(app)
    assert not app.file_uploader
    app.session_state["whatif_tab"] = "Your plan"
    app.run()
    app.text_input(key="scenario_name").set_value("Visitor's").run()
    app.button(key="scenario_save").click().run()
    assert not app.exception
    assert store.scenarios.of_session(session.session_id) == []
    visitor = platform.store_for(tenant_of(app.session_state["_workspace_of_visit"]), OWNER)
    assert [kept.name for kept in visitor.scenarios.of_session(session.session_id)] == ["Visitor's"]
