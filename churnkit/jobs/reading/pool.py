"""The readers' processes, seen from the server: whose question is next, and who works on it."""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from churnkit.config import WorkerLimits, reader_limits
from churnkit.jobs.processes import worker_environment
from churnkit.jobs.reading.endings import How, how_it_ended
from churnkit.jobs.reading.tickets import Ticket

MODULE = "churnkit.worker.reading"

_log = logging.getLogger(__name__)
Ended = Callable[[str, How], None]


class Readers(Protocol):
    """Works on tasks; says through the callback that it was made with how each ended."""

    def warm(self) -> None:
        """Begin to get ready, without waiting for it."""

    def start(self, task_id: str, folder: Path) -> None:
        """Work on the task in ``folder``."""

    def stop(self, task_id: str) -> None:
        """End the work on a task."""

    def close(self) -> None:
        """End all work."""


class ReaderPool:
    """Hands questions to readers, ``slots`` at a time; nobody has the last slot but who has no other."""

    def __init__(
        self,
        limits: WorkerLimits,
        *,
        slots: int = 2,
        readers: Callable[[WorkerLimits, Ended], Readers] | None = None,
    ) -> None:
        self.limits = limits
        self._slots = slots
        self._lock = threading.RLock()
        self._waiting: list[Ticket[Any]] = []
        self._running: dict[str, Ticket[Any]] = {}
        self._readers = (readers or USUAL)(limits, self._ended)

    def warm(self) -> None:
        """Begin to get ready, so that the first file does not wait."""
        self._readers.warm()

    def submit(self, ticket: Ticket[Any]) -> None:
        """Have a question answered."""
        with self._lock:
            self._waiting.append(ticket)
        self._go_on()

    def cancel(self, ticket: Ticket[Any]) -> None:
        """Give a question up."""
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                ticket.end("cancelled")
            elif ticket.ticket_id in self._running:
                self._readers.stop(ticket.ticket_id)

    def close(self) -> None:
        """Give everything up."""
        self._readers.close()
        with self._lock:
            for ticket in [*self._waiting, *self._running.values()]:
                ticket.end("unread")
            self._waiting.clear()
            self._running.clear()

    def _go_on(self) -> None:
        with self._lock:
            while (ticket := self._next()) is not None:
                self._waiting.remove(ticket)
                self._running[ticket.ticket_id] = ticket
                try:
                    self._readers.start(ticket.ticket_id, ticket.folder)
                except OSError:
                    _log.exception("starting a reader")
                    del self._running[ticket.ticket_id]
                    ticket.end("unread")

    def _next(self) -> Ticket[Any] | None:
        if len(self._running) >= self._slots:
            return None
        busy = Counter(ticket.owner for ticket in self._running.values())
        most = max(1, self._slots - 1)
        fitting = [ticket for ticket in self._waiting if busy[ticket.owner] < most]
        return min(fitting, key=lambda ticket: busy[ticket.owner], default=None)

    def _ended(self, task_id: str, how: How) -> None:
        with self._lock:
            ticket = self._running.pop(task_id, None)
        if ticket is not None:
            ticket.end(how)
        self._go_on()


