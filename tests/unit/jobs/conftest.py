"""A platform whose workers are made of nothing but files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.store import Session, Store
from tests.played_workers import FakeWorkers, PlayedWorker


@pytest.fixture
def workers() -> FakeWorkers:
    return FakeWorkers()


class Steady:
    """The follower's monotonic clock, which a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def platform(tmp_path: Path, workers: FakeWorkers, steady: Steady) -> Iterator[Platform]:
    """Not started: a test ticks."""
    opened = Platform(tmp_path / "data", tmp_path / "models", workers=workers, slots=1, steady=steady)
    yield opened
    opened.close()


@pytest.fixture
def store(platform: Platform) -> Store:
    return platform.store_for("local", OWNER)


@pytest.fixture
def new_session(platform: Platform) -> Callable[..., Session]:
    """An upload with a look waiting on it."""

    def make(store: Store, name: str = "orders.csv") -> Session:
        upload = platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), name, 1000)
        return platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())

    return make


@pytest.fixture
def played(platform: Platform) -> PlayedWorker:
    return PlayedWorker(platform.folders)
