"""What a campaign changed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from churnkit.api.access import Planner, Reader
from churnkit.api.addresses import made_at
from churnkit.api.campaigning import find_campaign, read_out_by, readout_answer
from churnkit.api.models.campaign_models import ReadoutAnswer, ReadoutBody, Readouts
from churnkit.api.routes.campaigns import CampaignId
from churnkit.api.threads import blocking
from churnkit.errors import DataError

router = APIRouter(prefix="/campaigns/{campaign_id}/readouts", tags=["campaigns"])


@router.get("", operation_id="list_readouts", summary="Looks at a campaign's results, newest first")
@blocking
def list_readouts(caller: Reader, campaign_id: CampaignId) -> Readouts:
    """Effects against those held out, and the money against the promise."""
    kept = find_campaign(caller, campaign_id)
    items, damaged = [], []
    for stored in caller.store.readouts.of_campaign(kept.campaign_id):
        try:
            items.append(readout_answer(stored, kept.name))
        except DataError:
            damaged.append(stored.readout_id)
    return Readouts(items=items, damaged=damaged)


@router.post("", status_code=201, operation_id="read_out", summary="Read a campaign out")
@blocking
def read_out(
    caller: Planner, campaign_id: CampaignId, body: ReadoutBody, request: Request, response: Response
) -> ReadoutAnswer:
    """From the later orders of an analysis, or from a list of what came of each customer. Each look is kept."""
    kept = find_campaign(caller, campaign_id)
    answer = readout_answer(read_out_by(caller, kept, body), kept.name)
    made_at(request, response, "campaigns", kept.campaign_id, "readouts")
    return answer
