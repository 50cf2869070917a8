"""The warm starter: a process that has imported what jobs take, opens no file of a user, and forks a worker for each.

No import is made for it alone. The first worker is started by the server as any program is; once its modules are
loaded, and before it opens anything, it leaves a copy of itself behind, which waits for the next job. Where that is of
a kind for which more must be imported, the worker forked for it leaves another copy behind in the same way, and the
one before it goes.

The server speaks to it over a socket that keeps messages apart: a job's folder to it; from it lines of JSON,
``{"ready": pid, "started": …}``, ``{"pid": …, "started": …, "stays": …}`` or ``{"failed": why}``. When the server is
gone the socket ends, and so does the starter; its workers go on, each in a session of its own.

Idle it holds 100 MB of its own after additions, 170 MB after looks, 180 MB after an analysis or a refresh (Private_Dirty of
``/proc/PID/smaps_rollup``, Python 3.11), and maps 70 to 100 MB of libraries' files that the server and workers map too
(RSS 170 to 280 MB). Workers share its pages until they change them, so that one more worker is not one more of these.

What a worker has found out that serves every job (SQL, see ``ingest.kept_sql``) it hands back when its job is done, and
those that are forked later have it. A worker that was ended hands nothing back: half of it is not taken.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from churnkit.jobs.layout import LOG, WORK
from churnkit.jobs.processes import process_started

IDLE_SECONDS = 300.0
"""After this long without a job the starter leaves, and its memory with it."""

_LONGEST_MESSAGE = 65_536
_LENGTH_BYTES = 8
_MOST_BYTES = 50_000_000
_PATIENCE_SECONDS = 5.0
_GO = b"1"


@dataclass(frozen=True)
class Beginning:
    """A job for this very process.

    Attributes
    ----------
    line
        To the server, where this process shall leave a starter behind.
    back
        To the starter, for what the job finds out.
    """

    folder: Path
    line: socket.socket | None = None
    back: socket.socket | None = None

    def hand_back(self, found: bytes) -> None:
        """Let the starter know; one that is gone or does not listen needs it no more."""
        if self.back is None:
            return
        with self.back, suppress(BrokenPipeError, ConnectionResetError, TimeoutError):
            self.back.settimeout(_PATIENCE_SECONDS)
            if found:
                self.back.sendall(len(found).to_bytes(_LENGTH_BYTES) + found)


class Starter:
    """Leaves itself behind on ``line``, and forks.

    Parameters
    ----------
    knows, learn
        Whether all that the job in a folder takes is imported, and what imports it.
    take
        Called with what a worker hands back.
    idle_seconds
        See ``IDLE_SECONDS``; for tests.
    """

    def __init__(
        self,
        line: socket.socket,
        knows: Callable[[Path], bool],
        learn: Callable[[Path], None],
        take: Callable[[bytes], None],
        *,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._line = line
        self._knows = knows
        self._learn = learn
        self._take = take
        self._idle_seconds = idle_seconds
        # What each worker has handed back so far.
        self._backs: dict[socket.socket, bytes] = {}

    def leave_behind(self, mine: Beginning) -> Beginning:
        """Import what the job takes, and fork a starter; the job of this process, in each worker that it forks another."""
        self._learn(mine.folder)
        back = None
        # A lock that another thread holds at a fork stays locked for ever.
        if _threads() == 1:
            back, its = socket.socketpair()
            if os.fork() == 0:
                back.close()
                self._backs[its] = b""
                return self._serve()
            its.close()
        self._line.close()
        return Beginning(mine.folder, back=back)

    def _serve(self) -> Beginning:
        """Returns in workers alone: nothing of the process that this one was may go on in the starter."""
        try:
            os.setsid()
            os.chdir("/")
            _direct_to(Path(os.devnull))
            signal.signal(signal.SIGCHLD, _take_leave)
            # What is here for good is not looked through for cycles again, so that workers share its memory.
            gc.collect()
            gc.freeze()
            self._say({"ready": os.getpid(), "started": process_started(os.getpid())})
            while (folder := self._next()) is not None:
                mine = self._begin(folder)
                if mine is not None:
                    return mine
        except BaseException:  # noqa: BLE001 - whatever it was, the starter ends here; the server's log has it
            self._say({"failed": traceback.format_exc()})
        os._exit(0)

    def _next(self) -> Path | None:
        """The next job's folder; None if there is none for long, or no server any more."""
        while True:
            ready, _, _ = select.select([self._line, *self._backs], [], [], self._idle_seconds)
            if not ready:
                return None
            backs = [one for one in ready if one is not self._line]
            if not backs:
                message = self._line.recv(_LONGEST_MESSAGE)
                return Path(os.fsdecode(message)) if message else None
            # First, so that the next job has all that is known.
            for back in backs:
                self._hear(back)

    def _hear(self, back: socket.socket) -> None:
        piece = back.recv(_LONGEST_MESSAGE)
        if piece and len(self._backs[back]) < _MOST_BYTES:
            self._backs[back] += piece
            return
        told = self._backs.pop(back)
        back.close()
        found = told[_LENGTH_BYTES:]
        if found and len(found) == int.from_bytes(told[:_LENGTH_BYTES]):
            self._take(found)

    def _begin(self, folder: Path) -> Beginning | None:
        """Fork a worker: its job in the worker, None here."""
        stays = self._knows(folder)
        mine, its = socket.socketpair()
        worker = os.fork()
        if worker == 0:
            mine.close()
            return self._be_worker(folder, its, stays=stays)
        its.close()
        # It is a session of its own by now, which the server can end.
        started = process_started(worker) if mine.recv(1) else None
        if started is None:
            mine.close()
            self._say({"failed": f"{folder.name}: the worker ended before it began"})
        else:
            self._say({"pid": worker, "started": started, "stays": stays})
            # Only a worker that the server knows may begin: a starter killed before leaves nobody at work unseen.
            mine.send(_GO)
            self._backs[mine] = b""
        if not stays:
            os._exit(0)
        return None

    def _be_worker(self, folder: Path, back: socket.socket, *, stays: bool) -> Beginning:
        try:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.chdir(folder)
            _direct_to(folder / LOG)
            os.environ["TMPDIR"] = str(folder / WORK)
            tempfile.tempdir = None
            for others in self._backs:
                others.close()
            self._backs.clear()
            back.send(_GO)
            if not back.recv(1):
                os._exit(1)
            if not stays:
                back.close()
                return Beginning(folder, line=self._line)
            self._line.close()
            return Beginning(folder, back=back)
        except BaseException:  # noqa: BLE001 - it must not go on in the starter's loop; its log has it
            traceback.print_exc()
            os._exit(1)

    def _say(self, what: dict[str, object]) -> None:
        # A server that is gone hears nothing more.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._line.send(json.dumps(what).encode())


def _direct_to(path: Path) -> None:
    """What this process prints goes to the end of a file."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)


def _take_leave(_number: int, _frame: FrameType | None) -> None:
    """Workers that have ended leave the process table."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue


def _threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))
