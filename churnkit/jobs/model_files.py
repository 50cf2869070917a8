"""The model files of a finished analysis: out of the job's folder into the models folder, and as the store keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.jobs.disk_files import move_whole
from churnkit.jobs.layout import MODEL_RECORD, Folders, is_model_name, sidecar
from churnkit.results.candidate_models import CANDIDATES, CandidateModel, CandidateModels
from churnkit.results.codec import part_to_json
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.store import ModelFile, Store, TrainingJob

if TYPE_CHECKING:
    from churnkit.results.model_record import ModelRecord


def move_models(store: Store, folders: Folders, job: TrainingJob, run_folder: Path) -> None:
    """Move every model that a run speaks of to its place.

    Raises
    ------
    ValueError
        A name is none that we give, or belongs to another run.
    """
    candidates = [_usable_name(one.file_name) for one in _candidate_models(run_folder)]
    for name in (_model_name(run_folder), *candidates):
        _move_model(store, folders, job, name)


def _model_name(folder: Path) -> str | None:
    """The name of the model file that a run's folder speaks of, None where nothing was trained.

    Raises
    ------
    ValueError
        It is no name that we give.
    """
    record = Results(folder).model
    if record is None:
        return None
    return _usable_name(Path(record.file_path).name)


def _usable_name(name: str) -> str:
    if not is_model_name(name):
        raise ValueError(f"the run names the model file {name!r}")
    return name


def _competed(folder: Path) -> CandidateModels | None:
    """What a run says of the models that competed; None where nothing was trained."""
    found = Results(folder).later(CandidateModels, CANDIDATES)
    return found.value if isinstance(found, Found) else None


def _candidate_models(folder: Path) -> tuple[CandidateModel, ...]:
    competed = _competed(folder)
    return competed.candidates if competed else ()


def candidate_files(folders: Folders, folder: Path) -> list[ModelFile]:
    """The other models of a run as the store keeps them; errors as for :func:`champion_file`."""
    return [_candidate(folders, one) for one in _candidate_models(folder)]


def _candidate(folders: Folders, one: CandidateModel) -> ModelFile:
    place = folders.models / _usable_name(one.file_name)
    return ModelFile(
        model_type=one.name,
        file_path=place,
        sha256=_checked_hash(place, one.sha256),
        figures=part_to_json(one.figures),
        hyperparameters={"params": {**one.params, **one.choices}, "members": dict(one.members)},
    )


def _checked_hash(place: Path, saved_with: str) -> str:
    found = hashlib.sha256(place.read_bytes()).hexdigest()
    if found != saved_with:
        raise ValueError(f"the model file {place.name} has not the SHA-256 that it was saved with")
    return found


def _move_model(store: Store, folders: Folders, job: TrainingJob, name: str | None) -> None:
    if name is None:
        return
    if store.overview.has_model_file(name):
        raise ValueError(f"the model file {name} belongs to another run")
    staged = folders.staged_models(job.job_id) / name
    # The sidecar goes first, so that a model that is there is complete.
    for file in (sidecar(staged), staged):
        if file.is_file() and not file.is_symlink():
            move_whole(file, folders.models / file.name)


def champion_file(folders: Folders, folder: Path) -> ModelFile | None:
    """The champion of a run as the store keeps it; None where nothing was trained.

    Raises
    ------
    ValueError
        Its file is not the one that was saved.
    """
    name, record = _model_name(folder), Results(folder).model
    if name is None or record is None:
        return None
    # The worker wrote the model beside its results: what it names is not where the file lies now.
    place = folders.models / name
    found = _checked_hash(place, record.sha256)
    write_document(replace(record, file_path=str(place)), folder / MODEL_RECORD)
    return ModelFile(
        model_type=record.model_type,
        file_path=place,
        sha256=found,
        figures=part_to_json(record.figures),
        hyperparameters=_hyperparameters(folder, record),
        metadata=part_to_json(record.metadata),
    )


def _hyperparameters(folder: Path, record: ModelRecord) -> Mapping[str, object]:
    """The champion's parameters as numbers; as the leaderboard writes them where a run has no others."""
    competed = _competed(folder)
    if competed is None:
        return part_to_json(record.hyperparameters)  # type: ignore[no-any-return]
    params = {**competed.champion_params, **competed.champion_choices}
    return {"params": params, "members": dict(competed.champion_members)}
