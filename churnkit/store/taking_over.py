"""Moving what one tenant has to another.

Every function works inside its caller's transaction.
"""

from __future__ import annotations

import duckdb

from churnkit.store.sql import quoted

# Rows that are their own whoever has them.
_MOVED = (
    "uploads",
    "sessions",
    "shops",
    "additions",
    "shop_events",
    "work_list",
    "schedules",
    "schedule_runs",
    "destinations",
    "pushes",
    "pushed_customers",
    "sources",
    "source_files",
    "campaigns",
    "campaign_plans",
    "shares",
    "audit_log",
    "erasures",
)

_UNDER_WAY = """
SELECT count(*) FROM training_jobs JOIN shops ON shops.shop_id = training_jobs.session_id
WHERE shops.tenant_id = ? AND training_jobs.status IN ('pending', 'running')
"""

# Rows under a name. DuckDB holds keys against rows that the same transaction has changed, so they are written anew.
_SCENARIOS = """
INSERT INTO scenarios BY NAME
SELECT f.* REPLACE (
    $new AS tenant_id,
    CASE WHEN EXISTS (
        SELECT 1 FROM scenarios t WHERE t.tenant_id = $new AND t.session_id = f.session_id AND t.name = f.name
    ) THEN f.name || ' (' || left(f.tenant_id, 6) || ')' ELSE f.name END AS name
)
FROM scenarios f WHERE f.tenant_id = $old
"""
_PREFERENCES = """
INSERT INTO preferences BY NAME
SELECT f.* REPLACE ($new AS tenant_id) FROM preferences f
WHERE f.tenant_id = $old AND f.key <> $except
    AND NOT EXISTS (SELECT 1 FROM preferences t WHERE t.tenant_id = $new AND t.key = f.key)
"""
_ANSWERS = """
INSERT INTO saved_answers BY NAME
SELECT f.* REPLACE ($new AS tenant_id) FROM saved_answers f
WHERE f.tenant_id = $old
    AND NOT EXISTS (SELECT 1 FROM saved_answers t WHERE t.tenant_id = $new AND t.file_key = f.file_key)
"""


def is_under_way(cursor: duckdb.DuckDBPyConnection, tenant_id: str) -> bool:
    """Whether work of a tenant waits or runs."""
    return bool(cursor.execute(_UNDER_WAY, [tenant_id]).fetchall()[0][0])


def count_rows(cursor: duckdb.DuckDBPyConnection, table: str, tenant_id: str) -> int:
    """How many rows of a table are a tenant's."""
    query = f"SELECT count(*) FROM {quoted(table)} WHERE tenant_id = ?"  # noqa: S608 (a name of the caller's)
    return int(cursor.execute(query, [tenant_id]).fetchall()[0][0])


def move_rows(cursor: duckdb.DuckDBPyConnection, old: str, new: str, *, without_preference: str) -> None:
    """Give everything that a tenant has to another, but one preference.

    Where both have something under the same name, the new tenant's stays as it is; a scenario comes under another name.
    """
    for table in _MOVED:
        cursor.execute(
            f"UPDATE {quoted(table)} SET tenant_id = ? WHERE tenant_id = ?",  # noqa: S608 (names of this module)
            [new, old],
        )
    cursor.execute(_SCENARIOS, {"old": old, "new": new})
    cursor.execute(_PREFERENCES, {"old": old, "new": new, "except": without_preference})
    cursor.execute(_ANSWERS, {"old": old, "new": new})
    # Webhooks, subscriptions and what somebody kept for themselves go, as keys end: they were made for the other one.
    for table in (
        "scenarios",
        "preferences",
        "own_settings",
        "saved_answers",
        "webhooks",
        "webhook_deliveries",
        "subscriptions",
        "messages",
    ):
        cursor.execute(
            f"DELETE FROM {quoted(table)} WHERE tenant_id = ?",  # noqa: S608 (names of this module)
            [old],
        )


def revoke_keys(cursor: duckdb.DuckDBPyConnection, tenant_id: str, at: object) -> None:
    """End every key of a tenant."""
    cursor.execute(
        "UPDATE api_keys SET revoked_at = ? WHERE tenant_id = ? AND revoked_at IS NULL", [at, tenant_id]
    )
