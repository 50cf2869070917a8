"""Analyses of files: started, listed, named, chosen as default, removed."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Caller, Deleter, Planner, Reader, Runner
from churnkit.api.addresses import under_way
from churnkit.api.analysis_choice import choose_default, default_analysis, find_analysis
from churnkit.api.models.analyses import (
    ID,
    AnalysisAnswer,
    ChangedAnalysis,
    DefaultBody,
    LookAnswer,
    NewAnalysis,
    SettingsBody,
)
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.models.readings import ANSWERS_EXAMPLE, ReadingBody
from churnkit.api.models.uploads import RemovedAnswer
from churnkit.api.paging import Page, Paged
from churnkit.api.routes.jobs import job_answer, started
from churnkit.api.scoring import start_kept_scoring
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.results.look_folder import Look
from churnkit.services.workspace.workspace_preferences import default_settings, load_preferences
from churnkit.store import Session, TrainingJob

router = APIRouter(tags=["analyses"])


class LookJob(ReadingBody):
    """Read the file again, with other answers."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "look", "answers": ANSWERS_EXAMPLE}]}
    )

    kind: Literal["look"]


class AnalyzeJob(SettingsBody):
    """Make a new run: models are trained and tested on the file as it was read last."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "analyze", "horizon_days": 90}]}
    )

    kind: Literal["analyze"]


class ScoreJob(BaseModel):
    """Score the customers of another upload, at the end of its orders, by one of the stored models."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"kind": "score", "upload_id": "6f1f4a6e0a0b4e6f9c55d2b7a1c3e9d4"}]},
    )

    kind: Literal["score"]
    upload_id: str = ID
    model_id: str | None = Field(
        None, max_length=64, description="One of the analysis' models; its champion."
    )
    name: str | None = Field(None, min_length=1, max_length=200, description="What it is called.")


AnyJob = Annotated[LookJob | AnalyzeJob | ScoreJob, Body(discriminator="kind")]


@router.post(
    "/analyses",
    status_code=202,
    operation_id="start_analysis",
    summary="Begin an analysis: read a file and judge it",
)
@blocking
def start_analysis(caller: Runner, body: NewAnalysis, request: Request, response: Response) -> AnalysisAnswer:
    """Reading takes seconds; follow the job at ``Location``. Without ``settings`` it ends there, so that somebody can look
    at what was read and at the churn threshold; with them the models follow.
    """
    usual = default_settings(caller.store)
    wanted = usual if body.settings is None else body.settings.over(usual)
    session = caller.platform.start_look(caller.store, body.upload_id, body.reading(), usual)
    if body.name is not None:
        session = caller.store.sessions.rename(session.session_id, body.name)
    if body.settings is not None:
        caller.platform.start_analysis(caller.store, session.session_id, wanted)
    answer = analysis_answer(caller, session)
    if answer.job is not None:
        under_way(request, response, answer.job.job_id)
    return answer


@router.get("/analyses", operation_id="list_analyses", summary="The analyses of the workspace, newest first")
@blocking
def list_analyses(caller: Reader, paging: Paged) -> Page[AnalysisAnswer]:
    """Without their jobs: ask for one analysis, or for ``/jobs``."""
    names = {one.upload_id: one.filename for one in caller.store.uploads.all()}
    sessions = sorted(caller.store.sessions.all(), key=_place, reverse=True)
    rows, body = paging.of_list(sessions, _place)
    items = [AnalysisAnswer.of(one, names.get(one.upload_id, "")) for one in rows]
    return Page[AnalysisAnswer](**{**body, "items": items})


@router.get("/analyses/default", operation_id="get_default_analysis", summary="The default analysis")
@blocking
def get_default_analysis(caller: Reader) -> AnalysisAnswer:
    """What ``default`` means in place of an id: the one that was chosen, else the newest with results."""
    return analysis_answer(caller, default_analysis(caller.store))


@router.put("/analyses/default", operation_id="set_default_analysis", summary="Choose the default analysis")
@blocking
def set_default_analysis(caller: Planner, body: DefaultBody) -> AnalysisAnswer:
    """It must have results."""
    return analysis_answer(caller, choose_default(caller.store, body.analysis_id))


