"""Where a shop's new orders come from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import SourceKeeper
from churnkit.api.addresses import made_at
from churnkit.api.analysis_choice import DEFAULT
from churnkit.api.models.jobs import JobAnswer
from churnkit.api.opened import known_id, session_of
from churnkit.api.routes.jobs import started
from churnkit.api.threads import blocking
from churnkit.services.sources.registering import add_source, change_source
from churnkit.store import Gives, Source, SourceKind

router = APIRouter(prefix="/shops/{shop_id}/sources", tags=["shops"])

ShopId = Annotated[str, Path(description="Id of the shop, or `default`.", max_length=64)]
_ID = "4f0e8d2a1b3c4d5e6f708192a3b4c5d6"
SourceId = Annotated[str, Path(max_length=64, examples=[_ID])]
_EXAMPLE: dict[str, Any] = {
    "source_id": _ID,
    "kind": "woocommerce",
    "name": "The shop",
    "settings": {"address": "https://my-shop.example"},
    "gives": "changes",
    "has_credentials": True,
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
    "paused_at": None,
    "last_pulled_at": "2026-03-02T06:00:00Z",
    "last_result": "14 orders new or changed.",
    "last_failed": False,
}
Settings = Annotated[
    dict[str, str | int | None],
    Field(
        max_length=12,
        description="Where it looks, by kind: `shop` (shopify), `address` (woocommerce), `url` (link), `folder` and"
        " `pattern` (folder), `bucket`, `prefix`, `region`, `endpoint` and `pattern` (storage), `system`, `query` and"
        " `file` or `host`, `port`, `database`, `user` (sql).",
    ),
]
Credentials = Annotated[
    dict[str, str],
    Field(
        max_length=4,
        description="Sealed and never told again, by kind: `client_id` and `client_secret`, or `token` (shopify),"
        " `consumer_key` and `consumer_secret` (woocommerce), `authorization` (link), `access_key` and `secret_key`"
        " (storage), `password` (sql).",
    ),
]


class SourceAnswer(BaseModel):
    """A source; its credentials are never told."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    source_id: str
    kind: SourceKind
    name: str
    settings: dict[str, Any]
    gives: Gives = Field(description="All orders of a file's time, or those that are new or have changed.")
    has_credentials: bool
    created_by: str
    created_at: datetime
    paused_at: datetime | None = Field(description="Since when no schedule pulls it; null while they do.")
    last_pulled_at: datetime | None
    last_result: str | None
    last_failed: bool


class Sources(BaseModel):
    """A shop's sources."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[SourceAnswer] = Field(description="The oldest first.")


class NewSource(BaseModel):
    """A source that is to be added."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "woocommerce",
                    "name": "The shop",
                    "settings": {"address": "https://my-shop.example"},
                    "credentials": {"consumer_key": "ck_…", "consumer_secret": "cs_…"},
                }
            ]
        },
    )

    kind: SourceKind
    name: str = Field("", max_length=80)
    settings: Settings
    credentials: Credentials = Field(default_factory=dict)
    gives: Gives = "period"


