"""Jobs while somebody sets the wall clock by an hour, forwards and back, before and after they started."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from churnkit.config import AnalysisSettings
from churnkit.errors import DiskError, StoreError
from churnkit.jobs import Platform
from churnkit.jobs.clock import WatchedClock
from churnkit.jobs.logfile import LIMIT_BYTES, cut_log
from churnkit.jobs.status import read_status
from churnkit.jobs.trouble import GIVE_UP_SECONDS, LONGEST_SECONDS
from churnkit.services.workspace.workspace_preferences import Preferences, save_preferences
from churnkit.store import Session, Store
from churnkit.store.look_table import LookTable
from churnkit.store.overview import Overview
from churnkit.worker.progress_reports import Reporter

NewSession = Callable[..., Session]
SetClock = Callable[[float], None]
# Hours off when the job starts, and from then on.
CHANGES = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, -1), (-1, 1)]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Sets the server's wall clock to so many hours off."""

    def to(hours: float) -> None:
        class Off(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> Self:
                return super().now(UTC) + timedelta(hours=hours)

        modules = ("platform", "work_desk", "clearing", "follower")
        for module in (*(f"jobs.{name}" for name in modules), "services.look.received_files"):
            monkeypatch.setattr(f"churnkit.{module}.datetime", Off)

    return to


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_look_and_analysis_complete(
    platform: Platform,
    store: Store,
    played: Any,
    new_session: NewSession,
    set_clock: SetClock,
    before: float,
    after: float,
) -> None:
    set_clock(before)
    session = new_session(store)
    platform.follower.tick()
    set_clock(after)
    (look,) = store.jobs.of_session(session.session_id)
    played.finish_look(look.job_id)
    platform.follower.tick()
    set_clock(before)
    first = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    set_clock(after)
    played.finish_run(first.job_id)
    platform.follower.tick()
    second = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(second.job_id)
    assert not platform.follower.tick()
    jobs = store.jobs.of_session(session.session_id)
    assert [job.job_id for job in jobs] == [second.job_id, first.job_id, look.job_id], "newest first"
    for job in jobs:
        assert job.status == "completed"
        assert job.started_at is not None
        assert job.completed_at is not None
        assert job.completed_at >= job.started_at
    assert [run.run_id for run in store.runs.of_session(session.session_id)] == [second.job_id, first.job_id]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_a_running_job_can_be_cancelled_and_everything_deleted(
    platform: Platform,
    store: Store,
    workers: Any,
    new_session: NewSession,
    set_clock: SetClock,
    before: float,
    after: float,
) -> None:
    set_clock(before)
    session = new_session(store)
    platform.follower.tick()
    set_clock(after)
    (job,) = store.jobs.of_session(session.session_id)
    assert platform.cancel(store, job.job_id).ended_by == "cancelled"
    assert workers.stopped == [1]
    again = platform.retry(store, job.job_id)
    newest = platform.progress(store, session.session_id)
    assert newest is not None
    assert newest.job_id == again.job_id
    platform.follower.tick()
    set_clock(before)
    platform.delete_everything(store)
    assert (workers.stopped, store.sessions.all(), store.uploads.all()) == ([1, 2], [], [])


@pytest.mark.parametrize("hours", [1, -1])
def test_worker_that_died_is_noticed(
    platform: Platform, store: Store, workers: Any, new_session: NewSession, set_clock: SetClock, hours: float
) -> None:
    session = new_session(store)
    set_clock(hours)
    platform.follower.tick()
    set_clock(0)
    workers.alive.clear()
    assert not platform.follower.tick()
    assert store.jobs.of_session(session.session_id)[0].ended_by == "interrupted"


def test_time_that_runs_backwards_in_a_status_costs_no_result(
    platform: Platform, store: Store, played: Any, new_session: NewSession
) -> None:
    session = new_session(store)
    platform.follower.tick()
    (job,) = store.jobs.of_session(session.session_id)
    played.finish_look(job.job_id)
    folder = platform.folders.job(job.job_id)
    status = read_status(folder)
    assert status is not None
    times = (-3600.0, 2.0, 0.5, None)
    steps = tuple(
        replace(step, state="done", began=1.0, seconds=seconds)
        for step, seconds in zip(status.steps, times, strict=True)
    )
    replace(status, steps=steps).write(folder)
    platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "completed"
    assert {timing.step for timing in store.overview.step_timings("look", last=9)} == {"read", "profile"}


def test_a_worker_never_reports_a_negative_time(tmp_path: Path, played: Any) -> None:
    (played.folders.data / "jobs" / "x").mkdir(parents=True)
    played.status("x")
    status = read_status(played.folders.job("x"))
    assert status is not None
    assert status.steps[0].began == 1000.0
    reporter = Reporter(tmp_path, "look", status, now=lambda: 400.0)
    reporter.done()
    assert {step.seconds for step in reporter.status.steps} == {0.0, None}


def test_the_same_trouble_is_told_less_and_less_often(
    platform: Platform,
    store: Store,
    workers: Any,
    steady: Any,
    new_session: NewSession,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    session = new_session(store)
    platform.follower.tick()
    (job,) = store.jobs.of_session(session.session_id)

    def broken(*_: object) -> bool:
        raise OSError("Input/output error")

    monkeypatch.setattr(workers, "is_alive", broken)
    monkeypatch.setattr(workers, "stop", lambda *_: None)
    with caplog.at_level(logging.ERROR):
        for _ in range(int(GIVE_UP_SECONDS + 2 * LONGEST_SECONDS)):
            steady.seconds += 1.0
            platform.follower.tick()
    assert len(caplog.records) < 25
    assert [bool(record.exc_info) for record in caplog.records].count(True) == 1
    ended = store.jobs.get(job.job_id)
    assert (ended.status, ended.ended_by) == ("failed", "error")
    assert "for 10 minutes" in (ended.error_message or "")
    assert "Input/output error" in (ended.error_message or "")


def test_trouble_of_all_jobs_is_told_less_and_less_often(
    platform: Platform, steady: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> list[Any]:
        raise StoreError("While listing jobs: no.")

    monkeypatch.setattr(Overview, "unfinished_jobs", broken)
    for _ in range(4 * 3600):
        steady.seconds += 0.25
        assert platform.follower._turn(), "it is tried again"
    assert 60 < len(caplog.records) < 80


def test_results_wait_for_room_on_the_disk(
    platform: Platform,
    store: Store,
    played: Any,
    steady: Any,
    new_session: NewSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = new_session(store)
    platform.follower.tick()
    (job,) = store.jobs.of_session(session.session_id)
    played.finish_look(job.job_id)

    def full(*_: object, **__: object) -> None:
        raise DiskError("While recording a first look: the disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(LookTable, "finish", full)
        platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "running"
    steady.seconds += LONGEST_SECONDS
    platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "completed"


def test_clock_that_was_set_is_not_trusted_for_an_hour() -> None:
    times = {"wall": 1e9, "steady": 50.0}
    clock = WatchedClock(lambda: times["wall"], lambda: times["steady"])
    assert clock.is_trusted()
    for _ in range(3):
        times["wall"] += 600
        times["steady"] += 601
        assert clock.is_trusted()
    times["wall"] += 3600
    assert not clock.is_trusted()
    times["wall"] += 3500
    times["steady"] += 3500
    assert not clock.is_trusted()
    times["wall"] += 100
    times["steady"] += 100
    assert clock.is_trusted()
    times["wall"] -= 3600
    assert not clock.is_trusted()


def test_retention_deletes_nothing_when_the_clock_jumps(
    platform: Platform,
    store: Store,
    new_session: NewSession,
    set_clock: SetClock,
    steady: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = new_session(store)
    platform.cancel(store, store.jobs.of_session(session.session_id)[0].job_id)
    save_preferences(store, Preferences(retention_days=30))
    days = 31
    set_clock(24 * days)
    monkeypatch.setattr(platform._clock, "_wall", lambda: platform._clock._offset + steady() + 86_400 * days)
    platform._keep_house()
    assert [one.session_id for one in store.sessions.all()] == [session.session_id]
    # The clock stays as it is: it was right, then, to set it.
    steady.seconds += 3600
    monkeypatch.setattr(platform._clock, "_wall", lambda: platform._clock._offset + steady())
    platform._keep_house()
    assert store.sessions.all() == []


@pytest.mark.parametrize("hours", [1, -1])
def test_retention_counts_days_within_the_hour(
    platform: Platform, store: Store, new_session: NewSession, set_clock: SetClock, hours: float
) -> None:
    set_clock(hours)
    session = new_session(store)
    platform.cancel(store, store.jobs.of_session(session.session_id)[0].job_id)
    set_clock(24 * 30 - 2)
    assert platform.apply_retention(store, 30) == 0
    set_clock(24 * 30 + 2)
    assert platform.apply_retention(store, 30) == 1


def test_log_that_grows_without_end_is_cut(platform: Platform, store: Store, new_session: NewSession) -> None:
    session = new_session(store)
    platform.follower.tick()
    log = platform.folders.job(store.jobs.of_session(session.session_id)[0].job_id) / "log.txt"
    with log.open("ab", buffering=0) as worker:
        worker.write(b"the beginning\n" + b"x" * (3 * LIMIT_BYTES) + b"\nbefore\n")
        platform.follower.tick()
        worker.write(b"after\n")
    content = log.read_bytes()
    assert len(content) < LIMIT_BYTES / 2
    assert content.startswith(b"the beginning\n")
    assert content.endswith(b"\nbefore\nafter\n")
    assert b"bytes cut: a log may have 2,000,000" in content
    assert cut_log(log) == 0
