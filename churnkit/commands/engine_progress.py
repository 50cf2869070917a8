"""How far an engine is, a line for each step."""

from __future__ import annotations

import sys

from churnkit.jobs.steps import STEPS, step_of
from churnkit.tournament.progress import Stage


class EngineProgress:
    """The ``progress`` of work on an engine: what it does, in which part, and what it found, on standard error."""

    def __init__(self) -> None:
        self._last = ""

    def __call__(
        self,
        stage: Stage,
        share: float,
        /,
        found: str = "",
        count: tuple[int, int] | None = None,
        model: str = "",
    ) -> None:
        """Take note; see ``tournament.progress``."""
        words = found or STEPS["bulk"][step_of("bulk", stage)].title
        if stage is Stage.EXPLAIN and count is not None and count[1] > 1:
            words = f"{words} ({count[0]} of {count[1]})"
        if words != self._last:
            print(f"… {words}", file=sys.stderr, flush=True)
            self._last = words
