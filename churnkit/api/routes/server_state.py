"""Whether the server works, and who one is to it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from churnkit import __version__
from churnkit.accounts import Action
from churnkit.api.access import Reader
from churnkit.api.threads import blocking

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"
    version: str


class Me(BaseModel):
    """The key of the request."""

    workspace: str
    name: str
    rights: list[Action]


@router.get("/health", operation_id="health", summary="Whether the server answers; open to all")
async def health() -> Health:
    """Asks neither store nor disk: see ``/ready``."""
    return Health(version=__version__)


@router.get("/me", operation_id="me", summary="The key of this request, and what it may do")
@blocking
def me(caller: Reader) -> Me:
    """The workspace that the key opens, and its rights."""
    return Me(workspace=caller.store.tenant_id, name=caller.actor.name, rights=sorted(caller.actor.rights))
