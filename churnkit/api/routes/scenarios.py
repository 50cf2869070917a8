"""Campaigns on paper: played, kept and compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from churnkit.api.access import Planner, Reader
from churnkit.api.addresses import made_at
from churnkit.api.models.results_models import OutcomeFigures
from churnkit.api.models.scenario_models import (
    KeptScenario,
    ScenarioBody,
    Scenarios,
    SimulateBody,
    Simulated,
)
from churnkit.api.opened import open_run, session_of
from churnkit.api.parameters import AnalysisId
from churnkit.api.simulations import all_scenarios, lists_of, scenario_of, scenario_set, simulated
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.services.whatif.kept_scenarios import save_scenario

router = APIRouter(prefix="/analyses/{analysis_id}", tags=["scenarios"])


@router.post("/simulate", operation_id="simulate", summary="What a campaign would bring")
@blocking
def simulate(caller: Reader, analysis_id: AnalysisId, body: SimulateBody) -> Simulated:
    """Cost, saves, net and return with their intervals, of the current run under the shop's assumptions and the body's."""
    run = open_run(caller, analysis_id)
    return simulated(run, scenario_of(run, body))


@router.get("/scenarios", operation_id="list_scenarios", summary="Scenarios side by side")
@blocking
def list_scenarios(caller: Reader, analysis_id: AnalysisId) -> Scenarios:
    """Ready-made ones and those that were kept, worked out on the current run."""
    return all_scenarios(open_run(caller, analysis_id))


@router.post("/scenarios", status_code=201, operation_id="keep_scenario", summary="Keep a scenario by name")
@blocking
def keep_scenario(
    caller: Planner, analysis_id: AnalysisId, body: ScenarioBody, request: Request, response: Response
) -> KeptScenario:
    """It stands on the What-if page then; one of the same name is replaced."""
    run = open_run(caller, analysis_id)
    scenario = scenario_of(run, body, body.name)
    simulated(run, scenario)
    outcome = run.kept.desk.outcome(scenario, lists_of(run, scenario.whom))
    name = save_scenario(caller.store, run.session.session_id, scenario, outcome)
    made_at(request, response, "analyses", run.session.session_id, "scenarios")
    return KeptScenario(
        scenario=scenario_set(replace(scenario, name=name)),
        is_ready_made=False,
        outcome=OutcomeFigures.model_validate(outcome),
    )


@router.delete(
    "/scenarios/{name:path}",
    status_code=204,
    operation_id="delete_scenario",
    summary="Delete a kept scenario",
)
@blocking
def delete_scenario(
    caller: Planner,
    analysis_id: AnalysisId,
    name: Annotated[str, Path(description="Its name.", examples=["Spring"], max_length=200)],
) -> None:
    """Ready-made ones stay."""
    session_id = session_of(caller.store, analysis_id).session_id
    if all(one.name != name for one in caller.store.scenarios.of_session(session_id)):
        raise NotFoundError(
            f"Looking for scenario {name[:60]!a}: there is none.", "The list has their names."
        )
    caller.store.scenarios.delete(session_id, name)
