"""The workspace of a key as a whole: what it takes up, and how it is emptied."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from churnkit.api.access import Deleter, Reader
from churnkit.api.problems import ApiError
from churnkit.api.threads import blocking

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
