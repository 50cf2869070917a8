"""Forecasts on demand."""

from __future__ import annotations

from fastapi import APIRouter

from churnkit.api.access import Reader
from churnkit.api.forecasts import batch, forecast
from churnkit.api.models.forecast_models import Batch, BatchBody, Forecast, PredictBody
from churnkit.api.opened import open_run
from churnkit.api.parameters import AnalysisId
from churnkit.api.threads import blocking

router = APIRouter(prefix="/analyses/{analysis_id}", tags=["predictions"])


@router.post("/predict", operation_id="predict", summary="The forecast of one customer")
@blocking
def predict(caller: Reader, analysis_id: AnalysisId, body: PredictBody) -> Forecast:
    """By id it is the forecast of the pages; with `features` or another `model_id` the model is asked anew.

    With `orders` the customer is described first as if it stood among the shop's, which takes longer. Nothing is
    trained, and nothing is added to the analysis.
    """
    return forecast(caller, open_run(caller, analysis_id, body.run_id), body)


@router.post(
    "/predictions:batch", operation_id="predict_batch", summary="The forecasts of up to 10,000 customers"
)
@blocking
def predict_batch(caller: Reader, analysis_id: AnalysisId, body: BatchBody) -> Batch:
    """Those of the pages, or another model's probabilities with `model_id`; more customers go in several requests."""
    return batch(caller, open_run(caller, analysis_id, body.run_id), body)
