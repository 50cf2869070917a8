"""Whether the server works, and who one is to it."""

from __future__ import annotations

import logging
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from churnkit import __version__
from churnkit.accounts import SYSTEM, Action
from churnkit.api.access import Reader
from churnkit.api.problems import PROBLEM, ApiError
from churnkit.api.threads import blocking
from churnkit.config import data_dir, models_dir
from churnkit.errors import StoreError
from churnkit.jobs import open_platform
from churnkit.services.workspace.readiness import require_ready
from churnkit.store import LOCAL_TENANT

_log = logging.getLogger(__name__)

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok", "version": __version__}]})

    status: Literal["ok"] = "ok"
    version: str


class Ready(BaseModel):
    """The server can do its work."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready"}]})

    status: Literal["ready"] = "ready"


class Me(BaseModel):
    """The key of the request."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"workspace": "shop", "name": "nightly export (ck_live_Xq3v…)", "rights": ["export", "read"]}
            ]
        }
    )

    workspace: str
    name: str
    rights: list[Action]


@router.get("/health", operation_id="health", summary="Whether the server answers; open to all")
async def health() -> Health:
    """Asks neither store nor disk: see ``/ready``."""
    return Health(version=__version__)


@router.get(
    "/ready",
    operation_id="ready",
    summary="Whether the server can do its work: its store answers, its disk has room; open to all",
    responses={503: {**PROBLEM, "description": "Not now; the server's log says why."}},
)
@blocking
def ready() -> Ready:
    """For what decides whether requests come here: a proxy, or who restarts the server."""
    try:
        platform = open_platform(data_dir(), models_dir())
        require_ready(platform.store_for(LOCAL_TENANT, SYSTEM), platform.folders.data)
    except StoreError as error:
        _log.error("not ready: %s", error)
        detail = "The server cannot do its work now."
        raise ApiError(503, error.code, detail, "Its log says why.", {"Retry-After": "30"}) from error
    return Ready()


@router.get("/me", operation_id="me", summary="The key of this request, and what it may do")
@blocking
def me(caller: Reader) -> Me:
    """The workspace that the key opens, and its rights."""
    return Me(workspace=caller.store.tenant_id, name=caller.actor.name, rights=sorted(caller.actor.rights))
