"""Taking over what a finished worker left: files into their place first, then the store in one transaction.

Every part can be repeated, so a server that died in between finishes the work when it starts again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from churnkit.errors import DataError, JobError, disk_failures
from churnkit.jobs.disk_files import move_whole, remove
from churnkit.jobs.layout import MODEL_RECORD, Folders, is_model_name, sidecar
from churnkit.jobs.status import Status
from churnkit.results.candidate_models import CANDIDATES, CandidateModel, CandidateModels
from churnkit.results.codec import part_to_json, to_json
from churnkit.results.files import write_document
from churnkit.results.folders import Look, Results
from churnkit.results.found import Found
from churnkit.results.run_figures import RunFigures
from churnkit.services.decide.top_factors import top_risk_factors
from churnkit.store import ModelFile, RunFiles, StepTiming, Store, TrainingJob
from churnkit.store.prediction_columns import OPTIONAL, REQUIRED

if TYPE_CHECKING:
    from churnkit.results.model_record import ModelRecord
    from churnkit.results.summary import Summary

# What reading files raises that are damaged or not those that were agreed on.
_UNUSABLE = (DataError, OSError, KeyError, TypeError, ValueError, pa.ArrowException)


def adopt(store: Store, folders: Folders, job: TrainingJob, status: Status, *, at: datetime) -> None:
    """Make a finished job's results those of its session.

    Raises
    ------
    JobError
        The worker's files cannot be used.
    DiskError
        There is no room, or the folders cannot be written: the same may work later.
    StoreError
        The store refused them.
    """
    try:
        with disk_failures("Taking over the results of a finished job"):
            if job.kind == "look":
                _adopt_look(store, folders, job, status, at)
            elif job.kind == "analyze":
                _adopt_run(store, folders, job, status, at)
            else:
                store.jobs.finish(job.job_id, at=at, timings=_timings(status))
    except _UNUSABLE as error:
        raise JobError(
            f"Taking over the results of a finished job: its files cannot be used"
            f" ({type(error).__name__}: {error}).",
            "Start it again.",
        ) from error
    leave_only_account(folders, job.job_id, keep_out=job.kind == "score")


def leave_only_account(folders: Folders, job_id: str, *, keep_out: bool = False) -> None:
    """Remove what a job that has ended does not need: request, status and log stay."""
    leftovers = [folders.work(job_id), folders.staged_models(job_id)]
    for path in leftovers if keep_out else [*leftovers, folders.out(job_id)]:
        if path.exists():
            remove(path, [folders.data])


def forget_scoring(folders: Folders, job_id: str) -> None:
    """Remove the file that a scoring was given and what came of it."""
    leave_only_account(folders, job_id)
    for path in folders.job(job_id).glob("input*"):
        path.unlink()


def run_files(folder: Path) -> RunFiles:
    """What the store keeps of a run, read from its folder.

    Raises
    ------
    JobError
        A file is missing or damaged.
    """
    try:
        results = Results(folder)
        evidence = results.evidence
        return RunFiles(
            predictions=_predictions(folder),
            insights={
                "summary_stats": to_json(results.summary),
                "segments": part_to_json(evidence.tiers),
                "feature_importance": part_to_json(evidence.importance),
                "recommendations": part_to_json(evidence.recommended),
            },
            transactions_path=folder / "transactions.parquet",
            panel_path=folder / "panel.parquet",
        )
    except _UNUSABLE as error:
        raise JobError(
            f"Reading the files of a run: they cannot be used ({type(error).__name__}: {error}).",
            "Start the analysis again, or restore the data folder from a backup.",
        ) from error


def _predictions(folder: Path) -> pd.DataFrame:
    """The columns that the store keeps; a run that an earlier version finished has fewer."""
    path = folder / "customers.parquet"
    known = set(pq.read_schema(path).names)
    frame: pd.DataFrame = pq.read_table(
        path, columns=[*REQUIRED, *(name for name in OPTIONAL if name in known)]
    ).to_pandas()
    contributions = folder / "contributions.parquet"
    if not contributions.exists():
        return frame
    return frame.assign(top_risk_factors=frame["customer_id"].map(top_risk_factors(contributions)))


def _adopt_look(store: Store, folders: Folders, job: TrainingJob, status: Status, at: datetime) -> None:
    before = store.sessions.get(job.session_id).look_id
    folder = folders.look(job.session_id, job.job_id)
    _move_out(folders, job, folder)
    look = Look(folder)
    store.looks.finish(
        job.job_id,
        at=at,
        column_mapping=look.facts.mapping,
        horizon_days=look.profile.threshold.days,
        row_count=look.facts.rows_in,
        transactions_path=folder / "transactions.parquet",
        timings=_timings(status),
    )
    if before is not None and before != job.job_id:
        remove(folders.look(job.session_id, before), [folders.data])


def _adopt_run(store: Store, folders: Folders, job: TrainingJob, status: Status, at: datetime) -> None:
    folder = folders.run(job.session_id, job.job_id)
    out = folders.out(job.job_id)
    source = out if out.exists() else folder
    candidates = _candidate_models(source)
    for name in (_model_name(source), *(_usable_name(one.file_name) for one in candidates)):
        _move_model(store, folders, job, name)
    _move_out(folders, job, folder)
    summary = Results(folder).summary
    store.runs.finish(
        job.job_id,
        run_files(folder),
        at=at,
        horizon_days=summary.question.horizon_days,
        champion=summary.champion,
        summary=_run_figures(summary),
        model=_model(folders, folder),
        candidates=[_candidate(folders, one) for one in candidates],
        timings=_timings(status),
    )


def _move_out(folders: Folders, job: TrainingJob, target: Path) -> None:
    out = folders.out(job.job_id)
    if out.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        out.replace(target)


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


def _model(folders: Folders, folder: Path) -> ModelFile | None:
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


def _run_figures(summary: Summary) -> RunFigures:
    contest = summary.tournament
    test = contest.test if contest else None
    active = summary.backtest[-1].active if test and summary.backtest else None
    return RunFigures(
        method=summary.method,
        cutoff=summary.question.cutoff,
        customers=summary.customers.count,
        mean_p_churn=summary.customers.mean_p_churn,
        verdict=contest.verdict if contest else None,
        roc_auc=contest.validation.roc_auc if contest else None,
        test_roc_auc=test.roc_auc if test else None,
        test_roc_auc_active=active.roc_auc if active else None,
        test_log_loss=test.log_loss if test else None,
        test_ece=test.ece if test else None,
    )


def _timings(status: Status) -> list[StepTiming]:
    """What each step took; a time that a clock has spoiled is left out."""
    rows = status.row_count or 0
    return [
        StepTiming(step.key, rows, step.seconds)
        for step in status.steps
        if step.state == "done" and step.seconds is not None and step.seconds >= 0 and step.began is not None
    ]
