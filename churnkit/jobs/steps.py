"""The steps of each kind of job, as a person sees them, and how long they take on an ordinary machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from churnkit.store import JobKind
from churnkit.tournament.progress import Stage


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
        What the services report of it.
    fixed_seconds, seconds_per_million_rows
        The expectation before anything was measured here.
    """

    key: str
    title: str
    stages: tuple[Stage, ...]
    fixed_seconds: float
    seconds_per_million_rows: float

    def prior_seconds(self, row_count: int) -> float:
        """Expected seconds for a file of so many rows."""
        return self.fixed_seconds + self.seconds_per_million_rows * row_count / 1e6


START = Step("start", "Starting", (), 2.0, 0.0)
_READ = Step("read", "Reading the file", (Stage.READ, Stage.OPEN), 1.0, 10.0)
_PROFILE = Step("profile", "Judging the data", (Stage.PROFILE,), 1.0, 4.0)
_WRITE_LOOK = Step("write", "Writing the first look", (Stage.WRITE_LOOK,), 0.5, 1.0)

STEPS: Mapping[JobKind, tuple[Step, ...]] = MappingProxyType(
    {
        "look": (START, _READ, _PROFILE, _WRITE_LOOK),
        "analyze": (
            START,
            _READ,
            _PROFILE,
            Step("features", "Building features at past dates", (Stage.FEATURES,), 1.0, 10.0),
            Step("train", "Training and comparing models", (Stage.TOURNAMENT, Stage.MODELS), 25.0, 25.0),
            Step("test", "Testing on your own past", (Stage.BACKTEST, Stage.REPLAY), 10.0, 20.0),
            Step("explain", "Finding the reasons", (Stage.EXPLAIN,), 2.0, 8.0),
            Step(
                "write",
                "Preparing figures and pages",
                (Stage.WRITE, Stage.CUSTOMERS, Stage.EVIDENCE, Stage.DECISIONS),
                8.0,
                20.0,
            ),
        ),
        "pull": (START, Step("pull", "Fetching the orders", (Stage.READ,), 10.0, 20.0)),
        "add": (START, Step("add", "Adding the file to the history", (), 1.0, 12.0)),
        "refresh": (
            START,
            Step("read", "Opening the history", (Stage.READ, Stage.OPEN), 0.5, 1.0),
            _PROFILE,
            Step("features", "Building features of today", (Stage.FEATURES,), 1.0, 4.0),
            Step("explain", "Scoring and finding the reasons", (Stage.EXPLAIN,), 1.0, 4.0),
            Step(
                "write",
                "Preparing figures and pages",
                (Stage.WRITE, Stage.CUSTOMERS, Stage.EVIDENCE, Stage.DECISIONS),
                2.0,
                6.0,
            ),
        ),
        "erase": (START, Step("erase", "Taking the customer out of every file", (), 1.0, 15.0)),
        "bulk": (
            START,
            Step("read", "Opening the orders", (Stage.READ,), 2.0, 1.0),
            Step("score", "Scoring the customers", (Stage.EXPLAIN,), 3.0, 10.0),
            Step("write", "Writing the scores", (Stage.WRITE,), 1.0, 0.5),
        ),
        "score": (START, Step("score", "Scoring the customers", (), 2.0, 10.0)),
    }
)


def step_of(kind: JobKind, stage: Stage) -> int:
    """Position of the step that a reported stage belongs to; the last step takes what no other claims."""
    steps = STEPS[kind]
    return next((k for k, step in enumerate(steps) if stage in step.stages), len(steps) - 1)
