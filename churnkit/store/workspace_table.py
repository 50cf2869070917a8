"""Whether a workspace is in use, and whether its user has left it."""

from __future__ import annotations

from datetime import datetime

from churnkit.accounts import Action
from churnkit.store.row_codec import to_utc
from churnkit.store.tenant_table import TenantTable

_IN_USE = """
SELECT exists(SELECT 1 FROM uploads WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM sessions WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM preferences WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM scenarios WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM campaigns WHERE tenant_id = $tenant)
    OR exists(SELECT 1 FROM campaign_plans WHERE tenant_id = $tenant)
"""


class WorkspaceTable(TenantTable):
    """``store.workspace``: the tenant's workspace as a whole."""

    def is_in_use(self) -> bool:
        """Whether the workspace holds anything."""
        with self._reading("looking for a workspace") as cursor:
            row = cursor.execute(_IN_USE, {"tenant": self._tenant_id}).fetchone()
        return bool(row and row[0])

    def leave(self, *, at: datetime) -> None:
        """End the workspace for every browser; what it holds stays until it is deleted."""
        with self._writing("leaving a workspace", Action.DELETE) as cursor:
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
