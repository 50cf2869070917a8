"""Worker processes for real: they complete, are cancelled, killed, and outlive the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings, TournamentSettings
from churnkit.ingest import Reading
from churnkit.jobs import JobView, Platform, open_platform, processes
from churnkit.jobs.layout import LOG, OUT
from churnkit.jobs.processes import WorkerProcesses, process_started
from churnkit.jobs.request import Request
from churnkit.store import Session, Store
from tests.shops import order_lines

REPOSITORY = Path(__file__).resolve().parents[3]
QUICK = AnalysisSettings(tournament=TournamentSettings(budget_seconds=1))
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    opened = open_platform(tmp_path / "data", tmp_path / "models")
    yield opened
    for owned in opened.store_for("x", OWNER).overview.unfinished_jobs():
        opened.cancel(opened.store_for(owned.tenant_id, OWNER), owned.job.job_id)
    opened.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "orders.csv"
    order_lines(customers=60, days=300).to_csv(path, index=False)
    return path


def begin(platform: Platform, store: Store, file: Path) -> Session:
    with file.open("rb") as stream:
        upload = platform.receive_upload(store, stream, file.name, 10**8)
    return platform.start_look(store, upload.upload_id, Reading(), QUICK)


def wait(
    platform: Platform, store: Store, session: Session, until: Callable[[JobView], bool], seconds: float = 60
) -> JobView:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        view = platform.progress(store, session.session_id)
        assert view is not None
        if until(view):
            return view
        time.sleep(0.05)
    raise AssertionError(f"not in {seconds} seconds: {view}")


def ended(view: JobView) -> bool:
    return not view.is_active


def at_work(view: JobView) -> bool:
    return view.status == "running" and view.steps[1].state != "waiting"


def pid_of(store: Store, session: Session) -> int:
    pid = store.jobs.of_session(session.session_id)[0].pid
    assert pid is not None
    return pid


@pytest.mark.slow
def test_look_analysis_and_scoring_complete(platform: Platform, shop: Path) -> None:
    store = platform.store_for("local", OWNER)
    session = begin(platform, store, shop)
    look = wait(platform, store, session, ended)
    assert (look.status, look.error_message) == ("completed", None)
    read = next(step for step in look.steps if step.name == "Reading the file")
    assert "60 customers" in read.found
    platform.start_analysis(store, session.session_id, QUICK)
    done = wait(platform, store, session, ended, 180)
    assert (done.kind, done.status, done.error_message) == ("analyze", "completed", None)
    assert {step.state for step in done.steps} == {"done"}
    after = store.sessions.get(session.session_id)
    folder = platform.run_folder(after)
    assert folder is not None
    assert (folder / "customers.parquet").exists()
    assert store.predictions.page(session.session_id).total == 60
    timed = {timing.step for timing in store.overview.step_timings("look", last=1)}
    assert timed == {"start", "read", "profile", "write"}

    job = platform.start_scoring(store, session.session_id, shop)
    deadline = time.monotonic() + 60
    while not (scored := store.jobs.get(job.job_id)).completed_at and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (scored.status, scored.error_message) == ("completed", None)
    assert len(pd.read_parquet(platform.scored(scored))) == 60


@pytest.mark.slow
def test_cancelled_worker_is_gone(platform: Platform, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = platform.store_for("local", OWNER)
    session = begin(platform, store, shop)
    wait(
        platform, store, session, lambda view: view.status == "running" and view.steps[0].seconds is not None
    )
    job = store.jobs.of_session(session.session_id)[0]
    assert process_started(pid_of(store, session)) is not None
    signals: list[int] = []
    send = processes._signal_group

    def counted(pid: int, number: int) -> None:
        signals.append(number)
        send(pid, number)

    monkeypatch.setattr(processes, "_signal_group", counted)
    # A busy machine takes its time; asked once is enough all the same.
    monkeypatch.setattr(processes, "STOP_SECONDS", 60.0)
    cancelled = platform.cancel(store, job.job_id)
    assert signals == [signal.SIGTERM], "it had to be killed"
    assert (cancelled.status, cancelled.ended_by) == ("failed", "cancelled")
    assert process_started(pid_of(store, session)) is None
    log = platform.folders.job(job.job_id) / "log.txt"
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_killed_worker_is_interrupted_and_starts_again(platform: Platform, shop: Path) -> None:
    store = platform.store_for("local", OWNER)
    session = begin(platform, store, shop)
    wait(platform, store, session, at_work)
    os.killpg(pid_of(store, session), signal.SIGKILL)
    view = wait(platform, store, session, ended, 10)
    assert (view.status, view.ended_by) == ("failed", "interrupted")
    assert platform.look_folder(store.sessions.get(session.session_id)) is None
    platform.retry(store, view.job_id)
    assert wait(platform, store, session, ended).status == "completed"


@pytest.mark.slow
def test_bad_file_fails_with_a_message(platform: Platform, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("name,colour\nx,red\ny,blue\n", encoding="utf-8")
    store = platform.store_for("local", OWNER)
    session = begin(platform, store, bad)
    view = wait(platform, store, session, ended)
    assert (view.status, view.ended_by) == ("failed", "error")
    assert view.error_message
    assert view.error_remedy
    assert "Traceback" not in view.error_message


@pytest.mark.slow
def test_crash_is_in_the_log_and_not_on_the_page(platform: Platform, shop: Path) -> None:
    store = platform.store_for("local", OWNER)
    session = begin(platform, store, shop)
    platform.cancel(store, store.jobs.of_session(session.session_id)[0].job_id)
    with platform._lock:
        job = platform._queue(store, session.session_id, "look", Request())
        # Where the worker makes a folder for its results.
        folder = platform.folders.job(job.job_id)
        folder.mkdir(parents=True)
        (folder / OUT).touch()
    view = wait(platform, store, session, ended)
    assert view.ended_by == "error"
    assert "FileExistsError" not in f"{view.error_message}{view.error_remedy}"
    assert "FileExistsError" in (folder / LOG).read_text(encoding="utf-8")


# A server that dies right after it has started a worker.
BRIEF_SERVER = """
import os, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_processes import OWNER, QUICK, at_work, begin, wait
from churnkit.jobs import open_platform