class ChangedSource(BaseModel):
    """What of a source is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_paused": True}]})

    name: str | None = Field(None, max_length=80)
    settings: Settings | None = None
    credentials: Credentials | None = None
    gives: Gives | None = None
    is_paused: bool | None = None


@router.get("", operation_id="list_sources", summary="A shop's sources")
@blocking
def list_sources(caller: SourceKeeper, shop_id: ShopId) -> Sources:
    """Of each where it looks, and what it brought last."""
    return Sources(items=[_shown(one) for one in caller.store.sources.of_shop(_shop(caller, shop_id))])


@router.post("", operation_id="add_source", summary="Add a source to a shop", status_code=201)
@blocking
def add(
    caller: SourceKeeper, shop_id: ShopId, wanted: NewSource, request: Request, response: Response
) -> SourceAnswer:
    """Nothing is fetched before it is pulled, by a request or by a schedule."""
    shop = _shop(caller, shop_id)
    source = add_source(
        caller.store,
        shop,
        wanted.kind,
        name=wanted.name,
        settings=wanted.settings,
        credentials=wanted.credentials,
        gives=wanted.gives,
    )
    made_at(request, response, "shops", shop, "sources", source.source_id)
    return _shown(source)


@router.get("/{source_id}", operation_id="get_source", summary="One source")
@blocking
def get(caller: SourceKeeper, shop_id: ShopId, source_id: SourceId) -> SourceAnswer:
    """Where it looks, and what it brought last."""
    return _shown(_source(caller, shop_id, source_id))


@router.patch("/{source_id}", operation_id="change_source", summary="Change a source, or pause it")
@blocking
def change(caller: SourceKeeper, shop_id: ShopId, source_id: SourceId, wanted: ChangedSource) -> SourceAnswer:
    """Credentials stay unless others are given; with other settings they are to be given again."""
    found = _source(caller, shop_id, source_id)
    if wanted.model_fields_set - {"is_paused"}:
        found = change_source(
            caller.store,
            source_id,
            name=wanted.name,
            settings=wanted.settings,
            credentials=wanted.credentials,
            gives=wanted.gives,
        )
    if wanted.is_paused is not None:
        found = caller.store.sources.pause(source_id, at=datetime.now(UTC) if wanted.is_paused else None)
    return _shown(found)


@router.delete("/{source_id}", operation_id="delete_source", summary="Delete a source", status_code=204)
@blocking
def delete(caller: SourceKeeper, shop_id: ShopId, source_id: SourceId) -> Response:
    """With its credentials; orders that it brought stay."""
    caller.platform.delete_source(caller.store, _source(caller, shop_id, source_id).source_id)
    return Response(status_code=204)


@router.post(
    "/{source_id}/pull",
    operation_id="pull_source",
    summary="Fetch what is new, and add it to the shop's history",
    status_code=202,
)
@blocking
def pull(
    caller: SourceKeeper, shop_id: ShopId, source_id: SourceId, request: Request, response: Response
) -> JobAnswer:
    """A pull that waits or goes on already is answered instead. What it brings is added by work of its own."""
    source = _source(caller, shop_id, source_id)
    return started(caller, caller.platform.start_pull(caller.store, source.source_id), request, response)


@router.post(
    "/{source_id}/test",
    operation_id="test_source",
    summary="See whether a source can be read",
    status_code=202,
)
@blocking
def test(
    caller: SourceKeeper, shop_id: ShopId, source_id: SourceId, request: Request, response: Response
) -> JobAnswer:
    """Nothing is fetched; `last_result` says what was found."""
    source = _source(caller, shop_id, source_id)
    job = caller.platform.start_pull(caller.store, source.source_id, is_test=True)
    return started(caller, job, request, response)


def _shop(caller: SourceKeeper, shop_id: str) -> str:
    """The id of a shop, also of one that has no analysis yet."""
    if shop_id == DEFAULT:
        return session_of(caller.store, shop_id).session_id
    return caller.store.shops.get(known_id(shop_id, "shop")).shop_id


def _source(caller: SourceKeeper, shop_id: str, source_id: str) -> Source:
    shop, source = _shop(caller, shop_id), caller.store.sources.get(known_id(source_id, "source"))
    if source.shop_id != shop:
        # Of another shop: as if it were not there.
        return caller.store.sources.get("")
    return source


def _shown(source: Source) -> SourceAnswer:
    return SourceAnswer(
        source_id=source.source_id,
        kind=source.kind,
        name=source.name,
        settings=source.source_settings,
        gives=source.gives,
        has_credentials=source.has_credentials,
        created_by=source.created_by,
        created_at=source.created_at,
        paused_at=source.paused_at,
        last_pulled_at=source.last_pulled_at,
        last_result=source.last_result,
        last_failed=source.last_failed,
    )
