"""Who asks, and what they may do: roles, actions and actors. Pure; people and keys themselves lie in the store."""

from churnkit.accounts.actor import OWNER, SYSTEM, Actor, ActorKind
from churnkit.accounts.matrix import (
    EVERYTHING,
    ROLES,
    SCOPES,
    Action,
    Role,
    Scope,
    rights_of_role,
    rights_of_scope,
)

__all__ = [
    "EVERYTHING",
    "OWNER",
    "ROLES",
    "SCOPES",
    "SYSTEM",
    "Action",
    "Actor",
    "ActorKind",
    "Role",
    "Scope",
    "rights_of_role",
    "rights_of_scope",
]
