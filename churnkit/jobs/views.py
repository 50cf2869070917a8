"""A job as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from churnkit.jobs.estimate import is_overdue, percent_done, seconds_left
from churnkit.jobs.status import Status, StepState
from churnkit.jobs.steps import STEPS
from churnkit.store import EndedBy, JobKind, JobStatus, TrainingJob
from churnkit.text.respelling import respelled

_TAKING_OVER = "Taking over the results"


@dataclass(frozen=True)
class StepView:
    """One line: ``name`` for a person, ``found`` in words, ``seconds`` None until it began.

    In a failed job the step that failed is the one still ``running``.
    """

    name: str
    found: str
    state: StepState
    seconds: float | None


@dataclass(frozen=True)
class JobView:
    """How a job is doing.

    Attributes
    ----------
    ended_by
        Why a failed job ended.
    percent, seconds_left
        0 to 100; expected seconds while it runs, else None.
    is_overdue
        Whether it takes so much longer than it should that ``seconds_left`` means nothing.
    step
        The step it is at, in words; None unless it runs.
    models_done, models_total
        Models tried and to be tried, once that is known.
    queue_position
        1 for the next of those that wait, None for one that does not wait.
    """

    job_id: str
    session_id: str
    kind: JobKind
    status: JobStatus
    ended_by: EndedBy | None
    percent: float
    step: str | None
    steps: tuple[StepView, ...]
    models_done: int | None
    models_total: int | None
    seconds_left: float | None
    is_overdue: bool
    queue_position: int | None
    error_message: str | None
    error_remedy: str | None

    @property
    def is_active(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in ("pending", "running")


def view_of(
    job: TrainingJob,
    status: Status | None,
    expected: Mapping[str, float],
    queue_position: int | None,
    now: float,
) -> JobView:
    """Put together the store's record of a job and its worker's status; ``now`` of the monotonic clock."""
    running = job.status == "running"
    return JobView(
        job_id=job.job_id,
        session_id=job.session_id,
        kind=job.kind,
        status=job.status,
        ended_by=job.ended_by,
        percent=percent_done(status, expected, now) if running and status else job.progress,
        step=_headline(job, status) if running else None,
        steps=_steps(job, status, now),
        models_done=status.models_done if status else None,
        models_total=status.models_total if status else None,
        seconds_left=seconds_left(status, expected, now) if running and status else None,
        is_overdue=running and status is not None and is_overdue(status, expected, now),
        queue_position=queue_position,
        error_message=job.error_message,
        error_remedy=job.error_remedy,
    )


def _headline(job: TrainingJob, status: Status | None) -> str:
    if status is None:
        return STEPS[job.kind][0].title
    titles = {step.key: step.title for step in STEPS[job.kind]}
    return next((titles[step.key] for step in status.steps if step.state == "running"), _TAKING_OVER)


def _steps(job: TrainingJob, status: Status | None, now: float) -> tuple[StepView, ...]:
    titles = {step.key: step.title for step in STEPS[job.kind]}
    if status is None:
        return tuple(StepView(title, "", "waiting", None) for title in titles.values())
    views = []
    for step in status.steps:
        seconds = step.seconds
        if step.state == "running" and step.began is not None and job.status == "running":
            seconds = max(0.0, now - step.began)
        views.append(StepView(titles[step.key], respelled(step.found) or step.doing, step.state, seconds))
    return tuple(views)
