"""A shop's next run: scored by the model that it has, or trained again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from churnkit.api.access import Runner
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.opened import session_of
from churnkit.api.routes.jobs import started
from churnkit.api.threads import blocking

router = APIRouter(tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop, or `default`.", max_length=64)]


@router.post(
    "/shops/{shop_id}/refresh",
    status_code=202,
    operation_id="refresh_shop",
    summary="Score the newest history by the model that the shop has",
)
@blocking
def refresh_shop(caller: Runner, shop_id: ShopId, request: Request, response: Response) -> JobAnswer:
    """Nothing is trained: seconds. It waits for other work on the shop; asked twice while it waits, it is one job."""
    session = session_of(caller.store, shop_id)
    job = caller.platform.start_refresh(caller.store, session.session_id)
    return started(caller, job, request, response)


@router.post(
    "/shops/{shop_id}/retrain",
    status_code=202,
    operation_id="retrain_shop",
    summary="Train and compare models on the newest history",
)
@blocking
def retrain_shop(caller: Runner, shop_id: ShopId, request: Request, response: Response) -> JobAnswer:
    """Minutes. With the settings and the churn threshold of the model that the shop has, so that both answer the same."""
    session = session_of(caller.store, shop_id)
    job = caller.platform.start_retrain(caller.store, session.session_id)
    return started(caller, job, request, response)
