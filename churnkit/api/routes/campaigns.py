"""Campaigns: planned on an analysis, frozen, sent, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Request, Response

from churnkit.accounts import Action
from churnkit.api.access import Caller, Exporter, Planner, Reader
from churnkit.api.addresses import made_at
from churnkit.api.campaigning import campaign_answer, campaign_line, drafted, find_campaign, plan_answer
from churnkit.api.customer_answers import known_rows
from churnkit.api.models.campaign_models import (
    AllLeftOut,
    CampaignAnswer,
    CampaignBody,
    CampaignChange,
    CampaignLine,
    CampaignPlanAnswer,
    LeftOut,
    Member,
    Members,
)
from churnkit.api.opened import open_run
from churnkit.api.paging import Page, Paged
from churnkit.api.parameters import AnalysisId
from churnkit.api.problems import ApiError
from churnkit.api.threads import blocking
from churnkit.services.campaign.campaign_plans import keep_campaign, open_campaign

if TYPE_CHECKING:
    import pandas as pd

router = APIRouter(tags=["campaigns"])

CampaignId = Annotated[
    str,
    Path(description="Id of a campaign.", examples=["5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"], max_length=64),
]


@router.post(
    "/analyses/{analysis_id}/campaigns:draft",
    operation_id="draft_campaign",
    summary="What a campaign would be",
)
@blocking
def draft(caller: Reader, analysis_id: AnalysisId, body: CampaignBody) -> CampaignPlanAnswer:
    """Arms, promise and who is left out; nothing is kept. The same body gives the same arms when it is frozen."""
    return plan_answer(drafted(open_run(caller, analysis_id), body))


@router.post(
    "/analyses/{analysis_id}/campaigns",
    status_code=201,
    operation_id="freeze_campaign",
    summary="Plan a campaign and freeze it",
)
@blocking
def freeze(
    caller: Planner, analysis_id: AnalysisId, body: CampaignBody, request: Request, response: Response
) -> CampaignAnswer:
    """Customers, arms, scores and promise stay as they are now, so that what came of it can be measured."""
    run = open_run(caller, analysis_id)
    plan = drafted(run, body)
    kept = keep_campaign(caller.store, run.session.session_id, run.run_id, plan)
    made_at(request, response, "campaigns", kept.campaign_id)
    return campaign_answer(kept, plan)


@router.get("/campaigns", operation_id="list_campaigns", summary="The workspace's campaigns, newest first")
@blocking
def list_campaigns(caller: Reader, paged: Paged) -> Page[CampaignLine]:
    """Frozen ones, whatever became of them."""
    rows = sorted(
        caller.store.campaigns.all(),
        key=lambda one: (one.created_at.isoformat(), one.campaign_id),
        reverse=True,
    )
    found, body = paged.of_list(rows, lambda one: (one.created_at.isoformat(), one.campaign_id))
    return Page[CampaignLine](**{**body, "items": [campaign_line(one) for one in found]})


@router.get("/campaigns/{campaign_id}", operation_id="get_campaign", summary="One campaign")
@blocking
def get_campaign(caller: Reader, campaign_id: CampaignId) -> CampaignAnswer:
    """What was planned, assumed and promised, and how it stands."""
    kept = find_campaign(caller, campaign_id)
    return campaign_answer(kept, open_campaign(caller.store, kept.campaign_id))


@router.patch(
    "/campaigns/{campaign_id}", operation_id="change_campaign", summary="Say that it went out, or is over"
)
@blocking
def change(caller: Planner, campaign_id: CampaignId, body: CampaignChange) -> CampaignAnswer:
    """Until it has ended, another day corrects the one on which it went out; once over, others may have its customers."""
    kept = find_campaign(caller, campaign_id)
    if body.status == "running":
        if body.started_on is None:
            raise ApiError(
                422, "invalid", "Reading the request: running takes started_on, the day it went out."
            )
        kept = caller.store.campaigns.start(kept.campaign_id, body.started_on)
    else:
        kept = caller.store.campaigns.end(kept.campaign_id)
    return campaign_answer(kept, open_campaign(caller.store, kept.campaign_id))


@router.delete(
    "/campaigns/{campaign_id}", status_code=204, operation_id="delete_campaign", summary="Delete a campaign"
)
@blocking
def delete(caller: Planner, campaign_id: CampaignId) -> None:
    """With its customers, arms and readouts."""
    caller.store.campaigns.delete(find_campaign(caller, campaign_id).campaign_id)


@router.get(
    "/campaigns/{campaign_id}/members", operation_id="list_members", summary="The customers of a campaign"
)
@blocking
def members(caller: Exporter, campaign_id: CampaignId, paged: Paged) -> Members:
    """Best first, each with its arm and the scores that were frozen: for whoever sends, so it takes leave to export."""
    kept = find_campaign(caller, campaign_id)
    rows = caller.store.campaigns.members(kept.campaign_id)
    _note(caller, paged.first(campaign_id), kept.campaign_id)
    items = [
        Member.model_validate(row) for row in known_rows(_page(rows, paged.first(campaign_id), paged.limit))
    ]
    return Members(**paged.of_rows(items, len(rows), campaign_id))


@router.get(
    "/campaigns/{campaign_id}/exclusions", operation_id="list_left_out", summary="Who was left out, and why"
)
@blocking
def exclusions(caller: Reader, campaign_id: CampaignId, paged: Paged) -> AllLeftOut:
    """By reason, then by customer."""
    rows = caller.store.campaigns.exclusions(find_campaign(caller, campaign_id).campaign_id)
    items = [
        LeftOut.model_validate(row) for row in known_rows(_page(rows, paged.first(campaign_id), paged.limit))
    ]
    return AllLeftOut(**paged.of_rows(items, len(rows), campaign_id))


def _page(rows: pd.DataFrame, first: int, limit: int) -> pd.DataFrame:
    return rows.iloc[first : first + limit]


def _note(caller: Caller, first: int, campaign_id: str) -> None:
    """The list is taken out once, however many pages it has."""
    if first == 0:
        caller.store.audit.note("taking out the customers of a campaign", Action.EXPORT, campaign_id)
