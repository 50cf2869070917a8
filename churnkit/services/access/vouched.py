"""Letting people in whom another system vouches for: its groups decide, at every sign-in, what they may do here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from churnkit.config import GroupRule, roles_of
from churnkit.errors import AccessError
from churnkit.services.access.people import LONGEST_NAME, address_of
from churnkit.store import LOCAL_TENANT, Grant, Person, Store

FIRST_WORKSPACE = "Workspace"


@dataclass(frozen=True)
class Vouched:
    """What another system says of somebody.

    Attributes
    ----------
    source, subject
        The system (``proxy``, or the issuer of an OpenID provider), and its lasting name for the person.
    email_is_proven
        Whether it has seen to it that the address is theirs: then they take over an account of that address, which
        was made when another way of signing in was set, with all that belongs to it.
    """

    source: str
    subject: str
    email: str
    name: str
    groups: frozenset[str]
    email_is_proven: bool


def admit(root: Store, vouched: Vouched, rules: Iterable[GroupRule]) -> Person:
    """The person, made at their first sign-in, as a member of the workspaces that their groups open and of no other.

    Raises
    ------
    AccessError
        None of their groups has a role here; what they had ends at once.
    ConflictError
        Their address belongs to somebody else's account.
    SettingsError
        The address cannot be used.
    """
    found = roles_of(vouched.groups, rules)
    if not found:
        root.people.unvouch(vouched.source, vouched.subject)
        raise AccessError(
            f"Signing in: {vouched.email or vouched.subject} is known, but none of their groups has a role here"
            f" ({_listed(vouched.groups)}).",
            "Ask whoever runs this server to add one to CHURNKIT_GROUPS, or to add you to a group that has a role.",
        )
    now = datetime.now(UTC)
    grants = [Grant(_workspace(root, name, now), rule.role, rule.may_export) for name, rule in found.items()]
    return root.people.vouch(
        source=vouched.source,
        subject=vouched.subject,
        email=address_of(vouched.email),
        name=_name(vouched),
        may_take_over=vouched.email_is_proven,
        grants=grants,
        at=now,
    )


def _name(vouched: Vouched) -> str:
    printable = "".join(each for each in vouched.name if each.isprintable()).strip()[:LONGEST_NAME]
    return printable or vouched.email.partition("@")[0][:LONGEST_NAME]


def _workspace(root: Store, name: str | None, now: datetime) -> str:
    """The tenant of a workspace; one that is not there yet is made, the first with what everybody shared so far."""
    known = root.people.workspaces()
    if name is None:
        return next(iter(known), None) or root.people.make_workspace(
            FIRST_WORKSPACE, at=now, tenant_id=LOCAL_TENANT
        )
    found = next((tenant for tenant, called in known.items() if called == name), None)
    return found or root.people.make_workspace(name, at=now)


def _listed(groups: Iterable[str]) -> str:
    some = sorted(groups)
    return ", ".join([*some[:5], *(["…"] if len(some) > 5 else [])]) if some else "it names no group"
