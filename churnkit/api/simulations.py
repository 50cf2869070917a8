"""Campaigns on paper, between requests and the desk that plays them."""

from __future__ import annotations

from dataclasses import replace

from churnkit.api.models.figures import Range
from churnkit.api.models.results_models import OutcomeFigures
from churnkit.api.models.scenario_models import (
    AssumptionBody,
    KeptScenario,
    Scenarios,
    ScenarioSet,
    SimulateBody,
    Simulated,
    WhomBody,
)
from churnkit.api.opened import OpenedRun
from churnkit.errors import ConflictError, DataError
from churnkit.results.campaign_money import Assumptions, Scenario
from churnkit.results.found import Missing
from churnkit.results.whom import Whom
from churnkit.services.decide.chosen_customers import listed_customers, lists_named, whom_words
from churnkit.services.whatif.kept_scenarios import saved_scenarios
from churnkit.services.whatif.simulate import NO_LISTS, Lists

UNNAMED = "scenario"


def require_proof(run: OpenedRun) -> None:
    """See that a campaign on this forecast would be no guess.

    Raises
    ------
    ConflictError
        Nothing proves that the forecast tells the active apart.
    """
    advice = run.results.evidence.recommended
    if isinstance(advice, Missing):
        raise ConflictError(
            f"Planning a campaign: {advice.reason}", "See the trust of the analysis' results."
        )


def assumptions_of(run: OpenedRun, body: AssumptionBody) -> Assumptions:
    """The shop's assumptions with those of a request in their place."""
    return replace(run.kept.desk.defaults, **body.model_dump(exclude_none=True))


def whom_of(body: WhomBody) -> Whom:
    """Who comes into question, by a request."""
    return Whom(kind=body.kind, name=body.name, lapsed=body.lapsed)


def scenario_of(run: OpenedRun, body: SimulateBody, name: str = UNNAMED) -> Scenario:
    """The campaign on paper of a request."""
    return Scenario(
        name=name,
        customers=body.customers,
        budget=body.budget,
        whom=whom_of(body.whom),
        assumptions=assumptions_of(run, body.assumptions),
    )


def simulated(run: OpenedRun, scenario: Scenario) -> Simulated:
    """What would come of it.

    Raises
    ------
    ConflictError
        Nothing proves the forecast.
    DataError
        The list is not there, or nobody comes into question.
    """
    require_proof(run)
    lists = lists_of(run, scenario.whom)
    desk = run.kept.desk
    if not desk.among(scenario.whom, lists).any():
        raise DataError(
            f"Planning a campaign: nobody comes into question by {whom_words(scenario.whom)!a}.",
            "The segments of the analysis say what there is.",
        )
    play = desk.play(scenario, lists)
    return Simulated(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        scenario=scenario_set(scenario),
        outcome=OutcomeFigures.model_validate(play.outcome),
        in_question=play.group.customers,
        optimum=play.optimum,
        optimum_net=play.optimum_net,
        recommended=play.recommended,
        stay=play.group.stay,
        stay_with=Range.model_validate(play.group.stay_with),
    )


def lists_of(run: OpenedRun, whom: Whom) -> Lists:
    """The contact list that ``whom`` names, if it names one.

    Raises
    ------
    DataError
        It is not there.
    """
    if whom.kind != "list":
        return NO_LISTS
    return {whom.name: listed_customers(run.store, run.session.session_id, whom)}


def all_scenarios(run: OpenedRun) -> Scenarios:
    """Ready-made and kept ones, each with what comes of it now; errors as of :func:`require_proof`."""
    require_proof(run)
    desk, session_id = run.kept.desk, run.session.session_id
    kept = saved_scenarios(run.store, session_id)
    everything = [*((one, True) for one in desk.ready_made()), *((one, False) for one in kept.scenarios)]
    lists = lists_named(run.store, session_id, [one.whom for one, _ in everything])
    return Scenarios(
        analysis_id=session_id,
        run_id=run.run_id,
        currency=run.currency,
        items=[
            KeptScenario(
                scenario=scenario_set(one),
                is_ready_made=ready,
                outcome=OutcomeFigures.model_validate(desk.outcome(one, lists)),
            )
            for one, ready in everything
        ],
        damaged={name: error.message for name, error in kept.damaged.items()},
    )


def scenario_set(scenario: Scenario) -> ScenarioSet:
    """A scenario as it was set."""
    return ScenarioSet.model_validate(scenario)
