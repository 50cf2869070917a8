"""The progress line of a command, and the folder of what it needs in between."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.tournament.progress import Progress, Stage, stage_words


@contextmanager
def working_folder(output: Path) -> Iterator[Path]:
    """A folder for intermediate files inside the output folder; an output folder made in vain is removed again."""
    made = not output.exists()
    output.mkdir(parents=True, exist_ok=True)
    try:
        with TemporaryDirectory(dir=output, prefix=".working-") as folder:
            yield Path(folder)
    finally:
        if made and not any(output.iterdir()):
            output.rmdir()


@contextmanager
def progress_line() -> Iterator[Progress]:
    """A progress line on standard error; silent where that is no terminal but for one line a stage."""
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield LineProgress()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Bars(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=1.0)

        def report(
            stage: Stage,
            share: float,
            /,
            found: str = "",
            count: tuple[int, int] | None = None,
            model: str = "",
        ) -> None:
            bar.update(task, description=stage_words(stage, model), completed=share)

        yield report


class LineProgress:
    """A line on standard error whenever the words change."""

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
        words = self.words(stage, found, count, model)
        if words != self._last:
            print(f"… {words}", file=sys.stderr, flush=True)
            self._last = words

    def words(self, stage: Stage, found: str, count: tuple[int, int] | None, model: str) -> str:
        """What the line says."""
        return stage_words(stage, model)
