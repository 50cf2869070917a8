"""Scores of a file that are kept: started, found, told of."""

from __future__ import annotations

from pathlib import Path

from churnkit.api.access import Caller
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.models.scorings import BulkScoring, ScoresAnswer, ScoringAnswer
from churnkit.errors import DataError, JobError, NotFoundError
from churnkit.jobs.bulk import BulkAsked
from churnkit.jobs.request import ScorePurpose, stored_request
from churnkit.results.scores import SCORES, read_scores
from churnkit.store import Session, TrainingJob

PURPOSE: ScorePurpose = "kept"


def start_kept_scoring(
    caller: Caller, session: Session, file: Path, model_id: str | None, name: str
) -> TrainingJob:
    """Queue the scoring of a file, which is copied, by a model of an analysis; its champion unless named.

    Raises
    ------
    NotFoundError
        The analysis has no such model.
    JobError
        It has no results, or the model belongs to no run any more.
    """
    run_id, model_id = _chosen(caller, session, model_id)
    return caller.platform.start_scoring(
        caller.store,
        session.session_id,
        file,
        purpose=PURPOSE,
        run_id=run_id,
        model_id=model_id,
        name=name,
    )


def start_bulk_scoring(caller: Caller, session: Session, asked: BulkScoring) -> TrainingJob:
    """Queue the scoring of many orders on an engine; errors as for a file, and of the platform's method."""
    run_id, model_id = _chosen(caller, session, asked.model_id)
    return caller.platform.start_bulk_scoring(
        caller.store,
        session.session_id,
        BulkAsked(asked.engine, asked.input, asked.output, asked.as_of),
        run_id=run_id,
        model_id=model_id,
        name=asked.name,
    )


def _chosen(caller: Caller, session: Session, model_id: str | None) -> tuple[str | None, str | None]:
    """Run and model that are meant by a model of an analysis; None and None for what is on screen."""
    if model_id is None:
        return None, None
    model = caller.store.models.get(model_id)
    if model.session_id != session.session_id:
        raise NotFoundError(
            f"Looking for model {model_id!r}: it belongs to another analysis.",
            "Choose one of this analysis.",
        )
    if model.run_id is None:
        raise JobError(
            f"Scoring by model {model_id!r}: no run of it is known any more.", "Choose another model."
        )
    is_champion = caller.store.runs.get(model.run_id).model_id == model_id
    return model.run_id, None if is_champion else model_id


def kept_scorings(caller: Caller) -> list[TrainingJob]:
    """The scorings of the workspace whose scores are kept, newest first."""
    return [job for job in caller.store.jobs.all() if _is_kept(job)]


def kept_scoring(caller: Caller, scoring_id: str) -> TrainingJob:
    """One of them.

    Raises
    ------
    NotFoundError
        There is none with this id.
    """
    job = caller.store.jobs.get(scoring_id)
    if not _is_kept(job):
        raise NotFoundError(
            f"Looking for scores {scoring_id!r}: there are none.", "GET /scorings lists them."
        )
    return job


def scoring_answer(caller: Caller, job: TrainingJob) -> ScoringAnswer:
    """How a scoring stands, and what came of it."""
    request = stored_request(job.request)
    return ScoringAnswer(
        scoring_id=job.job_id,
        name=job.name or job.job_id,
        analysis_id=job.session_id,
        run_id=request.run_id,
        model_id=request.model_id,
        created_at=job.created_at,
        job=JobAnswer.of(job, caller.platform.job_view(caller.store, job)),
        scores=_scores(caller, job) if job.status == "completed" else None,
        engine=request.bulk.engine if request.bulk else None,
        output=request.bulk.output if request.bulk else None,
    )


def _scores(caller: Caller, job: TrainingJob) -> ScoresAnswer | None:
    try:
        return ScoresAnswer.of(read_scores(caller.platform.folders.out(job.job_id) / SCORES))
    except (JobError, DataError):
        # The record outlives its files where somebody removed them by hand; asking for the file itself says so.
        return None


def _is_kept(job: TrainingJob) -> bool:
    if job.name is None:
        return False
    return job.kind == "bulk" or (job.kind == "score" and stored_request(job.request).purpose == PURPOSE)
