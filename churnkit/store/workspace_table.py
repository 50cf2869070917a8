"""Whether a workspace is in use, and whether its user has left it."""

from __future__ import annotations

from datetime import datetime

from churnkit.accounts import Action
from churnkit.errors import ConflictError, StoreError
from churnkit.store.preference_table import RETENTION_DAYS
from churnkit.store.row_codec import to_utc
from churnkit.store.taking_over import count_rows, is_under_way, move_rows, revoke_keys
from churnkit.store.tenant_table import TenantTable

_IN_USE = """
SELECT exists(SELECT 1 FROM uploads WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM sessions WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM preferences WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM scenarios WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM campaigns WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM campaign_plans WHERE tenant_id = $tenant)
"""
_END_ALL = (
    "UPDATE api_keys SET revoked_at = ? WHERE tenant_id = ? AND revoked_at IS NULL",
    "UPDATE shares SET revoked_at = ? WHERE tenant_id = ? AND revoked_at IS NULL",
)


class WorkspaceTable(TenantTable):
    """``store.workspace``: the tenant's workspace as a whole."""

    def is_in_use(self) -> bool:
        """Whether the workspace holds anything."""
        with self._reading("looking for a workspace") as cursor:
            row = cursor.execute(_IN_USE, {"tenant": self._tenant_id}).fetchone()
        return bool(row and row[0])

    def analysis_count(self) -> int:
        """How many analyses the workspace has."""
        with self._reading("counting analyses") as cursor:
            return count_rows(cursor, "sessions", self._tenant_id)

    def take_over(self, left: WorkspaceTable, *, at: datetime) -> int:
        """Make everything in another workspace this one's, all or nothing; how many analyses came.

        Its keys end and its webhooks go, for they were made for the other one; how long it kept analyses is not taken
        over. ``left`` is empty afterwards.

        Parameters
        ----------
        left
            As somebody sees it who may delete there.

        Raises
        ------
        AccessError
            Who asks may not delete there, or not hand over, run, plan and share here.
        ConflictError
            Work goes on there.
        """
        for action in (Action.UPLOAD, Action.RUN, Action.PLAN, Action.SHARE):
            self._require(action)
        left._require(Action.DELETE)
        if left._tenant_id == self._tenant_id:
            raise StoreError("Taking over a workspace: it must be another one.")
        with self._writing("taking over a workspace", Action.UPLOAD) as cursor:
            if is_under_way(cursor, left._tenant_id):
                raise ConflictError(
                    "Taking over the analyses: work on one of them is under way.", "Wait until it is done."
                )
            count = count_rows(cursor, "sessions", left._tenant_id)
            revoke_keys(cursor, left._tenant_id, to_utc("at", at))
            move_rows(cursor, left._tenant_id, self._tenant_id, without_preference=RETENTION_DAYS)
            return count

    def leave(self, *, at: datetime) -> None:
        """End the workspace for every browser, key and link; what it holds stays until it is deleted."""
        with self._writing("leaving a workspace", Action.DELETE) as cursor:
            ended = [to_utc("left_at", at), self._tenant_id]
            for query in _END_ALL:
                cursor.execute(query, ended)
            cursor.execute(
                "INSERT INTO left_workspaces VALUES (?, ?) ON CONFLICT DO NOTHING",
                [self._tenant_id, to_utc("left_at", at)],
            )

    def is_left(self) -> bool:
        """Whether the workspace's user has left it."""
        with self._reading("looking for a workspace") as cursor:
            rows = cursor.execute(
                "SELECT 1 FROM left_workspaces WHERE tenant_id = ?", [self._tenant_id]
            ).fetchall()
        return bool(rows)
