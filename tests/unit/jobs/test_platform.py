"""Looks, analyses and scorings from queue to store, with played workers."""

from __future__ import annotations

import io
import json
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Self

import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, IngestSettings
from churnkit.errors import DataError, DiskError, JobError, NotFoundError, StoreError
from churnkit.ingest import ColumnMapping, Reading
from churnkit.jobs import Platform
from churnkit.jobs.follower import INTERRUPTED, UNEXPECTED
from churnkit.jobs.request import Order, Request
from churnkit.services.workspace.workspace_preferences import Preferences, save_preferences
from churnkit.store import ModelSeal, Session, Store, TrainingJob
from churnkit.store.look_table import LookTable
from churnkit.store.run_table import RunTable

NewSession = Callable[..., Session]


def only_job(store: Store, session: Session) -> TrainingJob:
    (job,) = store.jobs.of_session(session.session_id)
    return job


def looked(platform: Platform, store: Store, played: Any, new_session: NewSession) -> Session:
    session = new_session(store)
    platform.follower.tick()
    played.finish_look(only_job(store, session).job_id)
    platform.follower.tick()
    return store.sessions.get(session.session_id)


def analysed(platform: Platform, store: Store, played: Any, session: Session, p_churn: float = 0.5) -> str:
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id, p_churn)
    platform.follower.tick()
    return job.job_id


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} if folder.exists() else set()


def test_upload_lies_under_a_name_of_our_own(platform: Platform, store: Store) -> None:
    upload = platform.receive_upload(store, io.BytesIO(b"x" * 10), "..\\..\\evil\n.CSV", 10)
    assert upload.filename == "evil.CSV"
    assert upload.file_path.parent == platform.folders.uploads
    assert upload.file_path.suffix == ".csv"
    assert upload.file_path.read_bytes() == b"x" * 10


