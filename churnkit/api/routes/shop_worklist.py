"""The work list of a shop: whom it means to speak to, and what came of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Planner, Reader
from churnkit.api.models.figures import Answer, Instant
from churnkit.api.opened import open_run
from churnkit.api.paging import Page, Paged
from churnkit.api.parameters import Day
from churnkit.api.threads import blocking
from churnkit.services.worklist.listed import MAX_NOTE, set_state
from churnkit.store import WorkState

router = APIRouter(prefix="/shops/{shop_id}", tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop's analysis, or `default`.", max_length=64)]
MOST_AT_ONCE = 1000


class WorkEntryAnswer(Answer):
    """How it stands with a customer."""

    customer_id: str
    state: WorkState
    note: str = Field(examples=["Wants to be called again in May."])
    contacted_on: Day | None = Field(
        description="The day on which somebody last spoke to them.", examples=["2026-03-01"]
    )
    noted_by: str = Field(
        description="Who said so, where people sign in, or which key.", examples=["ann@shop.example"]
    )
    is_automatic: bool = Field(description="Whether the program said so: the customer has bought again.")
    noted_at: Instant


class WorkStates(BaseModel):
    """What to say of some customers."""

    model_config = ConfigDict(extra="forbid")

    customer_ids: list[Annotated[str, Field(max_length=500)]] = Field(
        min_length=1, max_length=MOST_AT_ONCE, examples=[["17850"]]
    )
    state: WorkState = Field(examples=["contacted"])
    note: str = Field("", max_length=MAX_NOTE, examples=["Wants to be called again in May."])
    contacted_on: Day | None = Field(
        None,
        description="The day on which somebody spoke to them; of `contacted` today unless given.",
        examples=["2026-03-01"],
    )


@router.get("/worklist", operation_id="list_work", summary="The work list, newest word first")
@blocking
def list_work(
    caller: Reader,
    shop_id: ShopId,
    paged: Paged,
    state: Annotated[WorkState | None, Query(description="Only customers of this state.")] = None,
) -> Page[WorkEntryAnswer]:
    """Every customer who was ever put on it, with the state that was said last."""
    run = open_run(caller, shop_id)
    entries = caller.store.worklist.of_shop(run.session.session_id)
    wanted = sorted(
        (one for one in entries if state in (None, one.state)),
        key=lambda one: (one.noted_at.isoformat(), one.customer_id),
        reverse=True,
    )
    found, body = paged.of_list(wanted, lambda one: (one.noted_at.isoformat(), one.customer_id))
    return Page[WorkEntryAnswer](**{**body, "items": [WorkEntryAnswer.model_validate(one) for one in found]})


@router.post(
    "/worklist", status_code=204, operation_id="set_work", summary="Say how it stands with customers"
)
@blocking
def set_work(caller: Planner, shop_id: ShopId, body: WorkStates) -> None:
    """Puts them on the list where they are not on it; what was said before is kept. `back` is usually set by itself."""
    run = open_run(caller, shop_id)
    set_state(
        caller.store,
        run.session.session_id,
        run.results,
        body.customer_ids,
        body.state,
        note=body.note,
        contacted_on=body.contacted_on,
    )
