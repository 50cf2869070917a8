"""Scores of a newer file by a stored model: handed over, followed, taken away, named, removed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from churnkit.accounts import Action
from churnkit.api.access import Caller, Deleter, Exporter, Reader, Runner, needs
from churnkit.api.addresses import under_way
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.files import file_answer, file_responses
from churnkit.api.models.scorings import BulkScoring, ChangedScoring, ScoringAnswer
from churnkit.api.paging import Page, Paged
from churnkit.api.receiving import ReceivedFile, receive_form
from churnkit.api.routes.jobs import job_place
from churnkit.api.routes.uploads import FORM_BODY
from churnkit.api.scoring import (
    kept_scoring,
    kept_scorings,
    scoring_answer,
    start_bulk_scoring,
    start_kept_scoring,
)
from churnkit.api.threads import blocking, in_thread
from churnkit.config import max_file_bytes
from churnkit.errors import DataError, JobError
from churnkit.jobs.request import stored_request
from churnkit.services.whatif.hypothetical_files import scored_customers
from churnkit.store import Session, TrainingJob

router = APIRouter(tags=["scores"])

Format = Literal["csv", "parquet"]
MIMES: dict[str, str] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@router.post(
    "/analyses/{analysis_id}/scorings",
    status_code=202,
    operation_id="score_file",
    summary="Score every customer of a newer file by a stored model",
    openapi_extra=FORM_BODY,
    dependencies=[Depends(needs(Action.UPLOAD))],
)
async def score_file(
    caller: Runner,
    analysis_id: str,
    request: Request,
    response: Response,
    model_id: Annotated[
        str | None,
        Query(max_length=64, description="One of the analysis' models; its champion unless given."),
    ] = None,
    name: Annotated[
        str | None, Query(min_length=1, max_length=200, description="The file's name unless given.")
    ] = None,
) -> ScoringAnswer:
    """One file in a form, read as the analysis' own was. Nothing is trained; the scores stay until they are deleted.

    A file that was handed over before is scored by ``POST /analyses/{id}/jobs``.
    """
    session = await in_thread(find_analysis, caller.store, analysis_id)
    async with receive_form(request, caller.platform.folders.uploads, max_file_bytes()) as form:
        job = await in_thread(score_received, caller, session, form.files, model_id, name)
    under_way(request, response, job.job_id)
    return await in_thread(scoring_answer, caller, job)


@router.post(
    "/analyses/{analysis_id}/bulk-scorings",
    status_code=202,
    operation_id="score_bulk",
    summary="Score many orders on an engine by a stored model",
    dependencies=[Depends(needs(Action.SOURCES))],
)
@blocking
def score_bulk(
    caller: Runner, analysis_id: str, body: BulkScoring, request: Request, response: Response
) -> ScoringAnswer:
    """Canonical Parquet of any size, as ``python -m churnkit read`` writes it; where it lies is for the server to allow.

    Scores are written as Parquet with the columns of ``customers.csv``, whole or not at all. The job is followed and
    stopped like any other, and stands among the scorings; deleting it there leaves what was written.
    """
    session = find_analysis(caller.store, analysis_id)
    job = start_bulk_scoring(caller, session, body)
    under_way(request, response, job.job_id)
    return scoring_answer(caller, job)


@router.get("/scorings", operation_id="list_scorings", summary="Scores that are kept, newest first")
@blocking
def list_scorings(caller: Reader, paging: Paged) -> Page[ScoringAnswer]:
    """Those made through the API, of files and of many orders; the Models page keeps its last one apart."""
    rows, body = paging.of_list(kept_scorings(caller), job_place)
    return Page[ScoringAnswer](**{**body, "items": [scoring_answer(caller, job) for job in rows]})


@router.get("/scorings/{scoring_id}", operation_id="get_scoring", summary="How a scoring stands")
@blocking
def get_scoring(caller: Reader, scoring_id: str) -> ScoringAnswer:
    """With the account of its scores once it has completed."""
    return scoring_answer(caller, kept_scoring(caller, scoring_id))


@router.patch("/scorings/{scoring_id}", operation_id="rename_scoring", summary="Give scores a name")
@blocking
def rename_scoring(caller: Runner, scoring_id: str, body: ChangedScoring) -> ScoringAnswer:
    """A label only."""
    job = kept_scoring(caller, scoring_id)
    return scoring_answer(caller, caller.store.jobs.rename(job.job_id, body.name))


@router.delete(
    "/scorings/{scoring_id}", status_code=204, operation_id="delete_scoring", summary="Delete scores"
)
@blocking
def delete_scoring(caller: Deleter, scoring_id: str) -> None:
    """With the file that was scored; a scoring that goes on is stopped. It cannot be undone."""
    caller.platform.delete_scoring(caller.store, kept_scoring(caller, scoring_id).job_id)


@router.get(
    "/scorings/{scoring_id}/files/{kind}",
    operation_id="download_scoring",
    summary="The scores as a file",
    response_class=Response,
    responses=file_responses(*MIMES.values()),
)
@blocking
def download_scoring(
    caller: Exporter, scoring_id: str, kind: Annotated[Format, Path(description="`csv` or `parquet`.")]
) -> Response:
    """One line a customer: probability, tier, expected spend, value of a year, reasons. 409 before they are there."""
    return scored_file(caller, kept_scoring(caller, scoring_id), kind)


def scored_file(caller: Caller, job: TrainingJob, kind: Format) -> Response:
    """The scores of a completed job as an answer."""
    bulk = stored_request(job.request).bulk
    if bulk is not None:
        raise JobError(
            "Opening scored customers: the scores of many orders are no file of the server.",
            f"They are written to {bulk.output}.",
        )
    path = caller.platform.scored(job)

    def make() -> bytes:
        from churnkit.reports.csv_files import to_csv

        return (
            path.read_bytes()
            if kind == "parquet"
            else to_csv(scored_customers(path)).encode("utf-8", "replace")
        )

    return file_answer(caller, make, f"scores-{job.job_id[:8]}.{kind}", MIMES[kind], job.session_id)


def score_received(
    caller: Caller, session: Session, files: list[ReceivedFile], model_id: str | None, name: str | None
) -> TrainingJob:
    """Queue the scoring of a file that came with a request; errors as for ``start_kept_scoring``."""
    if len(files) != 1:
        raise DataError(
            f"Scoring customers: one file is scored at a time, found {len(files)}.",
            "Hand over several as one upload and score that.",
        )
    (file,) = files
    # By its ending a reader knows the format.
    whole = file.path.rename(file.path.with_suffix(""))
    try:
        return start_kept_scoring(caller, session, whole, model_id, name or file.filename or "scores")
    finally:
        whole.unlink(missing_ok=True)
