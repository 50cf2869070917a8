"""Looks, runs, scenarios, lists of customers, answers, preferences, timings and removals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from churnkit.errors import StoreError
from churnkit.results.run_figures import RunFigures
from churnkit.store import EndedBy, JobKind, ModelFile, RunFiles, Session, StepTiming, Store, TrainingJob
from churnkit.store.database import MIGRATIONS_DIR
from churnkit.store.migrate import migrate
from tests.unit.store.filled import guest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SHA = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def begin(store: Store) -> Session:
    upload = store.uploads.add(
        filename="o.csv", file_path=Path("o.csv"), file_size_bytes=10, uploaded_at=NOON
    )
    return store.sessions.create(
        upload_id=upload.upload_id, column_mapping={}, created_at=NOON, name="orders of May"
    )


def running(store: Store, session: Session, kind: JobKind = "analyze") -> TrainingJob:
    job = store.jobs.create(session.session_id, created_at=NOON, kind=kind, request={"preset": None})
    claimed = store.jobs.claim(job.job_id, at=NOON)
    assert claimed is not None
    return claimed


def files(p_churn: float, name: str = "t.parquet") -> RunFiles:
    frame = pd.DataFrame({"customer_id": ["a", "b"], "p_churn": p_churn, "risk_tier": "low"})
    return RunFiles(frame, {"summary_stats": {"mean": p_churn}, "segments": [1]}, Path(name), None)


def finish(store: Store, session: Session, p_churn: float, *, model: bool = True) -> str:
    job = running(store, session)
    file = ModelFile("xgboost", Path(f"{job.job_id}.joblib"), SHA, {"f1": 0.5}) if model else None
    store.runs.finish(
        job.job_id,
        files(p_churn, f"{p_churn}.parquet"),
        at=NOON + timedelta(seconds=p_churn),
        horizon_days=int(100 * p_churn),
        champion="xgboost",
        summary=RunFigures(test_roc_auc=0.75),
        model=file,
    )
    return job.job_id


def test_old_jobs_become_analyses(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    first = tmp_path / "migrations"
    first.mkdir()
    name = "0001_initial.sql"
    (first / name).write_text((MIGRATIONS_DIR / name).read_text(encoding="utf-8"), encoding="utf-8")
    with duckdb.connect(str(path)) as connection:
        migrate(connection, first)
        connection.execute(
            "INSERT INTO uploads VALUES ('u', 'local', NULL, 'a', 'a', 1, NULL, now()::TIMESTAMP)"
        )
        connection.execute(
            "INSERT INTO sessions VALUES ('s', 'local', 'u', '{}', '{}', 60, NULL, NULL, 'completed', now()::TIMESTAMP)"
        )
        connection.execute(
            "INSERT INTO training_jobs VALUES ('f', 's', 'failed', 40, 'x', now()::TIMESTAMP, NULL,"
            " now()::TIMESTAMP, 'why'), ('p', 's', 'pending', 0, NULL, now()::TIMESTAMP, NULL, NULL, NULL)"
        )
    with Store.open(path) as store:
        jobs = {job.job_id: job for job in store.jobs.of_session("s")}
        assert (jobs["f"].kind, jobs["f"].ended_by, jobs["f"].error_message) == ("analyze", "error", "why")
        assert (jobs["p"].kind, jobs["p"].ended_by, jobs["p"].request) == ("analyze", None, {})
        assert store.sessions.get("s").run_id is None


def test_session_has_a_label(store: Store) -> None:
    session = begin(store)
    assert session.name == "orders of May"
    assert store.sessions.rename(session.session_id, "all of 2025").name == "all of 2025"


def test_job_is_claimed_once(store: Store) -> None:
    job = store.jobs.create(begin(store).session_id, created_at=NOON, kind="look", request={"preset": "x"})
    assert (job.kind, job.request, job.pid) == ("look", {"preset": "x"}, None)
    claimed = store.jobs.claim(job.job_id, at=NOON)
    assert claimed is not None
    assert (claimed.status, claimed.started_at) == ("running", NOON)
    assert store.jobs.claim(job.job_id, at=NOON) is None
    with_process = store.jobs.update(job.job_id, at=NOON, pid=4711, pid_started="boot/99")
    assert (with_process.pid, with_process.pid_started) == (4711, "boot/99")


@pytest.mark.parametrize("ended_by", ["error", "cancelled", "interrupted"])
def test_failed_job_says_what_ended_it(store: Store, ended_by: EndedBy) -> None:
    job = running(store, begin(store))
    failed = store.jobs.update(
        job.job_id, at=NOON, status="failed", error_message="m", error_remedy="r", ended_by=ended_by
    )
    assert (failed.ended_by, failed.error_message, failed.error_remedy) == (ended_by, "m", "r")


def test_job_that_did_not_fail_was_ended_by_nothing(store: Store) -> None:
    job = running(store, begin(store))
    assert store.jobs.update(job.job_id, at=NOON, ended_by="cancelled").ended_by is None
    assert store.jobs.finish(job.job_id, at=NOON).ended_by is None


def test_look_becomes_the_sessions(store: Store) -> None:
    session = begin(store)
    job = running(store, session, "look")
    done = store.looks.finish(
        job.job_id,
        at=NOON,
        column_mapping={"amount": "Total"},
        horizon_days=75,
        row_count=812,
        transactions_path=Path("looks/t.parquet"),
        timings=[StepTiming("read", 812, 1.5)],
    )
    assert (done.status, done.progress) == ("completed", 100.0)
    after = store.sessions.get(session.session_id)
    assert (after.look_id, after.horizon_days, after.column_mapping) == (job.job_id, 75, {"amount": "Total"})
    assert after.transactions_path == Path("looks/t.parquet")
    assert after.run_id is None
    assert store.uploads.get(session.upload_id).row_count == 812
    assert store.overview.step_timings("look", last=5) == [StepTiming("read", 812, 1.5)]
    assert store.overview.step_timings("analyze", last=5) == []


def test_another_look_leaves_the_run_on_screen_alone(store: Store) -> None:
    session = begin(store)
    finish(store, session, 0.5)
    job = running(store, session, "look")
    store.looks.finish(
        job.job_id, at=NOON, column_mapping={}, horizon_days=75, row_count=1, transactions_path=Path("x")
    )
    after = store.sessions.get(session.session_id)
    assert (after.look_id, after.horizon_days) == (job.job_id, 50)
    assert after.transactions_path == Path("0.5.parquet")


def test_run_brings_model_predictions_and_insights(store: Store) -> None:
    session = begin(store)
    run_id = finish(store, session, 0.25)
    after = store.sessions.get(session.session_id)
    assert (after.run_id, after.status, after.horizon_days) == (run_id, "completed", 25)
    run = store.runs.get(run_id)
    champion = store.models.champion(session.session_id)
    assert champion is not None
    assert (run.model_id, run.champion, run.summary) == (
        champion.model_id,
        "xgboost",
        RunFigures(test_roc_auc=0.75),
    )
    page = store.predictions.page(session.session_id)
    assert set(page.rows["p_churn"]) == {0.25}
    assert set(page.rows["model_id"]) == {champion.model_id}
    insights = store.insights.of_session(session.session_id)
    assert insights is not None
    assert (insights.summary_stats, insights.segments, insights.recommendations) == ({"mean": 0.25}, [1], [])
    assert store.jobs.get(run_id).status == "completed"


def test_refused_run_writes_nothing(store: Store) -> None:
    session = begin(store)
    job = running(store, session)
    wrong = files(0.5).predictions.assign(p_churn=1.5)
    with pytest.raises(StoreError, match="recording a run"):
        store.runs.finish(
            job.job_id,
            RunFiles(wrong, {}, Path("t"), None),
            at=NOON,
            horizon_days=30,
            champion="x",
            summary=RunFigures(),
            model=ModelFile("x", Path("x"), SHA),
        )
    assert store.jobs.get(job.job_id).status == "running"
    assert (store.models.of_session(session.session_id), store.runs.of_session(session.session_id)) == (
        [],
        [],
    )
    assert store.sessions.get(session.session_id).run_id is None


def test_run_is_finished_once(store: Store) -> None:
    session = begin(store)
    run_id = finish(store, session, 0.5)
    with pytest.raises(StoreError, match="must be running, found completed"):
        store.runs.finish(
            run_id, files(0.5), at=NOON, horizon_days=1, champion="x", summary=RunFigures(), model=None
        )
    assert len(store.runs.of_session(session.session_id)) == 1


def test_promoting_goes_back_to_an_earlier_run(store: Store) -> None:
    session = begin(store)
    first, second = finish(store, session, 0.25), finish(store, session, 0.75, model=False)
    assert [run.run_id for run in store.runs.of_session(session.session_id)] == [second, first]
    assert store.models.champion(session.session_id) is None
    store.runs.promote(session.session_id, first, files(0.25), at=NOON)
    after = store.sessions.get(session.session_id)
    assert (after.run_id, after.horizon_days) == (first, 25)
    champion = store.models.champion(session.session_id)
    assert champion is not None
    assert champion.file_path == Path(f"{first}.joblib")
    assert set(store.predictions.page(session.session_id).rows["p_churn"]) == {0.25}


def test_run_of_another_session_cannot_be_promoted(store: Store) -> None:
    run_id, other = finish(store, begin(store), 0.5), begin(store)
    with pytest.raises(StoreError, match="one of the session's runs"):
        store.runs.promote(other.session_id, run_id, files(0.5), at=NOON)
    assert store.predictions.page(other.session_id).total == 0


def test_scenarios_are_the_readers_own(store: Store) -> None:
    session = begin(store)
    reader = guest(store, session)
    reader.scenarios.save(
        session.session_id, "bold", settings={"n": 9}, figures={"net": 1.0}, created_at=NOON
    )
    again = reader.scenarios.save(
        session.session_id, "bold", settings={"n": 12}, figures={"net": 2.0}, created_at=NOON
    )
    assert reader.scenarios.of_session(session.session_id) == [again]
    assert again.settings == {"n": 12}
    assert store.scenarios.of_session(session.session_id) == []
    store.scenarios.delete(session.session_id, "bold")
    assert len(reader.scenarios.of_session(session.session_id)) == 1
    reader.scenarios.delete(session.session_id, "bold")
    assert reader.scenarios.of_session(session.session_id) == []


def test_notes_need_a_session_that_exists(store: Store) -> None:
    with pytest.raises(StoreError, match="there is none"):
        store.scenarios.save("gone", "x", settings={}, figures={}, created_at=NOON)
    with pytest.raises(StoreError, match="there is none"):
        store.contact_lists.create("gone", "x", created_at=NOON)


def test_an_id_alone_is_no_leave_to_keep_notes(store: Store) -> None:
    session = begin(store)
    stranger = store.for_tenant("stranger")
    with pytest.raises(StoreError, match="there is none"):
        stranger.scenarios.save(session.session_id, "x", settings={}, figures={}, created_at=NOON)
    with pytest.raises(StoreError, match="there is none"):
        stranger.contact_lists.create(session.session_id, "x", created_at=NOON)


def test_list_holds_each_customer_once(store: Store) -> None:
    session = begin(store)
    listed = store.contact_lists.create(
        session.session_id, "spring", created_at=NOON, customer_ids=["007", "b", "b"]
    )
    assert listed.customer_count == 2
    assert store.contact_lists.add(listed.list_id, ["b", "'; DROP TABLE x", "c"]).customer_count == 4
    assert store.contact_lists.customers(listed.list_id) == ["'; DROP TABLE x", "007", "b", "c"]
    with pytest.raises(StoreError, match="as text"):
        store.contact_lists.add(listed.list_id, [1])  # type: ignore[list-item]  # wrong on purpose
    empty = store.contact_lists.create(session.session_id, "later", created_at=NOON + timedelta(days=1))
    assert [found.name for found in store.contact_lists.of_session(session.session_id)] == ["later", "spring"]
    store.contact_lists.delete(listed.list_id)
    assert store.contact_lists.of_session(session.session_id) == [empty]


def test_a_readers_notes_go_with_the_session(store: Store) -> None:
    session = begin(store)
    reader = guest(store, session)
    reader.scenarios.save(session.session_id, "x", settings={}, figures={}, created_at=NOON)
    listed = reader.contact_lists.create(session.session_id, "x", created_at=NOON, customer_ids=["a"])
    store.sessions.delete(session.session_id)
    assert reader.scenarios.of_session(session.session_id) == []
    with pytest.raises(StoreError, match="there is none"):
        reader.contact_lists.customers(listed.list_id)


def test_preferences_and_answers_are_kept_by_tenant(store: Store) -> None:
    other = store.for_tenant("other")
    store.preferences.set("tiers", {"high": 0.8})
    store.preferences.set("tiers", {"high": 0.6})
    store.preferences.set("days", 30)
    assert (store.preferences.get("tiers"), store.preferences.get("days")) == ({"high": 0.6}, 30)
    assert other.preferences.get("tiers") is None
    store.preferences.delete("tiers")
    assert store.preferences.get("tiers") is None
    store.answers.save("abc", [{"amount": "Total"}], used_at=NOON)
    store.answers.save("abc", [{"amount": "Sum"}, {"day_first": True}], used_at=NOON)
    assert store.answers.of("abc") == [{"amount": "Sum"}, {"day_first": True}]
    assert (other.answers.of("abc"), store.answers.of("x")) == ([], [])
    store.answers.save("abc", [], used_at=NOON)
    assert store.answers.of("abc") == []


def test_unfinished_jobs_are_seen_across_tenants(store: Store) -> None:
    mine, other = begin(store), store.for_tenant("other")
    theirs = begin(other)
    first = store.jobs.create(mine.session_id, created_at=NOON)
    second = other.jobs.create(theirs.session_id, created_at=NOON + timedelta(seconds=1))
    ended = store.jobs.create(mine.session_id, created_at=NOON)
    store.jobs.update(ended.job_id, at=NOON, status="failed", error_message="x")
    found = [(owned.tenant_id, owned.job.job_id) for owned in store.overview.unfinished_jobs()]
    assert found == [("local", first.job_id), ("other", second.job_id)]
    assert store.overview.tenants() == ["local", "other"]


def test_what_the_server_asks_all_the_time_is_read_again_after_a_change_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    reading = store._database.reading

    def counted(doing: str) -> Any:
        asked.append(doing)
        return reading(doing)

    monkeypatch.setattr(store._database, "reading", counted)

    def all_of_it() -> list[int]:
        overview = store.overview
        found = (overview.unfinished_jobs(), overview.runs_to_follow_up(), overview.files_to_hand_on())
        counts = [len(one) for one in found]
        for one in found:
            # What somebody does with the answer is not what the next one gets.
            one.clear()
        return counts

    assert all_of_it() == [0, 0, 0]
    assert all_of_it() == [0, 0, 0]
    assert len(asked) == 3
    job = store.for_tenant("other").jobs.create(begin(store.for_tenant("other")).session_id, created_at=NOON)
    assert all_of_it() == all_of_it() == [1, 0, 0]
    store.for_tenant("other").jobs.update(job.job_id, at=NOON, status="failed", error_message="x")
    assert all_of_it() == [0, 0, 0]


def test_only_the_newest_timings_count(store: Store) -> None:
    session = begin(store)
    for number in range(4):
        job = running(store, session)
        at = NOON + timedelta(minutes=number)
        store.jobs.finish(job.job_id, at=at, timings=[StepTiming("train", 100, float(number))])
    assert [timing.seconds for timing in store.overview.step_timings("analyze", last=2)] == [3.0, 2.0]


def test_removals_are_remembered_until_they_are_done(store: Store) -> None:
    session = begin(store)
    finish(store, session, 0.5)
    removed = store.uploads.delete(session.upload_id, folders=[Path("analyses/x")])
    assert Path("analyses/x") in removed.files
    assert set(store.overview.removals()) == set(removed.files)
    store.overview.forget_removals([path for path in removed.files if path != Path("analyses/x")])
    assert store.overview.removals() == [Path("analyses/x")]
