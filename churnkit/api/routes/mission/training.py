"""``/train``, ``/train/status``, ``/queue``, ``/export``: work is started, followed and taken away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Caller, Exporter, Reader, Runner
from churnkit.api.addresses import ask_again, under_way
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.exporting import KINDS, ExportKind, export_answer
from churnkit.api.files import file_responses
from churnkit.api.models.analyses import ID, SettingsBody
from churnkit.api.models.jobs import JobAnswer, JobState, state_of
from churnkit.api.paging import Page, Paged
from churnkit.api.routes.jobs import job_answer, job_place, started
from churnkit.api.threads import blocking
from churnkit.services.workspace.workspace_preferences import default_settings
from churnkit.store import Session, TrainingJob

router = APIRouter(tags=["mission"])

_SESSION = "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de"
_JOB = "0b7f6c1e8f9d4c3fae40cf2a6c6c2a11"

Format = Literal["pdf", "html", "csv", "xlsx", "parquet", "zip"]
_KINDS: dict[Format, ExportKind] = {
    "pdf": "pdf",
    "html": "html",
    "csv": "scores",
    "xlsx": "xlsx",
    "parquet": "features_parquet",
    "zip": "model",
}


class TrainBody(BaseModel):
    """The session to be trained."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"session_id": _SESSION}]})

    session_id: str = ID


class TrainingStarted(BaseModel):
    """Training that was queued."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"job_id": _JOB, "status": "pending", "estimated_seconds": 75.0}]}
    )

    job_id: str
    status: JobState
    estimated_seconds: float = Field(
        description="From its start on, by what earlier ones took on this machine."
    )


class TrainingStatus(BaseModel):
    """How training is doing."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": _JOB,
                    "status": "running",
                    "progress": 41.5,
                    "current_step": "Training and comparing models",
                    "steps_completed": 4,
                    "steps_total": 8,
                    "seconds_remaining": 38.0,
                    "error": None,
                }
            ]
        }
    )

    job_id: str
    status: JobState
    progress: float = Field(description="0 to 100.")
    current_step: str | None
    steps_completed: int
    steps_total: int
    seconds_remaining: float | None
    error: str | None


class QueueChange(BaseModel):
    """What becomes of a job: it is stopped, or started once more."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "cancelled"}]})

    status: Literal["cancelled", "pending"]


@router.post(
    "/train", status_code=202, operation_id="train", summary="Train and test the models of a session"
)
@blocking
def train(caller: Runner, body: TrainBody, request: Request, response: Response) -> TrainingStarted:
    """``POST /analyses/{analysis_id}/jobs`` with the threshold that the session has."""
    job = _start(caller, find_analysis(caller.store, body.session_id))
    under_way(request, response, job.job_id)
    return TrainingStarted(
        job_id=job.job_id,
        status=state_of(job),
        estimated_seconds=round(caller.platform.expected_seconds(caller.store, job), 1),
    )


@router.get("/train/status/{job_id}", operation_id="train_status", summary="How training is doing")
@blocking
def train_status(caller: Reader, job_id: str, response: Response) -> TrainingStatus:
    """``GET /jobs/{job_id}``."""
    job = job_answer(caller, caller.store.jobs.get(job_id))
    if job.state in ("pending", "running"):
        ask_again(response)
    return TrainingStatus(
        job_id=job.job_id,
        status=job.state,
        progress=job.percent,
        current_step=job.step,
        steps_completed=sum(step.state == "done" for step in job.steps),
        steps_total=len(job.steps),
        seconds_remaining=job.seconds_left,
        error=f"{job.error.message} {job.error.remedy}".strip() if job.error else None,
    )


@router.get("/queue", operation_id="list_queue", summary="Work that waits or runs, newest first")
@blocking
def list_queue(caller: Reader, paging: Paged) -> Page[JobAnswer]:
    """``GET /jobs`` without what has ended."""
    jobs = [job for job in caller.store.jobs.all() if job.status in ("pending", "running")]
    rows, body = paging.of_list(jobs, job_place)
    return Page[JobAnswer](**{**body, "items": [job_answer(caller, job) for job in rows]})


@router.post(
    "/queue", status_code=202, operation_id="add_to_queue", summary="Queue the training of a session"
)
@blocking
def add_to_queue(caller: Runner, body: TrainBody, request: Request, response: Response) -> JobAnswer:
    """``POST /train``, with the whole job in the answer."""
    return started(caller, _start(caller, find_analysis(caller.store, body.session_id)), request, response)


@router.patch("/queue/{job_id}", operation_id="change_queue", summary="Stop a job, or start it once more")
@blocking
def change_queue(caller: Runner, job_id: str, body: QueueChange) -> JobAnswer:
    """``DELETE /jobs/{job_id}`` for ``cancelled``, ``POST /jobs/{job_id}/retry`` for ``pending``, which makes a new job.

    No other state can be set: it is the worker's.
    """
    if body.status == "cancelled":
        return job_answer(caller, caller.platform.cancel(caller.store, job_id))
    return job_answer(caller, caller.platform.retry(caller.store, job_id))


@router.get(
    "/export/{session_id}",
    operation_id="export",
    summary="The report, the scores or the model of a session as a file",
    response_class=Response,
    responses=file_responses(*dict.fromkeys(KINDS[kind].mime for kind in _KINDS.values())),
)
@blocking
def export(
    caller: Exporter,
    session_id: str,
    wanted: Annotated[Format, Query(alias="format", description="Which file.")] = "pdf",
) -> Response:
    """``GET /analyses/{analysis_id}/exports/{kind}``."""
    return export_answer(caller, find_analysis(caller.store, session_id), _KINDS[wanted])


def _start(caller: Caller, session: Session) -> TrainingJob:
    chosen = session.horizon_days or session.settings.get("horizon_days")
    settings = SettingsBody(horizon_days=chosen).over(default_settings(caller.store))
    return caller.platform.start_analysis(caller.store, session.session_id, settings)
