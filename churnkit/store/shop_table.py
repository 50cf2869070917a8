"""Shops: what an analysis belongs to, and what it has settled on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from churnkit.accounts import Action
from churnkit.errors import ConflictError
from churnkit.results.codec import to_json
from churnkit.results.shop import ShopSettings
from churnkit.store.deletion import delete_sessions, remember_removals
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.shop_records import Shop
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

_SHOPS = """
SELECT * FROM shops WHERE tenant_id = $tenant AND shop_id = coalesce($only, shop_id)
ORDER BY created_at DESC, shop_id
"""


class ShopTable(TenantTable):
    """``store.shops``: one for each analysis, and those that have no file yet."""

    _seen_by_links = True

    def create(self, name: str, settings: ShopSettings, *, created_at: datetime) -> Shop:
        """Begin a shop that has no file yet."""
        shop_id = new_id()
        with self._writing("creating a shop", Action.RUN, shop_id) as cursor:
            insert_shop(cursor, self._tenant_id, shop_id, name, settings, created_at)
            return self._shop(cursor, shop_id)

    def get(self, shop_id: str) -> Shop:
        """One shop, by the id of its analysis."""
        with self._reading("reading a shop") as cursor:
            return self._shop(cursor, shop_id)

    def all(self) -> list[Shop]:
        """All shops that the actor sees, newest first."""
        with self._reading("listing shops") as cursor:
            return records(
                Shop, cursor.execute(_SHOPS, {"tenant": self._tenant_id, "only": self._actor.only})
            )

    def delete_empty(self, shop_id: str, *, folders: Sequence[Path] = ()) -> None:
        """Take out a shop that has no analysis, with its sources; ``folders`` are remembered as removals.

        Raises
        ------
        ConflictError
            It has one.
        """
        with self._writing("deleting a shop", Action.DELETE, shop_id) as cursor:
            self._shop(cursor, shop_id)
            if cursor.execute("SELECT 1 FROM sessions WHERE session_id = ?", [shop_id]).fetchall():
                raise ConflictError(f"Deleting shop {shop_id!r}: it has an analysis.", "Delete the analysis.")
            remember_removals(cursor, [*delete_sessions(cursor, [shop_id]), *folders])

    def set_settings(self, shop_id: str, settings: ShopSettings) -> Shop:
        """Record what a shop has settled on; how long it keeps its orders takes the right to delete."""
        with self._writing("changing a shop's settings", Action.PLAN, shop_id) as cursor:
            before = self._shop(cursor, shop_id).shop_settings
            if settings.retention_months != before.retention_months:
                self._actor.require(Action.DELETE)
            cursor.execute(
                "UPDATE shops SET shop_settings = ? WHERE shop_id = ?",
                [json_text("shop_settings", to_json(settings)), shop_id],
            )
            return self._shop(cursor, shop_id)


def insert_shop(
    cursor: duckdb.DuckDBPyConnection,
    tenant_id: str,
    shop_id: str,
    name: str,
    settings: ShopSettings,
    created_at: datetime,
) -> None:
    """Record a shop, inside the caller's transaction."""
    insert(
        cursor,
        "shops",
        {
            "shop_id": shop_id,
            "tenant_id": tenant_id,
            "name": name,
            "shop_settings": json_text("shop_settings", to_json(settings)),
            "created_at": to_utc("created_at", created_at),
        },
    )
