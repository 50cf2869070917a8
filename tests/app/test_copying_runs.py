"""Copies of new runs beside the data folder: whole, with a list that comes last, and again without who was erased."""

from __future__ import annotations

import hashlib
import json
import time

import pytest

from churnkit.config.storage import StorageSettings
from churnkit.jobs import Platform
from churnkit.jobs.copying_runs import copy_beside, copy_run
from churnkit.store import Run, Store
from tests.fake_s3 import FakeS3


@pytest.fixture
def run(store: Store) -> Run:
    (session,) = store.sessions.all()
    assert session.run_id is not None
    return store.runs.get(session.run_id)


def test_a_run_is_copied_to_object_storage(
    small_app: object, platform: Platform, store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHURNKIT_ALLOW_PRIVATE_HOSTS", "127.0.0.1")
    with FakeS3({"safe": {}}) as s3:
        settings = StorageSettings(
            copies_to="s3://safe/copies", access_key="a", secret_key="s", endpoint=s3.endpoint
        )
        name = copy_run(store, platform.folders, run, settings)
        stored = s3.buckets["safe"]
    manifest = json.loads(stored[f"copies/{name}/manifest.json"])
    assert {"customers.parquet", "summary.json"} <= set(manifest["sha256"])
    for inside, sha256 in manifest["sha256"].items():
        assert hashlib.sha256(stored[f"copies/{name}/{inside}"]).hexdigest() == sha256


def test_a_copy_that_fails_is_an_event_and_nothing_else(
    small_app: object, platform: Platform, store: Store, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_beside(store, platform.folders, run)
    monkeypatch.setenv("CHURNKIT_COPIES_TO", "ftp://nowhere/x")
    copy_beside(store, platform.folders, run)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        told = store.events.of_shop(run.session_id, kinds=["copy_failed"])
        if told:
            break
        time.sleep(0.02)
    (event,) = told
    assert "was not copied" in event.sentence
