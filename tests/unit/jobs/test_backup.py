"""Backups while a server has the folder open, and restoring them: whole, checked, and without who was erased since."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.accounts import OWNER, SYSTEM
from churnkit.cli import main
from churnkit.config import AnalysisSettings
from churnkit.config.storage import StorageSettings
from churnkit.errors import ConflictError, DataError, NotFoundError, SettingsError, StoreError
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.jobs.backing_up import backups_in
from churnkit.jobs.layout import Folders
from churnkit.jobs.restoring import restore
from churnkit.services.backup.places import FolderPlace, place_of
from churnkit.store import Session, Store
from tests.fake_s3 import FakeS3
from tests.played_workers import FakeWorkers, PlayedWorker

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    return Platform(tmp_path / "data", tmp_path / "models", workers=FakeWorkers(), slots=1)


def looked(platform: Platform) -> tuple[Store, Session]:
    """A session with a first look of customers a and b."""
    store = platform.store_for("local", OWNER)
    upload = platform.receive_upload(store, io.BytesIO(b"a,b\n1,2\n"), "orders.csv", 100)
    session = platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    platform.follower.tick()
    (job,) = store.jobs.of_session(session.session_id)
    PlayedWorker(platform.folders).finish_look(job.job_id)
    out = platform.folders.out(job.job_id)
    pd.DataFrame({"order_id": ["1", "2"], "customer_id": ["a", "b"]}).to_parquet(out / "transactions.parquet")
    platform.follower.tick()
    return store, store.sessions.get(session.session_id)


def elsewhere(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "other" / "data", tmp_path / "other" / "models")


def test_a_backup_of_a_running_server_is_restored_whole(platform: Platform, tmp_path: Path) -> None:
    store, session = looked(platform)
    place = FolderPlace(tmp_path / "backups")
    made = platform.back_up(place)
    # What comes later is not in it, and does not harm it.
    store.sessions.rename(session.session_id, "Later")
    folders = elsewhere(tmp_path)
    done = restore(place, folders)
    assert (done.name, done.replaced, done.erased_again) == (made.name, (), 0)
    again = Platform(folders.data, folders.models, workers=FakeWorkers(), slots=1)
    other = again.store_for("local", OWNER)
    (found,) = other.sessions.all()
    assert found == session
    folder = again.look_folder(found)
    assert folder is not None and len(pd.read_parquet(folder / "transactions.parquet")) == 2
    assert again.upload_file(other.uploads.get(found.upload_id)).read_bytes() == b"a,b\n1,2\n"
    again.close()
    platform.close()


def test_who_was_erased_after_a_backup_is_erased_again(platform: Platform, tmp_path: Path) -> None:
    store, session = looked(platform)
    place = FolderPlace(tmp_path / "backups")
    before = platform.back_up(place)
    platform.erase_customer(store, session.session_id, "a")
    platform.back_up(place)
    platform.close()
    folders = elsewhere(tmp_path)
    done = restore(place, folders, name=before.name)
    assert done.erased_again == 1
    with Store.open(folders.database, actor=SYSTEM) as root:
        other = root.for_tenant("local")
        (job,) = [one for one in other.jobs.of_session(session.session_id) if one.kind == "erase"]
        assert job.request["customers"] == ["a"]
        erased = other.erasures.of_shop(session.session_id)
        assert erased is not None and erased.among(["a", "b"]) == {"a"}


def test_the_store_that_is_replaced_says_who_was_erased_too(platform: Platform, tmp_path: Path) -> None:
    store, session = looked(platform)
    place = FolderPlace(tmp_path / "backups")
    platform.back_up(place)
    platform.erase_customer(store, session.session_id, "a")
    platform.close()
    with pytest.raises(ConflictError, match="holds data already"):
        restore(place, platform.folders)
    done = restore(place, platform.folders, replace=True)
    assert done.erased_again == 1
    assert {folder.parent for folder in done.replaced} == {platform.folders.data}
    assert (done.replaced[0] / "churnkit.duckdb").exists()


def test_a_damaged_backup_touches_nothing(platform: Platform, tmp_path: Path) -> None:
    looked(platform)
    place = FolderPlace(tmp_path / "backups")
    made = platform.back_up(place)
    platform.close()
    (upload,) = (tmp_path / "backups" / made.name / "data" / "uploads").iterdir()
    upload.write_bytes(b"a,b\n1,3\n")
    before = sorted(platform.folders.data.rglob("*"))
    with pytest.raises(DataError, match="not the file that was backed up"):
        restore(place, platform.folders, replace=True)
    assert sorted(platform.folders.data.rglob("*")) == before
    upload.unlink()
    with pytest.raises(NotFoundError):
        restore(place, platform.folders, replace=True)
    assert sorted(platform.folders.data.rglob("*")) == before
    # Without its list of files it is none.
    (tmp_path / "backups" / made.name / "manifest.json").unlink()
    assert backups_in(place) == []


def test_a_list_that_names_files_elsewhere_is_refused(platform: Platform, tmp_path: Path) -> None:
    looked(platform)
    place = FolderPlace(tmp_path / "backups")
    name = platform.back_up(place).name
    manifest = tmp_path / "backups" / name / "manifest.json"
    manifest.write_text(manifest.read_text().replace("data/uploads/", "data/../uploads/"))
    with pytest.raises(DataError, match="names the file"):
        restore(place, elsewhere(tmp_path))
    platform.close()


def test_backups_go_to_object_storage_and_come_back(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(platform)
    monkeypatch.setenv("CHURNKIT_ALLOW_PRIVATE_HOSTS", "127.0.0.1")
    with FakeS3({"safe": {}}) as s3:
        settings = StorageSettings(access_key="a", secret_key="s", endpoint=s3.endpoint)
        place = place_of("s3://safe/shop", settings)
        made = platform.back_up(place)
        platform.close()
        assert f"shop/{made.name}/manifest.json" in s3.buckets["safe"]
        assert restore(place, elsewhere(tmp_path)).manifest == made.manifest
    for text, match in (("s3://safe", "keys of the object storage"), ("ftp://x/y", "to a folder or to s3")):
        with pytest.raises(SettingsError, match=match):
            place_of(text, StorageSettings())


def test_the_server_makes_backups_where_it_was_told(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = looked(platform)
    with pytest.raises(SettingsError, match="has not said where"):
        platform.start_backup(store)
    monkeypatch.setenv("CHURNKIT_BACKUP_TO", str(tmp_path / "backups"))
    platform.start_backup(store)
    while (state := platform.backup_state(store)).is_under_way:
        time.sleep(0.01)
    assert state.made is not None and state.failure is None
    assert backups_in(FolderPlace(tmp_path / "backups")) == [state.made.name]
    # The next one is due a day later.
    platform._backups.start_if_due()
    while platform.backup_state(store).is_under_way:
        time.sleep(0.01)
    assert len(backups_in(FolderPlace(tmp_path / "backups"))) == 1
    platform.close()


def test_commands_back_up_and_restore(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, session = looked(platform)
    platform.close()
    backups, folders = str(tmp_path / "backups"), elsewhere(tmp_path)
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(tmp_path / "models"))
    assert main(["backup", backups]) == 0
    monkeypatch.setenv("CHURNKIT_DATA_DIR", str(folders.data))
    monkeypatch.setenv("CHURNKIT_MODELS_DIR", str(folders.models))
    assert main(["restore", backups, "--list"]) == 0
    assert main(["restore", backups]) == 0
    assert "is in place" in capsys.readouterr().out
    assert main(["restore", backups]) == 2
    with Store.open(folders.database) as store:
        assert [one.session_id for one in store.sessions.all()] == [session.session_id]


def test_a_command_says_that_a_server_has_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise StoreError("Opening the store x: another process has it open; only one may (…).")

    monkeypatch.setattr("churnkit.jobs.Platform", locked)
    assert main(["backup", str(tmp_path)]) == 2
    assert "a server has" in capsys.readouterr().err
