"""What a tenant has settled on, by key."""

from __future__ import annotations

import json
from typing import Any

from churnkit.accounts import Action
from churnkit.store.row_codec import json_text
from churnkit.store.tenant_table import TenantTable

RETENTION_DAYS = "retention_days"
"""Under this key stands after how many days without work analyses are deleted."""


class PreferenceTable(TenantTable):
    """``store.preferences``: values of JSON by key."""

    _seen_by_links = True

    def set(self, key: str, value: Any) -> None:
        """Keep a value, which must be a JSON value, under a key."""
        text = json_text(key, value)
        with self._writing("saving a preference", _right_to_change(key), key) as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO preferences (tenant_id, key, value) VALUES (?, ?, ?)",
                [self._tenant_id, key, text],
            )

    def get(self, key: str) -> Any:
        """The value under a key, None if there is none."""
        with self._reading("reading a preference") as cursor:
            rows = cursor.execute(
                "SELECT value FROM preferences WHERE tenant_id = ? AND key = ?", [self._tenant_id, key]
            ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def delete(self, key: str) -> None:
        """Forget the value under a key, if there is one."""
        with self._writing("deleting a preference", _right_to_change(key), key) as cursor:
            cursor.execute("DELETE FROM preferences WHERE tenant_id = ? AND key = ?", [self._tenant_id, key])


def _right_to_change(key: str) -> Action:
    return Action.DELETE if key == RETENTION_DAYS else Action.PLAN
