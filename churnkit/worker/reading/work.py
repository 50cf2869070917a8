"""One question about one file, answered in a process of its own."""

from __future__ import annotations

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.errors import ChurnkitError
from churnkit.ingest import inspect
from churnkit.jobs.reading.task import ReadingTask, write_error
from churnkit.services.look.inspections import write_inspection, write_table
from churnkit.services.look.small_tables import read_table

# Enough of everything for each part of a reader to run once.
_REHEARSAL = "order;customer;date;total\n" + "".join(
    f"A{n};{n % 7};2024-{n % 12 + 1:02d}-{n % 28 + 1:02d};{n},50\n" for n in range(40)
)


def answer(folder: Path) -> None:
    """Leave the answer to the task in ``folder`` beside it: what was asked for, or a refusal in words.

    Raises
    ------
    MemoryError
        The file needs more memory than this process may use.
    """
    warnings.filterwarnings("ignore", message="fetch_arrow_table|The 'future.infer_string'")
    task = ReadingTask.read(folder)
    try:
        if task.kind == "table":
            write_table(read_table(task.file.read_bytes(), task.name, task.what), folder)
            return
        write_inspection(inspect(task.file, folder / "work", task.reading), folder)
    except ChurnkitError as error:
        write_error(error, task, folder)


def rehearse() -> None:
    """Read a file of our own, so that whoever is forked from here has everything imported and run once."""
    with TemporaryDirectory(prefix="churnkit-reader-") as name:
        path = Path(name) / "orders.csv"
        path.write_text(_REHEARSAL, encoding="utf-8")
        inspect(path, Path(name) / "work")
