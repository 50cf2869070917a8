"""Results, forecasts and simulations under the names by which other programs ask for them: thin calls of our own routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Caller, Reader
from churnkit.api.analysis_choice import DEFAULT
from churnkit.api.caching import Tagged
from churnkit.api.forecasts import forecast
from churnkit.api.models.figures import Answer
from churnkit.api.models.forecast_models import CustomerIdText, Forecast, PredictBody
from churnkit.api.models.results_models import AnalysisResults, Metrics, Segments
from churnkit.api.models.scenario_models import AssumptionBody, SimulateBody, Simulated
from churnkit.api.opened import OpenedRun, known_id, open_run
from churnkit.api.results_answers import metrics_answer, results_answer, segments_answer
from churnkit.api.simulations import scenario_of, simulated
from churnkit.api.threads import blocking

router = APIRouter(tags=["mission"])

_Number = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
SessionId = Annotated[
    str, Path(description="Id of an analysis, or `default`.", examples=["default"], max_length=64)
]
_FIGURES = {
    "frequency": "order_count",
    "monetary": "monetary_total",
    "avg_basket_value": "monetary_mean",
    "unique_products": "product_count",
    "avg_interpurchase_days": "gap_mean_days",
    "purchase_span_days": "t_x_days",
}
"""What the figures of :class:`MissionFeatures` are called here, where they are called otherwise."""


class MissionFeatures(BaseModel):
    """Figures of a customer at other values."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"recency_days": 20}]})

    recency_days: _Number | None = None
    frequency: _Number | None = None
    monetary: _Number | None = None
    avg_basket_value: _Number | None = None
    unique_products: _Number | None = None
    avg_interpurchase_days: _Number | None = None
    purchase_span_days: _Number | None = None


class MissionPredict(BaseModel):
    """One customer of an analysis, as it is or with other figures."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"customer_id": "17850", "features": {"recency_days": 20}}]},
    )

    customer_id: CustomerIdText
    features: MissionFeatures | None = None
    session_id: str = Field(DEFAULT, max_length=64, description="The default analysis unless given.")
    explain: bool = False


class MissionScenario(BaseModel):
    """How many are contacted, with which discount, and how often that keeps one who would have left."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"target_count": 200, "discount_percent": 10, "success_rate": 0.3}]},
    )

    target_count: Annotated[int, Field(ge=0, le=1_000_000_000)]
    discount_percent: Annotated[float, Field(ge=0, le=100)] | None = None
    success_rate: _Share | None = None
    contact_cost: _Number | None = None


class MissionSimulate(BaseModel):
    """A campaign on an analysis."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"session_id": "default", "scenario": {"target_count": 200, "discount_percent": 10}}]
        },
    )

    session_id: str = Field(DEFAULT, max_length=64)
    scenario: MissionScenario


class Exists(Answer):
    """Whether an analysis knows a customer."""

    exists: bool


@router.get(
    "/results/{session_id}", operation_id="mission_results", summary="Results: /analyses/{id}/results"
)
@blocking
def results(caller: Reader, session_id: SessionId, tagged: Tagged) -> AnalysisResults:
    """What an analysis found."""
    return results_answer(_run(caller, session_id, tagged))


@router.get("/metrics", operation_id="mission_metrics", summary="Metrics of the default analysis")
@blocking
def metrics(caller: Reader, tagged: Tagged) -> Metrics:
    """As ``/analyses/default/metrics``."""
    return metrics_answer(_run(caller, DEFAULT, tagged))


@router.get("/segments", operation_id="mission_segments", summary="Segments of the default analysis")
@blocking
def segments(caller: Reader, tagged: Tagged) -> Segments:
    """As ``/analyses/default/segments``."""
    return segments_answer(_run(caller, DEFAULT, tagged))


@router.post("/predict", operation_id="mission_predict", summary="One forecast: /analyses/{id}/predict")
@blocking
def predict(caller: Reader, body: MissionPredict) -> Forecast:
    """By id, or with figures under their common names at other values."""
    named = body.features.model_dump(exclude_none=True) if body.features else {}
    changes = {_FIGURES.get(name, name): value for name, value in named.items()}
    run = open_run(caller, body.session_id)
    known = run.kept.background.row(body.customer_id)
    absent = sorted(name for name in changes if len(known) and name not in known.columns)
    asked = PredictBody(
        customer_id=body.customer_id,
        features={name: value for name, value in changes.items() if name not in absent} or None,
        explain=body.explain,
    )
    answer = forecast(caller, run, asked)
    answer.warnings += [f"This shop's file does not tell {name}: it changes nothing." for name in absent]
    return answer


@router.post("/simulate", operation_id="mission_simulate", summary="A campaign: /analyses/{id}/simulate")
@blocking
def simulate(caller: Reader, body: MissionSimulate) -> Simulated:
    """What contacting the best so many would bring."""
    run = open_run(caller, body.session_id)
    asked = body.scenario
    discount = None if asked.discount_percent is None else asked.discount_percent / 100
    assumptions = AssumptionBody(
        discount=discount, save_rate=asked.success_rate, contact_cost=asked.contact_cost
    )
    return simulated(
        run, scenario_of(run, SimulateBody(customers=asked.target_count, assumptions=assumptions))
    )


@router.get(
    "/models/{model_id}/customers/{customer_id:path}/exists",
    operation_id="mission_customer_exists",
    summary="Whether a model's analysis knows a customer",
)
@blocking
def exists(
    caller: Reader,
    model_id: Annotated[str, Path(description="Id of a stored model.", max_length=64)],
    customer_id: Annotated[str, Path(description="The customer's id.", examples=["17850"], max_length=500)],
) -> Exists:
    """HEAD of ``/analyses/{id}/customers/{customer_id}`` says the same by its status."""
    model = caller.store.models.get(known_id(model_id, "model"))
    run = open_run(caller, model.session_id, model.run_id)
    return Exists(exists=run.kept.background.customer(customer_id) is not None)


def _run(caller: Caller, analysis_id: str, tagged: Tagged) -> OpenedRun:
    run = open_run(caller, analysis_id)
    tagged.of(run.tag)
    return run
