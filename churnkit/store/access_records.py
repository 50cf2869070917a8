"""What opens a workspace to others: keys of the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from churnkit.accounts import Scope


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
