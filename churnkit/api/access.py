"""Who asks the API: the key of a request, what it may do, and the store as it sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from churnkit.accounts import Action, Actor
from churnkit.api.keyring import keyring
from churnkit.api.problems import ApiError
from churnkit.config import data_dir, models_dir
from churnkit.jobs import Platform, open_platform
from churnkit.server.visitors import address_of
from churnkit.store import Store


@dataclass(frozen=True)
class Caller:
    """What a route works with; ``store`` sees the key's tenant only, and refuses what the key may not do."""

    platform: Platform
    store: Store

    @property
    def actor(self) -> Actor:
        """The key."""
        return self.store.actor


async def caller(request: Request) -> Caller:
    """The caller by the key of the request.

    Raises
    ------
    ApiError
        There is no key, or none that is valid (401).
    """
    text = key_text(request)
    if text is None:
        raise _unauthorised("This takes a key.")
    known = await keyring().find(text, address_of(request.scope))
    if known is None:
        raise _unauthorised("The key is not valid: it was revoked, has expired or never was.")
    wanted = request.headers.get("x-tenant-id")
    if wanted is not None and wanted != known.tenant_id:
        raise ApiError(403, "access", f"The key does not belong to the workspace {wanted!r} of X-Tenant-Id.")
    platform = open_platform(data_dir(), models_dir())
    return Caller(platform, platform.store_for(known.tenant_id, known.actor))


def needs(action: Action) -> Callable[..., Awaitable[Caller]]:
    """The dependency of a route: a caller with a right. Every route but the open ones has one; a test sees to it.

    Raises
    ------
    AccessError
        The key has not the right.
    """

    async def with_right(found: Annotated[Caller, Depends(caller)]) -> Caller:
        found.actor.require(action)
        return found

    with_right.action = action  # type: ignore[attr-defined]  # read by the walk over all routes
    return with_right


def key_text(request: Request) -> str | None:
    """The key that a request carries, None if it carries none; says nothing of whether it opens anything."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return request.headers.get("x-api-key")


def _unauthorised(detail: str) -> ApiError:
    remedy = "Make a key under Settings, and send it as Authorization: Bearer."
    return ApiError(401, "unauthorised", detail, remedy, {"WWW-Authenticate": "Bearer"})


def actions_of(dependant: Any) -> set[Action]:
    """The rights that a route's dependencies ask for."""
    found = {action for one in dependant.dependencies for action in actions_of(one)}
    action = getattr(dependant.call, "action", None)
    return found | ({action} if action else set())


Reader = Annotated[Caller, Depends(needs(Action.READ))]
Exporter = Annotated[Caller, Depends(needs(Action.EXPORT))]
Uploader = Annotated[Caller, Depends(needs(Action.UPLOAD))]
Runner = Annotated[Caller, Depends(needs(Action.RUN))]
Planner = Annotated[Caller, Depends(needs(Action.PLAN))]
Sharer = Annotated[Caller, Depends(needs(Action.SHARE))]
Deleter = Annotated[Caller, Depends(needs(Action.DELETE))]
SourceKeeper = Annotated[Caller, Depends(needs(Action.SOURCES))]
KeyKeeper = Annotated[Caller, Depends(needs(Action.KEYS))]