class ForkingReaders:
    """A warm parent process that forks a child for each task: see ``churnkit.worker.reading.parent``."""

    def __init__(self, limits: WorkerLimits, ended: Ended) -> None:
        self._limits = limits
        self._ended = ended
        self._lock = threading.Lock()
        self._parent: subprocess.Popen[bytes] | None = None
        self._tasks: set[str] = set()

    def warm(self) -> None:
        """As in :class:`Readers`."""
        with self._lock:
            self._living_parent()

    def start(self, task_id: str, folder: Path) -> None:
        """As in :class:`Readers`; OSError if there is no parent to be had."""
        with self._lock:
            parent = self._living_parent()
            self._tasks.add(task_id)
            self._tell(parent, {"start": task_id, "folder": str(folder)})

    def stop(self, task_id: str) -> None:
        """As in :class:`Readers`."""
        with self._lock:
            if self._parent is not None and task_id in self._tasks:
                # A parent that is gone has taken its children along.
                with contextlib.suppress(OSError):
                    self._tell(self._parent, {"cancel": task_id})

    def close(self) -> None:
        """As in :class:`Readers`."""
        with self._lock:
            parent, self._parent = self._parent, None
        if parent is not None:
            _close_inlet(parent)
            parent.wait()

    def _living_parent(self) -> subprocess.Popen[bytes]:
        if self._parent is None or self._parent.poll() is not None:
            self._parent = subprocess.Popen(
                _command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(self._limits),
                start_new_session=True,
            )
            threading.Thread(
                target=self._listen, args=(self._parent,), name="churnkit-readers", daemon=True
            ).start()
        return self._parent

    def _tell(self, parent: subprocess.Popen[bytes], order: dict[str, str]) -> None:
        assert parent.stdin is not None
        parent.stdin.write(json.dumps(order).encode() + b"\n")
        parent.stdin.flush()

    def _listen(self, parent: subprocess.Popen[bytes]) -> None:
        assert parent.stdout is not None
        with parent.stdout as answers:
            for line in answers:
                said = json.loads(line)
                if "ended" in said:
                    self._end(said["ended"], said["how"])
        parent.wait()
        _close_inlet(parent)
        with self._lock:
            orphans = sorted(self._tasks) if self._parent in (parent, None) else []
        for task_id in orphans:
            self._end(task_id, "unread")

    def _end(self, task_id: str, how: How) -> None:
        with self._lock:
            self._tasks.discard(task_id)
        self._ended(task_id, how)


class SingleReaders:
    """A process for each task, where forking is not safe; each takes a second to start."""

    def __init__(self, limits: WorkerLimits, ended: Ended) -> None:
        self._limits = limits
        self._ended = ended
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._stopped: set[str] = set()

    def warm(self) -> None:
        """Nothing is kept ready."""

    def start(self, task_id: str, folder: Path) -> None:
        """As in :class:`Readers`."""
        process = subprocess.Popen(
            _command(str(folder)), stdin=subprocess.DEVNULL, env=_environment(self._limits)
        )
        with self._lock:
            self._processes[task_id] = process
        threading.Thread(
            target=self._follow, args=(task_id, process), name="churnkit-reader", daemon=True
        ).start()

    def stop(self, task_id: str) -> None:
        """As in :class:`Readers`."""
        with self._lock:
            process = self._processes.get(task_id)
            self._stopped.add(task_id)
        if process is not None:
            process.kill()

    def close(self) -> None:
        """As in :class:`Readers`."""
        with self._lock:
            processes = list(self._processes.values())
        for process in processes:
            process.kill()

    def _follow(self, task_id: str, process: subprocess.Popen[bytes]) -> None:
        try:
            how = how_it_ended(process.wait(self._limits.seconds))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            how = "time"
        with self._lock:
            del self._processes[task_id]
            if task_id in self._stopped:
                self._stopped.discard(task_id)
                how = "cancelled"
        self._ended(task_id, how)


USUAL: Callable[[WorkerLimits, Ended], Readers] = (
    # Elsewhere system libraries may have threads that a fork does not survive.
    ForkingReaders if sys.platform == "linux" else SingleReaders
)

_POOL: list[ReaderPool] = []
_OPENING = threading.Lock()


def reader_pool() -> ReaderPool:
    """This process' readers, under the limits of its environment."""
    with _OPENING:
        limits = reader_limits()
        if not _POOL or _POOL[0].limits != limits:
            close_readers()
            _POOL.append(ReaderPool(limits))
        return _POOL[0]


@atexit.register
def close_readers() -> None:
    """End this process' readers."""
    while _POOL:
        _POOL.pop().close()


def _close_inlet(parent: subprocess.Popen[bytes]) -> None:
    """Which ends a parent that lives; one that is dead may have left something unread in it."""
    assert parent.stdin is not None
    with contextlib.suppress(OSError):
        parent.stdin.close()


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", MODULE, *arguments]


def _environment(limits: WorkerLimits) -> dict[str, str]:
    return {
        **worker_environment(),
        "CHURNKIT_READ_MEMORY_MB": str(limits.memory_mb),
        "CHURNKIT_READ_SECONDS": str(limits.seconds),
    }
