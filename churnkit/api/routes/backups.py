"""Backups of the whole data folder, to where whoever runs the server wants them."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Deleter
from churnkit.api.threads import blocking
from churnkit.jobs.backing_up import BackupState

router = APIRouter(tags=["server"])


class Backup(BaseModel):
    """How backups stand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "is_set_up": True,
                    "is_under_way": False,
                    "name": "churnkit-20261130T014727-40d69a",
                    "made_at": "2026-11-30T01:47:27Z",
                    "files": 35,
                    "bytes": 13800000,
                    "failure": None,
                }
            ]
        },
    )

    is_set_up: bool = Field(description="Whether whoever runs the server has said where backups go.")
    is_under_way: bool
    name: str | None = Field(description="Of the last one that this server made since it started.")
    made_at: datetime | None
    files: int | None
    bytes: int | None
    failure: str | None = Field(description="Why the last one that was tried is none.")


@router.get("/backups", operation_id="get_backups", summary="How backups stand")
@blocking
def get_backups(caller: Deleter) -> Backup:
    """The last backup of the whole data folder, and whether one is under way."""
    return _answer(caller.platform.backup_state(caller.store))


@router.post("/backups", status_code=202, operation_id="start_backup", summary="Make a backup now")
@blocking
def start_backup(caller: Deleter) -> Backup:
    """Of everything that the server keeps, as one moment sees it; 409 while one is under way. Ask GET how it goes."""
    caller.platform.start_backup(caller.store)
    return _answer(caller.platform.backup_state(caller.store))


def _answer(state: BackupState) -> Backup:
    made = state.made
    return Backup(
        is_set_up=state.goes_to is not None,
        is_under_way=state.is_under_way,
        name=made.name if made else None,
        made_at=made.manifest.made_at.replace(tzinfo=UTC) if made else None,
        files=len(made.manifest.files) if made else None,
        bytes=made.manifest.size_bytes if made else None,
        failure=state.failure,
    )
