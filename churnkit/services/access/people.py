"""People of a workspace: the first one, those who are invited, and new passwords."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from churnkit.accounts import Role
from churnkit.config import AuthSettings
from churnkit.config.checks import require
from churnkit.errors import AccessError, ConflictError
from churnkit.services.access.passwords import hash_password, require_good, verify
from churnkit.services.access.sign_in import new_token, token_hash
from churnkit.store import LOCAL_TENANT, Invitation, OpenedLink, Person, Store

INVITATION_VALID = timedelta(hours=72)
RESET_VALID = timedelta(hours=1)
LONGEST_NAME = 80
_EMAIL = re.compile(r"[^\s@\x00-\x1f\x7f]{1,64}@[^\s@\x00-\x1f\x7f]{1,190}")


@dataclass(frozen=True)
class NewInvitation:
    """An invitation and the token of its link (``/account/invite/TOKEN``), which is kept nowhere."""

    token: str
    record: Invitation


def address_of(email: str) -> str:
    """An address as it is kept.

    Raises
    ------
    SettingsError
        It does not look like one.
    """
    text = email.strip().lower()
    require(_EMAIL.fullmatch(text) is not None, "e-mail address", text[:100], "like name@shop.example")
    return text


def name_of(text: str, what: str = "name") -> str:
    """A person's or a workspace's name as it is kept.

    Raises
    ------
    SettingsError
        It is empty, longer than 80 characters or holds control characters.
    """
    name = text.strip()
    good = 0 < len(name) <= LONGEST_NAME and name.isprintable()
    require(good, what, name[:LONGEST_NAME], f"1 to {LONGEST_NAME} characters")
    return name


def set_up(root: Store, *, workspace: str, email: str, name: str, password: str) -> Person:
    """Make the first person, who administers the first workspace: the one that everybody shared so far, if there was.

    Raises
    ------
    ConflictError
        There are people already.
    SettingsError
        The address, a name or the password cannot be used.
    """
    workspace, name, email = name_of(workspace, "workspace"), name_of(name), address_of(email)
    require_good(password, email, name, workspace)
    hashed = hash_password(password)
    person = root.people.add_first(
        email=email,
        name=name,
        password_hash=hashed,
        workspace=workspace,
        tenant_id=LOCAL_TENANT,
        at=datetime.now(UTC),
    )
    if person is None:
        raise ConflictError("Setting up: somebody has done it already.", "Sign in, or ask for an invitation.")
    return person


def invite(store: Store, email: str, role: Role, may_export: bool = True) -> NewInvitation:
    """Invite somebody into the store's workspace; the link is valid for 72 hours and works once.

    Raises
    ------
    AccessError
        The store's actor may not.
    ConflictError
        They belong to the workspace already, or another system decides who comes in.
    SettingsError
        The address does not look like one.
    """
    if AuthSettings.from_environment().is_federated:
        raise ConflictError(
            "Inviting somebody: who comes in, and with which role, is decided by the groups of the system that signs"
            " people in for this server.",
            "Add them to a group there that has a role here (CHURNKIT_GROUPS).",
        )
    now = datetime.now(UTC)
    token = new_token()
    record = store.members.invite(
        token_hash(token), address_of(email), role, may_export, at=now, expires_at=now + INVITATION_VALID
    )
    return NewInvitation(token, record)


def make_reset(store: Store, person_id: str) -> str:
    """The token of a link (``/account/reset/TOKEN``) by which a member sets a new password within an hour.

    Raises
    ------
    AccessError
        The store's actor may not, or the person belongs to a workspace that the actor does not administer.
    ConflictError
        The person signs in through another system.
    """
    now = datetime.now(UTC)
    token = new_token()
    store.members.reset_password(person_id, token_hash(token), at=now, expires_at=now + RESET_VALID)
    return token


def set_disabled(store: Store, person_id: str, disabled: bool) -> None:
    """Let a member in nowhere any more, or again.

    Raises
    ------
    AccessError
        As in :func:`make_reset`.
    ConflictError
        No administrator would be left.
    """
    if disabled:
        store.members.disable(person_id, at=datetime.now(UTC))
    else:
        store.members.enable(person_id)


def opened(root: Store, kind: Literal["invitation", "reset"], token: str) -> OpenedLink:
    """What a link says.

    Raises
    ------
    NotFoundError
        It was used, taken back or has ended.
    """
    return root.entries.open(kind, token_hash(token), at=datetime.now(UTC))


def accept(
    root: Store, token: str, *, name: str = "", password: str = "", address: str | None = None
) -> tuple[Person, str]:
    """Accept an invitation as somebody new; the person and the workspace's tenant.

    Raises
    ------
    NotFoundError
        The invitation cannot be used any more.
    AccessError
        The address belongs to somebody who has an account: they sign in first.
    SettingsError
        The name or the password cannot be used.
    """
    link = opened(root, "invitation", token)
    if link.person_id is not None:
        raise AccessError("Accepting the invitation: you have an account already.", "Sign in first.")
    name = name_of(name)
    require_good(password, link.email, name, link.workspace or "")
    return root.entries.accept(
        token_hash(token),
        at=datetime.now(UTC),
        name=name,
        password_hash=hash_password(password),
        address=address,
    )


def accept_as(root: Store, token: str, person_id: str, *, address: str | None = None) -> str:
    """Accept an invitation as the person whom it is for, who is signed in; the workspace's tenant.

    Raises
    ------
    NotFoundError
        The invitation cannot be used any more.
    AccessError
        It is for somebody else.
    """
    if opened(root, "invitation", token).person_id != person_id:
        raise AccessError(
            "Accepting the invitation: it is for another address.", "Sign out, and sign in with that one."
        )
    return root.entries.accept(token_hash(token), at=datetime.now(UTC), address=address)[1]


def use_reset(root: Store, token: str, password: str, *, address: str | None = None) -> Person:
    """Set the new password of a reset; every sign-in of the person ends.

    Raises
    ------
    NotFoundError
        The link cannot be used any more.
    SettingsError
        The password cannot be used.
    """
    link = opened(root, "reset", token)
    require_good(password, link.email, link.name)
    return root.entries.use_reset(
        token_hash(token), hash_password(password), at=datetime.now(UTC), address=address
    )


def change_password(
    root: Store, person_id: str, old: str, new: str, *, keep: str | None, address: str | None = None
) -> None:
    """Set a new password in place of the old one; every sign-in but ``keep`` ends.

    Raises
    ------
    AccessError
        The old password is another one.
    ConflictError
        The person signs in through another system.
    SettingsError
        The new password cannot be used.
    """
    person = root.people.get(person_id)
    if person.source != "local":
        raise ConflictError("Changing the password: you sign in through another system.", "Change it there.")
    if not verify(old, person.password_hash):
        raise AccessError("Changing the password: the present one is not right.", "Type it once more.")
    require_good(new, person.email, person.name)
    root.people.change_password(person_id, hash_password(new), keep=keep, address=address)
