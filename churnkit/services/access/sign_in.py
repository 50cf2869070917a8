"""Letting people in: what a browser holds after a sign-in, whose it is, and its end."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from churnkit.config import AuthSettings
from churnkit.errors import AccessError
from churnkit.services.access.passwords import hash_password, is_outdated, verify
from churnkit.store import Person, SignedIn, Store

# A change of people or sign-ins is known at once; this is for time that passes.
REMEMBERED_SECONDS = 5.0
SEEN_EVERY = timedelta(minutes=1)
MOST_REMEMBERED = 5_000
MOST_AGENT_CHARACTERS = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class NewSignIn:
    """What a browser gets; the token is kept nowhere else."""

    token: str
    signed_in: SignedIn


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token; random 256 bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def by_password(root: Store, email: str, password: str) -> Person | None:
    """The person whose address and password these are; it takes as long where there is none.

    A hash of earlier parameters is made anew.
    """
    person = root.people.by_email(email)
    known = person.password_hash if person is not None and person.disabled_at is None else None
    if not verify(password, known) or person is None or known is None:
        return None
    if is_outdated(known):
        root.people.set_password_hash(person.person_id, hash_password(password))
    return person


def sign_in(
    root: Store,
    person_id: str,
    *,
    address: str | None,
    user_agent: str | None,
    replaces: str | None = None,
    tenant_id: str | None = None,
) -> NewSignIn:
    """Let a person in.

    Parameters
    ----------
    root
        The store as the program sees it.
    replaces
        The token that the browser held before; it opens nothing afterwards.
    tenant_id
        The workspace to open; unless given, the one that they used last, else their first.

    Raises
    ------
    AccessError
        The person is disabled.
    """
    if root.people.get(person_id).disabled_at is not None:
        raise AccessError("Signing in: this account is disabled.", "Ask an administrator of the workspace.")
    now = datetime.now(UTC)
    settings = AuthSettings.from_environment()
    token = new_token()
    signed = root.sign_ins.add(
        sign_in_id=token_hash(token),
        person_id=person_id,
        tenant_id=tenant_id or _usual_workspace(root, person_id),
        at=now,
        expires_at=now + timedelta(days=settings.longest_days),
        address=address,
        user_agent=(user_agent or "")[:MOST_AGENT_CHARACTERS] or None,
        replaces=token_hash(replaces) if replaces else None,
    )
    return NewSignIn(token, signed)


def signed_in(root: Store, token: str | None) -> SignedIn | None:
    """Who holds a token, None if it opens nothing (any more)."""
    return None if token is None or not _TOKEN.fullmatch(token) else _REMEMBERED.find(root, token_hash(token))


def open_workspace(root: Store, signed: SignedIn, tenant_id: str) -> None:
    """Open another of the person's workspaces in their browser.

    Raises
    ------
    AccessError
        They do not belong to it.
    """
    if tenant_id not in {one.tenant for one in root.people.memberships(signed.person_id)}:
        raise AccessError(
            "Opening a workspace: you do not belong to it (any more).",
            "Ask an administrator of the workspace.",
        )
    root.sign_ins.open_workspace(signed.sign_in_id, tenant_id)


def sign_ins_of(root: Store, person_id: str) -> list[SignedIn]:
    """A person's sign-ins that have not ended, the last used first."""
    now = datetime.now(UTC)
    return [one for one in root.sign_ins.of_person(person_id) if is_valid(one, now)]


def end_sign_in(root: Store, sign_in_id: str, person_id: str) -> None:
    """End one of a person's sign-ins: whatever is open in that browser ends with its next step."""
    root.sign_ins.end(sign_in_id, person_id)


def end_all(root: Store, person_id: str, but: str | None = None) -> None:
    """End all of a person's sign-ins, but one where it is named."""
    root.sign_ins.end_all(person_id, but=but)


def is_valid(signed: SignedIn, at: datetime) -> bool:
    """Whether a sign-in goes on: neither too old nor unused for too long, nor from another way of signing in."""
    settings = AuthSettings.from_environment()
    idle = timedelta(days=settings.idle_days)
    return at < signed.expires_at and at < signed.seen_at + idle and settings.lets_in(signed.source)


def forget_ended(root: Store) -> None:
    """Remove sign-ins and links whose time is over."""
    now = datetime.now(UTC)
    root.sign_ins.forget_ended(
        at=now, idle_since=now - timedelta(days=AuthSettings.from_environment().idle_days)
    )


def _usual_workspace(root: Store, person_id: str) -> str | None:
    """Only workspaces that they still belong to are among those of their sign-ins."""
    last = [one.tenant for one in root.sign_ins.of_person(person_id) if one.tenant is not None]
    mine = [one.tenant for one in root.people.memberships(person_id)]
    return next(iter([*last, *mine]), None)


class _Remembered:
    """Who held which token a moment ago: asked with every request, and with every run of every page."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[float, int, SignedIn | None]] = {}
        self._lock = threading.Lock()

    def find(self, root: Store, sign_in_id: str) -> SignedIn | None:
        key = (root.instance, sign_in_id)
        version = root.access_version
        with self._lock:
            at, known_version, found = self._known.get(key, (0.0, -1, None))
        if known_version != version or time.monotonic() - at > REMEMBERED_SECONDS:
            found = _seen(root, root.sign_ins.find(sign_in_id))
            with self._lock:
                if len(self._known) >= MOST_REMEMBERED:
                    self._known.clear()
                self._known[key] = (time.monotonic(), version, found)
        return found if found is not None and is_valid(found, datetime.now(UTC)) else None


def _seen(root: Store, found: SignedIn | None) -> SignedIn | None:
    now = datetime.now(UTC)
    if found is None or not is_valid(found, now) or now - found.seen_at < SEEN_EVERY:
        return found
    root.sign_ins.note_seen(found.sign_in_id, at=now)
    return replace(found, seen_at=now)


_REMEMBERED = _Remembered()
