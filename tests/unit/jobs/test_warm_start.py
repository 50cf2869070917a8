"""Workers from a warm starter: each is a process of its own, and nothing that ends one of them, or it, harms the next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest

from churnkit.jobs import processes, warm_start
from churnkit.jobs.layout import LOG
from churnkit.jobs.processes import WorkerProcesses, process_started
from churnkit.store import JobKind
from churnkit.worker.loading import MODULES, sql_count, sql_since, take_sql

REPOSITORY = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(not warm_start.CAN_FORK, reason="workers are forked on Linux only")

# What a worker does is its folder's name; how many were learnt before it says whether it was forked.
WORKER = """
import json, os, signal, socket, sys, tempfile, threading, time
from pathlib import Path
from churnkit.worker.starter import Beginning, Starter

learnt, heard = [], []

def kind(folder):
    return folder.name.split()[0]

def learn(folder):
    learnt.append(kind(folder))
    if kind(folder) == "threads":
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()

class Failing(Starter):
    def _say(self, what):
        if "pid" in what and kind(folder) == "unheard":
            os.kill(os.getpid(), signal.SIGKILL)
        super()._say(what)

    def _begin(self, its):
        global folder
        folder = its
        return super()._begin(its)

mine = Beginning(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2])) if sys.argv[2:] else None)
while mine.line is not None:
    starter = Failing(mine.line, lambda folder: kind(folder) in learnt, learn, heard.append, idle_seconds=IDLE)
    mine = starter.leave_behind(mine)
print("a line for", mine.folder.name, flush=True)
about = {
    "pid": os.getpid(),
    "parent": os.getppid(),
    "session": os.getsid(0),
    "place": os.getcwd(),
    "temporary": tempfile.gettempdir(),
    "learnt": learnt,
    "heard": [len(one) for one in heard],
    "descriptors": sorted(os.listdir("/proc/self/fd")),
}
told = mine.folder / "draft"
told.write_text(json.dumps(about))
told.rename(mine.folder / "told.json")
if kind(mine.folder) == "sleeps":
    time.sleep(600)
if kind(mine.folder) == "dies":
    if mine.back:
        mine.back.sendall((10**6).to_bytes(8) + b"half of it")
    os.abort()
mine.hand_back(b"x" * int(mine.folder.name.split()[1]))
"""


class Desk:
    """Starts workers in folders of a temporary one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers = WorkerProcesses()
        self.pids: dict[str, tuple[int, str]] = {}

    def start(self, name: str) -> None:
        folder = self.folder / name
        folder.mkdir()
        self.pids[name] = self.workers.start(folder)

    def told(self, name: str) -> dict[str, object]:
        path = self.folder / name / "told.json"
        until(path.exists)
        return dict(json.loads(path.read_text()))

    def starter(self) -> tuple[int, str]:
        """The starter's process and start, once it is ready."""

        def is_ready() -> bool:
            self.workers.warm._listen()
            return self.workers.warm._starter is not None

        until(is_ready)
        assert self.workers.warm._starter is not None
        return self.workers.warm._starter

    def run(self, name: str) -> dict[str, object]:
        """Start one and wait for its end."""
        self.start(name)
        told = self.told(name)
        until(lambda: not self.workers.is_alive(*self.pids[name]))
        return told


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.01)


@pytest.fixture
def idle() -> float:
    return 60.0


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, idle: float) -> Iterator[Desk]:
    script = tmp_path / "worker.py"
    script.write_text(WORKER.replace("IDLE", str(idle)))
    monkeypatch.setattr(processes, "COMMAND", (sys.executable, str(script)))
    desk = Desk(tmp_path)
    yield desk
    for pid, started in desk.pids.values():
        desk.workers.stop(pid, started)
    desk.workers.warm.close()


def test_the_second_worker_is_forked_and_like_the_first_in_all_else(desk: Desk) -> None:
    first = desk.run("x 1")
    starter, _ = desk.starter()
    second = desk.run("x 2")
    third = desk.run("x 3")
    assert first["parent"] == os.getpid()
    assert second["parent"] == third["parent"] == starter
    for name, told in (("x 1", first), ("x 2", second), ("x 3", third)):
        folder = desk.folder / name
        assert told["session"] == told["pid"] == desk.pids[name][0]
        assert (told["place"], told["temporary"]) == (str(folder), str(folder / "work"))
        assert told["learnt"] == ["x"]
        assert told["descriptors"] == first["descriptors"]
        assert (folder / LOG).read_text() == f"a line for {name}\n"
    # None is left in the table of processes.
    until(lambda: not Path(f"/proc/{second['pid']}").exists())


def test_a_worker_that_dies_or_is_stopped_harms_no_other(desk: Desk) -> None:
    desk.run("x 1")
    desk.starter()
    desk.run("dies 1")
    starter, _ = desk.starter()
    desk.run("dies 2")
    desk.start("dies 3")
    desk.run("x 2")
    desk.start("sleeps 1")
    desk.told("sleeps 1")
    desk.starter()
    desk.start("sleeps 2")
    desk.told("sleeps 2")
    desk.workers.stop(*desk.pids["sleeps 2"])
    assert not desk.workers.is_alive(*desk.pids["sleeps 2"])
    assert desk.workers.is_alive(*desk.pids["sleeps 1"])
    assert desk.run("x 3")["learnt"] == ["x", "dies", "sleeps"]
    # The starter that forked the first of a new kind has gone, its successor is another.
    assert desk.starter()[0] != starter
    assert process_started(starter) is None


