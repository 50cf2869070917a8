"""Webhooks: whom the workspace tells what happened to its shops, and what was told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import SourceKeeper
from churnkit.api.addresses import made_at
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.services.webhooks.events import TOLD
from churnkit.services.webhooks.registering import (
    NewSecret,
    add_webhook,
    change_webhook,
    known_webhook,
    rotate_secret,
    send_again,
    send_test,
)
from churnkit.store import Delivery, EventType, ToldType, Webhook

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

_ID = "7c1e0c2a4e8b7f4c1f9a3e6d2b1c0f9e"
_EXAMPLE: dict[str, Any] = {
    "webhook_id": _ID,
    "url": "https://hooks.example/churnkit",
    "events": ["analysis.completed", "analysis.failed"],
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
    "rotated_at": None,
    "failing_from_at": None,
    "disabled_at": None,
    "disabled_why": None,
}
_DELIVERY: dict[str, Any] = {
    "delivery_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "event_id": "evt_5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d",
    "event": "analysis.completed",
    "status": "delivered",
    "attempts": 1,
    "created_at": "2026-03-01T12:00:00Z",
    "next_at": None,
    "done_at": "2026-03-01T12:00:01Z",
    "answer_status": 200,
    "answer_words": None,
}
WebhookId = Annotated[str, Path(max_length=64, examples=[_ID])]
DeliveryId = Annotated[str, Path(max_length=64, examples=[_DELIVERY["delivery_id"]])]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        description="https, port 443, in the open internet; or a host that the server's environment allows by name.",
        examples=[_EXAMPLE["url"]],
    ),
]
Events = Annotated[
    list[ToldType], Field(min_length=1, max_length=len(TOLD), description="What it is told of.")
]


class WebhookAnswer(BaseModel):
    """An address that is told what happens."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]}, from_attributes=True)

    webhook_id: str
    url: str
    events: list[ToldType]
    created_by: str
    created_at: datetime
    rotated_at: datetime | None = Field(description="When it was last given another secret.")
    failing_from_at: datetime | None = Field(
        description="Since when nothing has arrived; null while all does."
    )
    disabled_at: datetime | None = Field(description="Since when it is told nothing; null while it is.")
    disabled_why: str | None


class Webhooks(BaseModel):
    """All webhooks of the workspace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[WebhookAnswer] = Field(description="The newest first.")


class NewWebhook(BaseModel):
    """A webhook that is to be added."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"url": _EXAMPLE["url"], "events": _EXAMPLE["events"]}]},
    )

    url: Url
    events: Events = ["analysis.completed", "analysis.failed"]


class ChangedWebhook(BaseModel):
    """What of a webhook is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_enabled": True}]})

    url: Url | None = None
    events: Events | None = None
    is_enabled: bool | None = Field(None, description="false: it is told nothing until it is true again.")


class WebhookSecret(WebhookAnswer):
    """A webhook with its secret, which is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_EXAMPLE, "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDazfm1lKiUQ8="}]
        }
    )

    secret: str = Field(
        description="By which signatures are checked, as https://www.standardwebhooks.com says."
    )


