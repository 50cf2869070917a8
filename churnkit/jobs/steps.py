"""The steps of each kind of job, as a person sees them, and how long they take on an ordinary machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from churnkit.store import JobKind


@dataclass(frozen=True)
class Step:
    """One line of the progress page.

    Attributes
    ----------
    key
        Its name in status files and timings.
    title
        What a person reads.
    stages
        Beginnings of the stages' names that the services report and that belong to the step.
    fixed_seconds, seconds_per_million_rows
        The expectation before anything was measured here.
    """

    key: str
    title: str
    stages: tuple[str, ...]
    fixed_seconds: float
    seconds_per_million_rows: float

    def prior_seconds(self, row_count: int) -> float:
        """Expected seconds for a file of so many rows."""
        return self.fixed_seconds + self.seconds_per_million_rows * row_count / 1e6


START = Step("start", "Starting", ("starting",), 2.0, 0.0)
_READ = Step("read", "Reading the file", ("reading the file", "opening the history"), 1.0, 10.0)
_PROFILE = Step("profile", "Judging the data", ("profiling",), 1.0, 4.0)
_WRITE_LOOK = Step("write", "Writing the first look", (), 0.5, 1.0)

STEPS: Mapping[JobKind, tuple[Step, ...]] = MappingProxyType(
    {
        "look": (START, _READ, _PROFILE, _WRITE_LOOK),
        "analyze": (
            START,
            _READ,
            _PROFILE,
            Step("features", "Building features at past dates", ("building features",), 1.0, 10.0),
            Step("train", "Training and comparing models", ("tournament", "models:"), 25.0, 25.0),
            Step("test", "Testing on your own past", ("backtest", "replaying"), 10.0, 20.0),
            Step("explain", "Finding the reasons", ("explaining",), 2.0, 8.0),
            Step("write", "Preparing figures and pages", (), 8.0, 20.0),
        ),
        "score": (START, Step("score", "Scoring the customers", (), 2.0, 10.0)),
    }
)


def step_of(kind: JobKind, stage: str) -> int:
    """Position of the step that a reported stage belongs to; the last step takes what no other claims."""
    steps = STEPS[kind]
    for position, step in enumerate(steps):
        if stage.startswith(step.stages) and step.stages:
            return position
    return len(steps) - 1