@pytest.mark.parametrize(("content", "words"), [(b"x" * 11, "MB at most"), (b"", "is empty")])
def test_refused_upload_leaves_nothing(platform: Platform, store: Store, content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        platform.receive_upload(store, io.BytesIO(content), "a.csv", 10)
    assert files_in(platform.folders.uploads) == set()
    assert store.uploads.all() == []


def test_several_files_are_one_upload_that_the_same_bytes_make_again(
    platform: Platform, store: Store
) -> None:
    def files() -> list[tuple[BinaryIO, str]]:
        return [(io.BytesIO(b"a,b\n3,4\n"), "2026-02.csv"), (io.BytesIO(b"a,b\n1,2\n"), "../2026-01.csv")]

    one, two = (platform.receive_uploads(store, files(), 100) for _ in range(2))
    assert one.filename == "2026-01.csv and 1 more file"
    assert (one.file_path.parent, one.file_path.suffix) == (platform.folders.uploads, ".zip")
    assert one.sha256 == two.sha256
    assert one.file_size_bytes == one.file_path.stat().st_size
    alone = platform.receive_uploads(store, files()[:1], 100)
    assert (alone.filename, alone.file_path.read_bytes()) == ("2026-02.csv", b"a,b\n3,4\n")


@pytest.mark.parametrize(("second", "words"), [(b"x" * 6, "MB at most"), (b"", "b.csv: the file is empty")])
def test_files_of_which_one_is_refused_leave_nothing(
    platform: Platform, store: Store, second: bytes, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        platform.receive_uploads(store, [(io.BytesIO(b"x" * 5), "a.csv"), (io.BytesIO(second), "b.csv")], 10)
    assert files_in(platform.folders.uploads) == set()
    assert store.uploads.all() == []


def test_upload_that_breaks_off_leaves_nothing(platform: Platform, store: Store) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(4)

    with pytest.raises(ConnectionResetError):
        platform.receive_upload(store, Broken(b"x" * 100), "a.csv", 1000)
    assert files_in(platform.folders.uploads) == set()


def test_the_end_of_work_wakes_who_tells_webhooks_of_it(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    woken = platform._courier._wake
    session = looked(platform, store, played, new_session)
    assert woken.is_set()
    woken.clear()
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    assert not woken.is_set()
    platform.cancel(store, job.job_id)
    assert woken.is_set()


def test_look_runs_from_queue_to_session(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    waiting = platform.progress(store, session.session_id)
    assert waiting is not None
    assert (waiting.status, waiting.queue_position, waiting.is_active) == ("pending", 1, True)
    assert platform.look_folder(session) is None

    platform.follower.tick()
    job = only_job(store, session)
    order = Order.read(platform.folders.job(job.job_id))
    assert (order.kind, order.file) == ("look", store.uploads.get(session.upload_id).file_path)
    played.status(job.job_id)
    platform.follower.tick()
    at_work = platform.progress(store, session.session_id)
    assert at_work is not None
    assert (at_work.status, at_work.step, at_work.queue_position) == ("running", "Starting", None)
    assert [step.state for step in at_work.steps] == ["running", "waiting", "waiting", "waiting"]

    played.finish_look(job.job_id)
    platform.follower.tick()
    done = platform.progress(store, session.session_id)
    assert done is not None
    assert (done.status, done.percent, done.seconds_left, done.is_active) == ("completed", 100.0, None, False)
    after = store.sessions.get(session.session_id)
    assert (after.look_id, after.horizon_days, after.name) == (job.job_id, 77, "orders.csv")
    folder = platform.look_folder(after)
    assert folder is not None
    assert files_in(folder) == {"transactions.parquet", "look.json", "profile.json"}
    assert files_in(platform.folders.job(job.job_id)) == {"request.json", "status.json"}


def test_analysis_reads_the_file_as_the_look_did(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    upload = platform.receive_upload(store, io.BytesIO(b"a\n"), "o.csv", 100)
    reading = Reading(
        settings=IngestSettings(sheet="May"),
        mapping=ColumnMapping({"amount": "b"}, day_first=True, currency="EUR"),
        preset="shopify",
        as_of=datetime(2026, 1, 1),
    )
    session = platform.start_look(store, upload.upload_id, reading, AnalysisSettings())
    platform.follower.tick()
    played.finish_look(only_job(store, session).job_id)
    platform.follower.tick()
    job = platform.start_analysis(store, session.session_id, AnalysisSettings(horizon_days=45))
    platform.follower.tick()
    request = Order.read(platform.folders.job(job.job_id)).request
    assert request == Request(reading=reading, settings=AnalysisSettings(horizon_days=45))
    kept = store.sessions.get(session.session_id).settings
    assert (kept["ingest"]["sheet"], kept["as_of"]) == ("May", "2026-01-01T00:00:00")


def test_analysis_needs_a_look(platform: Platform, store: Store, new_session: NewSession) -> None:
    session = new_session(store)
    platform.cancel(store, only_job(store, session).job_id)
    with pytest.raises(JobError, match="has not been read"):
        platform.start_analysis(store, session.session_id, AnalysisSettings())


def test_analysis_may_be_queued_while_the_file_is_read(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    analysis = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    look = next(job for job in store.jobs.of_session(session.session_id) if job.kind == "look")
    played.finish_run(analysis.job_id)
    played.finish_look(look.job_id)
    platform.follower.tick()
    after = store.sessions.get(session.session_id)
    assert (after.look_id, after.run_id) == (look.job_id, analysis.job_id)
    assert (after.horizon_days, after.status) == (60, "completed")


def test_run_is_taken_over(platform: Platform, store: Store, played: Any, new_session: NewSession) -> None:
    session = looked(platform, store, played, new_session)
    run_id = analysed(platform, store, played, session, 0.25)
    after = store.sessions.get(session.session_id)
    assert (after.run_id, after.status) == (run_id, "completed")
    folder = platform.run_folder(after)
    assert folder == platform.folders.run(session.session_id, run_id)
    model = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    assert model["file_path"] == str(platform.folders.models / f"{run_id}.joblib")
    assert files_in(platform.folders.models) == {f"{run_id}.joblib", f"{run_id}.json"}
    (run,) = platform.runs(store, session.session_id)
    assert (run.champion, run.summary.test_roc_auc, run.horizon_days) == ("blend", 0.75, 60)
    assert store.predictions.page(session.session_id).total == 2
    insights = store.insights.of_session(session.session_id)
    assert insights is not None
    assert [one["tier"] for one in insights.segments] == ["high", "medium", "low"]
    assert insights.feature_importance == []
    assert store.models.champion(session.session_id) is not None


def test_status_of_the_session_follows_its_analysis(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    assert store.sessions.get(session.session_id).status == "training"
    platform.cancel(store, job.job_id)
    assert store.sessions.get(session.session_id).status == "configured"
    analysed(platform, store, played, session)
    again = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.cancel(store, again.job_id)
    assert store.sessions.get(session.session_id).status == "completed"


def test_same_analysis_is_not_started_twice(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    assert platform.start_analysis(store, session.session_id, AnalysisSettings()).job_id == job.job_id
    with pytest.raises(JobError, match="under way"):
        platform.start_analysis(store, session.session_id, AnalysisSettings(horizon_days=9))
    with pytest.raises(JobError, match="under way"):
        platform.start_look(
            store, session.upload_id, Reading(), AnalysisSettings(), session_id=session.session_id
        )


def test_another_look_replaces_the_first(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    before = platform.look_folder(session)
    platform.start_look(
        store, session.upload_id, Reading(), AnalysisSettings(), session_id=session.session_id
    )
    platform.start_look(
        store, session.upload_id, Reading(), AnalysisSettings(), session_id=session.session_id
    )
    assert platform.look_folder(store.sessions.get(session.session_id)) == before
    platform.follower.tick()
    newest, cancelled, first = store.jobs.of_session(session.session_id)
    assert [job.status for job in (newest, cancelled, first)] == ["running", "failed", "completed"]
    played.finish_look(newest.job_id)
    platform.follower.tick()
    after = store.sessions.get(session.session_id)
    assert after.look_id == newest.job_id
    assert before is not None
    assert not before.exists()


def test_worker_that_failed_says_why(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    job = only_job(store, session)
    played.status(job.job_id, "failed", message="No date column.", remedy="Map one.")
    platform.follower.tick()
    view = platform.progress(store, session.session_id)
    assert view is not None
    assert (view.status, view.ended_by) == ("failed", "error")
    assert (view.error_message, view.error_remedy) == ("No date column.", "Map one.")


def test_crash_is_one_sentence_and_the_place_of_the_log(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    job = only_job(store, session)
    played.status(job.job_id, "crashed")
    platform.follower.tick()
    failed = store.jobs.get(job.job_id)
    assert (failed.error_message, failed.ended_by) == (UNEXPECTED, "error")
    assert f"jobs/{job.job_id}/log.txt" in (failed.error_remedy or "")


def test_dead_worker_is_interrupted_and_can_be_started_again(
    platform: Platform, store: Store, played: Any, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    job = only_job(store, session)
    played.status(job.job_id)
    platform.folders.out(job.job_id).mkdir()
    workers.alive.clear()
    platform.follower.tick()
    dead = store.jobs.get(job.job_id)
    assert (dead.status, dead.ended_by, dead.error_message) == ("failed", "interrupted", INTERRUPTED)
    assert not platform.folders.out(job.job_id).exists()
    again = platform.retry(store, job.job_id)
    assert (again.kind, again.request, again.status) == ("look", job.request, "pending")
    with pytest.raises(JobError, match="has not ended"):
        platform.retry(store, again.job_id)


def test_results_that_cannot_be_used_fail_the_job(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    (platform.folders.out(job.job_id) / "customers.parquet").write_bytes(b"no parquet")
    platform.follower.tick()
    failed = store.jobs.get(job.job_id)
    assert (failed.status, failed.ended_by) == ("failed", "error")
    assert "cannot be used" in (failed.error_message or "")
    assert store.sessions.get(session.session_id).run_id is None


def test_cancel_stops_the_worker_and_leaves_nothing(
    platform: Platform, store: Store, played: Any, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    job = only_job(store, session)
    played.finish_look(job.job_id)
    cancelled = platform.cancel(store, job.job_id)
    assert (cancelled.status, cancelled.ended_by) == ("failed", "cancelled")
    assert workers.stopped == [1]
    platform.follower.tick()
    assert store.sessions.get(session.session_id).look_id is None
    assert not platform.folders.out(job.job_id).exists()
    assert platform.cancel(store, job.job_id) == cancelled


def test_waiting_job_is_cancelled_without_a_worker(
    platform: Platform, store: Store, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.cancel(store, only_job(store, session).job_id)
    platform.follower.tick()
    assert (workers.started, workers.stopped) == ([], [])


def test_jobs_of_tenants_take_turns(platform: Platform, workers: Any, new_session: NewSession) -> None:
    one, other = platform.store_for("one", OWNER), platform.store_for("other", OWNER)
    jobs = [only_job(one, new_session(one)).job_id for _ in range(3)]
    jobs.append(only_job(other, new_session(other)).job_id)
    for _ in range(4):
        platform.follower.tick()
        running = next(
            o for o in platform.store_for("x", OWNER).overview.unfinished_jobs() if o.job.status == "running"
        )
        platform.cancel(platform.store_for(running.tenant_id, OWNER), running.job.job_id)
    assert workers.started == [jobs[0], jobs[3], jobs[1], jobs[2]]


def test_tenants_cannot_touch_each_others_jobs(
    platform: Platform, store: Store, new_session: NewSession
) -> None:
    session = new_session(store)
    job = only_job(store, session)
    other = platform.store_for("other", OWNER)
    for attempt in (
        lambda: platform.progress(other, session.session_id),
        lambda: platform.cancel(other, job.job_id),
        lambda: platform.retry(other, job.job_id),
        lambda: platform.delete_session(other, session.session_id),
        lambda: platform.start_analysis(other, session.session_id, AnalysisSettings()),
        lambda: platform.start_look(other, session.upload_id, Reading(), AnalysisSettings()),
    ):
        with pytest.raises(StoreError, match="there is none"):
            attempt()


def test_promoting_puts_an_earlier_run_on_screen(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    first = analysed(platform, store, played, session, 0.25)
    second = analysed(platform, store, played, session, 0.75)
    assert store.sessions.get(session.session_id).run_id == second
    platform.promote(store, session.session_id, first)
    assert store.sessions.get(session.session_id).run_id == first
    assert set(store.predictions.page(session.session_id).rows["p_churn"]) == {0.25}
    shutil.rmtree(platform.folders.run(session.session_id, second))
    with pytest.raises(JobError, match="cannot be used"):
        platform.promote(store, session.session_id, second)
    assert store.sessions.get(session.session_id).run_id == first


def test_scoring_uses_the_run_on_screen(
    platform: Platform, store: Store, played: Any, new_session: NewSession, tmp_path: Path
) -> None:
    session = looked(platform, store, played, new_session)
    source = tmp_path / "new.csv"
    source.write_text("customer_id\nx\n", encoding="utf-8")
    with pytest.raises(JobError, match="has not been analysed"):
        platform.start_scoring(store, session.session_id, source)
    run_id = analysed(platform, store, played, session)
    job = platform.start_scoring(store, session.session_id, source)
    source.unlink()
    platform.follower.tick()
    order = Order.read(platform.folders.job(job.job_id))
    assert order.run_folder == platform.folders.run(session.session_id, run_id)
    assert order.file.read_text(encoding="utf-8") == "customer_id\nx\n"
    champion = store.models.champion(session.session_id)
    assert champion is not None
    assert order.seal == ModelSeal(f"{run_id}.joblib", champion.sha256)
    with pytest.raises(JobError, match="not there"):
        platform.scored(store.jobs.get(job.job_id))
    out = platform.folders.out(job.job_id)
    out.mkdir()
    (out / "scored.parquet").write_bytes(b"x")
    played.status(job.job_id, "done", "score")
    platform.follower.tick()
    assert platform.scored(store.jobs.get(job.job_id)).read_bytes() == b"x"
    source.write_text("customer_id\ny\n", encoding="utf-8")
    newer = platform.start_scoring(store, session.session_id, source)
    assert files_in(platform.folders.job(job.job_id)) == {"request.json", "status.json"}
    assert files_in(platform.folders.job(newer.job_id)) == {"input.csv"}
    platform.cancel(store, newer.job_id)
    newest = platform.progress(store, session.session_id)
    assert newest is not None
    assert newest.kind == "analyze"
    scoring = platform.progress(store, session.session_id, "score")
    assert scoring is not None
    assert (scoring.job_id, scoring.ended_by) == (newer.job_id, "cancelled")


def test_deleting_a_session_takes_every_file_along(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    kept = looked(platform, store, played, new_session)
    session = looked(platform, store, played, new_session)
    analysed(platform, store, played, session)
    use = platform.storage(store)
    assert min(use.uploads_bytes, use.analyses_bytes, use.models_bytes, use.jobs_bytes) > 0
    assert use.models_bytes == len(b"model") + len(b"{}")
    assert 0 < platform.session_storage_bytes(store, session) < use.total_bytes
    platform.delete_session(store, session.session_id)
    assert files_in(platform.folders.models) == set()
    assert not platform.folders.session(session.session_id).exists()
    assert [one.session_id for one in store.sessions.all()] == [kept.session_id]
    assert len(files_in(platform.folders.uploads)) == 1
    jobs = {path.name for path in (platform.folders.data / "jobs").iterdir()}
    assert jobs == {job.job_id for job in store.jobs.of_session(kept.session_id)}
    assert store.overview.removals() == []
    platform.delete_session(store, kept.session_id)
    assert platform.storage(store).total_bytes == 0


def test_a_workspace_is_emptied_and_others_are_not(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    looked(platform, store, played, new_session)
    other = platform.store_for("other", OWNER)
    theirs = new_session(other)
    platform.delete_everything(store)
    assert (store.sessions.all(), store.uploads.all(), platform.storage(store).total_bytes) == ([], [], 0)
    assert [one.session_id for one in other.sessions.all()] == [theirs.session_id]
    assert platform.upload_file(other.uploads.get(theirs.upload_id)).exists()


def test_upload_stays_while_another_session_stands_on_it(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    other = platform.start_look(store, session.upload_id, Reading(), AnalysisSettings())
    platform.delete_session(store, session.session_id)
    assert platform.upload_file(store.uploads.get(session.upload_id)).exists()
    platform.delete_upload(store, other.upload_id)
    assert store.sessions.all() == []
    assert files_in(platform.folders.uploads) == set()


def test_deleting_ends_the_work(
    platform: Platform, store: Store, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    platform.delete_session(store, session.session_id)
    assert workers.stopped == [1]
    assert not platform.follower.tick()


def test_removal_that_was_cut_short_is_finished_at_the_next_start(
    platform: Platform, store: Store, played: Any, new_session: NewSession, workers: Any, tmp_path: Path
) -> None:
    session = looked(platform, store, played, new_session)
    folder = platform.folders.session(session.session_id)
    store.sessions.delete(session.session_id, folders=[folder, tmp_path / "not ours"])
    (tmp_path / "not ours").mkdir()
    platform.close()
    again = Platform(tmp_path / "data", tmp_path / "models", workers=workers)
    assert not folder.exists()
    assert (tmp_path / "not ours").exists()
    again.close()


def test_folders_may_move(
    platform: Platform, store: Store, played: Any, new_session: NewSession, workers: Any, tmp_path: Path
) -> None:
    session = looked(platform, store, played, new_session)
    analysed(platform, store, played, session)
    platform.close()
    (tmp_path / "data").rename(tmp_path / "restored")
    (tmp_path / "models").rename(tmp_path / "elsewhere")
    moved = Platform(tmp_path / "restored", tmp_path / "elsewhere", workers=workers)
    store = moved.store_for("local", OWNER)
    after = store.sessions.get(session.session_id)
    folder = moved.run_folder(after)
    assert folder is not None
    assert (folder / "customers.parquet").exists()
    assert moved.upload_file(store.uploads.get(after.upload_id)).exists()
    assert moved.storage(store).models_bytes == len(b"model") + len(b"{}")
    moved.delete_session(store, after.session_id)
    assert files_in(moved.folders.uploads) | files_in(moved.folders.models) == set()
    moved.close()


def test_nobody_waits_while_a_file_to_score_is_copied(
    platform: Platform,
    store: Store,
    played: Any,
    new_session: NewSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = looked(platform, store, played, new_session)
    source = tmp_path / "new.csv"
    source.write_text("customer_id\nx\n")
    free: list[bool] = []

    def copy(*_: object) -> None:
        other = threading.Thread(target=lambda: free.append(platform._lock.acquire(blocking=False)))
        other.start()
        other.join()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("churnkit.jobs.work_desk.shutil.copyfile", copy)
    with pytest.raises(DiskError):
        platform.start_scoring(store, session.session_id, source)
    assert free == [True]
    assert [job.kind for job in store.jobs.of_session(session.session_id)] == ["look"]


def test_retention_removes_what_nobody_has_used(
    platform: Platform, store: Store, played: Any, new_session: NewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = looked(platform, store, played, new_session)
    platform.receive_upload(store, io.BytesIO(b"x"), "never used.csv", 10)
    assert platform.apply_retention(store, 30) == 0

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return super().now(UTC) + timedelta(days=31)

    monkeypatch.setattr("churnkit.jobs.clearing.datetime", Later)
    other = platform.store_for("other", OWNER)
    theirs = new_session(other)
    save_preferences(store, Preferences(retention_days=30))
    platform._keep_house()
    assert (store.sessions.all(), store.uploads.all()) == ([], [])
    assert not platform.folders.session(session.session_id).exists()
    assert [one.session_id for one in other.sessions.all()] == [theirs.session_id]


class Crash(BaseException):
    """The server dies."""


@pytest.mark.parametrize("kind", ["look", "analyze"])
def test_server_that_died_while_taking_over_finishes_it_after_a_restart(
    platform: Platform,
    store: Store,
    played: Any,
    workers: Any,
    new_session: NewSession,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
) -> None:
    session = looked(platform, store, played, new_session) if kind == "analyze" else new_session(store)
    if kind == "analyze":
        platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    job_id = store.jobs.of_session(session.session_id)[0].job_id
    if kind == "look":
        played.finish_look(job_id)
    else:
        played.finish_run(job_id)

    def die(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(LookTable, "finish", die)
        patched.setattr(RunTable, "finish", die)
        with pytest.raises(Crash):
            platform.follower.tick()
    assert not platform.folders.out(job_id).exists()
    platform.close()
    workers.alive.clear()
    again = Platform(tmp_path / "data", tmp_path / "models", workers=workers)
    again.follower.tick()
    reopened = again.store_for("local", OWNER)
    assert reopened.jobs.get(job_id).status == "completed"
    after = reopened.sessions.get(session.session_id)
    assert job_id in (after.look_id, after.run_id)
    again.close()


def test_worker_whose_number_was_not_written_down_is_found(
    platform: Platform, store: Store, played: Any, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    job = only_job(store, session)
    store.jobs.claim(job.job_id, at=datetime.now(UTC))
    platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "running", "it may be about to say who it is"
    folder = platform.folders.job(job.job_id)
    folder.mkdir(parents=True)
    workers.start(folder)
    played.status(job.job_id)
    platform.follower.tick()
    assert store.jobs.get(job.job_id).pid == 1
    workers.alive.clear()
    platform.follower.tick()
    assert store.jobs.get(job.job_id).ended_by == "interrupted"


def test_worker_that_never_said_anything_is_given_up(
    platform: Platform, store: Store, new_session: NewSession, steady: Any
) -> None:
    session = new_session(store)
    job = only_job(store, session)
    store.jobs.claim(job.job_id, at=datetime.now(UTC) + timedelta(hours=1))
    platform.follower.tick()
    steady.seconds += 29
    platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "running"
    steady.seconds += 2
    platform.follower.tick()
    assert store.jobs.get(job.job_id).ended_by == "interrupted"


def test_machine_that_starts_no_process_fails_the_job(
    platform: Platform, store: Store, workers: Any, new_session: NewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> tuple[int, str]:
        raise OSError("Cannot allocate memory")

    monkeypatch.setattr(workers, "start", refuse)
    session = new_session(store)
    platform.follower.tick()
    assert "Cannot allocate memory" in (only_job(store, session).error_message or "")
    assert not platform.follower.tick()


def test_upload_that_is_gone_is_said_to_be_missing(
    platform: Platform, store: Store, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.upload_file(store.uploads.get(session.upload_id)).unlink()
    platform.follower.tick()
    failed = only_job(store, session)
    assert (failed.status, failed.ended_by) == ("failed", "error")
    assert "missing from the data folder" in (failed.error_message or "")


def test_one_damaged_job_does_not_stop_the_others(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    platform.follower.slots = 2
    damaged, sound = new_session(store), new_session(store)
    platform.follower.tick()
    (platform.folders.job(only_job(store, damaged).job_id) / "status.json").write_text("{")
    played.finish_look(only_job(store, sound).job_id)
    platform.follower.tick()
    assert only_job(store, sound).status == "completed"
    view = platform.progress(store, damaged.session_id)
    assert view is not None
    assert (view.status, view.ended_by) == ("failed", "error")
    assert "is damaged" in (view.error_message or "")


@pytest.mark.parametrize("name", ["evidence.json", "customers.parquet", "model.json", "summary.json"])
def test_results_that_were_cut_off_fail_the_job_in_words(
    platform: Platform, store: Store, played: Any, new_session: NewSession, name: str
) -> None:
    session = looked(platform, store, played, new_session)
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    path = platform.folders.out(job.job_id) / name
    path.write_bytes(path.read_bytes()[:-9])
    platform.follower.tick()
    failed = store.jobs.get(job.job_id)
    assert (failed.status, failed.ended_by) == ("failed", "error")
    assert "cannot be used" in (failed.error_message or "")
    assert not platform.follower.tick()
    platform._leftovers.sweep(at_start=True)
    assert files_in(platform.folders.models) == set()
    assert files_in(platform.folders.session(session.session_id)) >= {"looks"}
    assert job.job_id not in files_in(platform.folders.session(session.session_id))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"file_path": "/etc/passwd"}, "names the model file 'passwd'"),
        ({"file_path": ".."}, "names the model file '..'"),
        ({"sha256": "ab" * 32}, "has not the SHA-256"),
        ({"file_path": f"{'0' * 32}.joblib"}, "No such file"),
    ],
)
def test_a_description_that_does_not_fit_its_model_is_refused(
    platform: Platform,
    store: Store,
    played: Any,
    new_session: NewSession,
    change: dict[str, str],
    words: str,
) -> None:
    session = looked(platform, store, played, new_session)
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    path = platform.folders.out(job.job_id) / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    platform.follower.tick()
    failed = store.jobs.get(job.job_id)
    assert failed.status == "failed"
    assert words in (failed.error_message or "")


def test_a_run_cannot_take_over_the_model_of_another(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    first = analysed(platform, store, played, session)
    kept = (platform.folders.models / f"{first}.joblib").read_bytes()
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    staged = platform.folders.staged_models(job.job_id)
    (staged / f"{job.job_id}.joblib").rename(staged / f"{first}.joblib")
    (staged / f"{first}.joblib").write_bytes(b"another")
    path = platform.folders.out(job.job_id) / "model.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "file_path": f"{first}.joblib"}))
    platform.follower.tick()
    assert "belongs to another run" in (store.jobs.get(job.job_id).error_message or "")
    assert (platform.folders.models / f"{first}.joblib").read_bytes() == kept


def test_deleted_analysis_comes_back_with_every_file(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = looked(platform, store, played, new_session)
    analysed(platform, store, played, session)
    other = platform.start_look(store, session.upload_id, Reading(), AnalysisSettings())
    use, models = platform.storage(store), files_in(platform.folders.models)
    before = store.sessions.get(session.session_id)
    away = platform.put_away(store, session.session_id)
    assert [one.session_id for one in store.sessions.all()] == [other.session_id]
    # The other one goes for good meanwhile: the file that both stand on stays.
    platform.delete_session(store, other.session_id)
    assert store.uploads.all() == []
    platform._leftovers.sweep(at_start=True)
    platform._keep_house()
    assert files_in(platform.folders.models) == models
    assert platform.bring_back(store, away.session_id) == before
    after = platform.storage(store)
    assert (after.analyses_bytes, after.models_bytes) == (use.analyses_bytes, use.models_bytes)
    assert platform.upload_file(store.uploads.get(before.upload_id)).exists()
    folder = platform.run_folder(before)
    assert folder is not None
    assert (folder / "customers.parquet").exists()
    assert not platform.folders.put_away(session.session_id).exists()


def test_what_was_put_away_goes_for_good_after_a_day(
    platform: Platform, store: Store, played: Any, new_session: NewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = looked(platform, store, played, new_session)
    analysed(platform, store, played, session)
    platform.put_away(store, session.session_id)

    class Later(datetime):
        hours = 23

        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return super().now(UTC) + timedelta(hours=cls.hours)

    monkeypatch.setattr("churnkit.jobs.platform.datetime", Later)
    platform._keep_house()
    assert len(store.put_away.all()) == 1
    monkeypatch.setattr(Later, "hours", 25)
    platform._keep_house()
    assert store.put_away.all() == []
    assert not platform.folders.session(session.session_id).exists()
    assert files_in(platform.folders.uploads) | files_in(platform.folders.models) == set()
    assert store.overview.removals() == []
    with pytest.raises(NotFoundError):
        platform.bring_back(store, session.session_id)


@pytest.mark.parametrize("what", ["everything", "erasure", "upload", "workspace"])
def test_what_was_put_away_goes_at_once_with(
    platform: Platform, store: Store, played: Any, new_session: NewSession, what: str
) -> None:
    session = looked(platform, store, played, new_session)
    other = platform.start_look(store, session.upload_id, Reading(), AnalysisSettings())
    platform.put_away(store, session.session_id)
    if what == "everything":
        platform.delete_everything(store)
    elif what == "erasure":
        platform.erase_customer(store, other.session_id, "x")
    elif what == "upload":
        platform.delete_upload(store, session.upload_id)
    else:
        for job in store.jobs.of_session(other.session_id):
            platform.cancel(store, job.job_id)
        platform.take_over(platform.store_for("other", OWNER), store)
    assert store.put_away.all() == []
    assert not platform.folders.session(session.session_id).exists()


def test_putting_away_ends_the_work(
    platform: Platform, store: Store, workers: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    platform.put_away(store, session.session_id)
    assert workers.stopped == [1]
    assert not platform.follower.tick()
    platform.bring_back(store, session.session_id)
    assert [job.ended_by for job in store.jobs.of_session(session.session_id)] == ["cancelled"]


def test_what_cannot_be_put_away_leaves_everything(
    platform: Platform, store: Store, new_session: NewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = new_session(store)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("churnkit.store.put_away_table.os.fsync", full)
    with pytest.raises(DiskError):
        platform.put_away(store, session.session_id)
    assert [one.session_id for one in store.sessions.all()] == [session.session_id]
    assert not platform.folders.put_away(session.session_id).exists()
