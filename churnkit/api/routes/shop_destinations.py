"""Destinations of a shop: who gets its scores, and what was sent there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import SourceKeeper
from churnkit.api.addresses import made_at
from churnkit.api.paging import Page, Paged
from churnkit.api.threads import blocking
from churnkit.errors import NotFoundError
from churnkit.results.destination import DestinationSettings
from churnkit.services.destinations.registering import add_destination, send_now
from churnkit.store import Destination, Push, Store

router = APIRouter(prefix="/shops/{shop_id}/destinations", tags=["destinations"])

Kind = Literal["hubspot", "klaviyo", "s3", "folder"]
_SHOP = "5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"
_ID = "7c1e0c2a4e8b7f4c1f9a3e6d2b1c0f9e"
_SETTINGS: dict[str, Any] = {
    "audience": "high_and_medium",
    "known_by": "email",
    "id_property": "",
    "bucket": "",
    "prefix": "",
    "region": "us-east-1",
    "endpoint": None,
    "folder": "",
}
_EXAMPLE: dict[str, Any] = {
    "destination_id": _ID,
    "shop_id": _SHOP,
    "kind": "hubspot",
    "name": "CRM",
    "settings": _SETTINGS,
    "after_runs": True,
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
    "paused_at": None,
}
_PUSH: dict[str, Any] = {
    "push_id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
    "run_id": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "status": "done",
    "attempts": 1,
    "sent": 412,
    "cleared": 17,
    "unchanged": 3883,
    "refused": {"no e-mail address is known": 3},
    "push_words": "",
    "created_at": "2026-03-01T12:00:00Z",
    "next_at": None,
    "done_at": "2026-03-01T12:00:09Z",
}
ShopId = Annotated[str, Path(description="Id of the shop.", max_length=64, examples=[_SHOP])]
DestinationId = Annotated[str, Path(max_length=64, examples=[_ID])]
_Text = Annotated[str, Field(max_length=500)]


class SettingsModel(BaseModel):
    """What is sent, and where it lies; what a kind does not need is left out."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [_SETTINGS]}, from_attributes=True
    )

    audience: Literal["everybody", "high_and_medium", "high"] = Field(
        "everybody", description="Whose scores: of everybody, or of the active with such a risk."
    )
    known_by: Literal["email", "customer_id"] = Field(
        "email", description="What HubSpot or Klaviyo know a customer by."
    )
    id_property: _Text = Field("", description="HubSpot's property with the shop's customer id.")
    bucket: _Text = ""
    prefix: _Text = ""
    region: _Text = "us-east-1"
    endpoint: _Text | None = None
    folder: _Text = Field("", description="Below the server's folder for exports.")


class NewDestination(BaseModel):
    """A destination that is to be added."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "hubspot",
                    "name": "CRM",
                    "settings": {"audience": "high_and_medium"},
                    "credentials": {"token": "pat-eu1-…"},
                }
            ]
        },
    )

    kind: Kind
    name: str = Field(min_length=1, max_length=100)
    settings: SettingsModel = Field(default=SettingsModel.model_validate({}))
    credentials: dict[str, Annotated[str, Field(max_length=2000)]] = Field(
        {},
        description="`token` of HubSpot and Klaviyo; `access_key` and `secret_key` of s3. Never shown again.",
    )
    after_runs: bool = Field(True, description="Whether it gets the scores of each new version by itself.")


class ChangedDestination(BaseModel):
    """What of a destination is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_paused": True}]})

    is_paused: bool | None = None
    after_runs: bool | None = None


class DestinationAnswer(BaseModel):
    """A tool or place that gets a shop's scores."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    destination_id: str
    shop_id: str
    kind: Kind
    name: str
    settings: SettingsModel
    after_runs: bool
    created_by: str
    created_at: datetime
    paused_at: datetime | None


class Destinations(BaseModel):
    """All destinations of a shop."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[DestinationAnswer] = Field(description="The oldest first.")


