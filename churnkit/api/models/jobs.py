"""Background work, as the API tells of it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from churnkit.jobs import JobView
from churnkit.store import JobKind, TrainingJob

JobState = Literal["pending", "running", "completed", "failed", "cancelled", "interrupted"]

JOB_EXAMPLE: JsonDict = {
    "job_id": "0b7f6c1e8f9d4c3fae40cf2a6c6c2a11",
    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "kind": "analyze",
    "state": "running",
    "percent": 41.5,
    "step": "Training and comparing models",
    "steps": [{"name": "Reading the file", "found": "12,044 rows read", "state": "done", "seconds": 1.8}],
    "models_done": 4,
    "models_total": 12,
    "seconds_left": 38.0,
    "queue_position": None,
    "error": None,
    "created_at": "2026-03-31T08:14:02Z",
    "started_at": "2026-03-31T08:14:02Z",
    "completed_at": None,
}


class StepAnswer(BaseModel):
    """One step; in a job that has failed, the step that failed is the one still running."""

    name: str
    found: str = Field(description="What it found, or what it is at.")
    state: Literal["waiting", "running", "done"]
    seconds: float | None


class JobError(BaseModel):
    """Why a job ended before its work was done."""

    message: str
    remedy: str


class JobAnswer(BaseModel):
    """Background work on an analysis: ask again every two seconds while it is pending or running."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOB_EXAMPLE]})

    job_id: str
    analysis_id: str
    kind: JobKind = Field(
        description="`look`: reading and judging the file; `analyze`: a new run; `score`: scores of a file;"
        " `add`: a file joins the shop's history; `refresh`: a new run by the model that the shop has; `bulk`: scores of"
        " many orders on an engine; `erase`: a customer is taken out; `pull`: orders are fetched from a source."
    )
    state: JobState
    percent: float = Field(description="0 to 100.")
    step: str | None = Field(None, description="The step it is at.")
    steps: list[StepAnswer]
    models_done: int | None = None
    models_total: int | None = None
    seconds_left: float | None = Field(None, description="Expected, while it runs.")
    queue_position: int | None = Field(None, description="1 for the next of those that wait.")
    error: JobError | None = None
    created_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @classmethod
    def of(cls, job: TrainingJob, view: JobView) -> JobAnswer:
        """The answer about a job of the store, as it is seen now."""
        error = (
            JobError(message=view.error_message, remedy=view.error_remedy or "")
            if view.error_message
            else None
        )
        return cls(
            job_id=job.job_id,
            analysis_id=job.session_id,
            kind=job.kind,
            state=state_of(job),
            percent=view.percent,
            step=view.step,
            steps=[StepAnswer(**vars(step)) for step in view.steps],
            models_done=view.models_done,
            models_total=view.models_total,
            seconds_left=view.seconds_left,
            queue_position=view.queue_position,
            error=error,
            created_at=job.created_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
        )


def state_of(job: TrainingJob) -> JobState:
    """How a job stands; one that did not complete says who ended it."""
    if job.status == "failed" and job.ended_by in ("cancelled", "interrupted"):
        return job.ended_by
    return job.status
