"""Whether the wall clock can be trusted with what is deleted by age."""

from __future__ import annotations

import time
from collections.abc import Callable

# What people and time servers correct in passing; the two clocks drift by less.
TOLERATED_SECONDS = 60.0
TRUSTED_AFTER_SECONDS = 3600.0


class WatchedClock:
    """Compares the wall clock with the monotonic one, which nobody can set.

    Parameters
    ----------
    wall, steady
        Seconds of either clock, but for tests.
    """

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = wall() - steady()
        self._set_at = float("-inf")

    def is_trusted(self) -> bool:
        """False for an hour after the wall clock was set: somebody may set it back."""
        offset, now = self._wall() - self._steady(), self._steady()
        if abs(offset - self._offset) > TOLERATED_SECONDS:
            self._offset, self._set_at = offset, now
        return now - self._set_at >= TRUSTED_AFTER_SECONDS
