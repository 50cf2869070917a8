"""What takes long to build and is only read: once for all processes of a test run."""

from __future__ import annotations

import fcntl
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of the run, in which each of several processes has its own."""
    own = factory.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], T]) -> T:
    """What ``build`` makes of an empty folder; the first process that asks builds it, the others wait for it."""
    shared = shared_folder(factory)
    folder, made = shared / f"{name}-once", shared / f"{name}-once.pickle"
    with (shared / f"{name}-once.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            folder.mkdir()
            made.write_bytes(pickle.dumps(build(folder)))
    result: T = pickle.loads(made.read_bytes())
    return result
