"""What no row names goes; what is named, foreign, or behind a link stays."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from churnkit.config import AnalysisSettings, leftover_grace_seconds
from churnkit.errors import SettingsError
from churnkit.jobs import Platform
from churnkit.store import Session, Store

NewSession = Callable[..., Session]
ID = "0123456789abcdef" * 2
LEFTOVERS = (
    f"data/uploads/{ID}.csv",
    f"data/uploads/{ID}.data.part",
    f"data/jobs/{ID}/request.json",
    f"data/jobs/{ID}/out/customers.parquet",
    f"data/analyses/{ID}/looks/{ID}/transactions.parquet",
    f"models/{ID}.joblib",
    f"models/{ID}.json",
    f"models/.{ID}.joblib.tmp",
    "data/.sql.json.17.tmp",
)
FOREIGN = (
    "data/sql.json",
    "data/.notes.json.17.tmp",
    "data/README.md",
    "data/secret.key",
    "data/samples/orders.csv",
    f"data/samples/{ID}.csv",
    "data/uploads/README.md",
    "data/uploads/orders.csv",
    f"data/uploads/{ID}.exe",
    f"data/uploads/x{ID}.csv",
    "data/jobs/.gitkeep",
    "data/jobs/notes/a.txt",
    "data/analyses/mine/runs/a.txt",
    "models/.gitkeep",
    "models/champion.joblib",
    f"models/{ID}.txt",
)


def plant(folder: Path, names: tuple[str, ...]) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("somebody's orders", encoding="utf-8")


def present(folder: Path, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if (folder / name).exists()]


@pytest.fixture
def analysed(platform: Platform, store: Store, played: Any, new_session: NewSession) -> Session:
    """A session with look, run, model and completed scoring."""
    session = new_session(store)
    platform.follower.tick()
    played.finish_look(store.jobs.of_session(session.session_id)[0].job_id)
    platform.follower.tick()
    job = platform.start_analysis(store, session.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    platform.follower.tick()
    source = platform.folders.data / "new.csv"
    source.write_text("customer_id\nx\n", encoding="utf-8")
    scoring = platform.start_scoring(store, session.session_id, source)
    source.unlink()
    platform.follower.tick()
    out = platform.folders.out(scoring.job_id)
    out.mkdir()
    (out / "scored.parquet").write_bytes(b"x")
    played.status(scoring.job_id, "done", "score")
    platform.follower.tick()
    return store.sessions.get(session.session_id)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "duckdb" not in path.name
    }


def test_everything_that_is_named_stays(
    platform: Platform, analysed: Session, workers: Any, tmp_path: Path
) -> None:
    before = files(tmp_path)
    assert len(before) > 12
    assert not platform._leftovers.sweep(at_start=True)
    platform.close()
    Platform(tmp_path / "data", tmp_path / "models", workers=workers).close()
    assert files(tmp_path) == before


def test_what_was_left_goes_at_the_next_start_and_is_told(
    platform: Platform, analysed: Session, workers: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = files(tmp_path)
    platform.close()
    plant(tmp_path, (*LEFTOVERS, *FOREIGN))
    with caplog.at_level(logging.WARNING):
        Platform(tmp_path / "data", tmp_path / "models", workers=workers).close()
    assert present(tmp_path, LEFTOVERS) == []
    assert present(tmp_path, FOREIGN) == list(FOREIGN)
    assert set(files(tmp_path)) == {*before, *FOREIGN}
    assert "1 of analyses, 1 of jobs, 3 of models, 1 of temporary files, 2 of uploads" in caplog.text
    assert ID not in caplog.text


def test_what_appears_while_the_server_runs_has_time(
    platform: Platform, analysed: Session, steady: Any, tmp_path: Path
) -> None:
    plant(tmp_path, LEFTOVERS)
    platform._keep_house()
    steady.seconds += leftover_grace_seconds() - 1
    platform._keep_house()
    assert present(tmp_path, LEFTOVERS) == list(LEFTOVERS)
    steady.seconds += 1
    platform._keep_house()
    assert present(tmp_path, LEFTOVERS) == []


def test_nothing_is_followed_out_of_the_folders(
    platform: Platform, analysed: Session, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    plant(outside, ("a.csv", f"{ID}/b.csv", f"looks/{ID}/c.csv"))
    (tmp_path / "data" / "uploads" / f"{ID}.csv").symlink_to(outside / "a.csv")
    (tmp_path / "data" / "jobs" / ID).symlink_to(outside / ID)
    (tmp_path / "data" / "analyses" / ID).symlink_to(outside)
    looks = tmp_path / "data" / "analyses" / analysed.session_id / "looks"
    shutil.rmtree(looks)
    looks.symlink_to(outside / "looks")
    before = files(outside)
    assert sum(platform._leftovers.sweep(at_start=True).values()) == 3
    assert files(outside) == before
    assert looks.is_symlink()
    assert not (tmp_path / "data" / "jobs" / ID).is_symlink()


def test_parts_of_jobs_that_have_ended_go(
    platform: Platform, store: Store, analysed: Session, tmp_path: Path
) -> None:
    before = files(tmp_path)
    for job in store.jobs.of_session(analysed.session_id):
        plant(platform.folders.job(job.job_id), ("work/a.csv", "models/a.joblib", ".status.json.17.tmp"))
        if job.kind != "score":
            plant(platform.folders.out(job.job_id), ("customers.parquet",))
    assert platform._leftovers.sweep(at_start=True)["parts of jobs"] == 3 * 3 + 2
    assert files(tmp_path) == before


def test_a_model_that_is_being_taken_over_stays(
    platform: Platform, store: Store, played: Any, analysed: Session
) -> None:
    job = platform.start_analysis(store, analysed.session_id, AnalysisSettings())
    platform.follower.tick()
    played.finish_run(job.job_id)
    staged = platform.folders.staged_models(job.job_id)
    for file in list(staged.iterdir()):
        file.rename(platform.folders.models / file.name)
    assert not platform._leftovers.sweep(at_start=True)
    platform.follower.tick()
    assert store.jobs.get(job.job_id).status == "completed"


def test_a_file_that_cannot_be_removed_is_tried_again(
    platform: Platform, store: Store, analysed: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> bool:
        raise OSError("Device or resource busy")

    with monkeypatch.context() as patched:
        patched.setattr("churnkit.jobs.removal.remove", busy)
        platform.delete_everything(store)
    assert (store.uploads.all(), platform.folders.session(analysed.session_id).exists()) == ([], True)
    platform._keep_house()
    assert not platform.folders.session(analysed.session_id).exists()
    assert store.overview.removals() == []
    assert list(platform.folders.uploads.iterdir()) == []


def test_worker_of_a_job_that_was_ended_is_stopped_at_the_next_start(
    platform: Platform, store: Store, workers: Any, new_session: NewSession, tmp_path: Path
) -> None:
    session = new_session(store)
    platform.follower.tick()
    platform.follower.fail(
        store, store.jobs.of_session(session.session_id)[0], "It was cancelled.", "", "cancelled"
    )
    platform.close()
    Platform(tmp_path / "data", tmp_path / "models", workers=workers).close()
    assert workers.stopped == [1]


@pytest.mark.parametrize("text", ["an hour", "59", "-1", "inf", "nan"])
def test_grace_is_a_number_of_seconds(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHURNKIT_LEFTOVER_GRACE_SECONDS", text)
    with pytest.raises(SettingsError, match="CHURNKIT_LEFTOVER_GRACE_SECONDS"):
        leftover_grace_seconds()


def test_what_a_server_was_at_when_it_was_killed_goes_at_the_next_start(
    platform: Platform, tmp_path: Path
) -> None:
    ours = (
        "data/temporary/churnkit-csv-x1/table.csv",
        "data/temporary/tmpab12",
        f"data/reading/{ID}/file.csv",
    )
    foreign = ("data/temporary/mine.csv", "data/reading/README.md")
    plant(tmp_path, (*ours, *foreign))
    assert not platform._leftovers.sweep()
    assert present(tmp_path, ours) == list(ours)
    gone = platform._leftovers.sweep(at_start=True)
    assert gone == {"temporary files": 2, "questions to readers": 1}
    assert present(tmp_path, (*ours, *foreign)) == list(foreign)


def test_half_a_request_goes_at_the_start_and_half_a_status_does_not(
    platform: Platform, store: Store, analysed: Session, tmp_path: Path
) -> None:
    job = platform.start_analysis(store, analysed.session_id, AnalysisSettings())
    folder = platform.folders.job(job.job_id)
    plant(folder, (".request.json.17.tmp", ".status.json.18.tmp"))
    assert not platform._leftovers.sweep()
    assert platform._leftovers.sweep(at_start=True) == {"parts of jobs": 1}
    assert present(folder, (".request.json.17.tmp", ".status.json.18.tmp")) == [".status.json.18.tmp"]
