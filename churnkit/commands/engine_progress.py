"""How far an engine is, a line for each step."""

from __future__ import annotations

from churnkit.commands.progress_line import LineProgress
from churnkit.jobs.steps import STEPS, step_of
from churnkit.tournament.progress import Stage


class EngineProgress(LineProgress):
    """The ``progress`` of work on an engine: what it does, in which part, and what it found."""

    def words(self, stage: Stage, found: str, count: tuple[int, int] | None, model: str) -> str:
        """What the line says."""
        words = found or STEPS["bulk"][step_of("bulk", stage)].title
        if stage is Stage.EXPLAIN and count is not None and count[1] > 1:
            words = f"{words} ({count[0]} of {count[1]})"
        return words
