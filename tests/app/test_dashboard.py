"""The dashboard in its states."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.charts.dashboard_charts import tier_values
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.services.access.shares import make_share
from churnkit.services.home.answer import QUESTIONS
from churnkit.services.home.earlier import earlier_standing
from churnkit.store import Store
from churnkit.text.figures import count, day
from churnkit.ui import home_expert
from tests.app.conftest import Shop
from tests.app.earlier_version import add_earlier_version

PAGE = "pages/dashboard.py"


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def for_experts(app: AppTest) -> AppTest:
    app.session_state["expert"] = True
    return opened(app)


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def words(app: AppTest) -> str:
    return "\n".join(
        str(part.value) for part in [*app.markdown, *app.caption, *app.header, *app.text, *app.info]
    )


def test_empty(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert "Nothing to look at yet" in words(app)
    app.button(key="go_upload").click().run()
    assert app.file_uploader


def test_full(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app)
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    asked = [heading.value for heading in app.header][: len(QUESTIONS)]
    assert asked == list(QUESTIONS.values())
    totals, shown = Results(folder).summary.customers, figures(app)
    assert totals.active.customers + totals.lapsed.customers == 300
    assert shown["Expected to leave"] == count(totals.active.expected_leavers)
    assert f"Of {count(totals.active.customers)} active customers" in words(app)
    # Against a quarter ago, as there is no version before.
    changes = {metric.label: metric.delta for metric in app.metric}
    assert changes["Expected to leave"] and changes["Revenue at risk"]
    assert "How far to trust this" in words(app)
    assert "Who has left already" in words(app)
    # What only an expert asks for is not built.
    assert not app.get("plotly_chart")
    assert "Risk tiers" not in words(app)


def test_an_expert_sees_what_is_behind_the_answers(full_app: AppTest) -> None:
    app = for_experts(full_app)
    assert "Risk tiers" in words(app)
    (tiers,) = (one.value for one in app.dataframe if "tier" in one.value)
    assert count(tiers["customers"].sum()) == figures(app)["Active customers"]
    changes = {metric.label: metric.delta for metric in app.metric}
    assert changes["Active customers"] and changes["Sold in three months"]
    # The models with the champion first, and the strongest drivers.
    assert next(t.value for t in app.dataframe if "name" in t.value)["name"].iloc[0].startswith("★")
    assert "Top 10 drivers of the forecast" in words(app)
    assert "New customers: early signs" in words(app)


def test_what_was_done_is_answered(full_app: AppTest, store: Store) -> None:
    assert figures(opened(full_app))["Campaigns"] == "none yet"
    (session,) = store.sessions.all()
    app = opened(full_app)
    app.switch_page("pages/worklist.py").run()
    app.number_input(key="work_count").set_value(2)
    app.button(key="work_go").click().run()
    shown = figures(opened(full_app))
    assert shown["To do"] == "speak to 2"
    first = store.worklist.of_shop(session.session_id)[0].customer_id
    app.switch_page("pages/worklist.py").run()
    app.button(key=f"work_contacted_{first}").click().run()
    shown = figures(opened(full_app))
    assert (shown["To do"], shown["Spoken to, and bought again"]) == ("speak to 1", "0 of 1")


def test_who_is_new_at_high_risk_is_named(
    full_app: AppTest, folders: tuple[Path, Path], full_shop: Shop
) -> None:
    earlier = add_earlier_version(*folders, full_shop.session_id)
    runs = folders[0] / "analyses" / full_shop.session_id / "runs"
    (shown,) = (one for one in runs.iterdir() if one.name != earlier)
    before, now = Results(runs / earlier), Results(shown)
    found = earlier_standing(before, now, same_model=False)
    assert found.newly_at_risk
    app = opened(full_app)
    since = day(before.summary.question.cutoff)
    assert f"{count(len(found.newly_at_risk))} new at high risk since {since}" in words(app)
    changes = {metric.label: metric.delta for metric in app.metric}
    assert changes["Expected to leave"].endswith("points")


def test_a_driver_opens_on_the_page_of_models(full_app: AppTest) -> None:
    app = for_experts(full_app)
    chosen = app.selectbox(key="driver_choice").options[-1]
    app.selectbox(key="driver_choice").select(chosen)
    app.button(key="driver_show").click().run()
    assert not app.exception
    assert app.title[0].value == "How it forecasts"
    assert (
        app.selectbox(key="one_feature").value == chosen or chosen in app.selectbox(key="one_feature").options
    )


def test_new_customers_with_the_sign_are_listed(full_app: AppTest) -> None:
    app = for_experts(full_app)
    told = next((m.value for m in app.metric if m.label == "Ordered once and silent"), None)
    if told is None:
        assert "early sign" in words(app)
        return
    showing = told.split(" of ")[0]
    app.button(key="show_new_signs").click().run()
    assert not app.exception
    assert app.title[0].value == "Customers"
    assert f"**{showing}** customers" in words(app)


def test_the_recommended_campaign_is_begun(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app)
    recommended = next(m.value for m in app.metric if m.label == "Recommended")
    app.button(key="home_go_week").click().run()
    assert not app.exception
    assert app.title[0].value == "Campaigns"
    assert f"contact {app.number_input(key='campaign_size').value}" == recommended


def test_those_at_high_risk_are_listed(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app)
    button = app.button(key="home_go_leaving")
    (number,) = (part for part in button.label.split() if part.isdigit())
    button.click().run()
    assert not app.exception
    assert app.title[0].value == "Customers"
    assert f"**{number}** customers" in words(app)


def test_a_history_of_weeks_is_said_to_be_too_short(
    small_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "too few to tell a pause" not in "".join(one.value for one in opened(small_app).warning)
    monkeypatch.setattr(
        import_module("churnkit.ui.as_of"),
        "short_history",
        lambda summary: f"{summary.question.horizon_days} days, too few to tell",
    )
    monkeypatch.setattr(import_module("churnkit.ui.home_lower"), "short_history", lambda _: "few")
    assert "does not say that they have left" in words(opened(small_app))
    for page in (PAGE, "pages/customers.py", "pages/actions.py"):
        told = [one.value for one in small_app.switch_page(page).run().warning]
        assert not small_app.exception and any("too few to tell" in words for words in told), page


def test_small_shop_says_what_it_lacks(small_app: AppTest) -> None:
    app = opened(small_app)
    assert "so nobody is named" in words(app)
    assert "How far to trust this" in words(app)
    shown = figures(app)
    assert (shown["Recommended"], shown["Revenue at risk"]) == ("no advice", "not known")
    assert "nobody is put into a tier" in words(for_experts(small_app))


def test_a_link_opens_the_analysis_it_names(shell: None, full_app: AppTest, store: Store) -> None:
    first = store.sessions.all()[0].session_id
    full_app.query_params["analysis"] = first
    app = opened(full_app)
    assert app.query_params["analysis"] == first


def test_a_link_to_nothing_falls_back(shell: None, full_app: AppTest, store: Store) -> None:
    full_app.query_params["analysis"] = "f" * 32
    app = full_app.run()
    assert "not here" in app.warning[0].value
    app.switch_page(PAGE).run()
    assert not [one for one in app.warning if "not here" in one.value]
    assert app.query_params["analysis"] == store.sessions.all()[0].session_id


def test_another_workspace_reads_a_link_but_lists_nothing(
    shell: None, full_app: AppTest, platform: Platform, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_WORKSPACES", "browser")
    app = opened(full_app)
    assert "Nothing to look at yet" in words(app)
    session_id = store.sessions.all()[0].session_id
    app.query_params["analysis"] = session_id
    app.switch_page(PAGE).run()
    assert "Is the data fresh?" not in words(app)
    app.query_params["share"] = make_share(store, session_id).text
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "Is the data fresh?" in words(app)


def test_a_chart_is_built_once_for_everybody(
    full_app: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def counted(*data: Any) -> Any:
        built.append(data[1])
        return tier_values(*data)

    monkeypatch.setattr(home_expert, "tier_values", counted)
    app = for_experts(full_app)
    for _ in range(2):
        app.run()
        assert len(app.get("plotly_chart")) == 7
    assert built == ["EUR"]
    (folder,) = (Path(os.environ["CHURNKIT_DATA_DIR"]) / "analyses").glob("*/runs/*")
    os.utime(folder, ns=(1, 1))
    assert len(for_experts(app).get("plotly_chart")) == 7
    assert built == ["EUR", "EUR"]
