"""Links to single analyses, for people without an account."""

from __future__ import annotations

from datetime import datetime

from churnkit.accounts import Action
from churnkit.store.access_records import Share
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

_COLUMNS = "SELECT * EXCLUDE (token_hash) FROM shares WHERE tenant_id = ?"
_SHARE = f"{_COLUMNS} AND share_id = ?"


class ShareTable(TenantTable):
    """``store.shares``: who may read which of the tenant's analyses without being one of its people.

    Of each token only the SHA-256 is kept.
    """

    def add(
        self,
        session_id: str,
        *,
        token_hash: str,
        may_export: bool,
        created_at: datetime,
        expires_at: datetime,
    ) -> Share:
        """Record a link that was made; who hands out files by it must be allowed to take them out."""
        if may_export:
            self._require(Action.EXPORT)
        share_id = new_id()
        with self._writing("sharing an analysis", Action.SHARE, session_id) as cursor:
            self._session(cursor, session_id)
            insert(
                cursor,
                "shares",
                {
                    "share_id": share_id,
                    "token_hash": token_hash,
                    "tenant_id": self._tenant_id,
                    "session_id": session_id,
                    "may_export": may_export,
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", created_at),
                    "expires_at": to_utc("expires_at", expires_at),
                },
            )
            return self._one(cursor, Share, _SHARE, share_id)

    def all(self) -> list[Share]:
        """The tenant's links, newest first; those that have ended too, while their analysis is there."""
        with self._reading("listing links", Action.SHARE) as cursor:
            return records(
                Share, cursor.execute(f"{_COLUMNS} ORDER BY created_at DESC, share_id", [self._tenant_id])
            )

    def revoke(self, share_id: str, *, at: datetime) -> Share:
        """Take a link back; one that was taken back stays as it is."""
        with self._writing("taking a link back", Action.SHARE, share_id) as cursor:
            if self._one(cursor, Share, _SHARE, share_id).revoked_at is None:
                cursor.execute(
                    "UPDATE shares SET revoked_at = ? WHERE share_id = ?",
                    [to_utc("revoked_at", at), share_id],
                )
            return self._one(cursor, Share, _SHARE, share_id)
