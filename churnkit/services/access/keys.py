"""Keys of the API: made by people, shown once, kept as a hash."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from churnkit.accounts import Scope
from churnkit.config.checks import require
from churnkit.store import ApiKey, Store

PREFIX = "ck_live_"
SHOWN_CHARACTERS = len(PREFIX) + 4
MOST_DAYS = 3650
# One mark for each revocation of this process.
_REVOKED: list[str] = []
_KEY = re.compile(re.escape(PREFIX) + r"([A-Za-z0-9_-]{43})([0-9a-f]{8})")


@dataclass(frozen=True)
class NewKey:
    """A key and its record; the text is shown once and kept nowhere."""

    text: str
    record: ApiKey


def make_key(store: Store, name: str, scope: Scope, days_valid: int | None = 365) -> NewKey:
    """Make a key for the store's workspace.

    Parameters
    ----------
    days_valid
        1 to 3650; None for a key that does not end by itself.

    Raises
    ------
    AccessError
        The store's actor may make no keys.
    SettingsError
        The name is empty or longer than 80 characters, or the days are out of range.
    """
    name = name.strip()
    require(0 < len(name) <= 80, "name", name, "1 to 80 characters")
    require(days_valid is None or 1 <= days_valid <= MOST_DAYS, "days_valid", days_valid, f"1 to {MOST_DAYS}")
    now = datetime.now(UTC)
    text = new_key_text()
    record = store.keys.add(
        key_hash=key_hash(text),
        prefix=text[:SHOWN_CHARACTERS],
        name=name,
        scope=scope,
        created_at=now,
        expires_at=None if days_valid is None else now + timedelta(days=days_valid),
    )
    return NewKey(text, record)


def revoke_key(store: Store, key_id: str) -> ApiKey:
    """End a key of the store's workspace at once.

    Raises
    ------
    AccessError
        The store's actor may revoke no keys.
    NotFoundError
        The workspace has no such key.
    """
    record = store.keys.revoke(key_id, at=datetime.now(UTC))
    note_revocation(key_id)
    return record


def revoke_keys_of(store: Store, name: str) -> int:
    """End every live key of the store's workspace that somebody made; their number.

    Parameters
    ----------
    name
        What the record says of who made it: a person's address.

    Raises
    ------
    AccessError
        The store's actor may revoke no keys.
    """
    theirs = [key for key in store.keys.all() if key.created_by == name and key.revoked_at is None]
    for key in theirs:
        revoke_key(store, key.key_id)
    return len(theirs)


def note_revocation(key_id: str = "") -> None:
    """Have every memory of keys ask the store anew."""
    _REVOKED.append(key_id)


def revocations() -> int:
    """How many there were since the process began: whoever remembers keys forgets them when this changes."""
    return len(_REVOKED)


def are_keys_in_use(root: Store) -> bool:
    """Whether any workspace has a key that is valid now; ``root`` is the program's own store."""
    return root.overview.has_keys(at=datetime.now(UTC))


def new_key_text() -> str:
    """256 random bits, and a checksum by which a scanner for leaked secrets knows a key of ours."""
    random = secrets.token_urlsafe(32)
    return f"{PREFIX}{random}{_checksum(random)}"


def is_key(text: str) -> bool:
    """Whether a text has the form of a key, checksum included; says nothing of whether it opens anything."""
    match = _KEY.fullmatch(text)
    return match is not None and match[2] == _checksum(match[1])


def key_hash(text: str) -> str:
    """What is kept of a key; random 256 bits need no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(random: str) -> str:
    return zlib.crc32(random.encode()).to_bytes(4, "big").hex()
