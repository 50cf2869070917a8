"""How often somebody may ask: a bucket that a request takes one from and that fills again by itself."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_BUCKETS = 20_000


@dataclass(frozen=True)
class Rate:
    """How fast a bucket fills, and how much it holds.

    Attributes
    ----------
    per_second
        Above 0.
    burst
        Requests that may come at once.
    """

    name: str
    per_second: float
    burst: int

    @property
    def window_seconds(self) -> int:
        """Whole seconds in which an empty bucket is full again."""
        return math.ceil(self.burst / self.per_second)


@dataclass(frozen=True)
class Taken:
    """What is left after a request took one, or how long it must wait.

    Attributes
    ----------
    left
        Requests that may still come at once.
    wait_seconds
        0 where the request may pass.
    full_seconds
        Until the bucket is full again.
    """

    left: int
    wait_seconds: float
    full_seconds: float


class Buckets:
    """A bucket for each who asks and each rate; may be asked from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, who: str, rate: Rate) -> Taken:
        """Take one for a request."""
        now = self._clock()
        with self._lock:
            level, at = self._levels.get((who, rate.name), (float(rate.burst), now))
            level = min(float(rate.burst), level + (now - at) * rate.per_second)
            passes = level >= 1
            level -= passes
            if len(self._levels) >= MOST_BUCKETS:
                self._forget(now)
            self._levels[(who, rate.name)] = (level, now)
        wait = 0.0 if passes else (1 - level) / rate.per_second
        return Taken(int(level), wait, (rate.burst - level) / rate.per_second)

    def _forget(self, now: float) -> None:
        """Leave out who has not asked for a minute, else everybody: their buckets are full again."""
        self._levels = {key: held for key, held in self._levels.items() if now - held[1] < 60}
        if len(self._levels) >= MOST_BUCKETS:
            self._levels.clear()
