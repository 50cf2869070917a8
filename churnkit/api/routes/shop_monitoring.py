"""Whether a shop's forecasts came true, what has changed, and what happened."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import APIRouter, Path

from churnkit.api.access import Caller, Reader
from churnkit.api.models.monitoring_models import DriftAnswer, ScorecardsAnswer, ShopEventAnswer
from churnkit.api.opened import session_of
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.results.codec import Document
from churnkit.results.drift import DRIFT_FILE, DriftDocument
from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.results.scorecards import SCORECARDS_FILE, ScorecardsDocument
from churnkit.services.monitor.newest import most_recent
from churnkit.store import Session, ShopEvent

router = APIRouter(tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop, or `default`.", max_length=64)]
D = TypeVar("D", bound=Document)


@router.get(
    "/shops/{shop_id}/scorecards",
    operation_id="list_scorecards",
    summary="Past forecasts against what came",
)
@blocking
def list_scorecards(caller: Reader, shop_id: ShopId) -> ScorecardsAnswer:
    """As far as the newest orders tell. 404 before there is a run that tells."""
    session = session_of(caller.store, shop_id)
    results, found = _told(caller, session, ScorecardsDocument, SCORECARDS_FILE)
    return ScorecardsAnswer.of(session.session_id, found, results.currency)


@router.get("/shops/{shop_id}/drift", operation_id="get_drift", summary="What has changed since the training")
@blocking
def get_drift(caller: Reader, shop_id: ShopId) -> DriftAnswer:
    """Values, orders and prices, and the reasons to train again. 404 where there is no earlier date to compare with."""
    session = session_of(caller.store, shop_id)
    _, found = _told(caller, session, DriftDocument, DRIFT_FILE)
    return DriftAnswer.of(session.session_id, found)


@router.get("/shops/{shop_id}/log", operation_id="list_shop_events", summary="What happened to a shop")
@blocking
def list_shop_events(caller: Reader, shop_id: ShopId, paging: Paged) -> Page[ShopEventAnswer]:
    """Newest first: runs, models, files, failures."""
    session = session_of(caller.store, shop_id)
    events = sorted(caller.store.events.of_shop(session.session_id), key=_place, reverse=True)
    rows, body = paging.of_list(events, _place)
    return Page[ShopEventAnswer](**{**body, "items": [ShopEventAnswer.of(one) for one in rows]})


def _told(caller: Caller, session: Session, kind: type[D], name: str) -> tuple[Results, D]:
    newest = most_recent(caller.platform.runs(caller.store, session.session_id))
    if newest is None:
        raise NotFoundError("Looking for past forecasts: this shop has none yet.", "Start its analysis.")
    results = Results(caller.platform.folders.run(session.session_id, newest.run_id))
    found = results.later(kind, name)
    if isinstance(found, Missing):
        raise NotFoundError(
            f"Looking for past forecasts: {found.reason[:1].lower()}{found.reason[1:]}",
            "Ask again after the next run.",
        )
    return results, found.value


def _place(event: ShopEvent) -> tuple[str, str]:
    return event.happened_at.isoformat(), event.event_id
