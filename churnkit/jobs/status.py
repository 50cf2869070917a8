"""How far a job is, as its worker writes it down and the server reads it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from churnkit.errors import DataError, JobError
from churnkit.jobs.layout import STATUS
from churnkit.jobs.steps import STEPS
from churnkit.results.codec import part_from_json, part_to_json
from churnkit.results.files import write_text_whole
from churnkit.store import JobKind

State = Literal["running", "done", "failed", "crashed"]
StepState = Literal["waiting", "running", "done"]


@dataclass(frozen=True)
class StepStatus:
    """One step: ``share`` of it done, 0 to 1; ``seconds`` once it is done.

    ``began`` is of the machine's monotonic clock, which worker and server share and nobody can set. ``found`` says in
    words what it found; ``doing`` what it is at.
    """

    key: str
    state: StepState = "waiting"
    found: str = ""
    doing: str = ""
    share: float = 0.0
    began: float | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Status:
    """A worker's account of itself; ``pid`` and ``pid_started`` as in the store's jobs."""

    state: State
    steps: tuple[StepStatus, ...]
    pid: int
    pid_started: str
    row_count: int | None = None
    models_done: int | None = None
    models_total: int | None = None
    message: str = ""
    remedy: str = ""

    @classmethod
    def beginning(cls, kind: JobKind, pid: int, pid_started: str, now: float) -> Status:
        """Of a worker that has just been started, at ``now`` seconds of the monotonic clock."""
        first, *others = (StepStatus(step.key) for step in STEPS[kind])
        return cls("running", (replace(first, state="running", began=now), *others), pid, pid_started)

    def write(self, folder: Path) -> None:
        """Put the status into a job's folder, in one step."""
        write_text_whole(folder / STATUS, json.dumps(part_to_json(self)))


def read_status(folder: Path) -> Status | None:
    """The status in a job's folder, None if its worker has not written any.

    Raises
    ------
    JobError
        The file is damaged.
    """
    try:
        values = json.loads((folder / STATUS).read_text(encoding="utf-8"))
        status = part_from_json(Status, values, "how far a job is")
        _require_sound(status)
        return status
    except FileNotFoundError:
        return None
    except (DataError, ValueError, RecursionError) as error:
        raise JobError(
            f"Reading how far a job is: {folder.name}/{STATUS} is damaged ({error}).", "Start the job again."
        ) from error


def readable_status(folder: Path) -> Status | None:
    """The status in a job's folder, None where there is none that can be read."""
    try:
        return read_status(folder)
    except (JobError, OSError):
        return None


def _require_sound(status: Status) -> None:
    """Whoever reads a status counts and compares what it holds.

    Raises
    ------
    ValueError
        A value lies where none can.
    """
    _require(status.pid >= 1, "pid", status.pid)
    keys = [step.key for step in status.steps]
    _require(keys in [[step.key for step in steps] for steps in STEPS.values()], "steps", keys)
    for name in ("row_count", "models_done", "models_total"):
        value = getattr(status, name)
        _require(value is None or value >= 0, name, value)
    for step in status.steps:
        for name in ("share", "began", "seconds"):
            number = getattr(step, name)
            _require(number is None or math.isfinite(number), f"{name} of a step", number)


def _require(holds: bool, name: str, value: object) -> None:
    if not holds:
        raise ValueError(f"{name} = {value!r}")
