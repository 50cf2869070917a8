"""A disk that is full, a folder that must not be written: words, nothing half written, and all is well afterwards."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.errors import DiskError, StoreError
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.layout import Folders
from churnkit.jobs.request import Order, Request
from churnkit.jobs.status import Status, read_status
from churnkit.jobs.trouble import LONGEST_SECONDS
from churnkit.store import Session, Store
from churnkit.worker.one_job import run_job
from tests.played_workers import FakeWorkers, PlayedWorker

MEGABYTES = 24


class Steady:
    """A monotonic clock that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(place)], capture_output=True, check=False
    ) if sys.platform.startswith("linux") else None  # fmt: skip
    if mounted is None or mounted.returncode:
        pytest.skip("mounting a small tmpfs needs root on Linux")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all the room there is."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC
    return ballast


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def begun(platform: Platform, store: Store) -> Session:
    upload = platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), "orders.csv", 1000)
    session = platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    platform.follower.tick()
    return session


def test_a_full_disk_refuses_in_words_and_recovers(small_disk: Path) -> None:
    steady = Steady()
    platform = Platform(
        small_disk / "data", small_disk / "models", workers=FakeWorkers(), slots=1, steady=steady
    )
    store = platform.store_for("local", OWNER)
    session = begun(platform, store)
    (look,) = store.jobs.of_session(session.session_id)
    PlayedWorker(platform.folders).finish_look(look.job_id)
    before = names(platform.folders.uploads)
    ballast = fill(small_disk)

    for size in (100, 30 * 1_000_000):
        with pytest.raises(DiskError, match="the disk is full"):
            platform.receive_upload(store, io.BytesIO(b"x" * size), "more.csv", 10**9)
    assert names(platform.folders.uploads) == before
    platform.follower.tick()
    assert store.jobs.get(look.job_id).status in ("running", "completed"), "finished work waits for room"
    with pytest.raises(StoreError, match="full"):
        while True:
            platform.start_look(store, session.upload_id, Reading(), AnalysisSettings())
    assert [one.filename for one in store.uploads.all()] == ["orders.csv"]

    ballast.unlink()
    steady.seconds += LONGEST_SECONDS
    platform.follower.tick()
    assert store.jobs.get(look.job_id).status == "completed"
    platform.receive_upload(store, io.BytesIO(b"x" * 100), "more.csv", 1000)
    platform.delete_everything(store)
    assert names(platform.folders.uploads) == []
    platform.close()
    again = Platform(small_disk / "data", small_disk / "models", workers=FakeWorkers())
    assert again.store_for("local", OWNER).uploads.all() == []
    again.close()


def test_what_was_confirmed_survives_a_disk_that_fills_up(small_disk: Path) -> None:
    platform = Platform(small_disk / "data", small_disk / "models", workers=FakeWorkers(), slots=1)
    store = platform.store_for("local", OWNER)
    ballast = fill(small_disk)
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - 200_000)
    confirmed = []
    with pytest.raises(DiskError, match="the disk is full"):
        while True:
            upload = platform.receive_upload(store, io.BytesIO(b"x" * 3000), "orders.csv", 10**6)
            confirmed.append(upload.upload_id)
    assert confirmed
    platform.close()
    ballast.unlink()
    again = Platform(small_disk / "data", small_disk / "models", workers=FakeWorkers(), slots=1)
    kept = again.store_for("local", OWNER).uploads.all()
    assert {one.upload_id for one in kept} == set(confirmed)
    assert names(again.folders.uploads) == sorted(one.file_path.name for one in kept)
    assert all(again.upload_file(one).stat().st_size == 3000 for one in kept)
    again.close()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "may not write to its folder"),
        (errno.EACCES, "may not write to its folder"),
    ],
)
def test_every_place_that_writes_says_why_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    platform = Platform(tmp_path / "data", tmp_path / "models", workers=FakeWorkers(), slots=1)
    store = platform.store_for("local", OWNER)
    session = begun(platform, store)
    source = tmp_path / "new.csv"
    source.write_text("customer_id\nx\n")
    played = PlayedWorker(platform.folders)
    played.finish_look(store.jobs.of_session(session.session_id)[0].job_id)
    platform.follower.tick()
    platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(store.jobs.of_session(session.session_id)[0].job_id)
    platform.follower.tick()

    def refuse(*_: object, **__: object) -> Any:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr("churnkit.services.look.received_files._copy", refuse)
        with pytest.raises(DiskError, match=words):
            platform.receive_upload(store, io.BytesIO(b"x"), "orders.csv", 10)
        patched.setattr("churnkit.jobs.work_desk.shutil.copyfile", refuse)
        with pytest.raises(DiskError, match=words):
            platform.start_scoring(store, session.session_id, source)
        patched.undo()
        patched.setattr("pathlib.Path.replace", refuse)
        with pytest.raises(DiskError, match=words):
            platform.start_scoring(store, session.session_id, source)
    (scoring,) = (job for job in store.jobs.of_session(session.session_id) if job.kind == "score")
    assert (scoring.status, scoring.ended_by) == ("failed", "error")
    assert words in (scoring.error_message or "")
    assert not list(platform.folders.temporary.iterdir())
    assert not platform.follower.tick()
    platform.close()


def test_a_read_only_folder_is_said_to_be_one(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the error codes are tested above")
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be made"):
        Platform(tmp_path / "data", tmp_path / "models", workers=FakeWorkers())
    tmp_path.chmod(0o700)


@pytest.mark.slow
def test_a_worker_on_a_full_disk_says_so(small_disk: Path, samples: Path) -> None:
    folders = Folders(small_disk / "data", small_disk / "models")
    folder = folders.job("x")
    folder.mkdir(parents=True)
    source = samples / "coffee_shop_demo.csv"
    order = Order("look", Request(), source, None, folders.models)
    order.write(folder)
    ballast = fill(small_disk)
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - 40_000)
    assert run_job(folder, order, Status.beginning("look", os.getpid(), "boot/1", 0.0)) == 1
    status = read_status(folder)
    assert status is not None
    assert (status.state, status.message) == ("failed", "The disk is full.")
    assert names(folder) == ["request.json", "status.json"]
