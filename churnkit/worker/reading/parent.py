"""The warm parent: it opens no file itself, forks a child for each, and says how each child ended.

On its standard input come lines of JSON, ``{"start": id, "folder": path}`` and ``{"cancel": id}``; on its output go
``{"ended": id, "how": …}``. When the server that started it is gone, its input ends, and so do it and its children.
"""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from churnkit.config import WorkerLimits
from churnkit.jobs.reading.endings import OUT_OF_MEMORY, How, how_it_ended
from churnkit.worker.limits import limit_this_process

# Beside the child's own limits: a child that sleeps uses no processor.
_LONGEST_WAIT_SECONDS = 3600.0


@dataclass
class Child:
    """A child at work; ``ends_as`` is set when the parent has ended it itself."""

    task_id: str
    deadline: float
    ends_as: How | None = None


class Parent:
    """Forks a child for each task.

    Parameters
    ----------
    inlet, outlet
        Descriptors of the protocol.
    limits
        Of each child.
    work
        Called in the child with the task's folder.
    """

    def __init__(self, inlet: int, outlet: int, limits: WorkerLimits, work: Callable[[Path], None]) -> None:
        self._inlet, self._outlet = inlet, outlet
        self._limits = limits
        self._work = work
        self._children: dict[int, Child] = {}
        self._unread = b""
        self._woken, self._wake = os.pipe()

    def serve(self) -> None:
        """Work until the input ends."""
        os.set_blocking(self._wake, False)
        signal.signal(signal.SIGCHLD, _noticed)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        self._say({"ready": os.getpid()})
        while True:
            ready, _, _ = select.select([self._inlet, self._woken], [], [], self._patience())
            if self._woken in ready:
                os.read(self._woken, 4096)
            if self._inlet in ready:
                piece = os.read(self._inlet, 65_536)
                if not piece:
                    break
                self._take(piece)
            self._end_overdue()
            self._reap()
        for child in list(self._children.values()):
            self._end(child.task_id, "unread")

    def _take(self, piece: bytes) -> None:
        *lines, self._unread = (self._unread + piece).split(b"\n")
        for line in filter(None, lines):
            order = json.loads(line)
            if "start" in order:
                self._start(order["start"], Path(order["folder"]))
            else:
                self._end(order["cancel"], "cancelled")

    def _start(self, task_id: str, folder: Path) -> None:
        pid = os.fork()
        if pid == 0:
            self._be_child(folder)
        self._children[pid] = Child(task_id, time.monotonic() + self._limits.seconds)

    def _be_child(self, folder: Path) -> None:
        """Never returns: nothing of the parent's loop may go on in the child."""
        status = 1
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (self._inlet, self._outlet, self._woken, self._wake):
                os.close(descriptor)
            limit_this_process(self._limits)
            self._work(folder)
            status = 0
        except MemoryError:
            status = OUT_OF_MEMORY
        except BaseException:  # noqa: BLE001 - whatever it was, the child must end here and not in the parent's loop
            traceback.print_exc()
        finally:
            os._exit(status)

    def _end(self, task_id: str, how: How) -> None:
        for pid, child in self._children.items():
            if child.task_id == task_id and child.ends_as is None:
                child.ends_as = how
                # A child just forked has no group of its own yet.
                os.kill(pid, signal.SIGKILL)
                _kill_group(pid)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for child in list(self._children.values()):
            if now >= child.deadline:
                self._end(child.task_id, "time")

    def _reap(self) -> None:
        for pid in list(self._children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                child = self._children.pop(pid)
                # What a child started ends with it.
                _kill_group(pid)
                how = child.ends_as or how_it_ended(os.waitstatus_to_exitcode(status))
                self._say({"ended": child.task_id, "how": how})

    def _patience(self) -> float:
        now = time.monotonic()
        deadlines = [child.deadline - now for child in self._children.values() if child.ends_as is None]
        return max(0.0, min([*deadlines, _LONGEST_WAIT_SECONDS]))

    def _say(self, what: dict[str, object]) -> None:
        os.write(self._outlet, json.dumps(what).encode() + b"\n")


def _noticed(_number: int, _frame: FrameType | None) -> None:
    """A child has ended: the wake-up descriptor has a byte by now, which is all that is needed."""


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
