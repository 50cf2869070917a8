"""Links to one analysis: listed, made (shown once) and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.api.access import Sharer
from churnkit.api.analysis_choice import find_analysis
from churnkit.api.parameters import AnalysisId
from churnkit.api.threads import blocking
from churnkit.services.access.shares import MOST_DAYS, make_share, revoke_share
from churnkit.store import Share

router = APIRouter(tags=["shares"])

_EXAMPLE: dict[str, Any] = {
    "share_id": "0b6e1c2f4d5a4f7b8c9d0e1f2a3b4c5d",
    "analysis_id": "3f2a9c64f3ad4b0c9b7c84c6a8f4c3de",
    "may_export": False,
    "created_by": "kim@shop.example",
    "created_at": "2026-03-01T12:00:00Z",
    "expires_at": "2026-03-31T12:00:00Z",
    "revoked_at": None,
}
_TOKEN = "Zk3uJ0mB6yqkF4z9bq1cW8sT2nVdR5hLxPgUeAoKiYs"
ShareId = Annotated[str, Path(max_length=64, examples=[_EXAMPLE["share_id"]])]


class SharedLink(BaseModel):
    """A link to an analysis for people without an account; its token is known to those who have it alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    share_id: str
    analysis_id: str
    may_export: bool = Field(description="Whether who has it may take files out of the analysis.")
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class SharedLinks(BaseModel):
    """All links of the workspace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[SharedLink] = Field(description="The newest first, those that have ended too.")


class NewLink(BaseModel):
    """A link that is to be made."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"days_valid": 30, "may_export": False}]}
    )

    days_valid: int = Field(30, ge=1, le=MOST_DAYS, description="After which it ends.")
    may_export: bool = False


class MadeLink(SharedLink):
    """A link that was made, with its token: it is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_EXAMPLE, "token": _TOKEN, "path": f"/dashboard?share={_TOKEN}"}]}
    )

    token: str
    path: str = Field(description="What to put behind the address of the app.")


@router.get("/shares", operation_id="list_shares", summary="All links to analyses of the workspace")
@blocking
def list_shares(caller: Sharer) -> SharedLinks:
    """Of each what it opens, until when, and who made it."""
    return SharedLinks(items=[_shown(share) for share in caller.store.shares.all()])


@router.post(
    "/analyses/{analysis_id}/shares",
    operation_id="make_share",
    summary="Make a link to an analysis; its token is shown once",
    status_code=201,
)
@blocking
def make(caller: Sharer, analysis_id: AnalysisId, wanted: NewLink, response: Response) -> MadeLink:
    """Whoever has it sees this analysis and nothing else. The answer is not kept for an `Idempotency-Key`."""
    session_id = find_analysis(caller.store, analysis_id).session_id
    made = make_share(caller.store, session_id, days=wanted.days_valid, may_export=wanted.may_export)
    response.headers["Cache-Control"] = "no-store"
    path = f"/dashboard?share={made.text}"
    return MadeLink(**_shown(made.record).model_dump(), token=made.text, path=path)


@router.delete(
    "/shares/{share_id}",
    operation_id="revoke_share",
    summary="Take a link back: it opens nothing from now on",
)
@blocking
def revoke(caller: Sharer, share_id: ShareId) -> SharedLink:
    """One that was taken back before stays as it was."""
    return _shown(revoke_share(caller.store, share_id))


def _shown(share: Share) -> SharedLink:
    return SharedLink(
        share_id=share.share_id,
        analysis_id=share.session_id,
        may_export=share.may_export,
        created_by=share.created_by,
        created_at=share.created_at,
        expires_at=share.expires_at,
        revoked_at=share.revoked_at,
    )