class PushAnswer(BaseModel):
    """One sending of a version's scores."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PUSH]})

    push_id: str
    run_id: str
    status: Literal["waiting", "done", "failed", "replaced"]
    attempts: int
    sent: int
    cleared: int = Field(description="Customers whose values were taken away.")
    unchanged: int
    refused: dict[str, int] = Field(description="By reason, customers that were not sent.")
    push_words: str = Field(description="Why the last attempt failed.")
    created_at: datetime
    next_at: datetime | None = Field(description="When it is tried next, while it waits.")
    done_at: datetime | None


@router.get("", operation_id="list_destinations", summary="All destinations of a shop")
@blocking
def list_destinations(caller: SourceKeeper, shop_id: ShopId) -> Destinations:
    """Who gets its scores; credentials are never shown."""
    return Destinations(items=[_shown(one) for one in caller.store.destinations.of_shop(shop_id)])


@router.post("", operation_id="add_destination", summary="Add a destination", status_code=201)
@blocking
def add(
    caller: SourceKeeper, shop_id: ShopId, wanted: NewDestination, request: Request, response: Response
) -> DestinationAnswer:
    """It gets the scores from the next version on, or when it is sent to."""
    made = add_destination(
        caller.store,
        shop_id,
        wanted.kind,
        wanted.name.strip(),
        DestinationSettings(**wanted.settings.model_dump()),
        wanted.credentials,
        after_runs=wanted.after_runs,
    )
    made_at(request, response, "shops", shop_id, "destinations", made.destination_id)
    return _shown(made)


@router.get("/{destination_id}", operation_id="get_destination", summary="One destination")
@blocking
def get(caller: SourceKeeper, shop_id: ShopId, destination_id: DestinationId) -> DestinationAnswer:
    """What it gets, and where it lies."""
    return _shown(_destination(caller.store, shop_id, destination_id))


@router.patch(
    "/{destination_id}", operation_id="change_destination", summary="Pause a destination, or let it go on"
)
@blocking
def change(
    caller: SourceKeeper, shop_id: ShopId, destination_id: DestinationId, wanted: ChangedDestination
) -> DestinationAnswer:
    """What waits for a paused one is sent when it goes on."""
    found, table = _destination(caller.store, shop_id, destination_id), caller.store.destinations
    if wanted.after_runs is not None:
        found = table.set_after_runs(destination_id, wanted.after_runs)
    if wanted.is_paused is True:
        found = table.pause(destination_id, at=datetime.now(UTC))
    elif wanted.is_paused is False:
        found = table.resume(destination_id)
        caller.platform.send_scores()
    return _shown(found)


@router.delete(
    "/{destination_id}", operation_id="delete_destination", summary="Delete a destination", status_code=204
)
@blocking
def delete(caller: SourceKeeper, shop_id: ShopId, destination_id: DestinationId) -> Response:
    """With its credentials and schedules; what the tool holds stays there."""
    _destination(caller.store, shop_id, destination_id)
    caller.store.destinations.delete(destination_id)
    return Response(status_code=204)


@router.post(
    "/{destination_id}/send",
    operation_id="send_to_destination",
    summary="Send the scores now",
    status_code=202,
)
@blocking
def send(caller: SourceKeeper, shop_id: ShopId, destination_id: DestinationId) -> PushAnswer:
    """Of the version on screen; how it goes stands among the sendings."""
    _destination(caller.store, shop_id, destination_id)
    push = send_now(caller.store, destination_id)
    caller.platform.send_scores()
    return _push(push)


@router.get(
    "/{destination_id}/sendings",
    operation_id="list_sendings",
    summary="What was sent to a destination in the last 90 days",
)
@blocking
def list_sendings(
    caller: SourceKeeper, shop_id: ShopId, destination_id: DestinationId, paged: Paged
) -> Page[PushAnswer]:
    """The newest first."""
    _destination(caller.store, shop_id, destination_id)
    rows = sorted(caller.store.destinations.pushes(destination_id), key=_place, reverse=True)
    found, body = paged.of_list(rows, _place)
    return Page[PushAnswer](**{**body, "items": [_push(one) for one in found]})


def _place(push: Push) -> tuple[str, ...]:
    return push.created_at.isoformat(), push.push_id


def _destination(store: Store, shop_id: str, destination_id: str) -> Destination:
    found = store.destinations.get(destination_id)
    if found.shop_id != shop_id:
        raise NotFoundError(
            "Looking for a destination: this shop has none with this id.", "Take one of its list."
        )
    return found


def _shown(destination: Destination) -> DestinationAnswer:
    settings = SettingsModel.model_validate(destination.destination_settings)
    return DestinationAnswer.model_validate({**vars(destination), "settings": settings.model_dump()})


def _push(push: Push) -> PushAnswer:
    next_at = push.next_at if push.status == "waiting" else None
    return PushAnswer.model_validate({**vars(push), **vars(push.push_figures), "next_at": next_at})
