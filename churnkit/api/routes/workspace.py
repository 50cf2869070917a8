"""The workspace of a key as a whole: what it takes up, and how it is emptied."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Caller, Deleter, Planner, Reader
from churnkit.api.problems import ApiError
from churnkit.api.threads import blocking
from churnkit.services.workspace.brand import MAX_NAME_LETTERS, load_brand, save_brand
from churnkit.services.workspace.workspace_preferences import load_preferences, save_preferences

router = APIRouter(tags=["workspace"])


class StorageAnswer(BaseModel):
    """What lies on disk."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "uploads_bytes": 1204551,
                    "analyses_bytes": 8400211,
                    "models_bytes": 911002,
                    "jobs_bytes": 20118,
                }
            ]
        }
    )

    uploads_bytes: int
    analyses_bytes: int
    models_bytes: int
    jobs_bytes: int


class PreferencesAnswer(BaseModel):
    """How the workspace writes and names things; what its people keep for themselves, such as the expert view, is theirs."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"locale": "de-DE", "currency": "EUR", "shop_name": "Corner coffee"}]}
    )

    locale: str | None = Field(description="How numbers and dates are written; null where nobody chose.")
    currency: str | None = Field(description="Of amounts whose file names none, an ISO code.")
    shop_name: str = Field(description="Stands at the head of reports; empty where nobody said.")


class ChangedPreferences(BaseModel):
    """What is to change; what is left out stays as it is, and null takes a choice back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"locale": "de-DE"}]})

    locale: str | None = Field(default=None, max_length=20)
    currency: str | None = Field(default=None, max_length=3)
    shop_name: str | None = Field(default=None, max_length=MAX_NAME_LETTERS)


@router.get(
    "/workspace/preferences",
    operation_id="get_preferences",
    summary="The workspace's locale, currency and name",
)
@blocking
def get_preferences(caller: Reader) -> PreferencesAnswer:
    """What pages, reports and files go by."""
    return _preferences(caller)


@router.patch(
    "/workspace/preferences",
    operation_id="change_preferences",
    summary="Change the workspace's locale, currency or name",
)
@blocking
def change_preferences(caller: Planner, wanted: ChangedPreferences) -> PreferencesAnswer:
    """Holds from the next page, report or file on; nothing is worked out anew."""
    given = wanted.model_dump(include=wanted.model_fields_set)
    if "shop_name" in given:
        name = given.pop("shop_name") or ""
        save_brand(caller.store, replace(load_brand(caller.store), name=name))
    if given:
        save_preferences(caller.store, replace(load_preferences(caller.store), **given))
    return _preferences(caller)


def _preferences(caller: Caller) -> PreferencesAnswer:
    kept = load_preferences(caller.store)
    return PreferencesAnswer(
        locale=kept.locale, currency=kept.currency, shop_name=load_brand(caller.store).name
    )


@router.get("/workspace/storage", operation_id="get_storage", summary="What the workspace takes up on disk")
@blocking
def get_storage(caller: Reader) -> StorageAnswer:
    """By kind, in bytes."""
    return StorageAnswer(**vars(caller.platform.storage(caller.store)))


@router.delete(
    "/workspace/contents",
    status_code=204,
    operation_id="empty_workspace",
    summary="Delete every file, analysis, result and remembered answer",
)
@blocking
def empty_workspace(
    caller: Deleter,
    confirm: Annotated[str, Query(max_length=200, description="The id of the workspace, as `/me` says it.")],
) -> None:
    """Settings, people and keys stay. It cannot be undone, so the request must name the workspace."""
    if confirm != caller.store.tenant_id:
        raise ApiError(
            422,
            "invalid",
            "Emptying the workspace: `confirm` must be its id.",
            "GET /me says it as `workspace`.",
        )
    caller.platform.delete_everything(caller.store)
