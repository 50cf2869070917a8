"""What follows a run is done once, in its order, and again where the server died before it was noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from churnkit.accounts import SYSTEM
from churnkit.errors import DataError
from churnkit.jobs.follow_up import follow_up
from churnkit.jobs.layout import Folders
from churnkit.store import Run, Store
from tests.unit.store.filled import fill


def test_each_step_is_done_once_and_a_step_that_fails_stops_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[tuple[str, str]] = []

    def fails(store: Store, folders: Folders, run: Run) -> None:
        done.append(("fails", run.run_id))
        raise DataError("Reading the run: it is damaged.")

    def works(store: Store, folders: Folders, run: Run) -> None:
        done.append(("works", store.runs.get(run.run_id).run_id))

    folders = Folders(tmp_path / "data", tmp_path / "models")
    with Store.open(tmp_path / "store.duckdb", actor=SYSTEM) as root:
        fill(root.for_tenant("one"))
        (run,) = root.for_tenant("one").runs.of_session(root.for_tenant("one").sessions.all()[0].session_id)
        assert not run.followed_up

        assert follow_up(root, folders, (("fails", fails), ("works", works))) == 1
        assert follow_up(root, folders, (("fails", fails), ("works", works))) == 0

        assert done == [("fails", run.run_id), ("works", run.run_id)]
        assert root.for_tenant("one").runs.get(run.run_id).followed_up
        (event,) = root.for_tenant("one").events.of_shop(run.session_id)
        assert (
            event.kind == "follow_up_failed" and "could not be done: fails. Reading the run" in event.sentence
        )
    assert "it is damaged" in caplog.text


def test_a_server_that_dies_within_does_it_again(tmp_path: Path) -> None:
    done: list[str] = []

    def dies(store: Store, folders: Folders, run: Run) -> None:
        done.append(run.run_id)
        if len(done) == 1:
            raise KeyboardInterrupt

    folders = Folders(tmp_path / "data", tmp_path / "models")
    with Store.open(tmp_path / "store.duckdb", actor=SYSTEM) as root:
        fill(root)
        with pytest.raises(KeyboardInterrupt):
            follow_up(root, folders, (("dies", dies),))
        follow_up(root, folders, (("dies", dies),))
    assert len(done) == 2
