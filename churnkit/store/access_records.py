"""What opens a workspace to others, keys of the API and links; and who did what there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.accounts import Action, ActorKind, Scope


@dataclass(frozen=True)
class ApiKey:
    """A key of the API; the key itself is known to whoever made it alone.

    Attributes
    ----------
    prefix
        How it begins, to recognise it by.
    created_by
        Name of who made it.
    """

    key_id: str
    prefix: str
    name: str
    scope: Scope
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether it opens anything at a time."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


@dataclass(frozen=True)
class Share:
    """A link to one analysis; the token in it is known to whoever made it, and to those who have it from them.

    Attributes
    ----------
    may_export
        Whether who has the link may take files out of the analysis.
    created_by
        Name of who made it.
    """

    share_id: str
    session_id: str
    may_export: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_valid(self, at: datetime) -> bool:
        """Whether it opens the analysis at a time."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True)
class AuditEntry:
    """That somebody did something.

    Attributes
    ----------
    actor_name
        As they were called then.
    action
        The right that it took.
    doing
        What was done, in words.
    subject_id
        What it was done to, where that has an id.
    address
        Where the request came from, None if unknown.
    """

    done_at: datetime
    actor_kind: ActorKind
    actor_id: str
    actor_name: str
    action: Action
    doing: str
    subject_id: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class AuditPage:
    """Some entries of the audit log, newest first, and how many there are in all."""

    rows: tuple[AuditEntry, ...]
    total: int