class DeliveryAnswer(BaseModel):
    """One event for one webhook."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DELIVERY]}, from_attributes=True)

    delivery_id: str
    event_id: str = Field(description="The `webhook-id` header: the same each time that it is sent.")
    event: EventType
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    created_at: datetime
    next_at: datetime | None = Field(description="When it is sent next, while it waits.")
    done_at: datetime | None
    answer_status: int | None = Field(description="HTTP status of the last answer.")
    answer_words: str | None = Field(description="Why the last attempt failed.")


@router.get("", operation_id="list_webhooks", summary="All webhooks of the workspace")
@blocking
def list_webhooks(caller: SourceKeeper) -> Webhooks:
    """Of each where it leads, and whether what is told to it arrives."""
    return Webhooks(items=[_shown(one) for one in caller.store.webhooks.all()])


@router.post(
    "", operation_id="add_webhook", summary="Add a webhook; its secret is shown once", status_code=201
)
@blocking
def add(caller: SourceKeeper, wanted: NewWebhook, request: Request, response: Response) -> WebhookSecret:
    """It is told what ends from now on. The answer is not kept for an `Idempotency-Key`."""
    made = add_webhook(caller.store, wanted.url, wanted.events)
    made_at(request, response, "webhooks", made.webhook.webhook_id)
    return _with_secret(made, response)


@router.get("/{webhook_id}", operation_id="get_webhook", summary="One webhook")
@blocking
def get(caller: SourceKeeper, webhook_id: WebhookId) -> WebhookAnswer:
    """Where it leads, and whether what is told to it arrives."""
    return _shown(caller.store.webhooks.get(known_webhook(webhook_id)))


@router.patch(
    "/{webhook_id}", operation_id="change_webhook", summary="Change a webhook, or switch it on or off"
)
@blocking
def change(caller: SourceKeeper, webhook_id: WebhookId, wanted: ChangedWebhook) -> WebhookAnswer:
    """One that is switched off is told nothing, and what waits for it has failed."""
    table, now = caller.store.webhooks, datetime.now(UTC)
    found = table.get(known_webhook(webhook_id))
    if wanted.url is not None or wanted.events is not None:
        found = change_webhook(
            caller.store, webhook_id, wanted.url or found.url, wanted.events or found.events
        )
    if wanted.is_enabled is True:
        found = table.enable(webhook_id, at=now)
    elif wanted.is_enabled is False:
        found = table.disable(webhook_id, why="it was switched off", at=now)
    return _shown(found)


@router.delete("/{webhook_id}", operation_id="delete_webhook", summary="Delete a webhook", status_code=204)
@blocking
def delete(caller: SourceKeeper, webhook_id: WebhookId) -> Response:
    """With what was told to it; what waits is not sent."""
    caller.store.webhooks.delete(known_webhook(webhook_id))
    return Response(status_code=204)


@router.post(
    "/{webhook_id}/secret", operation_id="rotate_webhook_secret", summary="Give a webhook another secret"
)
@blocking
def rotate(caller: SourceKeeper, webhook_id: WebhookId, response: Response) -> WebhookSecret:
    """It is shown once. For a day the one before signs beside it, so that nothing is lost while it is changed over."""
    return _with_secret(rotate_secret(caller.store, webhook_id), response)


@router.post("/{webhook_id}/test", operation_id="test_webhook", summary="Send a test event", status_code=202)
@blocking
def test(caller: SourceKeeper, webhook_id: WebhookId) -> DeliveryAnswer:
    """Of the kind `webhook.test`; whether it arrived stands among the deliveries."""
    sent = send_test(caller.store, webhook_id)
    caller.platform.tell_webhooks()
    return _delivery(sent)


@router.get(
    "/{webhook_id}/deliveries",
    operation_id="list_webhook_deliveries",
    summary="What was told to a webhook in the last 30 days",
)
@blocking
def list_deliveries(caller: SourceKeeper, webhook_id: WebhookId, paged: Paged) -> Page[DeliveryAnswer]:
    """The newest first."""
    rows = caller.store.webhooks.deliveries(known_webhook(webhook_id))
    found, body = paged.of_list(rows, lambda one: (one.created_at.isoformat(), one.delivery_id))
    return Page[DeliveryAnswer](**{**body, "items": [_delivery(one) for one in found]})


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/send-again",
    operation_id="send_webhook_delivery_again",
    summary="Send a delivery that has ended once more",
    status_code=202,
)
@blocking
def again(caller: SourceKeeper, webhook_id: WebhookId, delivery_id: DeliveryId) -> DeliveryAnswer:
    """Under the same `webhook-id`, by which the receiver knows a repeat."""
    sent = send_again(caller.store, webhook_id, delivery_id)
    caller.platform.tell_webhooks()
    return _delivery(sent)


def _shown(webhook: Webhook) -> WebhookAnswer:
    return WebhookAnswer.model_validate(webhook)


def _with_secret(made: NewSecret, response: Response) -> WebhookSecret:
    response.headers["Cache-Control"] = "no-store"
    return WebhookSecret(**_shown(made.webhook).model_dump(), secret=made.secret)


def _delivery(delivery: Delivery) -> DeliveryAnswer:
    answer = DeliveryAnswer.model_validate(delivery)
    return answer if delivery.status == "waiting" else answer.model_copy(update={"next_at": None})
