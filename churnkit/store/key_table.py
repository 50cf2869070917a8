"""Keys of the API."""

from __future__ import annotations

from datetime import datetime

from churnkit.accounts import Action, Scope
from churnkit.store.access_records import ApiKey
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id

_KEY = "SELECT * EXCLUDE (key_hash) FROM api_keys WHERE tenant_id = ? AND key_id = ?"


class KeyTable(TenantTable):
    """``store.keys``: the tenant's keys; of each only the SHA-256 is kept."""

    def add(
        self,
        *,
        key_hash: str,
        prefix: str,
        name: str,
        scope: Scope,
        created_at: datetime,
        expires_at: datetime | None,
    ) -> ApiKey:
        """Record a key that was made."""
        key_id = new_id()
        with self._writing("making a key", Action.KEYS, key_id) as cursor:
            insert(
                cursor,
                "api_keys",
                {
                    "key_id": key_id,
                    "key_hash": key_hash,
                    "prefix": prefix,
                    "name": name,
                    "tenant_id": self._tenant_id,
                    "scope": scope,
                    "created_by": self._actor.name,
                    "created_at": to_utc("created_at", created_at),
                    "expires_at": None if expires_at is None else to_utc("expires_at", expires_at),
                },
            )
            return self._one(cursor, ApiKey, _KEY, key_id)

    def all(self) -> list[ApiKey]:
        """The tenant's keys, newest first, revoked ones too."""
        with self._reading("listing keys", Action.KEYS) as cursor:
            return records(
                ApiKey,
                cursor.execute(
                    "SELECT * EXCLUDE (key_hash) FROM api_keys WHERE tenant_id = ? ORDER BY created_at DESC, key_id",
                    [self._tenant_id],
                ),
            )

    def revoke(self, key_id: str, *, at: datetime) -> ApiKey:
        """End a key; one that was revoked stays as it is."""
        with self._writing("revoking a key", Action.KEYS, key_id) as cursor:
            if self._one(cursor, ApiKey, _KEY, key_id).revoked_at is None:
                cursor.execute(
                    "UPDATE api_keys SET revoked_at = ? WHERE key_id = ?", [to_utc("revoked_at", at), key_id]
                )
            return self._one(cursor, ApiKey, _KEY, key_id)
