"""The models page: every tab with a trained champion, with the purchase process alone, and with nothing yet."""

from __future__ import annotations

import json
import time

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.jobs import Platform
from churnkit.metrics import top_count
from churnkit.services.workspace.workspace_preferences import (
    Preferences,
    default_settings,
    load_preferences,
    save_preferences,
)
from churnkit.store import Store

PAGE = "pages/models.py"
TABS = (
    "Leaderboard",
    "How well it did",
    "Past dates",
    "What it looks at",
    "Rules",
    "Fairness",
    "Model card",
    "Versions",
)


def opened(app: AppTest, tab: str = TABS[0]) -> AppTest:
    """The page of an expert."""
    app.session_state["expert"] = True
    app.session_state["models_tab"] = tab
    # What an address says of a tab goes before what a test sets.
    app.query_params.pop("models_tab", None)
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    parts = [*app.title, *app.header, *app.text, *app.markdown, *app.caption]
    return "\n".join(str(part.value) for part in parts)


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    """The first table that has this column."""
    return next(one.value for one in app.dataframe if column in one.value)


def charts(app: AppTest) -> list[str]:
    return [one.proto.id for one in app.get("plotly_chart")]


def evidence_of(platform: Platform, store: Store) -> dict:
    folder = platform.run_folder(store.sessions.all()[0])
    assert folder is not None
    return json.loads((folder / "evidence.json").read_text(encoding="utf-8"))


def test_empty_workspace(empty_app: AppTest) -> None:
    app = opened(empty_app)
    assert "Nothing to look at yet" in texts(app)


@pytest.mark.slow
def test_leaderboard(full_app: AppTest) -> None:
    app = opened(full_app)
    table = app.dataframe[0].value
    names = table["name"].str.removeprefix("★ ")
    assert table["name"].str.startswith("★").tolist() == [True, *[False] * (len(table) - 1)]
    assert {"Everybody alike", "Purchase process (MBG/NBD)", "XGBoost"} <= set(names)
    assert table[["test_roc_auc_active", "test_log_loss", "test_ece"]].notna().all(axis=None)
    said = texts(app)
    assert "chosen by validation dates alone" in said
    assert table["verdict"].iloc[0].startswith("wins") and ("highest score" in said or "alone passed" in said)
    assert "A dash:" not in said


@pytest.mark.slow
def test_an_owner_reads_it_in_words_and_one_picture(
    full_app: AppTest, platform: Platform, store: Store
) -> None:
    app = full_app.run().switch_page(PAGE).run()
    assert not app.exception
    said = texts(app).replace("\\", "").replace("\u202f", " ")
    window = evidence_of(platform, store)["window_active"]["quality"]
    named = top_count(window["customers"], 0.2)
    assert named < 50, "of more the page speaks as of a hundred"
    left, by_rule = (round(named * window[f"left_among_{who}"]) for who in ("riskiest", "longest_silent"))
    assert f"Of {named} customers whom it named, {left} did leave." in said
    assert f"of {named} of those {by_rule} left" in said
    assert f"{window['churned']} did." in said
    assert len(charts(app)) == 1 and not app.tabs and not app.dataframe
    for word in ("AUC", "ECE", "log loss", "SHAP", "fold", "calibrat"):
        assert word not in said, word


@pytest.mark.slow
def test_an_owner_can_go_back_to_an_earlier_version(full_app: AppTest) -> None:
    app = full_app.run()
    app.session_state["versions_drawer"] = True
    app.switch_page(PAGE).run()
    assert not app.exception
    assert "There is one version so far" in texts(app)
    assert "test_log_loss" not in app.dataframe[0].value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "count"),
    [("How well it did", 6), ("Past dates", 2), ("What it looks at", 5)],
)
def test_charts(full_app: AppTest, tab: str, count: int) -> None:
    assert len(charts(opened(full_app, tab))) == count


