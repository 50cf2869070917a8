"""Who did what: every change by somebody is entered by the subject that it changes, in the same transaction."""

from __future__ import annotations

from datetime import UTC, datetime

from churnkit.accounts import Action
from churnkit.errors import AccessError
from churnkit.store.access_records import AuditEntry, AuditPage
from churnkit.store.row_codec import records, to_utc
from churnkit.store.tenant_table import TenantTable

MOST_ROWS = 500

_MATCHING = """
FROM audit_log
WHERE tenant_id = $tenant
    AND ($action IS NULL OR action = $action)
    AND ($since IS NULL OR done_at >= $since)
    AND (contains(lower(actor_name), $text) OR contains(lower(doing), $text) OR coalesce(subject_id, '') = $text)
"""
_PAGE = f"SELECT * {_MATCHING} ORDER BY done_at DESC, subject_id LIMIT $limit OFFSET $offset"

_OPEN_LINK = "SELECT 1 FROM shares WHERE share_id = ? AND revoked_at IS NULL AND expires_at > ?"


class AuditTable(TenantTable):
    """``store.audit``: the tenant's log; entries are added and never changed."""

    _seen_by_links = True

    def note(self, doing: str, action: Action, subject_id: str | None = None) -> None:
        """Enter what is no change of the store, e.g. files that are taken out, for an actor who may do ``action``.

        Raises
        ------
        AccessError
            They may not, or the link by which they came has ended since.
        """
        with self._writing(doing, action, subject_id) as cursor:
            link = self._actor.actor_id if self._actor.only is not None else ""
            if link and not cursor.execute(_OPEN_LINK, [link, to_utc("now", datetime.now(UTC))]).fetchall():
                raise AccessError("The link has ended or was taken back.", "Ask whoever made it.", action)

    def page(
        self,
        *,
        limit: int = 50,
        offset: int = 0,
        action: Action | None = None,
        text: str = "",
        since: datetime | None = None,
    ) -> AuditPage:
        """Entries, newest first, at most ``limit`` (1 to 500) of them.

        Parameters
        ----------
        action
            Those that took this right only.
        text
            Those that have it in the name of who did it or in what was done, whatever its case, or as the id of what
            it was done to; empty for all.
        since
            Those from this time on.
        """
        values = {
            "tenant": self._tenant_id,
            "action": action,
            "since": None if since is None else to_utc("since", since),
            "text": text.strip().lower(),
        }
        window = {"limit": min(max(limit, 1), MOST_ROWS), "offset": max(offset, 0)}
        with self._reading("reading the audit log", Action.AUDIT) as cursor:
            (total,) = cursor.execute(f"SELECT count(*) {_MATCHING}", values).fetchall()[0]
            rows = records(AuditEntry, cursor.execute(_PAGE, {**values, **window}))
        return AuditPage(tuple(rows), total)
