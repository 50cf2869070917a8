"""Many orders scored on an engine: what is asked, what the worker is handed, and what it may leave behind."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from churnkit.config import engine_address
from churnkit.engines.places import place_to_read, place_to_write
from churnkit.errors import JobError
from churnkit.jobs.layout import Folders
from churnkit.results.files import write_text_whole

if TYPE_CHECKING:
    from churnkit.jobs.request import Request
    from churnkit.store import TrainingJob

BULK = "bulk.json"
EngineName = Literal["duckdb", "sail", "spark"]


@dataclass(frozen=True)
class BulkAsked:
    """What is to be scored, and where to.

    Attributes
    ----------
    input, output
        As they were asked for, see ``engines.places``.
    as_of
        The instant to score at; the end of the data unless given.
    """

    engine: EngineName
    input: str
    output: str
    as_of: datetime | None = None


@dataclass(frozen=True)
class BulkOrder:
    """The same with places, for the worker.

    Attributes
    ----------
    address
        Of an engine that runs already; empty for one on this machine.
    draft
        Folder beside the output for what is not finished; None where the output is an address.
    """

    asked: BulkAsked
    input: str
    output: str
    address: str
    draft: Path | None

    @classmethod
    def read(cls, path: Path) -> BulkOrder:
        """The order in a file."""
        values = json.loads(path.read_text(encoding="utf-8"))
        as_of = values["as_of"] and datetime.fromisoformat(values["as_of"])
        return cls(
            BulkAsked(values["engine"], values["asked_input"], values["asked_output"], as_of),
            values["input"],
            values["output"],
            values["address"],
            Path(values["draft"]) if values["draft"] else None,
        )


def write_bulk_order(folders: Folders, job: TrainingJob, request: Request) -> Path:
    """Put the order into the job's folder.

    Raises
    ------
    SettingsError
        The server does not allow a place any more.
    """
    asked = request.bulk
    if asked is None:
        raise JobError("Scoring on an engine: the order names no orders.", "Start it again.")
    source, target = place_to_read(asked.input), place_to_write(asked.output)
    draft = None if "://" in target else Path(target).with_name(f".writing-{job.job_id}")
    values = {
        "engine": asked.engine,
        "asked_input": asked.input,
        "asked_output": asked.output,
        "as_of": asked.as_of and asked.as_of.isoformat(),
        "input": source,
        "output": target,
        "address": engine_address(asked.engine),
        "draft": draft and str(draft),
    }
    path = folders.job(job.job_id) / BULK
    write_text_whole(path, json.dumps(values))
    return path


def forget_draft(job_folder: Path) -> None:
    """Remove what a worker that was ended had begun to write beside its output."""
    path = job_folder / BULK
    if not path.exists():
        return
    draft = BulkOrder.read(path).draft
    if draft is not None:
        shutil.rmtree(draft, ignore_errors=True)
