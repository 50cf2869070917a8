"""What a tenant has settled on: preferences by key, and the mapping used for each header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from churnkit.store.records import to_json, to_utc
from churnkit.store.tenant import TenantTables


class PreferenceTables(TenantTables):
    """Methods on preferences and saved mappings."""

    def set_preference(self, key: str, value: Any) -> None:
        """Keep a value, which must be a JSON value, under a key."""
        text = to_json(key, value)
        with self._database.writing("saving a preference") as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO preferences (tenant_id, key, value) VALUES (?, ?, ?)",
                [self._tenant_id, key, text],
            )

    def preference(self, key: str) -> Any:
        """The value under a key, None if there is none."""
        with self._database.reading("reading a preference") as cursor:
            rows = cursor.execute(
                "SELECT value FROM preferences WHERE tenant_id = ? AND key = ?", [self._tenant_id, key]
            ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def delete_preference(self, key: str) -> None:
        """Forget the value under a key, if there is one."""
        with self._database.writing("deleting a preference") as cursor:
            cursor.execute("DELETE FROM preferences WHERE tenant_id = ? AND key = ?", [self._tenant_id, key])

    def save_mapping(self, header_hash: str, mapping: Mapping[str, Any], *, used_at: datetime) -> None:
        """Keep the mapping that was used for files with a certain header."""
        text = to_json("mapping", mapping)
        with self._database.writing("saving a mapping") as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO saved_mappings (tenant_id, header_hash, mapping, used_at)"
                " VALUES (?, ?, ?, ?)",
                [self._tenant_id, header_hash, text, to_utc("used_at", used_at)],
            )

    def saved_mapping(self, header_hash: str) -> dict[str, Any] | None:
        """The mapping last used for files with this header, if any."""
        with self._database.reading("reading a mapping") as cursor:
            rows = cursor.execute(
                "SELECT mapping FROM saved_mappings WHERE tenant_id = ? AND header_hash = ?",
                [self._tenant_id, header_hash],
            ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def delete_mappings(self) -> None:
        """Forget every mapping: they hold the names of columns."""
        with self._database.writing("deleting mappings") as cursor:
            cursor.execute("DELETE FROM saved_mappings WHERE tenant_id = ?", [self._tenant_id])
