"""Trouble that repeats: tried again and told of less and less often, until it is given up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_SECONDS = 0.25
LONGEST_SECONDS = 60.0
GIVE_UP_SECONDS = 600.0


@dataclass
class _Trouble:
    since: float
    wait: float
    again_at: float


class Troubles:
    """What did not work lately, by a key of the caller's; it is due again after a time that doubles.

    Parameters
    ----------
    now
        Seconds of the monotonic clock, but for tests.
    """

    def __init__(self, log: logging.Logger, *, now: Callable[[], float] = time.monotonic) -> None:
        self._log = log
        self._now = now
        self._known: dict[str, _Trouble] = {}

    def is_waiting(self, key: str) -> bool:
        """Whether it is too early to try again."""
        trouble = self._known.get(key)
        return trouble is not None and self._now() < trouble.again_at

    def met(self, key: str, doing: str, error: BaseException) -> float:
        """Take note that it did not work, with the traceback the first time; for how many seconds it has not."""
        now = self._now()
        trouble = self._known.get(key)
        if trouble is None:
            self._known[key] = _Trouble(now, FIRST_SECONDS, now + FIRST_SECONDS)
            self._log.error("%s: %s", doing, error, exc_info=error)
            return 0.0
        lasted = now - trouble.since
        trouble.wait = min(2.0 * trouble.wait, LONGEST_SECONDS)
        trouble.again_at = now + trouble.wait
        self._log.error("%s: still, after %.0f seconds: %s", doing, lasted, error)
        return lasted

    def over(self, key: str) -> None:
        """It worked, or nobody tries any more."""
        self._known.pop(key, None)
