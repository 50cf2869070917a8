"""``/models/default``, ``/models/{id}/json``, ``/models/{id}/dataset``."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.accounts import Action
from churnkit.api.access import Exporter, Reader, Runner, needs
from churnkit.api.analysis_choice import choose_default, default_analysis
from churnkit.api.files import file_responses
from churnkit.api.models.runs import ModelDetails
from churnkit.api.routes.models import PARQUET, champions_run, panel_file, run_of
from churnkit.api.routes.runs import promoted
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError

router = APIRouter(tags=["mission"])


class DefaultModel(BaseModel):
    """The model whose scores are to count."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"model_id": "a9a0c6f7a1f64fd0b0a7ac2c5ad9f6a2"}]},
    )

    model_id: str = Field(min_length=1, max_length=64)


@router.get(
    "/models/default", operation_id="get_default_model", summary="The champion of the default analysis"
)
@blocking
def get_default_model(caller: Reader) -> ModelDetails:
    """404 where none was trained: simple rules score the customers then."""
    session = default_analysis(caller.store)
    champion = caller.store.models.champion(session.session_id)
    if champion is None:
        raise NotFoundError(
            "Looking for the default model: no model was trained, simple rules scored the customers.",
            "Its run's card says how.",
        )
    return ModelDetails.of(champion, run_of(caller, champion))


@router.post(
    "/models/default",
    operation_id="set_default_model",
    summary="Let the scores of a model count",
    dependencies=[Depends(needs(Action.PLAN))],
)
@blocking
def set_default_model(caller: Runner, body: DefaultModel) -> ModelDetails:
    """Its run's results count from now on, and its analysis is the default one. 409 for a model that scored no run."""
    run = champions_run(caller, body.model_id)
    promoted(caller, caller.store.sessions.get(run.session_id), run.run_id)
    choose_default(caller.store, run.session_id)
    return ModelDetails.of(caller.store.models.get(body.model_id), run)


@router.get(
    "/models/{model_id}/json", operation_id="get_model_json", summary="A model's figures and settings"
)
@blocking
def get_model_json(caller: Reader, model_id: str) -> ModelDetails:
    """``GET /models/{model_id}``."""
    model = caller.store.models.get(model_id)
    return ModelDetails.of(model, run_of(caller, model))


@router.get(
    "/models/{model_id}/dataset",
    operation_id="download_dataset",
    summary="What a model learned from, as Parquet",
    response_class=Response,
    responses=file_responses(PARQUET),
)
@blocking
def download_dataset(caller: Exporter, model_id: str) -> Response:
    """``GET /models/{model_id}/panel``."""
    return panel_file(caller, caller.store.models.get(model_id))
