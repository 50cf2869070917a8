"""Was it right: a shop without an earlier run, and one whose earlier forecast is over."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from churnkit.jobs import Platform
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
from churnkit.services.monitor.writing import write_monitoring
from churnkit.store import Store

pytestmark = pytest.mark.usefixtures("shell")
PAGE = "pages/monitoring.py"


def run_folder(platform: Platform, store: Store) -> Path:
    (session,) = store.sessions.all()
    folder = platform.run_folder(session)
    assert folder is not None
    return folder


def earlier_run(folder: Path, to: Path) -> Path:
    """A copy of a run that says that its customers were scored one threshold and ten days earlier."""
    shutil.copytree(folder, to)
    summary = Results(folder).summary
    question = summary.question
    cutoff = question.cutoff - timedelta(days=question.horizon_days + 10)
    write_document(replace(summary, question=replace(question, cutoff=cutoff)), to / "summary.json")
    return to


def opened(app: AppTest, *, expert: bool = True) -> AppTest:
    """The page of an expert, or of the shop's owner."""
    app.session_state["expert"] = expert
    app.run().switch_page(PAGE).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in (*app.markdown, *app.caption, *app.header))


def test_the_first_run_says_what_can_be_expected_of_it(full_app: AppTest) -> None:
    app = opened(full_app)
    assert "No forecast is old enough to be checked yet" in shown(app)
    assert "If the model is still right" in shown(app)


def test_a_run_of_an_earlier_version_says_that_it_does_not_tell(
    full_app: AppTest, platform: Platform, store: Store
) -> None:
    (run_folder(platform, store) / SCORECARDS_FILE).unlink()
    app = opened(full_app)
    assert "was made before churnkit told this" in shown(app)


def test_an_empty_store_leads_to_the_upload(empty_app: AppTest) -> None:
    app = empty_app.run().switch_page(PAGE).run()
    assert not app.exception
    assert "Nothing to look at yet" in shown(app)


def test_a_small_shop_without_models_is_judged_too(
    small_app: AppTest, platform: Platform, store: Store, tmp_path: Path
) -> None:
    folder = run_folder(platform, store)
    write_monitoring(folder, [earlier_run(folder, tmp_path / "earlier")])
    app = opened(small_app)
    assert "The forecast of" in shown(app)


def test_an_earlier_forecast_is_shown_with_its_verdict_and_what_has_changed(
    full_app: AppTest, platform: Platform, store: Store, tmp_path: Path
) -> None:
    folder = run_folder(platform, store)
    write_monitoring(folder, [earlier_run(folder, tmp_path / "earlier")])
    app = opened(full_app)
    text = shown(app)
    assert "**What to do:**" in text and "What the list would have brought" in text
    assert "Still running" in text
    assert {one.label for one in app.metric} >= {"Bought nothing", "Spent"}
    app.session_state["monitoring_tab"] = "What has changed"
    app.run()
    assert not app.exception
    assert "when the run before" not in shown(app)
    assert "The orders" in shown(app) and "The probabilities" in shown(app)


def test_an_owner_reads_when_the_first_forecast_can_be_checked(full_app: AppTest) -> None:
    app = opened(full_app, expert=False)
    text = shown(app)
    assert "The first one can be as soon as orders up to" in text
    assert "active customers to buy nothing until" in text
    assert "no reason to train again" in "\n".join(str(one.value) for one in app.markdown)
    assert not app.tabs and not app.dataframe
    assert app.button(key="train_again").label == "Train again and compare"


def test_an_owner_reads_what_became_of_a_forecast_with_one_picture(
    full_app: AppTest, platform: Platform, store: Store, tmp_path: Path
) -> None:
    folder = run_folder(platform, store)
    write_monitoring(folder, [earlier_run(folder, tmp_path / "earlier")])
    found = Results(folder).later(ScorecardsDocument, SCORECARDS_FILE)
    assert isinstance(found, Found)
    (card,) = found.value.scorecards
    assert isinstance(card.active, Found)
    app = opened(full_app, expert=False)
    text = shown(app).replace("\\", "")
    assert f"{card.active.value.left} bought nothing." in text
    assert "**What to do:**" in text
    assert len(app.get("plotly_chart")) == 1 and not app.tabs and not app.dataframe and not app.metric
    for word in ("AUC", "ECE", "PSI", "log loss", "interval", "pairs"):
        assert word not in text, word
