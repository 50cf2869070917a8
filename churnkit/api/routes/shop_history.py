"""A shop's history: the files that it was made of, a newer one, and the last one taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from churnkit.api.access import Reader, Uploader
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.models.shop_history import AddingBody, AdditionAnswer
from churnkit.api.opened import session_of
from churnkit.api.paging import Page, Paged
from churnkit.api.routes.jobs import started
from churnkit.api.threads import blocking
from churnkit.store import Addition

router = APIRouter(tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop, or `default`.", max_length=64)]


@router.get(
    "/shops/{shop_id}/additions", operation_id="list_additions", summary="What a shop's history was made of"
)
@blocking
def list_additions(caller: Reader, shop_id: ShopId, paging: Paged) -> Page[AdditionAnswer]:
    """Newest first; none where the shop still stands on its first file alone."""
    session = session_of(caller.store, shop_id)
    currency = caller.store.shops.get(session.session_id).shop_settings.currency
    additions = sorted(caller.store.additions.of_shop(session.session_id), key=_place, reverse=True)
    rows, body = paging.of_list(additions, _place)
    return Page[AdditionAnswer](**{**body, "items": [AdditionAnswer.of(one, currency) for one in rows]})


@router.post(
    "/shops/{shop_id}/additions",
    status_code=202,
    operation_id="add_export",
    summary="Add a newer export to a shop's history",
)
@blocking
def add_export(
    caller: Uploader, shop_id: ShopId, body: AddingBody, request: Request, response: Response
) -> JobAnswer:
    """It is read as the files before it; what it leaves open beyond that ends the job with the question."""
    session = session_of(caller.store, shop_id)
    job = caller.platform.add_export(
        caller.store,
        session.session_id,
        body.upload_id,
        missing=body.missing,
        corrects=body.corrects,
        insist=body.insist,
        then=body.then,
    )
    return started(caller, job, request, response)


@router.post(
    "/shops/{shop_id}/additions/take-back",
    status_code=202,
    operation_id="take_back_addition",
    summary="Take back what was added last",
)
@blocking
def take_back_addition(caller: Uploader, shop_id: ShopId, request: Request, response: Response) -> JobAnswer:
    """The history is again what it was before; runs that were made with the file stay."""
    session = session_of(caller.store, shop_id)
    return started(caller, caller.platform.take_back(caller.store, session.session_id), request, response)


def _place(addition: Addition) -> tuple[str, str]:
    return f"{addition.history_version:09d}", addition.addition_id
