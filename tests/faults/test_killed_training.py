"""Worker processes are killed at random moments of their work: interrupted, started again, complete."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import JobView, Platform, open_platform
from churnkit.store import Session, Store
from tests.shops import order_lines

QUICK = AnalysisSettings(horizon_days=45, tournament=TournamentSettings(budget_seconds=1, jobs=1))
# Steps of an analysis, as a person sees them, in which its worker is killed.
KILLED_IN = (
    "Building features at past dates",
    "Training and comparing models",
    "Preparing figures and pages",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc"),
]


def wait(platform: Platform, store: Store, session: Session, until: Callable[[JobView], bool]) -> JobView:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        view = platform.progress(store, session.session_id)
        assert view is not None
        if until(view):
            return view
        time.sleep(0.02)
    raise AssertionError(f"it did not come: {view}")


def ended(view: JobView) -> bool:
    return not view.is_active


def has_come_to(step: str, view: JobView) -> bool:
    return view.step == step or ended(view)


def test_worker_killed_inside_its_work_leaves_nothing_and_the_next_completes(tmp_path: Path) -> None:
    moments = random.Random(20)
    platform = open_platform(tmp_path / "data", tmp_path / "models")
    store = platform.store_for("local", OWNER)
    source = tmp_path / "orders.csv"
    order_lines(customers=150, days=400).to_csv(source, index=False)
    with source.open("rb") as stream:
        upload = platform.receive_upload(store, stream, source.name, 10**8)
    session = platform.start_look(store, upload.upload_id, Reading(), QUICK)
    assert wait(platform, store, session, ended).status == "completed"
    job = platform.start_analysis(store, session.session_id, QUICK)
    for step in KILLED_IN:
        view = wait(platform, store, session, partial(has_come_to, step))
        assert view.is_active
        time.sleep(moments.uniform(0.0, 0.3))
        pid = store.jobs.get(job.job_id).pid
        assert pid is not None
        os.killpg(pid, signal.SIGKILL)
        view = wait(platform, store, session, ended)
        assert (view.status, view.ended_by) == ("failed", "interrupted")
        # The record says so first; what the worker left goes before anybody else changes a job.
        with platform._lock:
            assert [path.name for path in platform.folders.job(job.job_id).iterdir() if path.is_dir()] == []
        assert not list(platform.folders.models.glob("*.joblib"))
        job = platform.retry(store, job.job_id)
    assert wait(platform, store, session, ended).status == "completed"
    assert store.sessions.get(session.session_id).run_id == job.job_id
    assert store.models.champion(session.session_id) is not None
    kept = store.models.of_session(session.session_id)
    assert {model.run_id for model in kept} == {job.job_id}
    assert {path.name for path in platform.folders.models.glob("*.joblib")} == {
        model.file_path.name for model in kept
    }
    assert not platform._leftovers.sweep(at_start=True)
    platform.close()
