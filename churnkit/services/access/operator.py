"""What whoever runs the server does about people, while the server does not run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from churnkit.accounts import Actor, Role
from churnkit.errors import ConflictError, NotFoundError
from churnkit.services.access.people import RESET_VALID, NewInvitation, address_of, invite, name_of
from churnkit.services.access.sign_in import new_token, token_hash
from churnkit.store import LOCAL_TENANT, Membership, Person, Store

COMMAND_LINE = Actor("owner", name="command line")
"""What the audit log calls whoever runs the server."""


@dataclass(frozen=True)
class KnownPerson:
    """A person with what they belong to and when they last did something; None if not since their sign-ins ended."""

    person: Person
    memberships: list[Membership]
    seen_at: datetime | None


def everybody(root: Store) -> list[KnownPerson]:
    """All people of the server, by address."""
    return [
        KnownPerson(
            one,
            root.people.memberships(one.person_id),
            max((each.seen_at for each in root.sign_ins.of_person(one.person_id)), default=None),
        )
        for one in root.people.all()
    ]


def invite_to(root: Store, email: str, role: Role, may_export: bool, workspace: str | None) -> NewInvitation:
    """Invite somebody into a workspace by its name; a server without one gets its first.

    Raises
    ------
    NotFoundError
        There is no workspace of that name, or several where none is named.
    ConflictError
        They belong to it already.
    SettingsError
        The address or the name cannot be used.
    """
    email = address_of(email)
    tenant = _workspace(root, workspace)
    return invite(root.for_tenant(tenant, COMMAND_LINE), email, role, may_export)


def without_administrator(root: Store) -> list[str]:
    """Names of workspaces in which nobody may invite others."""
    return [
        name
        for tenant, name in root.people.workspaces().items()
        if not any(
            one.role == "administrator" and one.disabled_at is None
            for one in root.for_tenant(tenant, COMMAND_LINE).members.all()
        )
    ]


def reset_of(root: Store, email: str) -> str:
    """The token of a link (``/account/reset/TOKEN``) by which somebody sets a new password within an hour.

    Raises
    ------
    NotFoundError
        Nobody has the address.
    ConflictError
        They sign in through another system.
    """
    person = _person(root, email)
    if person.source != "local":
        raise ConflictError(
            f"Making a link for a new password: {person.email} signs in through another system.",
            "Change the password there.",
        )
    now, token = datetime.now(UTC), new_token()
    root.entries.make_reset(
        token_hash(token), person.person_id, by=COMMAND_LINE.name, at=now, expires_at=now + RESET_VALID
    )
    return token


def let_in(root: Store, email: str, allowed: bool) -> None:
    """Let somebody in nowhere any more, which ends all their sign-ins, or again.

    Raises
    ------
    NotFoundError
        Nobody has the address.
    """
    person = _person(root, email)
    if allowed:
        root.people.enable(person.person_id)
    else:
        root.people.disable(person.person_id, at=datetime.now(UTC))


def _person(root: Store, email: str) -> Person:
    found = root.people.by_email(email)
    if found is None:
        raise NotFoundError(
            f"Looking for a person: nobody has the address {email!r}.", "List everybody with: people list."
        )
    return found


def _workspace(root: Store, name: str | None) -> str:
    known = root.people.workspaces()
    if not known:
        return root.people.make_workspace(
            name_of(name or "Workspace", "workspace"), at=datetime.now(UTC), tenant_id=LOCAL_TENANT
        )
    found = [tenant for tenant, called in known.items() if name is None or called == name.strip()]
    if len(found) != 1:
        raise NotFoundError(
            f"Looking for the workspace {name!r}: there {'are several' if found else 'is none'}.",
            f"Name one with --workspace: {', '.join(sorted(set(known.values())))}.",
        )
    return found[0]
