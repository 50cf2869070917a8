"""``/predictions…`` and ``/predict_job``: customers of a session, and scores of files that are kept."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from churnkit.accounts import Action
from churnkit.api.access import Caller, Deleter, Exporter, Reader, Runner, needs
from churnkit.api.addresses import under_way
from churnkit.api.analysis_choice import DEFAULT, find_analysis
from churnkit.api.customer_answers import page_of
from churnkit.api.customer_filters import WantedCustomers
from churnkit.api.files import file_responses
from churnkit.api.models.customer_models import CustomerPage
from churnkit.api.models.scorings import ChangedScoring, ScoringAnswer
from churnkit.api.opened import open_run
from churnkit.api.paging import Page, Paged
from churnkit.api.problems import ApiError
from churnkit.api.receiving import ReceivedForm, receive_form
from churnkit.api.routes.jobs import job_place
from churnkit.api.routes.scorings import MIMES, score_received, scored_file
from churnkit.api.scoring import kept_scoring, kept_scorings, scoring_answer, start_kept_scoring
from churnkit.api.threads import blocking, in_thread
from churnkit.config import max_file_bytes
from churnkit.errors import NotFoundError
from churnkit.results.segments import CustomerFilter
from churnkit.store import TrainingJob

router = APIRouter(tags=["mission"])

_TEXT: dict[str, Any] = {"type": "string"}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "Or `upload_id`."},
                        "upload_id": {**_TEXT, "description": "A file that was handed over before."},
                        "session_id": {**_TEXT, "description": "Whose model scores; the default analysis'."},
                        "model_id": {**_TEXT, "description": "Which model scores; the champion."},
                        "name": {**_TEXT, "description": "What the scores are called; the file's name."},
                    },
                }
            }
        },
    }
}
_FIELDS = ("upload_id", "session_id", "model_id", "name")


@router.get(
    "/predictions", operation_id="list_predictions", summary="Scores of files that are kept, newest first"
)
@blocking
def list_predictions(caller: Reader, paging: Paged) -> Page[ScoringAnswer]:
    """``GET /scorings``."""
    rows, body = paging.of_list(kept_scorings(caller), job_place)
    return Page[ScoringAnswer](**{**body, "items": [scoring_answer(caller, job) for job in rows]})


@router.get(
    "/predictions/{prediction_id}",
    operation_id="get_predictions",
    summary="The scored customers of a session, or scores of a file that are kept",
)
@blocking
def get_predictions(
    caller: Reader,
    prediction_id: str,
    paging: Paged,
    risk_tier: Annotated[
        Literal["high", "medium", "low"] | None, Query(description="Of a session's customers.")
    ] = None,
) -> CustomerPage | ScoringAnswer:
    """By the id of a session, or ``default``: ``GET /analyses/{analysis_id}/customers``, by rank. By the id of kept scores:
    ``GET /scorings/{scoring_id}``.
    """
    try:
        session = find_analysis(caller.store, prediction_id)
    except NotFoundError:
        if prediction_id == DEFAULT:
            raise
        return scoring_answer(caller, kept_scoring(caller, prediction_id))
    wanted = CustomerFilter(tiers=() if risk_tier is None else (risk_tier,))
    run = open_run(caller, session.session_id)
    return page_of(run, WantedCustomers(wanted, "rank", descending=False), paging)


@router.patch(
    "/predictions/{prediction_id}", operation_id="rename_prediction", summary="Give kept scores a name"
)
@blocking
def rename_prediction(caller: Runner, prediction_id: str, body: ChangedScoring) -> ScoringAnswer:
    """``PATCH /scorings/{scoring_id}``."""
    job = kept_scoring(caller, prediction_id)
    return scoring_answer(caller, caller.store.jobs.rename(job.job_id, body.name))


@router.delete(
    "/predictions/{prediction_id}",
    status_code=204,
    operation_id="delete_prediction",
    summary="Delete scores that are kept",
)
@blocking
def delete_prediction(caller: Deleter, prediction_id: str) -> None:
    """``DELETE /scorings/{scoring_id}``. The customers of a session go with ``DELETE /analyses/{analysis_id}``."""
    caller.platform.delete_scoring(caller.store, kept_scoring(caller, prediction_id).job_id)


@router.get(
    "/predictions/{prediction_id}/download",
    operation_id="download_prediction",
    summary="Kept scores as Parquet",
    response_class=Response,
    responses=file_responses(MIMES["parquet"]),
)
@blocking
def download_prediction(caller: Exporter, prediction_id: str) -> Response:
    """``GET /scorings/{scoring_id}/files/parquet``."""
    return scored_file(caller, kept_scoring(caller, prediction_id), "parquet")


@router.get(
    "/predictions/{prediction_id}/csv",
    operation_id="download_prediction_csv",
    summary="Kept scores as CSV",
    response_class=Response,
    responses=file_responses(MIMES["csv"]),
)
@blocking
def download_prediction_csv(caller: Exporter, prediction_id: str) -> Response:
    """``GET /scorings/{scoring_id}/files/csv``."""
    return scored_file(caller, kept_scoring(caller, prediction_id), "csv")


@router.post(
    "/predict_job",
    status_code=202,
    operation_id="start_predict_job",
    summary="Score every customer of a file",
    openapi_extra=_FORM,
    dependencies=[Depends(needs(Action.UPLOAD))],
)
async def start_predict_job(caller: Runner, request: Request, response: Response) -> ScoringAnswer:
    """``POST /analyses/{analysis_id}/scorings`` with everything in one form: a file, or the id of an upload."""
    folder = caller.platform.folders.uploads
    async with receive_form(request, folder, max_file_bytes(), needs_file=False) as form:
        job = await in_thread(_start, caller, form)
    under_way(request, response, job.job_id)
    return await in_thread(scoring_answer, caller, job)


def _start(caller: Caller, form: ReceivedForm) -> TrainingJob:
    fields = {name: text[:200] for name in _FIELDS if (text := form.fields.get(name, "").strip())}
    if bool(form.files) == ("upload_id" in fields):
        raise ApiError(422, "form", "Reading the form: it must have a file or an upload_id, one of both.")
    model_id, name = fields.get("model_id"), fields.get("name")
    whose = fields.get("session_id") or DEFAULT
    if model_id is not None and "session_id" not in fields:
        whose = caller.store.models.get(model_id).session_id
    session = find_analysis(caller.store, whose)
    if form.files:
        return score_received(caller, session, form.files, model_id, name)
    upload = caller.store.uploads.get(fields["upload_id"])
    file = caller.platform.upload_file(upload)
    return start_kept_scoring(caller, session, file, model_id, name or upload.filename)
