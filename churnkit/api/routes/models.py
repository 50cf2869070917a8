"""Fitted models: listed, described, taken away, promoted, removed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from churnkit.api.access import Caller, Deleter, Exporter, Reader, Runner
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.cards import model_card
from churnkit.api.files import file_answer, file_responses, file_stream
from churnkit.api.models.runs import ModelAnswer, ModelDetails, RunAnswer
from churnkit.api.paging import Page, Paged, Paging
from churnkit.api.routes.runs import CARD, promoted
from churnkit.api.threads import blocking
from churnkit.errors import ConflictError
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import Run, StoredModel

router = APIRouter(tags=["models"])

ZIP = "application/zip"
PARQUET = "application/vnd.apache.parquet"


@router.get("/models", operation_id="list_models", summary="The models of the workspace, newest first")
@blocking
def list_models(
    caller: Reader,
    paging: Paged,
    analysis_id: Annotated[str | None, Query(max_length=64, description="Only those of an analysis.")] = None,
) -> Page[ModelAnswer]:
    """Of every run its champion, and those that competed with it."""
    found, body = models_page(caller, paging, analysis_id)
    items = [ModelAnswer.of(model, run_of(caller, model)) for model in found]
    return Page[ModelAnswer](**{**body, "items": items})


@router.get("/models/{model_id}", operation_id="get_model", summary="One model")
@blocking
def get_model(caller: Reader, model_id: str) -> ModelDetails:
    """Its figures on validation dates, what tuning chose, what it looks at."""
    model = caller.store.models.get(model_id)
    return ModelDetails.of(model, run_of(caller, model))


@router.get(
    "/models/{model_id}/card",
    operation_id="get_model_card",
    summary="The model card",
    response_class=Response,
    responses=CARD,  # type: ignore[arg-type]  # a literal of the shape that FastAPI takes
)
@blocking
def get_model_card(caller: Reader, model_id: str) -> Response:
    """Markdown after Mitchell et al. 2019, with the statement on explainability."""
    model = caller.store.models.get(model_id)
    text = model_card(caller, model, needed_run(caller, model))
    return Response(text, media_type="text/markdown; charset=utf-8")


@router.get(
    "/models/{model_id}/archive",
    operation_id="download_model",
    summary="The model as a zip",
    response_class=Response,
    responses=file_responses(ZIP),
)
@blocking
def download_model(caller: Exporter, model_id: str) -> Response:
    """Numbers and texts that run no code when they are loaded, with the card: ``churnkit score FILE --model FOLDER``."""
    return model_file(caller, caller.store.models.get(model_id))


@router.get(
    "/models/{model_id}/panel",
    operation_id="download_panel",
    summary="What the models of its run learned from, as Parquet",
    response_class=Response,
    responses=file_responses(PARQUET),
)
@blocking
def download_panel(caller: Exporter, model_id: str) -> Response:
    """One row per customer and past date: features, and the outcome where its window is over."""
    return panel_file(caller, caller.store.models.get(model_id))


@router.post(
    "/models/{model_id}/promote",
    operation_id="promote_model",
    summary="Let the results of a model's run count",
)
@blocking
def promote_model(caller: Runner, model_id: str) -> RunAnswer:
    """For the champion of another run. 409 for a model that scored none: another choice of champion takes a new run."""
    run = champions_run(caller, model_id)
    return promoted(caller, caller.store.sessions.get(run.session_id), run.run_id)


@router.delete("/models/{model_id}", status_code=204, operation_id="delete_model", summary="Delete a model")
@blocking
def delete_model(caller: Deleter, model_id: str) -> None:
    """One that competed and scored no run. 409 for a run's champion: delete the run, or its analysis."""
    caller.platform.delete_model(caller.store, model_id)


def models_page(
    caller: Caller, paging: Paging, analysis_id: str | None
) -> tuple[list[StoredModel], dict[str, Any]]:
    """A page of models with the body of its answer."""
    store = caller.store
    sessions = store.sessions.all() if analysis_id is None else [find_analysis(store, analysis_id)]
    models = [model for one in sessions for model in store.models.of_session(one.session_id)]
    return paging.of_list(sorted(models, key=_place, reverse=True), _place)


def run_of(caller: Caller, model: StoredModel) -> Run | None:
    """The run that a model was fitted for, None where none is known of."""
    return None if model.run_id is None else caller.store.runs.get(model.run_id)


def needed_run(caller: Caller, model: StoredModel) -> Run:
    """The run that a model was fitted for.

    Raises
    ------
    ConflictError
        None is known of.
    """
    run = run_of(caller, model)
    if run is None:
        raise ConflictError(f"Opening model {model.model_id!r}: no run of it is known any more.")
    return run


def champions_run(caller: Caller, model_id: str) -> Run:
    """The run that a model scored.

    Raises
    ------
    ConflictError
        It scored none.
    """
    run = needed_run(caller, caller.store.models.get(model_id))
    if run.model_id != model_id:
        raise ConflictError(
            f"Promoting model {model_id!r}: it competed, but did not score its run.",
            "Only champions are promoted; a new run chooses anew.",
        )
    return run


def model_file(caller: Caller, model: StoredModel) -> Response:
    """A model as a zip."""
    run = needed_run(caller, model)
    model_id = None if run.model_id == model.model_id else model.model_id

    def make() -> bytes:
        # The libraries of the models come when somebody takes one away.
        from churnkit.services.score.taking_away import model_archive

        version = caller.platform.version(caller.store, run.run_id, model_id)
        return model_archive(version, load_preferences(caller.store).model_owner)

    return file_answer(caller, make, f"model_{run.run_id[:8]}.zip", ZIP, run.session_id)


def panel_file(caller: Caller, model: StoredModel) -> Response:
    """What the models of a model's run learned from."""
    run = needed_run(caller, model)
    path = caller.platform.folders.run(run.session_id, run.run_id) / "panel.parquet"
    return file_stream(caller, path, f"panel-{run.run_id[:8]}.parquet", PARQUET, run.session_id)


def _place(model: StoredModel) -> tuple[str, str]:
    return model.trained_at.isoformat(), model.model_id
