"""Slowing down those who guess: the more failures of late, the longer a try waits. Nobody is locked out for good."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_SECONDS = 15 * 60.0
FREE_PER_ACCOUNT = 5
FREE_PER_ADDRESS = 20
MOST_SECONDS = 30.0
# How many tries of one address may be under way at once; those of an office share one.
MOST_AT_ONCE = 10
_MOST_NAMES = 20_000


class Throttle:
    """What failed in the last quarter of an hour, by account and by address; may be asked from any thread.

    Parameters
    ----------
    now
        Seconds of a steady clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._under_way: dict[str, int] = {}
        self._lock = threading.Lock()

    def seconds(self, account: str, address: str) -> float:
        """How long the next try waits: nothing at first, then doubling up to half a minute."""
        with self._lock:
            over_account = self._count(f"account {account}") - FREE_PER_ACCOUNT
            over_address = self._count(f"address {address}") - FREE_PER_ADDRESS
        over = max(over_account, over_address)
        return 0.0 if over < 0 else min(MOST_SECONDS, 2.0 ** min(over, 10))

    def failed(self, account: str, address: str) -> None:
        """Note a failure; a try is one until it is said to be none, so that many at once do not pass uncounted."""
        with self._lock:
            for name in (f"account {account}", f"address {address}"):
                times = self._failures.setdefault(name, deque(maxlen=100))
                times.append(self._now())
                self._failures.move_to_end(name)
            while len(self._failures) > _MOST_NAMES:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """Forget an account's failures, and take this try from those of its address; a guesser may own an account."""
        with self._lock:
            self._failures.pop(f"account {account}", None)
            times = self._failures.get(f"address {address}")
            if times:
                times.pop()

    def begin(self, address: str) -> bool:
        """Begin a try; False if the address has too many under way."""
        with self._lock:
            if self._under_way.get(address, 0) >= MOST_AT_ONCE:
                return False
            self._under_way[address] = self._under_way.get(address, 0) + 1
            return True

    def end(self, address: str) -> None:
        """End a try."""
        with self._lock:
            left = self._under_way.get(address, 1) - 1
            if left > 0:
                self._under_way[address] = left
            else:
                self._under_way.pop(address, None)

    def _count(self, name: str) -> int:
        times = self._failures.get(name)
        if times is None:
            return 0
        while times and times[0] <= self._now() - WINDOW_SECONDS:
            times.popleft()
        return len(times)
