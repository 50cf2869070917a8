"""People, the workspaces that they belong to, and the browsers that they are signed in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.accounts import Actor, Role, rights_of_role


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in.

    Attributes
    ----------
    email
        In lower case; how they sign in.
    source, subject
        Who vouches for them: ``local``, ``proxy``, or the issuer of an OpenID provider, whose name for them is the
        subject.
    password_hash
        As argon2 writes it; None where another system vouches.
    """

    person_id: str
    email: str
    name: str
    source: str
    created_at: datetime
    subject: str | None = None
    password_hash: str | None = None
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Membership:
    """A workspace that a person belongs to; ``workspace`` is its name."""

    tenant: str
    workspace: str
    role: Role
    may_export: bool


@dataclass(frozen=True)
class Member:
    """A person as an administrator of a workspace sees them.

    Attributes
    ----------
    seen_at
        When they last used this workspace, None if never since their sign-ins ended.
    key_count
        Keys of the workspace that they made and that were not revoked: these outlive their membership.
    is_alone
        Whether they belong to no workspace but this.
    """

    person_id: str
    email: str
    name: str
    source: str
    role: Role
    may_export: bool
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None
    key_count: int
    is_alone: bool


@dataclass(frozen=True)
class SignedIn:
    """A browser that a person is signed in with.

    Attributes
    ----------
    sign_in_id
        Hash of what the browser holds; opens nothing.
    tenant, workspace, role
        The workspace that is open in it; None before one was chosen, or when the person no longer belongs to it.
    address, user_agent
        Where the sign-in came from, and what the browser called itself.
    """

    sign_in_id: str
    person_id: str
    email: str
    name: str
    source: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    tenant: str | None = None
    workspace: str | None = None
    role: Role | None = None
    may_export: bool = False
    address: str | None = None
    user_agent: str | None = None

    def actor(self, address: str | None = None) -> Actor:
        """Who this is to the store; without an open workspace they may do nothing."""
        rights = rights_of_role(self.role, may_export=self.may_export) if self.role else frozenset()
        return Actor("person", self.person_id, self.email, rights, address or self.address)


@dataclass(frozen=True)
class Invitation:
    """A link by which somebody joins a workspace; its token is known to whoever made it and whoever got it."""

    invitation_id: str
    email: str
    role: Role
    may_export: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class OpenedLink:
    """An invitation or a reset as its link opens it: whom it is for, and the workspace of an invitation."""

    email: str
    name: str
    person_id: str | None
    tenant: str | None = None
    workspace: str | None = None
    role: Role | None = None
