"""From reported stages to the status file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from churnkit.errors import JobError
from churnkit.jobs.layout import STATUS
from churnkit.jobs.status import Status, read_status
from churnkit.tournament.progress import Stage
from churnkit.worker.progress_reports import NOT_NEEDED, Reporter


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reporter(tmp_path: Path, clock: Clock) -> Reporter:
    return Reporter(tmp_path, "analyze", Status.beginning("analyze", 7, "boot/1", 1000.0), now=clock)


def written(folder: Path) -> Status:
    status = read_status(folder)
    assert status is not None
    return status


def test_steps_are_ticked_off_in_order(reporter: Reporter, clock: Clock, tmp_path: Path) -> None:
    clock.seconds = 1002.0
    reporter(Stage.READ, 0.0)
    clock.seconds = 1005.5
    reporter(Stage.READ, 1.0, found="812 rows read", count=(800, 812))
    reporter(Stage.OPEN, 0.0)
    reporter(Stage.OPEN, 1.0, found="812 rows read, 99 customers")
    reporter(Stage.PROFILE, 0.0)
    start, read, profile, *others = written(tmp_path).steps
    assert (start.state, start.seconds) == ("done", 2.0)
    assert (read.state, read.seconds, read.found) == ("done", 3.5, "812 rows read, 99 customers")
    assert (profile.state, profile.began, profile.doing) == ("running", 1005.5, "profiling")
    assert {step.state for step in others} == {"waiting"}
    assert written(tmp_path).row_count == 812


def test_models_are_counted(reporter: Reporter, clock: Clock, tmp_path: Path) -> None:
    reporter(Stage.TOURNAMENT, 0.0)
    clock.seconds += 1
    reporter(Stage.MODELS, 0.25, count=(3, 12), model="xgboost")
    status = written(tmp_path)
    assert (status.models_done, status.models_total) == (3, 12)
    train = next(step for step in status.steps if step.key == "train")
    assert (train.state, train.share, train.doing) == ("running", 0.25, "models: XGBoost")


def test_a_stage_that_ends_late_does_not_go_back(reporter: Reporter, tmp_path: Path) -> None:
    reporter(Stage.TOURNAMENT, 0.0)
    reporter(Stage.BACKTEST, 0.5)
    reporter(Stage.TOURNAMENT, 1.0, found="champion: blend, AUC 0.76")
    steps = {step.key: step for step in written(tmp_path).steps}
    assert (steps["train"].state, steps["train"].found) == ("done", "champion: blend, AUC 0.76")
    assert (steps["test"].state, steps["test"].share) == ("running", 0.5)


def test_steps_that_a_small_shop_skips_are_said_to_be_not_needed(reporter: Reporter, tmp_path: Path) -> None:
    reporter(Stage.FEATURES, 0.0)
    reporter(Stage.EXPLAIN, 0.0)
    reporter.done()
    steps = {step.key: step for step in written(tmp_path).steps}
    assert (steps["train"].found, steps["train"].seconds) == (NOT_NEEDED, None)
    assert steps["explain"].seconds is not None
    assert written(tmp_path).state == "done"
    assert {step.state for step in steps.values()} == {"done"}


def test_the_file_is_written_now_and_then(reporter: Reporter, clock: Clock, tmp_path: Path) -> None:
    reporter(Stage.TOURNAMENT, 0.0)
    clock.seconds += 0.1
    reporter(Stage.MODELS, 0.1, model="svm")
    assert written(tmp_path).steps[4].share == 0.0
    clock.seconds += 0.2
    reporter(Stage.MODELS, 0.2, model="xgboost")
    assert written(tmp_path).steps[4].share == 0.2


def test_failure_keeps_the_step_it_happened_in(reporter: Reporter, tmp_path: Path) -> None:
    reporter(Stage.PROFILE, 0.0)
    reporter.failed("No rows.", "Export again.")
    status = written(tmp_path)
    assert (status.state, status.message, status.remedy) == ("failed", "No rows.", "Export again.")
    assert [step.key for step in status.steps if step.state == "running"] == ["profile"]


def test_damaged_status_is_an_error(tmp_path: Path) -> None:
    assert read_status(tmp_path) is None
    (tmp_path / STATUS).write_text('{"state": "run', encoding="utf-8")
    with pytest.raises(JobError, match="is damaged"):
        read_status(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "asleep"},
        {"pid": "7"},
        {"pid": -7},
        {"pid_started": None},
        {"row_count": "many"},
        {"models_done": -1},
        {"message": ["No."]},
        {"steps": []},
        {"steps": [{"key": "nobody knows"}]},
        {"more": 1},
    ],
)
def test_status_that_holds_something_else_is_damaged(tmp_path: Path, changes: dict[str, object]) -> None:
    Status.beginning("look", 7, "boot/1", 1.0).write(tmp_path)
    values = json.loads((tmp_path / STATUS).read_text(encoding="utf-8"))
    (tmp_path / STATUS).write_text(json.dumps({**values, **changes}), encoding="utf-8")
    with pytest.raises(JobError, match="is damaged"):
        read_status(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [{"state": "asleep"}, {"found": 1}, {"share": None}, {"began": "noon"}, {"seconds": float("nan")}],
)
def test_step_that_holds_something_else_is_damaged(tmp_path: Path, changes: dict[str, object]) -> None:
    Status.beginning("look", 7, "boot/1", 1.0).write(tmp_path)
    values = json.loads((tmp_path / STATUS).read_text(encoding="utf-8"))
    values["steps"][1] |= changes
    (tmp_path / STATUS).write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(JobError, match="is damaged"):
        read_status(tmp_path)
