"""A question that was handed in, and how it stands."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import pyarrow as pa

from churnkit.config import WorkerLimits
from churnkit.errors import ChurnkitError, DataError
from churnkit.jobs.reading.endings import BY_THE_FILE, How
from churnkit.jobs.reading.task import ReadingTask, read_error
from churnkit.text.figures import count

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)
_DAMAGED = (DataError, OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException)


class ReadingStopped(DataError):
    """A file was not looked at to the end.

    Parameters
    ----------
    by_the_file
        Whether it would happen again: the file is not tried again until somebody says so.
    """

    def __init__(self, message: str, remedy: str, *, by_the_file: bool) -> None:
        super().__init__(message, remedy)
        self.by_the_file = by_the_file


class Ticket(Generic[Answer]):
    """One question to a reader. Every method may be called from any thread.

    Parameters
    ----------
    folder
        Holds the task and its answer; removed once the answer was taken.
    owner
        Whose question it is: nobody keeps others waiting for long.
    take
        Reads the answer from the folder.
    cancel, ended
        Called to give it up, and once it has ended.
    """

    def __init__(
        self,
        task: ReadingTask,
        folder: Path,
        owner: str,
        limits: WorkerLimits,
        take: Callable[[Path], Answer],
        *,
        cancel: Callable[[Ticket[Answer]], None],
        ended: Callable[[Ticket[Answer]], None] = lambda _: None,
    ) -> None:
        self.task = task
        self.folder = folder
        self.owner = owner
        self.ticket_id = folder.name
        self._limits = limits
        self._take = take
        self._cancel = cancel
        self._when_ended = ended
        self._ended = threading.Event()
        self._taking = threading.Lock()
        self._how: How | None = None
        self._stopped_as: How = "cancelled"
        self._answer: Answer | ChurnkitError | None = None

    @property
    def how(self) -> How | None:
        """How it ended, None while it waits or is worked on."""
        return self._how

    @property
    def stopped(self) -> ReadingStopped | None:
        """Why it was not looked at to the end; None if it was, and while it goes on."""
        return self._answer if isinstance(self._answer, ReadingStopped) else None

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after ``seconds`` at most."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """Stop it, unless it has ended; whoever asks the same again is told that it was stopped."""
        self._stop("cancelled")

    def give_up(self) -> None:
        """Stop it, unless it has ended, because nobody waits any more; the same can be asked again."""
        self._stop("given_up")

    def _stop(self, how: How) -> None:
        if not self._ended.is_set():
            self._stopped_as = how
            self._cancel(self)

    def end(self, how: How) -> None:
        """Say how it ended; called by the pool, once."""
        with self._taking:
            if self._how is None:
                self._how = self._stopped_as if how == "cancelled" else how
                self._answer = self._outcome(self._how)
                shutil.rmtree(self.folder, ignore_errors=True)
        self._tell()
        self._ended.set()

    def answer(self) -> Answer:
        """What the reader found, once it has ended.

        Raises
        ------
        ReadingStopped
            It was not looked at to the end.
        ChurnkitError
            The reader's own refusal of the file.
        """
        found = self._answer
        if isinstance(found, Exception):
            raise found
        assert found is not None, "asked for before it ended"
        return found

    def _tell(self) -> None:
        try:
            self._when_ended(self)
        except ChurnkitError:
            # The answer stands all the same: only a note about the file could not be kept.
            _log.exception("noting how a look at %s ended", self.task.file.name)

    def _outcome(self, how: How) -> Answer | ChurnkitError | None:
        if how != "answered":
            return self._stopped(how)
        try:
            return read_error(self.folder) or self._take(self.folder)
        except _DAMAGED:
            _log.exception("taking a reader's answer about %s", self.task.file.name)
            return self._stopped("error")

    def _stopped(self, how: How) -> ReadingStopped:
        message, remedy = _words(how, self._limits)
        return ReadingStopped(
            f"Looking at {self.task.name}: {message}", remedy, by_the_file=how in BY_THE_FILE
        )


def _words(how: How, limits: WorkerLimits) -> tuple[str, str]:
    shorter = "Export a shorter period or fewer columns, or save it as CSV"
    if how == "memory":
        return (
            f"it needs more memory than a reader may use ({count(limits.memory_mb)} MB of address space).",
            f"{shorter}; whoever runs the server can raise CHURNKIT_READ_MEMORY_MB.",
        )
    if how == "time":
        return (
            f"it takes longer than a reader may work ({count(limits.seconds)} seconds).",
            f"{shorter}; whoever runs the server can raise CHURNKIT_READ_SECONDS.",
        )
    if how in ("cancelled", "given_up"):
        return "it was stopped.", "Look again when you like."
    if how == "unread":
        return "the reader did not start or was stopped from outside.", "Try again."
    if how == "error":
        return (
            "the reader met something in it that nobody foresaw.",
            "Save it as CSV in another program; the server's log says what it was.",
        )
    return (
        "it ended the reader, as damaged files do and files that unfold to more than a reader's memory"
        f" ({count(limits.memory_mb)} MB).",
        f"{shorter}. The server's log has what the reader said last.",
    )
