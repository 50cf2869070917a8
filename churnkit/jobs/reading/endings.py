"""How work on a file can end; the server and the readers' parent speak of it alike."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from typing import Literal

How = Literal["answered", "memory", "time", "died", "error", "cancelled", "given_up", "unread"]
# Nobody's answer: whoever asks the same again is not told of it.
NO_ANSWER: tuple[How, ...] = ("given_up", "unread")
# The file's doing: it would happen again.
BY_THE_FILE: tuple[How, ...] = ("memory", "time", "died", "error")
# An exit code that neither Python nor a shell gives a meaning.
OUT_OF_MEMORY = 77

_CODES: Mapping[int, How] = {0: "answered", 1: "error", OUT_OF_MEMORY: "memory"}


def how_it_ended(exit_code: int) -> How:
    """How a reader ended that nobody stopped, by its exit code; below 0: minus the signal that ended it."""
    if exit_code == -getattr(signal, "SIGXCPU", 0):
        return "time"
    return _CODES.get(exit_code, "died")
