"""A few things that are dear to make, kept in memory by key."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class _Place(Generic[Kept]):
    """Where one of them stands, or is being made."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: list[Kept] = []


class Shelf(Generic[Kept]):
    """Keeps the ``most`` that were asked for last; may be asked from any thread.

    Two who ask for the same at once wait for one of them to make it; who asks for something else does not wait.

    Examples
    --------
    >>> shelf: Shelf[int] = Shelf(most=2)
    >>> shelf.get("a", lambda: 1), shelf.get("a", lambda: 2)
    (1, 1)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._places: OrderedDict[Hashable, _Place[Kept]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What stands there under a key, made now if it does not; what making it raises is raised, and nothing kept."""
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > self._most:
                self._places.popitem(last=False)
        with place.lock:
            if not place.kept:
                place.kept.append(make())
            return place.kept[0]

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._places.clear()
