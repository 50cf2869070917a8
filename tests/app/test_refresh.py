"""A refresh: a full run by the model of an earlier one, without training; a rule where the model cannot score."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.cli import main
from churnkit.errors import ConflictError
from churnkit.jobs import Platform
from churnkit.jobs.request import stored_request
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.panel_files import LEARNED_PANEL, PANEL, panel_rows
from churnkit.results.shop import AfterAdding
from churnkit.services.score.newer_file import score_newer
from churnkit.services.whatif.stored_model import stored_model
from churnkit.store import Run, Store
from tests.app.conftest import TENANT, InlineWorkers, Shop, copy_of, lines_of, settle
from tests.checked_sql import checked_sql


@pytest.fixture
def desk(tmp_path: Path, full_shop: Shop) -> Iterator[tuple[Platform, Store, Run]]:
    """The platform of a finished shop, its store and its one run."""
    folders = (tmp_path / "data", tmp_path / "models")
    copy_of(full_shop, folders)
    platform = Platform(*folders, workers=InlineWorkers(), slots=1)
    store = platform.store_for(TENANT, OWNER)
    yield platform, store, store.runs.of_session(full_shop.session_id)[0]
    platform.close()


def refreshed(platform: Platform, store: Store, shop_id: str) -> Run:
    job = platform.start_refresh(store, shop_id)
    settle(platform)
    assert store.jobs.get(job.job_id).status == "completed", store.jobs.get(job.job_id).error_message
    return store.runs.get(job.job_id)


def test_a_refresh_of_an_unchanged_shop_says_the_same_and_can_be_taken_back(
    desk: tuple[Platform, Store, Run],
) -> None:
    platform, store, trained = desk
    shop_id = trained.session_id
    run = refreshed(platform, store, shop_id)

    assert (run.kind, run.trained_by, run.model_id) == ("refresh", trained.run_id, trained.model_id)
    assert store.sessions.get(shop_id).run_id == run.run_id
    before, now = (platform.folders.run(shop_id, one) for one in (trained.run_id, run.run_id))
    assert {path.name for path in before.iterdir()} <= {path.name for path in now.iterdir()}
    pd.testing.assert_frame_equal(Results(now).customers, Results(before).customers)
    # Past dates pass through, and today's are the same.
    passed, learned = (panel_rows(Results(one)) for one in (now, before))
    pd.testing.assert_frame_equal(passed, learned)
    # The model's own panel is one file of both runs.
    assert (now / LEARNED_PANEL).samefile(before / PANEL)
    summary = Results(now).summary
    assert summary.scored_by is not None
    assert (summary.scored_by.run_id, summary.scored_by.fallback) == (trained.run_id, None)
    assert summary.quality == Results(before).summary.quality
    of_the_past = ("finished window", "season last year", "season ahead")
    told, then = (
        [note for note in one.notes if any(words in note for words in of_the_past)]
        for one in (summary, Results(before).summary)
    )
    assert told == then
    assert (
        Results(now).evidence.trust.sentences[-1] == "Measured when the model was trained, on the same data."
    )
    assert platform.version(store, run.run_id).run_folder == before

    with pytest.raises(ConflictError, match="its model scored 1 later run\\."):
        platform.delete_run(store, trained.run_id)
    platform.promote(store, shop_id, trained.run_id)
    assert store.sessions.get(shop_id).run_id == trained.run_id
    (event,) = store.events.of_shop(shop_id, kinds=["rolled_back"])
    assert event.sentence.startswith("The earlier version of ")
    platform.delete_run(store, run.run_id)
    assert not now.exists() and store.runs.seal(trained.run_id) is not None


def test_exports_added_one_by_one_are_scored_as_the_whole_file_is(
    desk: tuple[Platform, Store, Run], tmp_path: Path
) -> None:
    platform, store, trained = desk
    shop_id = trained.session_id
    first = lines_of(300, 500)
    last = first["ordered_at"].max()
    newer = first[first["ordered_at"] > last - timedelta(days=60)].copy()
    newer["ordered_at"] += timedelta(days=60)
    newer["order_id"] = "B" + newer["order_id"]
    newer.loc[newer.index[::7], "customer_id"] += "-new"
    whole = pd.concat([first, newer], ignore_index=True)
    middle = last + timedelta(days=30)
    parts = {
        # Overlaps the first file, and holds a month of the new orders.
        "one.csv": whole[(whole["ordered_at"] > last - timedelta(days=20)) & (whole["ordered_at"] < middle)],
        "two.csv": whole[whole["ordered_at"] >= middle],
    }
    for name, lines in parts.items():
        lines.to_csv(tmp_path / name, index=False)
        with (tmp_path / name).open("rb") as stream:
            upload = platform.receive_upload(store, stream, name, 10**8)
        then: AfterAdding = "refresh" if name == "two.csv" else "nothing"
        platform.add_export(store, shop_id, upload.upload_id, then=then)
        settle(platform)
    run = store.runs.of_session(shop_id)[0]
    assert (run.kind, run.trained_by, run.history_version) == ("refresh", trained.run_id, 3)

    whole.to_csv(tmp_path / "whole.csv", index=False)
    scorer = platform.version(store, trained.run_id).scorer()
    wanted = score_newer(tmp_path / "whole.csv", tmp_path / "work", scorer).customers
    results = Results(platform.folders.run(shop_id, run.run_id))
    found = results.customers
    pd.testing.assert_frame_equal(found[wanted.columns], wanted)
    # The level is that of the new date, wherever the model of this run is asked.
    assert results.summary.scored_by is not None and results.summary.scored_by.level is not None
    at_training = scorer.learned.model
    model = stored_model(results, platform.folders.models, store.runs.seal(run.run_id))
    assert model.level == results.summary.scored_by.level != at_training.level
    asked = pd.Series(model.p_churn(results.scored()), index=results.scored()["customer_id"])
    said = found.set_index("customer_id")["p_churn"]
    pd.testing.assert_series_equal(asked.loc[said.index], said, rtol=1e-5, check_names=False)


def test_a_rule_scores_where_the_model_cannot_and_says_so(desk: tuple[Platform, Store, Run]) -> None:
    platform, store, trained = desk
    seal = store.runs.seal(trained.run_id)
    assert seal is not None
    (platform.folders.models / seal.file_name).unlink()

    run = refreshed(platform, store, trained.session_id)

    assert (run.kind, run.champion, run.model_id) == ("refresh", "rules", None)
    results = Results(platform.folders.run(trained.session_id, run.run_id))
    summary = results.summary
    assert summary.method == "rules"
    assert summary.scored_by is not None and summary.scored_by.fallback is not None
    assert "could not score the customers" in summary.notes[0] and "Train again." in summary.notes[0]
    assert results.customers["risk_tier"].isna().all()
    assert isinstance(results.evidence.revenue_at_risk, Missing)
    (event,) = store.events.of_shop(trained.session_id, kinds=["scoring_fell_back"])
    assert summary.scored_by.fallback in event.sentence

    platform.promote(store, trained.session_id, trained.run_id)
    kept = Results(platform.folders.run(trained.session_id, trained.run_id))
    assert isinstance(kept.evidence.revenue_at_risk, Found)


def test_work_that_waits_is_not_asked_for_twice_and_a_retrain_asks_the_same_question(
    desk: tuple[Platform, Store, Run],
) -> None:
    platform, store, trained = desk
    first = platform.start_refresh(store, trained.session_id)
    retrain = platform.start_retrain(store, trained.session_id)
    assert platform.start_refresh(store, trained.session_id).job_id == first.job_id
    assert platform.start_retrain(store, trained.session_id).job_id == retrain.job_id
    asked = stored_request(retrain.request)
    assert asked.settings.horizon_days == trained.horizon_days
    platform.cancel_all(store, trained.session_id)
    assert store.sessions.get(trained.session_id).status == "completed"


def test_the_command_line_refreshes_a_shop_by_its_name(
    folders: tuple[Path, Path],
    small_shop: Shop,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copy_of(small_shop, folders)
    monkeypatch.setattr("churnkit.jobs.platform._PROCESSES", InlineWorkers())
    with checked_sql() as texts:
        assert main(["shop", "refresh", "Orders of <MY> shop.csv"]) == 0
    assert texts
    said = capsys.readouterr().out
    assert said.startswith("40 customers of ") and "scored by" in said
    platform = Platform(*folders, workers=InlineWorkers(), slots=1)
    runs = platform.store_for(TENANT, OWNER).runs.of_session(small_shop.session_id)
    assert [run.kind for run in runs] == ["refresh", "analysis"] and runs[0].run_id in said
    platform.close()

    assert main(["shop", "status", "Orders of <MY> shop.csv"]) == 0
    told = capsys.readouterr().out
    assert f"Run {runs[0].run_id[:8]} (on screen): 40 customers of " in told
    assert f"Run {runs[1].run_id[:8]} (kept): 40 customers of " in told

    assert main(["shop", "retrain", "another"]) == 2
    assert "has none of this name" in capsys.readouterr().err
