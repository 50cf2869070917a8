"""The mapping of columns last used for files with a header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from churnkit.results.codec import JsonObject
from churnkit.store.row_codec import json_text, to_utc
from churnkit.store.tenant_table import TenantTable


class MappingTable(TenantTable):
    """``store.mappings``: by the hash of a header."""

    def save(self, header_hash: str, mapping: Mapping[str, object], *, used_at: datetime) -> None:
        """Keep the mapping that was used for files with a certain header."""
        text = json_text("mapping", mapping)
        with self._database.writing("saving a mapping") as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO saved_mappings (tenant_id, header_hash, mapping, used_at)"
                " VALUES (?, ?, ?, ?)",
                [self._tenant_id, header_hash, text, to_utc("used_at", used_at)],
            )

    def of_header(self, header_hash: str) -> JsonObject | None:
        """The mapping last used for files with this header, if any."""
        with self._database.reading("reading a mapping") as cursor:
            rows = cursor.execute(
                "SELECT mapping FROM saved_mappings WHERE tenant_id = ? AND header_hash = ?",
                [self._tenant_id, header_hash],
            ).fetchall()
        return json.loads(rows[0][0]) if rows else None

    def delete_all(self) -> None:
        """Forget every mapping: they hold the names of columns."""
        with self._database.writing("deleting mappings") as cursor:
            cursor.execute("DELETE FROM saved_mappings WHERE tenant_id = ?", [self._tenant_id])
