"""Shops: analyses with a finished run."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from churnkit.api.access import Caller, Reader
from churnkit.api.analysis_choice import default_analysis
from churnkit.api.models.figures import Answer
from churnkit.api.models.results_models import Shop
from churnkit.api.opened import open_run, session_of
from churnkit.api.threads import blocking
from churnkit.errors import ChurnkitError, NotFoundError
from churnkit.store import Session

router = APIRouter(tags=["shops"])


class Shops(Answer):
    """The workspace's shops, newest first."""

    items: list[Shop]
    total: int
    damaged: list[str] = Field(description="Ids of those whose files cannot be read.")


@router.get("/shops", operation_id="list_shops", summary="The workspace's shops")
@blocking
def list_shops(caller: Reader) -> Shops:
    """A shop is an analysis with a finished run, with the figures of its current one."""
    items, damaged = [], []
    for session in caller.store.sessions.all():
        if session.run_id is None:
            continue
        try:
            items.append(_shop(caller, session))
        except NotFoundError:
            # Deleted since the list was read.
            continue
        except ChurnkitError:
            damaged.append(session.session_id)
    return Shops(items=items, total=len(items), damaged=damaged)


@router.get("/shops/{shop_id}", operation_id="get_shop", summary="One shop")
@blocking
def get_shop(
    caller: Reader,
    shop_id: Annotated[str, Path(description="Id of its analysis, or `default`.", max_length=64)],
) -> Shop:
    """Who it is, and which run speaks for it."""
    return _shop(caller, session_of(caller.store, shop_id))


def _shop(caller: Caller, session: Session) -> Shop:
    run = open_run(caller, session.session_id)
    summary = run.results.summary
    return Shop(
        id=session.session_id,
        name=session.name or "orders",
        run_id=run.run_id,
        currency=run.currency,
        scored_at=summary.question.cutoff,
        customers=summary.customers.count,
        active=summary.customers.active.customers,
        horizon_days=summary.question.horizon_days,
        is_default=default_analysis(caller.store).session_id == session.session_id,
    )
