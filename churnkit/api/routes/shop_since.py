"""What changed in a shop since an earlier version of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field

from churnkit.api.access import Reader
from churnkit.api.models.figures import Answer, Currency, Figure, Instant
from churnkit.api.opened import open_run
from churnkit.api.threads import blocking
from churnkit.errors import ConflictError
from churnkit.services.since.earlier_runs import earlier_runs, is_same_model
from churnkit.services.since.moves import Move

router = APIRouter(prefix="/shops/{shop_id}", tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop's analysis, or `default`.", max_length=64)]


class Sold(Answer):
    """What was sold in some days."""

    orders: int = Field(examples=[712])
    customers: int
    revenue: float = Field(description="Net of returns.")


class MoveAnswer(Answer):
    """Customers who made one move."""

    move: Move
    title: str = Field(examples=["Won back"])
    customers: int
    spent_since: float = Field(examples=[44732.0])
    clv_then: Figure = Field(
        description="Their value of a year by the earlier version; null for new customers.",
        examples=[36460.0],
    )
    clv: Figure
    value_at_risk: Figure


class ChangesAnswer(Answer):
    """A shop since an earlier version; who is about to leave stands in the high tier."""

    run_id: str
    before_run_id: str
    before: Instant = Field(description="Until when the earlier version knew.")
    now: Instant
    currency: Currency
    tells_tiers: bool = Field(description="Whether both have tiers for the same threshold.")
    active_before: int = Field(examples=[2650])
    active: int
    leaving_before: int = Field(examples=[283])
    leaving: int = Field(examples=[190])
    at_risk_before: Figure = Field(examples=[129989.0])
    at_risk: Figure = Field(examples=[84836.0])
    since: Sold
    as_long_before: Sold | None = Field(
        description="In as many days before; null where the history begins later."
    )
    moves: list[MoveAnswer]
    gone: int = Field(
        description="Customers of the earlier version who are not in the orders any more.", examples=[3]
    )
    notes: list[str]


@router.get("/changes", operation_id="get_changes", summary="What changed since an earlier version")
@blocking
def get_changes(
    caller: Reader,
    shop_id: ShopId,
    since: Annotated[
        str | None,
        Query(
            description="Id of an earlier run whose orders end earlier; the latest such unless given.",
            max_length=64,
        ),
    ] = None,
) -> ChangesAnswer:
    """Sales, who moved from where to where with the money, as on the page Since last time; of the run on screen."""
    # The libraries that read orders come when somebody asks.
    from churnkit.services.since.changes import compare_runs

    now = open_run(caller, shop_id)
    session_id = now.session.session_id
    runs = caller.platform.runs(caller.store, session_id)
    shown = next(run for run in runs if run.run_id == now.run_id)
    earlier = [run for run in earlier_runs(runs, shown) if since in (None, run.run_id)]
    if not earlier:
        raise ConflictError(
            "Comparing with an earlier version: this shop has none whose orders end earlier"
            f"{'' if since is None else ', by this id'}.",
            "Add a newer export, or take an id from the list of its runs.",
        )
    before = open_run(caller, session_id, earlier[0].run_id)
    found = compare_runs(before.results, now.results, same_model=is_same_model(earlier[0], shown))
    return ChangesAnswer(
        run_id=now.run_id,
        before_run_id=before.run_id,
        before=found.before,
        now=found.now,
        currency=now.currency,
        tells_tiers=found.tells_tiers,
        active_before=found.active_before,
        active=found.active,
        leaving_before=found.leaving_before,
        leaving=found.leaving,
        at_risk_before=found.at_risk_before,
        at_risk=found.at_risk,
        since=Sold.model_validate(found.since),
        as_long_before=None if found.as_long_before is None else Sold.model_validate(found.as_long_before),
        moves=[MoveAnswer.model_validate(row) for row in found.moves.to_dict("records")],
        gone=found.gone,
        notes=list(found.notes),
    )