@pytest.mark.slow
def test_features_that_were_left_out_say_why(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app, "What it looks at")
    table = next(one.value for one in app.dataframe if "cause" in one.value)
    folder = platform.run_folder(store.sessions.all()[0])
    assert folder is not None
    contest = json.loads((folder / "summary.json").read_text(encoding="utf-8"))["tournament"]
    assert set(table["name"]) == set(contest["features_dropped"])
    assert table["words"].str.endswith(".").all()
    on_offer = len(contest["features_dropped"]) + len(contest["features_kept"])
    assert f"Of {on_offer} features on offer {len(table)} were left out" in texts(app)


@pytest.mark.slow
def test_the_active_stand_first_and_all_beside_them(
    full_app: AppTest, platform: Platform, store: Store
) -> None:
    quality = evidence_of(platform, store)["trust"]["quality"]
    app = opened(full_app, "How well it did")
    table = app.dataframe[0].value
    assert table["population"].tolist() == ["Active", "All"]
    assert table["roc_auc"].tolist() == [quality["active"]["roc_auc"], quality["all"]["roc_auc"]]
    assert "active customers were called likely leavers" in texts(app)
    app.segmented_control(key="window_population").set_value("All customers").run()
    assert "active customers were called" not in texts(app)
    assert "customers were called likely leavers" in texts(app)
    app = opened(full_app, "Past dates")
    of_active = app.dataframe[0].value
    app.segmented_control(key="past_population").set_value("All customers").run()
    of_all = app.dataframe[0].value
    assert of_active["cutoff"].tolist() == of_all["cutoff"].tolist()
    assert (of_active["customers"] < of_all["customers"]).all()


@pytest.mark.slow
def test_past_date_can_be_chosen(full_app: AppTest) -> None:
    app = opened(full_app, "Past dates")
    box = app.selectbox(key="past_date")
    assert len(box.options) > 1
    box.select_index(1).run()
    assert not app.exception


@pytest.mark.slow
def test_rules_state_what_came(full_app: AppTest, platform: Platform, store: Store) -> None:
    app = opened(full_app, "Rules")
    found = evidence_of(platform, store)["rules"]
    assert texts(app).count("THEN expect churn") == len(found) > 0
    of_tiers = sum(texts(app).count(f"THEN {tier} risk") for tier in ("high", "medium", "low"))
    assert of_tiers > 0
    assert len(app.metric) == 4 * (len(found) + of_tiers)


@pytest.mark.slow
def test_card_says_what_it_is_not_for(full_app: AppTest) -> None:
    said = texts(opened(full_app, "Model card"))
    assert "Not meant for" in said
    assert "300" in said


@pytest.mark.slow
@pytest.mark.parametrize("tab", TABS)
def test_purchase_process_alone(small_app: AppTest, tab: str) -> None:
    app = opened(small_app, tab)
    if tab == "Leaderboard":
        assert "Not proven on this shop's past" in app.warning[0].value
        assert "No model competed here" in texts(app)
    if tab in ("How well it did", "Past dates"):
        assert charts(app)
    if tab == "Rules":
        assert "No rule" in texts(app)


@pytest.mark.slow
def test_purchase_process_alone_in_an_owners_words(small_app: AppTest) -> None:
    app = small_app.run().switch_page(PAGE).run()
    assert not app.exception
    assert "Not proven on this shop's past" in app.warning[0].value
    assert "works out each customer's churn probability" in texts(app)
    assert "competed" not in texts(app)


@pytest.mark.slow
def test_promote_and_roll_back(full_app: AppTest, platform: Platform, store: Store) -> None:
    session = store.sessions.all()[0]
    first = session.run_id
    settings = AnalysisSettings(horizon_days=60, tournament=TournamentSettings(budget_seconds=1, jobs=1))
    second = second_run(platform, store, session.session_id, settings)
    app = opened(full_app, "Versions")
    assert app.dataframe[0].value["on_screen"].tolist() == ["●", ""]
    app.button(key=f"promote_{first}").click().run()
    assert not app.exception
    assert store.sessions.get(session.session_id).run_id == first
    assert [b.key for b in app.button if str(b.key).startswith("promote_")] == [f"promote_{second}"]
    app.button(key=f"promote_{second}").click().run()
    assert store.sessions.get(session.session_id).run_id == second


