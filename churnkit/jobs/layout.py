"""Where everything lies under the data folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from churnkit.store import Upload

REQUEST = "request.json"
STATUS = "status.json"
LOG = "log.txt"
OUT = "out"
WORK = "work"
SCORED = "scored.parquet"
SQL = "sql.json"
PUT_AWAY = "put_away"


MODEL_RECORD = "model.json"
MODEL_SUFFIX = ".joblib"
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_MODEL_NAME = re.compile(r"[0-9a-f]{32}\.joblib")


def is_model_name(name: str) -> bool:
    """Whether ``name`` is one that ``tournament.persistence`` gives to a model file."""
    return _MODEL_NAME.fullmatch(name) is not None


def named_models(run_folder: Path) -> tuple[str, ...]:
    """Names of the model files that a run's folder speaks of, as far as that can be told."""
    # The server asks for its folders before it listens; results bring pandas.
    from churnkit.results.candidate_models import CANDIDATES, CandidateModels
    from churnkit.results.folders import Results
    from churnkit.results.found import Found

    results = Results(run_folder)
    names = []
    try:
        record = results.model
        names += [Path(record.file_path).name] if record else []
        found = results.later(CandidateModels, CANDIDATES)
        names += [one.file_name for one in found.value.candidates] if isinstance(found, Found) else []
    except DataError:
        pass
    return tuple(name for name in names if is_model_name(name))


def _within(folder: Path, name: str) -> Path:
    """What is called ``name`` in a folder, never anything outside of it.

    Raises
    ------
    NotFoundError
        No id of ours reads like this.
    """
    if not _PLAIN.fullmatch(name):
        raise NotFoundError(
            f"Looking for files of {name!r}: there are none.", "It may have been deleted: reload."
        )
    return folder / name


def sidecar(model: Path) -> Path:
    """The file beside a model's that describes it, as ``tournament.persistence.metadata_path`` names it."""
    return model.with_suffix(".json")


def sql_file(job_folder: Path) -> Path:
    """Where workers keep SQL for each other, in the data folder that holds the folder of a job."""
    return job_folder.parents[1] / SQL


@dataclass(frozen=True)
class Folders:
    """The data and the models folder, absolute, and what lies in them."""

    data: Path
    models: Path

    @property
    def database(self) -> Path:
        """The DuckDB file."""
        return self.data / "churnkit.duckdb"

    @property
    def uploads(self) -> Path:
        """Files as they were handed over, under names of our own."""
        return self.data / "uploads"

    @property
    def temporary(self) -> Path:
        """What the server itself writes and removes again: files on their way to a browser or a worker."""
        return self.data / "temporary"

    @property
    def reading(self) -> Path:
        """Questions to readers and their answers, for as long as somebody waits for them."""
        return self.data / "reading"

    def job(self, job_id: str) -> Path:
        """Request, status, log and, until they are adopted, results of a job."""
        return _within(self.data / "jobs", job_id)

    def out(self, job_id: str) -> Path:
        """What a worker wrote; complete only if its status says so."""
        return self.job(job_id) / OUT

    def staged_models(self, job_id: str) -> Path:
        """Model files of a job that has not been adopted."""
        return self.job(job_id) / "models"

    def work(self, job_id: str) -> Path:
        """A worker's intermediate files."""
        return self.job(job_id) / WORK

    def session(self, session_id: str) -> Path:
        """Everything adopted of one session."""
        return _within(self.data / "analyses", session_id)

    def put_away(self, session_id: str) -> Path:
        """Rows of a session that was deleted and can still be brought back."""
        return self.session(session_id) / PUT_AWAY

    def look(self, session_id: str, look_id: str) -> Path:
        """One first look. Another look has another folder, so that nobody reads half of each."""
        return _within(self.session(session_id) / "looks", look_id)

    def source(self, shop_id: str, source_id: str) -> Path:
        """Pages of a source whose pull broke off."""
        return _within(self.session(shop_id) / "sources", source_id)

    def run(self, session_id: str, run_id: str) -> Path:
        """One run."""
        return _within(self.session(session_id) / "runs", run_id)

    def history(self, session_id: str, addition_id: str) -> Path:
        """A shop's history as one addition left it."""
        return _within(self.session(session_id) / "history", addition_id)

    def found(self, path: Path) -> Path:
        """A file of ours that the store names by where it once was, found again when the folders have moved."""
        if path.is_relative_to(self.data) or path.is_relative_to(self.models):
            return path
        moved = (self.uploads / path.name, self.models / path.name)
        return next((place for place in moved if place.exists()), path)

    def upload_file(self, upload: Upload) -> Path:
        """Where an upload's bytes lie."""
        return self.found(upload.file_path)
