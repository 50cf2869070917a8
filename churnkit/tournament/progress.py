"""How long-running work says where it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the stage in words and the share of it that is done, 0 to 1.

    ``found`` says in words what the stage found, once it has; ``count`` is (done, of) for what can be counted.
    """

    def __call__(
        self, stage: str, share: float, /, found: str = "", count: tuple[int, int] | None = None
    ) -> None:
        """Take note."""


def silent(stage: str, share: float, /, found: str = "", count: tuple[int, int] | None = None) -> None:
    """Progress that nobody follows."""
