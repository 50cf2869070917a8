"""The finished example: of today's sample and settings, whole or refused, and in the store once."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from churnkit import __version__
from churnkit.config import AnalysisSettings
from churnkit.errors import DataError
from churnkit.jobs import Platform
from churnkit.jobs.example import (
    ARCHIVE,
    EXAMPLE_TENANT,
    READING,
    contents_of,
    installed_example,
    unpack,
)
from churnkit.jobs.request import Request, stored_request
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.services.look.sample_shops import SAMPLES_FOLDER
from churnkit.store import Store


def test_it_was_made_by_this_version_of_this_sample_with_the_usual_settings() -> None:
    """Otherwise make it again: ``python -m churnkit samples --output data/samples --example``."""
    contents = contents_of()
    sample = (SAMPLES_FOLDER / contents.sample).read_bytes()
    assert contents.churnkit_version == __version__
    assert contents.sample_sha256 == hashlib.sha256(sample).hexdigest()
    assert stored_request(contents.request) == Request(reading=READING, settings=AnalysisSettings())


def test_it_is_small() -> None:
    assert ARCHIVE.stat().st_size < 3_000_000


def test_its_figures_are_those_of_the_sample(tmp_path: Path) -> None:
    unpack("run", tmp_path / "run")
    unpack("look", tmp_path / "look")
    results, look = Results(tmp_path / "run"), Look(tmp_path / "look")
    lines = (SAMPLES_FOLDER / contents_of().sample).read_text().count("\n") - 1
    assert look.facts.rows_in == lines
    assert results.horizon_days == look.profile.threshold.days
    customers = results.customers
    assert len(customers) == results.summary.customers.count == customers["customer_id"].nunique()
    active = results.summary.customers.active
    assert active.customers == int((customers["status"] == "active").sum())
    risk = customers.loc[customers["status"] == "active", "p_churn"].sum()
    assert active.expected_leavers == pytest.approx(risk, abs=1.0)


def changed(archive: Path, change: Callable[[str, bytes], tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(ARCHIVE) as packed, zipfile.ZipFile(archive, "w") as written:
        for one in packed.namelist():
            written.writestr(*change(one, packed.read(one)))
    return archive


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    other = contents_of().sha256["run/summary.json"]
    archive = changed(tmp_path / "a.zip", lambda name, content: (name, content + b" " * (name == other)))
    with pytest.raises(DataError, match=r"summary\.json is not the file"):
        unpack("run", tmp_path / "run", archive)


@pytest.mark.parametrize("inside", ["run/../x", "run/..", "run//etc/x", "run/a/b"])
def test_nothing_is_written_outside_of_the_folder(tmp_path: Path, inside: str) -> None:
    def other_name(name: str, content: bytes) -> tuple[str, bytes]:
        if name != "contents.json":
            return name, content
        about = json.loads(content)
        about["sha256"] = {inside: about["sha256"]["run/summary.json"]}
        return name, json.dumps(about).encode()

    unpack("run", tmp_path / "run", changed(tmp_path / "a.zip", other_name))
    assert list((tmp_path / "run").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "run"}


def test_a_missing_archive_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Make it again"):
        contents_of(tmp_path / "none.zip")


def test_it_is_put_into_the_store_once_and_belongs_to_nobody(platform: Platform, store: Store) -> None:
    owned, session = platform.example()
    assert (owned.tenant_id, session.status) == (EXAMPLE_TENANT, "completed")
    assert platform.example()[1] == session
    assert len(owned.sessions.all()) == 1 and store.sessions.all() == []
    folder = platform.run_folder(session)
    assert folder is not None
    figures = Results(folder).summary.customers
    assert owned.predictions.page(session.session_id).total == figures.count
    seal = owned.runs.seal(session.run_id or "")
    assert seal is not None and (platform.folders.models / seal.file_name).exists()
    # Nobody is told of it, and it says nothing of how fast this machine is.
    assert not platform.follower.store.overview.runs_to_follow_up()
    assert platform.follower.store.overview.step_timings("analyze", last=9) == []


def test_a_newer_example_takes_the_place_of_the_older(platform: Platform, tmp_path: Path) -> None:
    store, session = platform.example()
    newer = changed(tmp_path / "newer.zip", lambda name, content: (name, content))
    assert newer.read_bytes() != ARCHIVE.read_bytes()
    installed = installed_example(store, platform.folders, newer)
    assert [one.session_id for one in store.sessions.all()] == [installed.session_id] != [session.session_id]
    assert not platform.folders.session(session.session_id).exists()
