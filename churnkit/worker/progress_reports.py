"""A worker's progress, from the stages that services report to the status file that the server reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from churnkit.jobs.status import State, Status, StepStatus
from churnkit.jobs.steps import STEPS, step_of
from churnkit.store import JobKind
from churnkit.tournament.progress import Stage, stage_words

WRITE_SECONDS = 0.3
NOT_NEEDED = "not needed"


class Reporter:
    """The ``progress`` of ``services``: ticks steps off, in order, and writes the status now and then.

    Parameters
    ----------
    now
        Seconds of the monotonic clock, but for tests.
    """

    def __init__(
        self, folder: Path, kind: JobKind, status: Status, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.status = status
        self._folder = folder
        self._kind = kind
        self._now = now
        self._current = 0
        self._written_at = float("-inf")

    def __call__(
        self,
        stage: Stage,
        share: float,
        /,
        found: str = "",
        count: tuple[int, int] | None = None,
        model: str = "",
    ) -> None:
        """Take note of a stage; see ``tournament.progress``."""
        position = step_of(self._kind, stage)
        moved = position > self._current
        if moved:
            self._advance(position)
        if found:
            self._change(position, found=found)
        if position == self._current:
            self._change(position, share=share, doing="" if found else stage_words(stage, model))
        if count is not None:
            self._count(STEPS[self._kind][position].key, *count)
        if moved or found or self._now() - self._written_at >= WRITE_SECONDS:
            self._write()

    def done(self) -> None:
        """Everything is written."""
        self._advance(len(self.status.steps))
        self._end("done")

    def failed(self, message: str, remedy: str) -> None:
        """Something that the user can mend."""
        self.status = replace(self.status, message=message, remedy=remedy)
        self._end("failed")

    def crashed(self) -> None:
        """Something that nobody foresaw; the log has it."""
        self._end("crashed")

    def _count(self, step: str, done: int, of: int) -> None:
        if step == "read":
            self.status = replace(self.status, row_count=of)
        elif step == "train":
            self.status = replace(self.status, models_done=done, models_total=of)

    def _advance(self, position: int) -> None:
        """Tick off everything before ``position`` and begin that."""
        now = self._now()
        steps = list(self.status.steps)
        for number in range(self._current, position):
            steps[number] = _ticked_off(steps[number], now)
        if position < len(steps):
            steps[position] = replace(steps[position], state="running", began=now)
        self.status = replace(self.status, steps=tuple(steps))
        self._current = position

    def _change(self, position: int, **changes: Any) -> None:
        steps = list(self.status.steps)
        steps[position] = replace(steps[position], **changes)
        self.status = replace(self.status, steps=tuple(steps))

    def _end(self, state: State) -> None:
        self.status = replace(self.status, state=state)
        self._write()

    def _write(self) -> None:
        self.status.write(self._folder)
        self._written_at = self._now()


def _ticked_off(step: StepStatus, now: float) -> StepStatus:
    if step.began is None:
        # Small shops have no tournament: the work went on without the step.
        return replace(step, state="done", found=NOT_NEEDED)
    return replace(step, state="done", share=1.0, doing="", seconds=round(max(0.0, now - step.began), 3))
