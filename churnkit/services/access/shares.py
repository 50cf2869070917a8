"""Links to one analysis: made by people, ending by themselves, taken back at once."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from churnkit.accounts import Action, Actor
from churnkit.config.checks import require
from churnkit.errors import StoreError
from churnkit.store import Session, Share, Store

MOST_DAYS = 365
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class NewShare:
    """The token of a link and its record; the token is shown once and kept nowhere."""

    text: str
    record: Share


@dataclass(frozen=True)
class OpenShare:
    """An analysis that a link opens.

    Attributes
    ----------
    store
        The owner's, as the link sees it: this analysis and nothing else.
    """

    store: Store
    session: Session
    share: Share


def make_share(store: Store, session_id: str, *, days: int = 30, may_export: bool = False) -> NewShare:
    """Make a link to an analysis of the store's workspace.

    Parameters
    ----------
    days
        After which the link ends, 1 to 365.
    may_export
        Whether who has it may take files out.

    Raises
    ------
    AccessError
        The store's actor may give out no links, or no files.
    SettingsError
        The days are out of range.
    NotFoundError
        There is no such analysis.
    """
    require(1 <= days <= MOST_DAYS, "days", days, f"1 to {MOST_DAYS}")
    now = datetime.now(UTC)
    text = secrets.token_urlsafe(32)
    record = store.shares.add(
        session_id,
        token_hash=_hash(text),
        may_export=may_export,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return NewShare(text, record)


def revoke_share(store: Store, share_id: str) -> Share:
    """Take a link back; it opens nothing from now on.

    Raises
    ------
    AccessError
        The store's actor may take no links back.
    """
    return store.shares.revoke(share_id, at=datetime.now(UTC))


def open_share(root: Store, token: str, address: str | None = None) -> OpenShare | None:
    """What the token of a link opens now; None where it never was one, was taken back or has ended.

    Parameters
    ----------
    root
        The store as the program itself sees it, or any of its tenants' stores.
    address
        Where the request came from, for the audit log.
    """
    if not _TOKEN.fullmatch(token):
        return None
    found = root.overview.share(_hash(token))
    if found is None or not found[1].is_valid(datetime.now(UTC)):
        return None
    tenant_id, share = found
    rights = {Action.READ, Action.EXPORT} if share.may_export else {Action.READ}
    name = f"link of {share.created_by}"
    actor = Actor("link", share.share_id, name, frozenset(rights), address, only=share.session_id)
    store = root.for_tenant(tenant_id, actor)
    try:
        return OpenShare(store, store.sessions.get(share.session_id), share)
    except StoreError:
        # Deleted between the two queries.
        return None


def _hash(token: str) -> str:
    """What is kept of a token; random 256 bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