platform = open_platform(Path(sys.argv[1]) / "data", Path(sys.argv[1]) / "models")
store = platform.store_for("local", OWNER)
session = begin(platform, store, Path(sys.argv[2]))
wait(platform, store, session, lambda view: view.status == "running" and view.steps[0].seconds is not None)
time.sleep(0.3)
os._exit(0)
"""


@pytest.mark.slow
@needs_proc
def test_worker_outlives_the_server_and_is_taken_up_by_the_next(tmp_path: Path, shop: Path) -> None:
    code = subprocess.run(
        [sys.executable, "-c", BRIEF_SERVER, str(tmp_path), str(shop), str(Path(__file__).parent)],
        cwd=REPOSITORY,
        check=False,
        timeout=120,
    )
    assert code.returncode == 0
    platform = open_platform(tmp_path / "data", tmp_path / "models")
    store = platform.store_for("local", OWNER)
    (session,) = store.sessions.all()
    assert wait(platform, store, session, ended).status == "completed"
    assert len(store.jobs.of_session(session.session_id)) == 1
    assert store.sessions.get(session.session_id).look_id is not None
    platform.close()


@pytest.mark.slow
def test_two_tenants_at_once(platform: Platform, shop: Path) -> None:
    stores = [platform.store_for(name, OWNER) for name in ("one", "other")]
    sessions = [begin(platform, store, shop) for store in stores]
    for store, session in zip(stores, sessions, strict=True):
        assert wait(platform, store, session, ended, 120).status == "completed"
        assert store.sessions.all() == [store.sessions.get(session.session_id)]


def test_platform_of_a_folder_is_one(tmp_path: Path) -> None:
    first = open_platform(tmp_path / "data", tmp_path / "models")
    assert open_platform(tmp_path / "x" / ".." / "data", tmp_path / "models") is first
    first.close()
    second = open_platform(tmp_path / "data", tmp_path / "models")
    assert second is not first
    second.close()


@needs_proc
def test_process_is_known_by_its_start(tmp_path: Path) -> None:
    own = process_started(os.getpid())
    assert own is not None
    assert process_started(os.getpid()) == own
    workers = WorkerProcesses()
    assert workers.is_alive(os.getpid(), own)
    assert not workers.is_alive(os.getpid(), "boot/1")
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        deadline = time.monotonic() + 20
        while process_started(child.pid) is not None and time.monotonic() < deadline:
            time.sleep(0.01)
        # It has ended, but nobody has waited for it: a zombie.
        assert process_started(child.pid) is None
        assert Path(f"/proc/{child.pid}").exists()


@needs_proc
def test_workers_that_have_ended_leave_the_process_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "COMMAND", [sys.executable, "-c", ""])
    workers = WorkerProcesses()
    first, second = (_ended(workers, tmp_path) for _ in range(2))
    workers.warm.close()
    assert not Path(f"/proc/{first}").exists()
    assert not workers.is_alive(second, "boot/1")


def _ended(workers: WorkerProcesses, folder: Path) -> int:
    """A worker that has ended, and that nobody has asked for since."""
    pid, _ = workers.start(folder)
    deadline = time.monotonic() + 20
    while process_started(pid) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    return pid
