"""The pages of segments and cohorts."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.cohorts import MEASURES
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.segments import SEGMENTS
from churnkit.segments.group_actions import SEGMENT_ACTIONS
from churnkit.services.campaign.language_model import KEY, MODEL, URL, LanguageModel
from churnkit.services.decide.segment_views import saved_bands
from churnkit.store import Store
from churnkit.text.figures import escape_markdown

SEGMENTS_PAGE, COHORTS_PAGE = "pages/segments.py", "pages/cohorts.py"
TABS = ("Segments", "Movement", "Found groups", "Rules", "Risk and value", "Compare")
FILES = ("segments.json", "cohorts.parquet", "baskets.json", "actions.parquet")


def opened(app: AppTest, page: str, tab: str | None = None) -> AppTest:
    app.run()
    app.switch_page(page).run()
    if tab:
        app.session_state["segments_tab"] = tab
        app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.text, *app.info])


@pytest.fixture
def results(platform: Platform, store: Store) -> Results:
    """The run that is on screen."""
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    return Results(folder)


@pytest.mark.parametrize("page", [SEGMENTS_PAGE, COHORTS_PAGE])
def test_empty(empty_app: AppTest, page: str) -> None:
    assert "Nothing to look at yet" in words(opened(empty_app, page))


def tiers_of(request: pytest.FixtureRequest) -> pd.Series:
    """Risk tier of everybody in the run on screen."""
    found: pd.Series = request.getfixturevalue("results").customers["risk_tier"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["full_app", "small_app"])
@pytest.mark.parametrize("tab", TABS)
def test_every_tab(name: str, tab: str, request: pytest.FixtureRequest) -> None:
    app = opened(request.getfixturevalue(name), SEGMENTS_PAGE, tab)
    assert not app.error
    total = 300 if name == "full_app" else 40
    if tab == "Segments":
        table = app.dataframe[0].value
        assert table["customers"].sum() == total and set(table["group"]) <= set(SEGMENTS)
    if tab == "Risk and value":
        # Of the active, and of nobody where nothing is proven.
        tiers = tiers_of(request)
        assert app.dataframe[0].value["customers"].sum() == tiers.notna().sum()
        assert (tiers.notna().sum() > 0) == (name == "full_app")
    if tab == "Rules" and name == "small_app":
        assert "there are no tiers to have rules for" in words(app)
    if tab == "Rules" and name == "full_app":
        assert app.dataframe[0].value["customers"].sum() == tiers_of(request).notna().sum()
    if tab == "Found groups" and name == "small_app":
        assert "50 of them" in words(app)
    if tab == "Found groups" and name == "full_app":
        assert app.dataframe[0].value["customers"].sum() == total


@pytest.mark.slow
def test_limits_can_be_changed_and_taken_back(full_app: AppTest, results: Results, store: Store) -> None:
    app = opened(full_app, SEGMENTS_PAGE)
    session_id = store.sessions.all()[0].session_id
    for score, limit in zip((5, 4, 3, 2), (10, 20, 40, 80), strict=True):
        app.number_input(key=f"band_recency_days_{score}").set_value(limit)
    app.button(key="bands_apply").click().run()
    assert not app.exception and not app.error
    bands = saved_bands(store, session_id)
    assert bands is not None and bands.recency_days == (10, 20, 40, 80)
    recent = int((results.customers["recency_days"] <= 10).sum())
    best = {"Champions", "Potential loyalists", "New"}
    table = app.dataframe[0].value
    assert (
        table.loc[table["group"].isin(best), "customers"].sum()
        <= recent + (table["group"] == "Loyal").sum() * 300
    )
    assert "your own limits" in words(app)
    app.button(key="bands_reset").click().run()
    assert saved_bands(store, session_id) is None and "your own limits" not in words(app)


@pytest.mark.slow
def test_limits_that_make_no_sense_are_refused(full_app: AppTest, results: Results, store: Store) -> None:
    app = opened(full_app, SEGMENTS_PAGE)
    app.number_input(key="band_recency_days_5").set_value(9999)
    app.button(key="bands_apply").click().run()
    assert not app.exception and "below the one before" in app.error[0].value
    assert saved_bands(store, store.sessions.all()[0].session_id) is None


@pytest.mark.slow
def test_a_segment_leads_to_its_customers(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, SEGMENTS_PAGE)
    first = app.dataframe[0].value["group"].iloc[0]
    app.session_state["segment_table"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    assert app.selectbox(key="segment_shown").value == first
    app.button(key="segment_customers").click().run()
    assert not app.exception
    expected = int((results.customers["segment"] == first).sum())
    assert f"**{expected}** customers" in words(app)


@pytest.mark.slow
def test_a_found_group_leads_to_its_customers(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, SEGMENTS_PAGE, "Found groups")
    name = app.selectbox(key="cluster_shown").options[0]
    app.selectbox(key="cluster_shown").set_value(name).run()
    shown = words(app)
    assert "**What moves their odds of" in shown and "**What to do**" in shown
    app.button(key="cluster_customers").click().run()
    assert not app.exception and results.actions is not None
    assert f"**{int((results.actions['cluster'] == name).sum())}** customers" in words(app)


def first_segment(results: Results) -> str:
    return str(results.customers["segment"].iloc[0])


@pytest.mark.slow
def test_the_panel_of_a_segment(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, SEGMENTS_PAGE)
    name = first_segment(results)
    app.selectbox(key="segment_shown").set_value(name).run()
    assert not app.exception and not app.error
    assert escape_markdown(SEGMENT_ACTIONS[name]) in words(app) and "**What sets them apart" in words(app)
    assert {"Customers", "Value at risk"} <= {one.label for one in app.metric}


@pytest.mark.slow
def test_a_language_model_words_a_panel(full_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ((URL, "https://host/v1"), (KEY, "secret"), (MODEL, "m")):
        monkeypatch.setenv(name, value)
    answers = ["Their outlook: 987654321 customers.", "Nobody is named here."]
    monkeypatch.setattr(LanguageModel, "complete", lambda *_: answers.pop(0))
    app = opened(full_app, SEGMENTS_PAGE)
    app.button(key="segment_word").click().run()
    assert "987654321, which is none of this group's" in app.error[0].value
    app.button(key="segment_word").click().run()
    assert not app.error and "Nobody is named here." in words(app)


@pytest.mark.slow
def test_a_field_of_the_map_leads_to_its_customers(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, SEGMENTS_PAGE)
    assert "Click a field" in words(app)
    first = results.customers.iloc[0]
    recency, frequency = int(first["r_score"]), int(first["f_score"])
    app.session_state["rfm_map"] = {
        "selection": {
            "points": [{"customdata": [recency, frequency]}],
            "point_indices": [],
            "box": [],
            "lasso": [],
        }
    }
    app.run()
    assert not app.exception
    app.button(key="rfm_map_show").click().run()
    assert not app.exception
    scores = results.customers[["r_score", "f_score"]]
    expected = int(((scores["r_score"] == recency) & (scores["f_score"] == frequency)).sum())
    assert expected > 0 and f"**{expected}** customers" in words(app)


@pytest.mark.slow
def test_two_groups_compared(full_app: AppTest, results: Results) -> None:
    app = opened(full_app, SEGMENTS_PAGE, "Compare")
    app.selectbox(key="compare_by").set_value("risk_tier").run()
    app.selectbox(key="compare_first_risk_tier").set_value("high").run()
    assert not app.exception and not app.error
    table = app.dataframe[0].value.set_index("label")
    assert table.loc["Churn probability", "verdict"] == "by definition"
    assert table.loc["Days since the last purchase", "verdict"] == "more than chance"
    app.selectbox(key="compare_second_risk_tier").set_value("high").run()
    assert not app.exception and "nobody may be in both" in app.error[0].value


@pytest.mark.slow
def test_cohorts_of_every_measure_and_period(full_app: AppTest) -> None:
    app = opened(full_app, COHORTS_PAGE)
    for measure in (one.name for one in MEASURES):
        app.selectbox(key="cohort_measure").set_value(measure).run()
        assert not app.exception and not app.error
        assert bool(app.metric) is (measure.startswith(("retained", "cumulative")))
        assert ("Your margin" in words(app)) is ("margin" in measure)
    app.selectbox(key="cohort_period").set_value("quarter").run()
    assert not app.exception and not app.error
    assert app.selectbox(key="cohort_from_quarter").value == "2025-01"


@pytest.mark.slow
def test_cohorts_by_what_customers_began_with(full_app: AppTest) -> None:
    app = opened(full_app, COHORTS_PAGE)
    began_with = app.selectbox(key="cohort_item")
    assert began_with.options[0] == "anything"
    for dimension in ("product ", "category "):
        assert sum(option.startswith(dimension) for option in began_with.options) >= 2
    began_with.set_value("category:Drinks").run()
    assert not app.exception and not app.error
    app.selectbox(key="cohort_from_month").set_value("2025-03").run()
    assert not app.exception and app.selectbox(key="cohort_until_month").options[-1] == "Mar 2025"


@pytest.mark.slow
def test_runs_from_before(full_app: AppTest, results: Results) -> None:
    for name in FILES:
        (results.folder / name).unlink()
    app = opened(full_app, COHORTS_PAGE)
    assert "made before this page was" in words(app)
    for tab in TABS:
        app = opened(full_app, SEGMENTS_PAGE, tab)
        assert not app.error
