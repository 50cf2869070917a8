"""Who is told by mail what happens to a shop."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.alerts.catalogue import CATALOGUE, USUAL
from churnkit.api.access import SourceKeeper
from churnkit.api.addresses import made_at
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.results.shop_events import EventKind
from churnkit.services.alerts.subscribing import send_trial, subscribe_mail
from churnkit.store import Message, Store, Subscription

router = APIRouter(prefix="/shops/{shop_id}", tags=["alerts"])

_SHOP = "5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"
_ID = "7c1e0c2a4e8b7f4c1f9a3e6d2b1c0f9e"
_SUBSCRIPTION: dict[str, Any] = {
    "subscription_id": _ID,
    "shop_id": _SHOP,
    "channel": "mail",
    "address": "kim@shop.example",
    "kinds": ["run_ready", "risk_crossed"],
    "rhythm": "daily",
    "with_report": True,
    "time_zone": "Europe/Berlin",
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
}
_MESSAGE: dict[str, Any] = {
    "message_id": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "subject": "A test from churnkit",
    "status": "waiting",
    "attempts": 0,
    "created_at": "2026-03-01T12:00:00Z",
    "done_at": None,
    "answer_words": None,
}
ShopId = Annotated[str, Path(description="Id of the shop.", max_length=64, examples=[_SHOP])]
SubscriptionId = Annotated[str, Path(max_length=64, examples=[_ID])]
Rhythm = Literal["soon", "daily", "weekly"]


class NewSubscription(BaseModel):
    """Somebody who is to be told."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"address": _SUBSCRIPTION["address"], "rhythm": "daily"}]},
    )

    address: str = Field(min_length=3, max_length=254, description="An e-mail address.")
    kinds: list[EventKind] = Field(
        list(USUAL), max_length=len(CATALOGUE), description="What they are told of; the usual unless named."
    )
    rhythm: Rhythm = Field(
        "daily", description="`soon`: once an hour at most; else at 8 in the morning, or on Mondays."
    )
    with_report: bool = Field(
        False, description="Whether they get the report on Mondays, which names customers."
    )
    time_zone: str = Field(
        "UTC", max_length=64, description="IANA name of the zone whose mornings are meant."
    )


class SubscriptionAnswer(BaseModel):
    """Somebody who is told what happens."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SUBSCRIPTION]}, from_attributes=True)

    subscription_id: str
    shop_id: str | None = Field(description="null for every shop of the workspace.")
    channel: Literal["mail", "slack"]
    address: str = Field(description="Of a chat only its host and the last letters.")
    kinds: list[EventKind]
    rhythm: Rhythm
    with_report: bool
    time_zone: str
    created_by: str
    created_at: datetime


class Subscriptions(BaseModel):
    """Everybody who is told of a shop."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_SUBSCRIPTION]}]})

    items: list[SubscriptionAnswer] = Field(description="The newest first.")


class MessageAnswer(BaseModel):
    """A message on its way."""

    model_config = ConfigDict(json_schema_extra={"examples": [_MESSAGE]}, from_attributes=True)

    message_id: str
    subject: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    created_at: datetime
    done_at: datetime | None
    answer_words: str | None = Field(description="Why it has not arrived.")


@router.get("/subscriptions", operation_id="list_shop_subscriptions", summary="Who is told of a shop")
@blocking
def list_subscriptions(caller: SourceKeeper, shop_id: ShopId) -> Subscriptions:
    """Those of every shop of the workspace too."""
    caller.store.shops.get(shop_id)
    known = [one for one in caller.store.subscriptions.all() if one.shop_id in (None, shop_id)]
    return Subscriptions(items=[_shown(one) for one in known])


@router.post(
    "/subscriptions",
    operation_id="add_shop_subscription",
    summary="Let somebody be told of a shop by mail",
    status_code=201,
)
@blocking
def add(
    caller: SourceKeeper, shop_id: ShopId, wanted: NewSubscription, request: Request, response: Response
) -> SubscriptionAnswer:
    """They are told what happens from now on, in one message for all that came together."""
    made = subscribe_mail(caller.store, shop_id=shop_id, **wanted.model_dump())
    made_at(request, response, "shops", shop_id, "subscriptions", made.subscription_id)
    return _shown(made)


@router.get(
    "/subscriptions/{subscription_id}", operation_id="get_shop_subscription", summary="One subscription"
)
@blocking
def get(caller: SourceKeeper, shop_id: ShopId, subscription_id: SubscriptionId) -> SubscriptionAnswer:
    """Whom it tells of what, and how often."""
    return _shown(_subscription(caller.store, shop_id, subscription_id))


@router.delete(
    "/subscriptions/{subscription_id}",
    operation_id="delete_shop_subscription",
    summary="Tell somebody nothing any more",
    status_code=204,
)
@blocking
def delete(caller: SourceKeeper, shop_id: ShopId, subscription_id: SubscriptionId) -> Response:
    """What waits for them is not sent."""
    _subscription(caller.store, shop_id, subscription_id)
    caller.store.subscriptions.delete(subscription_id)
    return Response(status_code=204)


@router.post(
    "/subscriptions/{subscription_id}/test",
    operation_id="test_shop_subscription",
    summary="Send a test message",
    status_code=202,
)
@blocking
def test(caller: SourceKeeper, shop_id: ShopId, subscription_id: SubscriptionId) -> MessageAnswer:
    """Whether it arrived stands under Settings, Alerts."""
    _subscription(caller.store, shop_id, subscription_id)
    queued = send_trial(caller.store, subscription_id)
    caller.platform.tell_webhooks()
    return _message(queued)


def _subscription(store: Store, shop_id: str, subscription_id: str) -> Subscription:
    found = store.subscriptions.get(subscription_id)
    if found.shop_id not in (None, shop_id):
        raise NotFoundError(f"Looking for subscription {subscription_id!r}: there is none of this shop.")
    store.shops.get(shop_id)
    return found


def _shown(subscription: Subscription) -> SubscriptionAnswer:
    return SubscriptionAnswer.model_validate(subscription)


def _message(message: Message) -> MessageAnswer:
    return MessageAnswer.model_validate(message)