def test_what_a_worker_hands_back_serves_those_after_it(desk: Desk) -> None:
    # The first of its kind, which leaves the starter behind, a large one, and one that has nothing to say.
    for number in (3, 500_000, 0):
        desk.run(f"x {number}")
        desk.starter()
    assert desk.run("x 1")["heard"] == [3, 500_000]
    # A starter that leaves takes what it knows to its successor.
    assert desk.run("y 7")["heard"] == [3, 500_000, 1]
    desk.starter()
    assert desk.run("x 2")["heard"] == [3, 500_000, 1, 7]


def test_half_of_what_a_worker_hands_back_is_not_taken(desk: Desk) -> None:
    desk.run("dies 1")
    desk.starter()
    desk.run("dies 2")
    assert desk.run("dies 3")["heard"] == []


def test_sql_goes_from_one_process_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[bytes, tuple[str, ...]] = {b"a" * 32: ("SELECT 1",)}
    monkeypatch.setattr("churnkit.ingest.kept_sql.KEPT", kept)
    known = sql_count()
    kept[b"\x00\xff" * 16] = ("SELECT ", "0", " “é” \n", "1", "")
    found = sql_since(known)
    assert sql_since(sql_count()) == b""
    other = {b"b" * 32: ("SELECT 2",)}
    monkeypatch.setattr("churnkit.ingest.kept_sql.KEPT", other)
    take_sql(found)
    assert other == {b"b" * 32: ("SELECT 2",), b"\x00\xff" * 16: ("SELECT ", "0", " “é” \n", "1", "")}


def test_two_at_once_before_there_is_a_starter(desk: Desk) -> None:
    desk.start("x 1")
    desk.start("x 2")
    assert desk.told("x 1")["parent"] == desk.told("x 2")["parent"] == os.getpid()
    assert desk.run("x 3")["parent"] in (os.getpid(), desk.starter()[0])


def test_a_starter_that_is_killed_has_a_successor_and_its_workers_go_on(desk: Desk) -> None:
    desk.start("sleeps 1")
    starter, started = desk.starter()
    desk.start("sleeps 2")
    desk.told("sleeps 2")
    os.kill(starter, signal.SIGKILL)
    until(lambda: process_started(starter) is None)
    assert desk.run("x 1")["parent"] == os.getpid()
    assert desk.workers.is_alive(*desk.pids["sleeps 2"])
    assert desk.starter() != (starter, started)


def test_a_starter_that_does_not_answer_is_done_without(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_start, "ANSWER_SECONDS", 0.2)
    desk.run("x 1")
    starter, _ = desk.starter()
    os.kill(starter, signal.SIGSTOP)
    assert desk.run("x 2")["parent"] == os.getpid()
    assert process_started(starter) is None


def test_a_worker_of_which_nobody_was_told_does_nothing(desk: Desk) -> None:
    desk.run("unheard 1")
    starter, _ = desk.starter()
    # The starter dies after the fork and before it says so: the job is done once, by a worker that is known.
    assert desk.run("unheard 2")["parent"] == os.getpid()
    assert process_started(starter) is None
    assert (desk.folder / "unheard 2" / LOG).read_text() == "a line for unheard 2\n"


def test_another_environment_is_read_by_workers_started_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.run("x 1")
    starter, _ = desk.starter()
    monkeypatch.setenv("CHURNKIT_JOB_SECONDS", "77")
    assert desk.run("x 2")["parent"] == os.getpid()
    until(lambda: process_started(starter) is None)


def test_a_process_with_threads_leaves_none_behind(desk: Desk) -> None:
    desk.run("threads 1")
    assert desk.run("x 1")["parent"] == os.getpid()
    assert desk.run("x 2")["parent"] == desk.starter()[0]


@pytest.mark.parametrize("idle", [0.05])
def test_it_leaves_where_nothing_is_to_do(desk: Desk) -> None:
    desk.run("x 1")

    def is_gone() -> bool:
        desk.workers.warm._listen()
        return desk.workers.warm._line is None

    until(is_gone)
    assert desk.run("x 2")["parent"] == os.getpid()


def test_it_ends_with_the_server(desk: Desk) -> None:
    desk.start("sleeps 1")
    starter, _ = desk.starter()
    desk.workers.warm.close()
    until(lambda: process_started(starter) is None)
    assert desk.workers.is_alive(*desk.pids["sleeps 1"])


def test_each_kind_of_job_says_what_it_imports() -> None:
    assert set(MODULES) == set(get_args(JobKind))


@pytest.mark.slow
def test_imports_of_jobs_leave_one_thread_and_no_connection() -> None:
    names = sorted({name for modules in MODULES.values() for name in modules})
    code = (
        "import gc, sys\nfrom pathlib import Path\n"
        f"for name in {names!r}: __import__(name)\n"
        "import duckdb\n"
        "print(len(list(Path('/proc/self/task').iterdir())),"
        " sum(isinstance(one, duckdb.DuckDBPyConnection) for one in gc.get_objects()))"
    )
    environment = {**processes.worker_environment(), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=environment,
    )
    assert done.stdout.split() == ["1", "0"], done.stderr
