"""Background work: how far it is, and how it is stopped or started again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from churnkit.api.access import Caller, Reader, Runner
from churnkit.api.addresses import ask_again, under_way
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.models.jobs import JobAnswer, JobState, state_of
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.store import JobKind, TrainingJob

router = APIRouter(tags=["jobs"])


@router.get("/jobs", operation_id="list_jobs", summary="Work of the workspace, newest first")
@blocking
def list_jobs(
    caller: Reader,
    paging: Paged,
    state: Annotated[JobState | None, Query(description="Only those that stand so.")] = None,
    kind: Annotated[JobKind | None, Query(description="Only those of a kind.")] = None,
    analysis_id: Annotated[str | None, Query(description="Only those of an analysis.")] = None,
) -> Page[JobAnswer]:
    """What waits, what runs and what has ended, with its place in the queue."""
    session_id = None if analysis_id is None else find_analysis(caller.store, analysis_id).session_id
    jobs = [
        job
        for job in caller.store.jobs.all()
        if state in (None, state_of(job))
        and kind in (None, job.kind)
        and session_id in (None, job.session_id)
    ]
    rows, body = paging.of_list(jobs, job_place)
    return Page[JobAnswer](**{**body, "items": [job_answer(caller, job) for job in rows]})


@router.get("/jobs/{job_id}", operation_id="get_job", summary="How a job is doing")
@blocking
def get_job(caller: Reader, job_id: str, response: Response) -> JobAnswer:
    """State, percent, step, expected seconds, place in the queue."""
    answer = job_answer(caller, caller.store.jobs.get(job_id))
    if answer.state in ("pending", "running"):
        ask_again(response)
    return answer


@router.delete("/jobs/{job_id}", operation_id="cancel_job", summary="Stop a job")
@blocking
def cancel_job(caller: Runner, job_id: str) -> JobAnswer:
    """One that has ended stays as it is; its record stays in any case."""
    return job_answer(caller, caller.platform.cancel(caller.store, job_id))


@router.post(
    "/jobs/{job_id}/retry", status_code=202, operation_id="retry_job", summary="Start a job's work once more"
)
@blocking
def retry_job(caller: Runner, job_id: str, request: Request, response: Response) -> JobAnswer:
    """The same question as a new job; 409 while the old one has not ended."""
    return started(caller, caller.platform.retry(caller.store, job_id), request, response)


def started(caller: Caller, job: TrainingJob, request: Request, response: Response) -> JobAnswer:
    """The answer about a job that was just queued, with where to follow it."""
    under_way(request, response, job.job_id)
    return job_answer(caller, job)


def job_answer(caller: Caller, job: TrainingJob) -> JobAnswer:
    """A job as it stands now."""
    return JobAnswer.of(job, caller.platform.job_view(caller.store, job))


def job_place(job: TrainingJob) -> tuple[str, str]:
    """What jobs are sorted by."""
    return job.created_at.isoformat(), job.job_id
