"""Worker processes: started in a session of their own, so that they outlive the server, and told apart by start time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import churnkit
from churnkit.jobs.layout import LOG, WORK
from churnkit.jobs.warm_start import WarmStart

STOP_SECONDS = 2.0
COMMAND = (sys.executable, "-P", "-m", "churnkit.worker")
_PACKAGE_PARENT = Path(churnkit.__file__).resolve().parents[1]
# Numeric libraries read these when they are first imported. The tournament's threads share the cores already.
_THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_WAIT_POLICY": "PASSIVE",
    # Arrow's allocator has a thread of its own otherwise, and only a process with one thread may fork.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
# Names of variables that say that they hold a secret, ours and others'.
_SECRET = re.compile(r"KEY|SECRET|PASSWORD|PASSWD|TOKEN|CREDENTIAL", re.IGNORECASE)


class Workers(Protocol):
    """Starts, watches and stops the processes that do the work; tests have one without processes."""

    def start(self, folder: Path) -> tuple[int, str]:
        """Begin work on the job in ``folder``: process id, and what identifies the process beyond it."""

    def is_alive(self, pid: int, pid_started: str) -> bool:
        """Whether that very process still runs."""

    def stop(self, pid: int, pid_started: str) -> None:
        """End it and everything it started."""


class WorkerProcesses:
    """``python -m churnkit.worker`` for each job, or its like forked from one that has imported all of it."""

    def __init__(self) -> None:
        # Children must be waited for, else the dead ones stay in the process table and look alive.
        self._children: dict[int, subprocess.Popen[bytes]] = {}
        self.warm = WarmStart(process_started)

    def start(self, folder: Path) -> tuple[int, str]:
        """As in :class:`Workers`.

        Raises
        ------
        OSError
            The system starts no further process.
        """
        self._children = {pid: child for pid, child in self._children.items() if child.poll() is None}
        # What a killed worker leaves in its temporary folder goes with the job's.
        (folder / WORK).mkdir(exist_ok=True)
        environment = worker_environment()
        return self.warm.begin(folder, environment) or self._started(folder, environment)

    def _started(self, folder: Path, environment: dict[str, str]) -> tuple[int, str]:
        with (folder / LOG).open("ab") as log, ExitStack() as handed:
            line = self.warm.line_for(environment)
            lines = [handed.enter_context(line).fileno()] if line else []
            child = subprocess.Popen(
                [*COMMAND, str(folder), *map(str, lines)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env={**environment, "TMPDIR": str(folder / WORK)},
                start_new_session=True,
                pass_fds=lines,
            )
        self._children[child.pid] = child
        return child.pid, process_started(child.pid) or ""

    def is_alive(self, pid: int, pid_started: str) -> bool:
        """As in :class:`Workers`."""
        child = self._children.get(pid)
        if child is not None:
            return child.poll() is None
        return process_started(pid) == pid_started

    def stop(self, pid: int, pid_started: str) -> None:
        """As in :class:`Workers`: asked first, killed after ``STOP_SECONDS``."""
        if pid == os.getpid() or not self.is_alive(pid, pid_started):
            return
        _signal_group(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_alive(pid, pid_started):
            if time.monotonic() > deadline:
                _signal_group(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
                deadline = float("inf")
            time.sleep(0.02)


def worker_environment() -> dict[str, str]:
    """Our own environment but for its secrets, in which a process of ours finds this very package and works in one thread.

    Such a process opens users' files: what it does not have, no file can make it give away.
    """
    known = {name: value for name, value in os.environ.items() if not _SECRET.search(name)}
    environment = {**known, **_THREADS, "PYTHONUNBUFFERED": "1"}
    paths = [str(_PACKAGE_PARENT), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment


def process_started(pid: int) -> str | None:
    """What tells this process from a later one of the same number; None if it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None if Path("/proc/self/stat").exists() else _without_proc(pid)
    except ProcessLookupError:
        return None
    # The name, in brackets, may itself hold brackets and spaces.
    fields = stat.rpartition(")")[2].split()
    state, started_ticks = fields[0], fields[19]
    return None if state in "ZX" else f"{_boot_id()}/{started_ticks}"


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _without_proc(pid: int) -> str | None:
    """macOS: the number is all there is to go by. Windows: no way to look without harm, hence gone."""
    if os.name == "nt":
        return None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        # Somebody else's process has the number by now.
        return None
    return "unknown"


def _signal_group(pid: int, number: int) -> None:
    try:
        if hasattr(os, "killpg"):
            os.killpg(pid, number)
        else:
            os.kill(pid, number)
    except ProcessLookupError:
        # It ended between the look and the signal.
        return
