"""Who asks: a person, a key of the API, somebody with a link, the user of an own machine, or the program itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from churnkit.accounts.matrix import EVERYTHING, Action
from churnkit.errors import AccessError

ActorKind = Literal["person", "key", "link", "owner", "system"]

_WORDS: dict[Action, str] = {
    Action.READ: "see this workspace",
    Action.EXPORT: "take files out of this workspace",
    Action.UPLOAD: "hand over files here",
    Action.RUN: "start or stop work here",
    Action.PLAN: "change plans, lists or settings here",
    Action.SHARE: "give out links to this workspace",
    Action.DELETE: "delete here",
    Action.SOURCES: "change where results are sent",
    Action.PEOPLE: "change who has access",
    Action.KEYS: "make or revoke keys",
    Action.AUDIT: "read the audit log",
}


@dataclass(frozen=True)
class Actor:
    """Somebody with rights in one workspace.

    Attributes
    ----------
    actor_id
        Of the person, key or link; empty for the owner of a browser's workspace and the program itself.
    name
        What the audit log calls them, e.g. an address or the beginning of a key.
    rights
        What they may do; the only thing that is asked.
    address
        Where a request came from, None if unknown.
    only
        The one analysis of the workspace that a link opens; None for whoever sees all of them.
    guest_of
        Analyses of other workspaces on which they may keep notes of their own, because a link opens them.
    """

    kind: ActorKind
    actor_id: str = ""
    name: str = ""
    rights: frozenset[Action] = EVERYTHING
    address: str | None = None
    only: str | None = None
    guest_of: frozenset[str] = frozenset()

    def may(self, action: Action) -> bool:
        """Whether the actor may do something; for what a page shows or hides."""
        return action in self.rights

    def require(self, action: Action) -> None:
        """See that the actor may do something.

        Raises
        ------
        AccessError
            They may not.
        """
        if action not in self.rights:
            raise AccessError(
                f"This takes the right to {_WORDS[action]} ({action}), which {self._called()} does not have.",
                "Ask an administrator of the workspace for it.",
                action,
            )

    def _called(self) -> str:
        return {"person": "your role", "key": "this key", "link": "this link"}.get(self.kind, "this user")


OWNER = Actor("owner", name="this machine")
"""The user of an own machine or of a browser's own workspace: may do everything there."""
SYSTEM = Actor("system", name="churnkit")
"""The program itself: workers' results, housekeeping, schedules."""
