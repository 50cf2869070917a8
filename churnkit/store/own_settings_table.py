"""What somebody has settled on for themselves, by key."""

from __future__ import annotations

import json
from typing import Any

from churnkit.accounts import Action
from churnkit.store.row_codec import json_text
from churnkit.store.tenant_table import TenantTable


class OwnSettingsTable(TenantTable):
    """``store.own_settings``: values of JSON by key, each actor's own; whoever may see the workspace may keep some.

    A link has none: it is not known who follows it.
    """

    def set(self, key: str, value: Any) -> None:
        """Keep a value, which must be a JSON value, under a key."""
        text = json_text(key, value)
        with self._writing("saving a setting of one's own", Action.READ, key) as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO own_settings (tenant_id, actor_id, key, value) VALUES (?, ?, ?, ?)",
                [*self._whose(), key, text],
            )

    def get(self, key: str) -> Any:
        """The value under a key, None if there is none."""
        with self._reading("reading a setting of one's own") as cursor:
            rows = cursor.execute(
                "SELECT value FROM own_settings WHERE tenant_id = ? AND actor_id = ? AND key = ?",
                [*self._whose(), key],
            ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def _whose(self) -> tuple[str, str]:
        return self._tenant_id, self._actor.actor_id