@router.get("/analyses/{analysis_id}", operation_id="get_analysis", summary="How an analysis stands")
@blocking
def get_analysis(caller: Reader, analysis_id: str) -> AnalysisAnswer:
    """With its newest look or analysis as a job."""
    return analysis_answer(caller, find_analysis(caller.store, analysis_id))


@router.patch("/analyses/{analysis_id}", operation_id="rename_analysis", summary="Give an analysis a name")
@blocking
def rename_analysis(caller: Runner, analysis_id: str, body: ChangedAnalysis) -> AnalysisAnswer:
    """The name shows on every page; the file keeps its own."""
    session = find_analysis(caller.store, analysis_id)
    return analysis_answer(caller, caller.store.sessions.rename(session.session_id, body.name))


@router.delete("/analyses/{analysis_id}", operation_id="delete_analysis", summary="Delete an analysis")
@blocking
def delete_analysis(caller: Deleter, analysis_id: str) -> RemovedAnswer:
    """With its runs, models, results and campaigns, and with its file unless another analysis stands on it. Work on it is
    stopped. It is deleted for good at once: what people delete on the pages can be brought back for a day, this cannot.
    """
    session = caller.store.sessions.get(analysis_id)
    return RemovedAnswer(analyses=caller.platform.delete_session(caller.store, session.session_id).sessions)


@router.get(
    "/analyses/{analysis_id}/look",
    operation_id="get_look",
    summary="What was read of the file, how good it is, and the churn threshold that was found",
)
@blocking
def get_look(caller: Reader, analysis_id: str) -> LookAnswer:
    """There once the first look has completed; 404 before."""
    session = find_analysis(caller.store, analysis_id)
    return LookAnswer.of(session.session_id, look_of(caller, session))


@router.post(
    "/analyses/{analysis_id}/jobs",
    status_code=202,
    operation_id="start_job",
    summary="Start work on an analysis: read it again, make a new run, or score a file",
)
@blocking
def start_job(
    caller: Runner, analysis_id: str, body: AnyJob, request: Request, response: Response
) -> JobAnswer:
    """Follow it at ``Location``. 409 where other work stands in its way; the same analysis asked for twice is one job."""
    session = find_analysis(caller.store, analysis_id)
    return started(caller, _start(caller, session, body), request, response)


def analysis_answer(caller: Caller, session: Session) -> AnalysisAnswer:
    """An analysis with its newest job."""
    jobs = [one for one in caller.store.jobs.of_session(session.session_id) if one.kind != "score"]
    filename = caller.store.uploads.get(session.upload_id).filename
    return AnalysisAnswer.of(session, filename, job_answer(caller, jobs[0]) if jobs else None)


def look_of(caller: Caller, session: Session) -> Look:
    """The first look of an analysis, as the pages see it.

    Raises
    ------
    NotFoundError
        The file has not been read yet.
    """
    folder = caller.platform.look_folder(session)
    if folder is None:
        raise NotFoundError(
            f"Looking at analysis {session.session_id!r}: its file has not been read yet.",
            "Its job says how far it is, or why it failed.",
        )
    return Look(folder, load_preferences(caller.store).currency)


def _start(caller: Caller, session: Session, body: LookJob | AnalyzeJob | ScoreJob) -> TrainingJob:
    store, platform, session_id = caller.store, caller.platform, session.session_id
    if isinstance(body, ScoreJob):
        upload = store.uploads.get(body.upload_id)
        file = platform.upload_file(upload)
        return start_kept_scoring(caller, session, file, body.model_id, body.name or upload.filename)
    usual = default_settings(store)
    if isinstance(body, AnalyzeJob):
        return platform.start_analysis(store, session_id, body.over(usual))
    platform.start_look(store, session.upload_id, body.reading(), usual, session_id=session_id)
    return next(one for one in store.jobs.of_session(session_id) if one.kind == "look")


def _place(session: Session) -> tuple[str, str]:
    return session.created_at.isoformat(), session.session_id