def second_run(platform: Platform, store: Store, session_id: str, settings: AnalysisSettings) -> str:
    """One more version of the analysis, by a worker process."""
    first = store.sessions.get(session_id).run_id
    platform.start_analysis(store, session_id, settings)
    deadline = time.monotonic() + 240
    while (run_id := store.sessions.get(session_id).run_id) == first:
        job = platform.progress(store, session_id)
        assert job is not None
        assert job.status != "failed", job.error_message
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert run_id is not None
    return run_id


@pytest.mark.slow
def test_measures_have_intervals_and_folds(full_app: AppTest) -> None:
    app = opened(full_app)
    assert "How sure these figures are" in texts(app)
    measures = table_with(app, "worst").set_index("name")
    assert " to " in str(measures["words"]["AUC"])
    assert (measures["worst"] <= measures["best"]).sum() == len(measures) - 1
    assert {"Accuracy", "Precision, top 10 %"} <= set(measures.index)
    assert len(charts(app)) == 1
    app.selectbox(key="one_model").set_value("svm").run()
    assert "Training took" in texts(app)


@pytest.mark.slow
def test_weights_rank_at_once_and_are_kept(full_app: AppTest, store: Store) -> None:
    app = opened(full_app)
    assert "no weight changes" in texts(app)
    before = table_with(app, "gate")
    assert before["score"].tolist() != before["recall"].tolist()
    for part, weight in (("f1", 0), ("recall", 100), ("profit", 0), ("stability", 0)):
        app.number_input(key=f"models_weight_{part}").set_value(weight)
    app.run()
    after = table_with(app, "gate")
    assert after["score"].tolist() == pytest.approx(after["recall"].tolist())
    app.button(key="keep_weights").click().run()
    assert not app.exception
    kept = load_preferences(store).weights
    assert (kept.f1, kept.recall, kept.profit, kept.stability) == (0, 1, 0, 0)
    assert "begins with these weights" in texts(app)
    assert default_settings(store).tournament.weights == kept


@pytest.mark.slow
def test_four_noughts_are_refused(full_app: AppTest) -> None:
    app = opened(full_app)
    for part in ("f1", "recall", "profit", "stability"):
        app.number_input(key=f"models_weight_{part}").set_value(0)
    app.run()
    assert not app.exception
    assert "not all 0" in app.error[0].value


@pytest.mark.slow
def test_fairness_looks_at_groups_and_says_what_it_could_not(full_app: AppTest) -> None:
    app = opened(full_app, "Fairness")
    said = texts(app).replace("\\", "")
    assert "forecasts of active customers at" in said
    assert "Not looked at: Country – the file has no column" in said
    assert table_with(app, "missed")["forecasts"].min() >= 50


@pytest.mark.slow
def test_value_is_measured_by_mae_and_rmse(full_app: AppTest) -> None:
    table = table_with(opened(full_app, "How well it did"), "rmse")
    assert {"Active", "All"} == set(table["population"])
    assert (table["mae"] <= table["rmse"]).all()
    assert table["span_days"].nunique() > 1


@pytest.mark.slow
def test_the_card_names_owner_review_and_explains_itself(full_app: AppTest, store: Store) -> None:
    said = texts(opened(full_app, "Model card"))
    assert "nobody is named yet" in said
    assert "Statement on explainability" in said
    save_preferences(store, Preferences(model_owner="Ms *Weaver*"))
    app = opened(full_app, "Model card")
    assert r"Ms \*Weaver\*" in texts(app)
    assert "Review" in texts(app)


@pytest.mark.slow
def test_sets_of_parameters_and_ways_of_calibrating(full_app: AppTest) -> None:
    trials = table_with(opened(full_app, "Leaderboard"), "trial")
    assert trials["outcome"].str.startswith("★").sum() == 1
    ways = table_with(opened(full_app, "How well it did"), "about")
    assert {"Platt", "Isotonic"} <= set(ways["name"].str.removeprefix("★ "))
