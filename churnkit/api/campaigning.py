"""Campaigns and readouts, between requests and the services that plan and measure them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churnkit.api.access import Caller
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.models.campaign_models import (
    AdjustedEffect,
    CampaignAnswer,
    CampaignBody,
    CampaignLine,
    CampaignPlanAnswer,
    ChangedFigure,
    MeasuredRate,
    ReadoutAnswer,
    ReadoutBody,
    RealisedMoney,
    TierMeasured,
)
from churnkit.api.models.figures import Range
from churnkit.api.models.results_models import AssumptionFigures, OutcomeFigures
from churnkit.api.opened import OpenedRun, known_id
from churnkit.api.problems import ApiError
from churnkit.api.simulations import assumptions_of, require_proof, whom_of
from churnkit.errors import ConflictError
from churnkit.results.found import Found, Missing
from churnkit.services.campaign.campaign_plans import Wish, draft_campaign, open_campaign
from churnkit.services.campaign.campaign_sizes import starting_size
from churnkit.services.campaign.campaign_strength import strength
from churnkit.services.decide.shop_assumptions import readout_figures
from churnkit.store import FrozenCampaign, StoredReadout

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.campaigns import CampaignPlan
    from churnkit.experiments import Outcomes
    from churnkit.results.readout_figures import Effect


def drafted(run: OpenedRun, body: CampaignBody) -> CampaignPlan:
    """The campaign that a body asks for, not kept yet.

    Raises
    ------
    ConflictError
        Nothing proves the forecast.
    DataError, SettingsError
        The wish is impossible, or nobody is left.
    """
    require_proof(run)
    store, session_id, desk = run.store, run.session.session_id, run.kept.desk
    assumptions, whom = assumptions_of(run, body.assumptions), whom_of(body.whom)
    size = body.max_customers
    if size is None:
        size = starting_size(store, session_id, run.results, desk, assumptions, whom).customers
    wish = Wish(
        name=body.name,
        whom=whom,
        max_customers=size,
        holdout_share=body.holdout_share,
        value_floor=body.value_floor,
        only_profitable=body.only_profitable,
        only_consenting=body.only_consenting,
        do_not_contact=frozenset(body.do_not_contact),
    )
    return draft_campaign(store, session_id, run.results, desk, wish, assumptions)


def plan_answer(plan: CampaignPlan) -> CampaignPlanAnswer:
    """A plan with what it promises."""
    facts = plan.facts()
    return CampaignPlanAnswer(
        name=facts.settings.name,
        contacted=facts.treated,
        held_out=facts.held_out,
        left_out=facts.excluded,
        promise=OutcomeFigures.model_validate(facts.promise),
        assumptions=AssumptionFigures.model_validate(facts.assumptions),
        holdout_share=facts.settings.holdout_share,
        horizon_days=facts.settings.horizon_days,
        scored_at=facts.settings.scored_at,
        expected_base_rate=facts.expected_base_rate,
        power=strength(plan).power,
        notes=facts.notes,
    )


def campaign_answer(kept: FrozenCampaign, plan: CampaignPlan) -> CampaignAnswer:
    """A frozen campaign."""
    return CampaignAnswer(
        id=kept.campaign_id,
        analysis_id=kept.session_id,
        run_id=kept.run_id,
        status=kept.status,
        created_at=kept.created_at,
        started_on=kept.started_on,
        plan=plan_answer(plan),
    )


def campaign_line(kept: FrozenCampaign) -> CampaignLine:
    """A frozen campaign in a list."""
    return CampaignLine(
        id=kept.campaign_id,
        name=kept.name,
        analysis_id=kept.session_id,
        run_id=kept.run_id,
        status=kept.status,
        created_at=kept.created_at,
        started_on=kept.started_on,
    )


def find_campaign(caller: Caller, campaign_id: str) -> FrozenCampaign:
    """A campaign by its id.

    Raises
    ------
    NotFoundError
        There is none.
    """
    return caller.store.campaigns.get(known_id(campaign_id, "campaign"))


def read_out_by(caller: Caller, kept: FrozenCampaign, body: ReadoutBody) -> StoredReadout:
    """Read a campaign out from what a body names, and keep the look.

    Raises
    ------
    ApiError
        The body names no source, or two.
    ConflictError
        The analysis has no orders read yet.
    DataError
        The campaign has not gone out, or the results do not fit it.
    """
    from churnkit.services.campaign.readouts import keep_readout, read_out_campaign

    if (body.analysis_id is None) == (body.results is None):
        raise ApiError(422, "invalid", "Reading the request: give either analysis_id or results.")
    plan = open_campaign(caller.store, kept.campaign_id)
    outcomes, source, currency = _came_in(caller, kept, plan, body)
    readout = read_out_campaign(plan, outcomes)
    return keep_readout(caller.store, kept, readout, source=source, currency=currency)


def _came_in(
    caller: Caller, kept: FrozenCampaign, plan: CampaignPlan, body: ReadoutBody
) -> tuple[Outcomes, str, str | None]:
    """The results, what they came from and their currency."""
    from churnkit.services.campaign.readouts import order_sources, results_of_orders, results_of_table

    sources = order_sources(caller.store, caller.platform.look_folder)
    if body.analysis_id is not None:
        session = find_analysis(caller.store, body.analysis_id)
        orders = sources.get(session.session_id)
        if orders is None:
            raise ConflictError(
                "Reading out: the file of this analysis has not been read yet.", "Wait for its look."
            )
        return results_of_orders(plan, kept, orders.transactions), orders.label, orders.currency
    planned_on = sources.get(kept.session_id)
    outcomes = results_of_table(plan, _table(body), body.elapsed_days)
    return outcomes, "results by the API", planned_on.currency if planned_on else None


def _table(body: ReadoutBody) -> pd.DataFrame:
    """The lines of a body as the text that a file would hold; a figure that no line has is no column."""
    import pandas as pd

    assert body.results is not None
    columns: dict[str, list[str]] = {"customer_id": [line.customer_id for line in body.results]}
    if any(line.converted is not None for line in body.results):
        columns["converted"] = [
            "" if line.converted is None else str(line.converted).lower() for line in body.results
        ]
    if any(line.revenue is not None for line in body.results):
        columns["revenue"] = [
            "" if line.revenue is None else str(round(line.revenue, 4)) for line in body.results
        ]
    return pd.DataFrame(columns, dtype=object)


def readout_answer(stored: StoredReadout, name: str) -> ReadoutAnswer:
    """A look at the campaign called ``name``.

    Raises
    ------
    DataError
        It is damaged.
    """
    found = readout_figures(stored, name)
    return ReadoutAnswer(
        id=stored.readout_id,
        campaign_id=stored.campaign_id,
        looked_at=stored.looked_at,
        source=stored.source,
        words=stored.words,
        grade=found.grade,
        complete=found.complete,
        treated=found.treated,
        held_out=found.held_out,
        elapsed_days=found.elapsed_days,
        horizon_days=found.horizon_days,
        conversion=_changed(found.conversion),
        revenue=None if found.revenue is None else _changed(found.revenue),
        save_rate=None if found.save_rate is None else MeasuredRate.model_validate(found.save_rate),
        by_tier=[TierMeasured.model_validate(one) for one in found.by_tier],
        realised=RealisedMoney.model_validate(found.realised),
        notes=found.notes,
    )


def _changed(effect: Effect) -> ChangedFigure:
    adjusted = None
    match effect.adjusted:
        case Found(value):
            adjusted = AdjustedEffect.model_validate(value)
        case Missing():
            pass
    return ChangedFigure(
        treated=effect.treated,
        held_out=effect.held_out,
        difference=Range.model_validate(effect.difference),
        safe=Range.model_validate(effect.safe),
        adjusted=adjusted,
    )
