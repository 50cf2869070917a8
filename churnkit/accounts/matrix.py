"""The one matrix of who may do what. Pages, services and routes ask it through an :class:`~churnkit.accounts.Actor`."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Role = Literal["viewer", "analyst", "administrator"]
Scope = Literal["read", "run", "admin"]


class Action(StrEnum):
    """What somebody may want to do in a workspace; the values stand in the audit log and the API's description."""

    READ = "read"
    """See analyses, customers, models, plans and readouts."""
    EXPORT = "export"
    """Take customers, reports or models out as files."""
    UPLOAD = "upload"
    """Hand over a file, and answer what it leaves open."""
    RUN = "run"
    """Start, stop and repeat work; choose which run and which model count."""
    PLAN = "plan"
    """Scenarios, lists, campaigns, readouts, playbooks, and the shop's settings."""
    SHARE = "share"
    """Give out a link to an analysis, and take one back."""
    DELETE = "delete"
    """Remove files, analyses and whole workspaces, and set how long they are kept."""
    SOURCES = "sources"
    """Where results are sent and orders come from."""
    PEOPLE = "people"
    """Invite, change and remove people."""
    KEYS = "keys"
    """Make and revoke keys of the API."""
    AUDIT = "audit"
    """Read who did what."""


EVERYTHING = frozenset(Action)

_VIEWER = frozenset({Action.READ, Action.EXPORT})
_ANALYST = _VIEWER | {Action.UPLOAD, Action.RUN, Action.PLAN, Action.SHARE}

ROLES: dict[Role, frozenset[Action]] = {"viewer": _VIEWER, "analyst": _ANALYST, "administrator": EVERYTHING}
SCOPES: dict[Scope, frozenset[Action]] = {
    "read": _VIEWER,
    "run": _ANALYST - {Action.SHARE},
    "admin": EVERYTHING,
}


def rights_of_role(role: Role, *, may_export: bool = True) -> frozenset[Action]:
    """What a role may do; a viewer takes files out only where an administrator allowed it."""
    rights = ROLES[role]
    return rights if may_export or role != "viewer" else rights - {Action.EXPORT}


def rights_of_scope(scope: Scope) -> frozenset[Action]:
    """What a key of the API may do."""
    return SCOPES[scope]
