"""How far a job is, as its worker writes it down and the server reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from churnkit.errors import JobError
from churnkit.jobs.files import write_text_whole
from churnkit.jobs.layout import STATUS
from churnkit.jobs.steps import STEPS
from churnkit.store import JobKind

State = Literal["running", "done", "failed", "crashed"]
StepState = Literal["waiting", "running", "done"]


@dataclass(frozen=True)
class StepStatus:
    """One step: ``share`` of it done, 0 to 1; ``began`` in seconds since the epoch; ``seconds`` once it is done.

    ``found`` says in words what it found; ``doing`` what it is at.
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
        """Of a worker that has just been started, at ``now`` seconds since the epoch."""
        first, *others = (StepStatus(step.key) for step in STEPS[kind])
        return cls("running", (replace(first, state="running", began=now), *others), pid, pid_started)

    def write(self, folder: Path) -> None:
        """Put the status into a job's folder, in one step."""
        write_text_whole(folder / STATUS, json.dumps(asdict(self)))


def read_status(folder: Path) -> Status | None:
    """The status in a job's folder, None if its worker has not written any.

    Raises
    ------
    JobError
        The file is damaged.
    """
    try:
        values = json.loads((folder / STATUS).read_text(encoding="utf-8"))
        return Status(**{**values, "steps": tuple(StepStatus(**step) for step in values["steps"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise JobError(
            f"Reading how far a job is: {folder.name}/{STATUS} is damaged ({error}).", "Start the job again."
        ) from error
