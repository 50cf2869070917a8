"""Versions of an analysis: listed, put on screen, removed."""

from __future__ import annotations

from fastapi import APIRouter, Response

from churnkit.api.access import Caller, Deleter, Reader, Runner
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.cards import run_card
from churnkit.api.models.runs import ChosenRun, RunAnswer
from churnkit.api.paging import Page, Paged
from churnkit.api.parameters import AnalysisId
from churnkit.api.threads import blocking
from churnkit.errors import ConflictError, NotFoundError
from churnkit.store import Run, Session

router = APIRouter(tags=["runs"])

CARD = {200: {"description": "The card.", "content": {"text/markdown": {"schema": {"type": "string"}}}}}


@router.get(
    "/analyses/{analysis_id}/runs", operation_id="list_runs", summary="An analysis' runs, newest first"
)
@blocking
def list_runs(caller: Reader, analysis_id: AnalysisId, paging: Paged) -> Page[RunAnswer]:
    """Every run is kept; the results of one of them count."""
    session = find_analysis(caller.store, analysis_id)
    runs = sorted(caller.platform.runs(caller.store, session.session_id), key=_place, reverse=True)
    rows, body = paging.of_list(runs, _place)
    return Page[RunAnswer](**{**body, "items": [RunAnswer.of(one, session.run_id) for one in rows]})


@router.get("/runs/{run_id}", operation_id="get_run", summary="One run")
@blocking
def get_run(caller: Reader, run_id: str) -> RunAnswer:
    """Its champion and the figures by which runs are compared."""
    run = caller.store.runs.get(run_id)
    return RunAnswer.of(run, caller.store.sessions.get(run.session_id).run_id)


@router.get(
    "/runs/{run_id}/card",
    operation_id="get_run_card",
    summary="The model card of what scored a run",
    response_class=Response,
    responses=CARD,  # type: ignore[arg-type]  # a literal of the shape that FastAPI takes
)
@blocking
def get_run_card(caller: Reader, run_id: str) -> Response:
    """Markdown; there for runs without a model, too."""
    return Response(
        run_card(caller, caller.store.runs.get(run_id)), media_type="text/markdown; charset=utf-8"
    )


@router.put(
    "/analyses/{analysis_id}/run",
    operation_id="promote_run",
    summary="Let the results of another run count",
)
@blocking
def promote_run(caller: Runner, analysis_id: AnalysisId, body: ChosenRun) -> RunAnswer:
    """On every page and in every answer, at once; an older one is the way back."""
    return promoted(caller, find_analysis(caller.store, analysis_id), body.run_id)


@router.post(
    "/analyses/{analysis_id}/rollback",
    operation_id="roll_back_run",
    summary="Let the results of the run before the present one count",
)
@blocking
def roll_back_run(caller: Runner, analysis_id: AnalysisId) -> RunAnswer:
    """409 where there is no earlier one."""
    session = find_analysis(caller.store, analysis_id)
    runs = caller.platform.runs(caller.store, session.session_id)
    current = next((one for one in runs if one.run_id == session.run_id), None)
    earlier = [one for one in runs if current is not None and one.finished_at < current.finished_at]
    if not earlier:
        raise ConflictError("Rolling back: there is no run before the one whose results count.")
    return promoted(caller, session, max(earlier, key=_place).run_id)


@router.delete("/runs/{run_id}", status_code=204, operation_id="delete_run", summary="Delete a run")
@blocking
def delete_run(caller: Deleter, run_id: str) -> None:
    """With its results and models. 409 for the one whose results count, and where a campaign was planned by it."""
    caller.platform.delete_run(caller.store, run_id)


def promoted(caller: Caller, session: Session, run_id: str) -> RunAnswer:
    """Put one of an analysis' runs on screen.

    Raises
    ------
    NotFoundError
        The analysis has no such run.
    """
    if caller.store.runs.get(run_id).session_id != session.session_id:
        raise NotFoundError(
            f"Looking for run {run_id!r}: it belongs to another analysis.", "Take one of its own."
        )
    return RunAnswer.of(caller.platform.promote(caller.store, session.session_id, run_id), run_id)


def _place(run: Run) -> tuple[str, str]:
    return run.finished_at.isoformat(), run.run_id
