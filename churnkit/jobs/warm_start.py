"""Workers from a process that need not import again: see ``churnkit.worker.starter``, which is at the other end."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 5.0
"""A starter that is there answers within hundredths of a second."""

_LONGEST_MESSAGE = 65_536
# Elsewhere system libraries may have threads that a fork does not survive.
CAN_FORK = sys.platform == "linux"

_log = logging.getLogger(__name__)


class WarmStart:
    """The line to a starter, which the first worker that is started beside it leaves behind.

    Parameters
    ----------
    process_started
        What tells a process from a later one of the same number, as in ``jobs.processes``.
    """

    def __init__(self, process_started: Callable[[int], str | None]) -> None:
        self._process_started = process_started
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._environment: Mapping[str, str] = {}
        self._starter: tuple[int, str] | None = None

    def begin(self, folder: Path, environment: Mapping[str, str]) -> tuple[int, str] | None:
        """Have a worker forked for the job in ``folder``: process id and start; None if there is nobody to do it now."""
        with self._lock:
            if self._line is None:
                return None
            if environment != self._environment:
                # What it has imported read another environment.
                self._part()
                return None
            self._listen()
            if self._line is None or self._starter is None:
                return None
            try:
                self._line.send(os.fsencode(folder))
            except (BrokenPipeError, ConnectionResetError):
                self._part()
                return None
            return self._answer()

    def line_for(self, environment: Mapping[str, str]) -> socket.socket | None:
        """The end of a new line for a worker about to be started, which is to be closed here; None if there is a line."""
        with self._lock:
            if not CAN_FORK or self._line is not None:
                return None
            self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._environment = dict(environment)
            return other

    def close(self) -> None:
        """Let the starter go; workers stay."""
        with self._lock:
            self._part()

    def _part(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = self._starter = None

    def _listen(self) -> None:
        """Take note of what was said since the last time."""
        while self._line is not None and (said := self._heard(0.0)) is not None:
            self._note(said)

    def _note(self, said: dict[str, Any]) -> None:
        if "ready" in said:
            self._starter = said["ready"], said["started"]
        elif "failed" in said:
            _log.error("the starter of workers: %s", said["failed"])
        elif not said["stays"]:
            self._starter = None

    def _answer(self) -> tuple[int, str] | None:
        said = self._heard(ANSWER_SECONDS)
        if said is None and self._line is not None:
            # Once it is killed it has either told of a worker or there is none: a worker of which it has not told
            # waits for its word, and ends.
            self._kill()
            said = self._heard(0.0)
            self._part()
        if said is None:
            return None
        self._note(said)
        return (said["pid"], said["started"]) if "pid" in said else None

    def _heard(self, seconds: float) -> dict[str, Any] | None:
        """The next message within ``seconds``; at the line's end there is no line any more."""
        assert self._line is not None
        self._line.settimeout(seconds)
        try:
            message = self._line.recv(_LONGEST_MESSAGE)
        except (TimeoutError, BlockingIOError):
            return None
        except ConnectionResetError:
            message = b""
        if not message:
            self._part()
            return None
        return dict(json.loads(message))

    def _kill(self) -> None:
        assert self._starter is not None
        pid, started = self._starter
        if self._process_started(pid) == started:
            os.kill(pid, signal.SIGKILL)
        while self._process_started(pid) == started:
            time.sleep(0.01)
