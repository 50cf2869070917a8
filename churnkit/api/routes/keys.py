"""Keys of the API: listed, made (shown once) and revoked, by keys of the scope admin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from churnkit.accounts import Scope
from churnkit.api.access import KeyKeeper
from churnkit.api.keyring import keyring
from churnkit.api.threads import blocking
from churnkit.services.access.keys import MOST_DAYS, make_key
from churnkit.store import ApiKey

router = APIRouter(prefix="/keys", tags=["keys"])

_EXAMPLE: dict[str, Any] = {
    "key_id": "5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d",
    "prefix": "ck_live_Xq3v",
    "name": "nightly export",
    "scope": "read",
    "created_by": "Kim",
    "created_at": "2026-03-01T12:00:00Z",
    "expires_at": "2027-03-01T12:00:00Z",
    "last_used_at": None,
    "revoked_at": None,
}
KeyId = Annotated[str, Path(max_length=64, examples=[_EXAMPLE["key_id"]])]


class Key(BaseModel):
    """A key; its text is known to whoever made it alone."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]}, from_attributes=True)

    key_id: str
    prefix: str = Field(description="How it begins, to recognise it by.")
    name: str
    scope: Scope
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class Keys(BaseModel):
    """All keys of the workspace."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_EXAMPLE]}]})

    items: list[Key] = Field(description="The newest first, revoked ones too.")


class NewKey(BaseModel):
    """A key that is to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "nightly export", "scope": "read", "days_valid": 365}]},
    )

    name: str = Field(min_length=1, max_length=80, pattern=r"\S", description="What it is for.")
    scope: Scope = Field(
        "read",
        description="`read`: see and export; `run`: also hand over files, start work and plan; `admin`: everything.",
    )
    days_valid: int | None = Field(365, ge=1, le=MOST_DAYS, description="null: until it is revoked.")


class MadeKey(Key):
    """A key that was made, with its text: it is shown this once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_EXAMPLE, "text": "ck_live_Xq3vJ0mB6yqkF4z9bq1cW8sT2nVdR5hLxPgUeAoKiYs1c2d3e4f"}]
        }
    )

    text: str = Field(description="Send it as `Authorization: Bearer`.")


@router.get("", operation_id="list_keys", summary="All keys of the workspace")
@blocking
def list_keys(caller: KeyKeeper) -> Keys:
    """Of each how it begins, what it may do, and when it was last used."""
    return Keys(items=[_shown(key) for key in caller.store.keys.all()])


@router.post("", operation_id="make_key", summary="Make a key; its text is shown once", status_code=201)
@blocking
def make(caller: KeyKeeper, wanted: NewKey, response: Response) -> MadeKey:
    """Of the text only a hash is kept: nobody can show it again. The answer is not kept for an `Idempotency-Key`."""
    made = make_key(caller.store, wanted.name, wanted.scope, wanted.days_valid)
    response.headers["Cache-Control"] = "no-store"
    return MadeKey(**_shown(made.record).model_dump(), text=made.text)


@router.delete("/{key_id}", operation_id="revoke_key", summary="Revoke a key: it opens nothing from now on")
@blocking
def revoke(caller: KeyKeeper, key_id: KeyId) -> Key:
    """One that was revoked before stays as it was. A key may revoke itself."""
    revoked = caller.store.keys.revoke(key_id, at=datetime.now(UTC))
    keyring().forget()
    return _shown(revoked)


def _shown(key: ApiKey) -> Key:
    return Key.model_validate(key)
