"""What an analysis found: the whole, and its parts."""

from __future__ import annotations

from fastapi import APIRouter

from churnkit.api.access import Caller, Reader
from churnkit.api.caching import Tagged, Tagging
from churnkit.api.models.results_models import (
    AnalysisResults,
    Importance,
    Leaderboard,
    Metrics,
    Scorecard,
    Segments,
)
from churnkit.api.opened import OpenedRun, open_run
from churnkit.api.parameters import AnalysisId, RunId
from churnkit.api.results_answers import (
    importance_answer,
    leaderboard_answer,
    metrics_answer,
    results_answer,
    scorecard_answer,
    segments_answer,
)
from churnkit.api.threads import blocking

router = APIRouter(prefix="/analyses/{analysis_id}", tags=["results"])


@router.get("/results", operation_id="get_results", summary="What an analysis found")
@blocking
def get_results(
    caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None
) -> AnalysisResults:
    """Headline figures, how good the forecast is, what drives it, risk tiers and the recommended campaign."""
    return results_answer(_tagged_run(caller, analysis_id, run_id, tagged))


@router.get("/importance", operation_id="get_importance", summary="What drives the forecast")
@blocking
def get_importance(
    caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None
) -> Importance:
    """Every feature with the mean size of its pushes, strongest first."""
    return importance_answer(_tagged_run(caller, analysis_id, run_id, tagged))


@router.get("/segments", operation_id="get_segments", summary="Groups of customers")
@blocking
def get_segments(caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None) -> Segments:
    """Risk tiers, RFM segments and the groups that were found."""
    return segments_answer(_tagged_run(caller, analysis_id, run_id, tagged))


@router.get("/leaderboard", operation_id="get_leaderboard", summary="Which models competed")
@blocking
def get_leaderboard(
    caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None
) -> Leaderboard:
    """Models and simple rules with their figures on validation dates, the champion first."""
    return leaderboard_answer(_tagged_run(caller, analysis_id, run_id, tagged))


@router.get("/scorecard", operation_id="get_scorecard", summary="The forecast held against the past")
@blocking
def get_scorecard(caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None) -> Scorecard:
    """At each past date: what was forecast with what was known then, and what came, in probabilities and in money."""
    return scorecard_answer(_tagged_run(caller, analysis_id, run_id, tagged))


@router.get("/metrics", operation_id="get_metrics", summary="How good the champion is")
@blocking
def get_metrics(caller: Reader, analysis_id: AnalysisId, tagged: Tagged, run_id: RunId = None) -> Metrics:
    """Figures of merit and the grade of trust."""
    return metrics_answer(_tagged_run(caller, analysis_id, run_id, tagged))


def _tagged_run(caller: Caller, analysis_id: str, run_id: str | None, tagged: Tagging) -> OpenedRun:
    run = open_run(caller, analysis_id, run_id)
    tagged.of(run.tag)
    return run
