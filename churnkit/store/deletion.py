"""Taking out sessions with everything that hangs on them, and remembering the files that must go too.

Every function works inside its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from churnkit.store.sql import quoted

# Rows that point to others go before those.
_OF_SESSION = (
    "shares",
    "scenarios",
    "insights",
    "predictions",
    "runs",
    "models",
    "training_jobs",
    "sessions",
)
_OF_SHOP = (
    "messages",
    "subscriptions",
    "shop_events",
    "work_list",
    "source_files",
    "sources",
    "additions",
    "schedule_runs",
    "schedules",
    "erasures",
    "pushed_customers",
    "pushes",
    "destinations",
    "shops",
)
_OF_CAMPAIGN = ("campaign_plan_members", "campaign_plan_exclusions", "campaign_readouts", "campaign_plans")
ROWS_OF_SESSION = (
    ("campaign_members", "campaign_id IN (SELECT campaign_id FROM campaigns WHERE session_id = $session)"),
    ("campaigns", "session_id = $session"),
    *(
        (table, "plan_id IN (SELECT plan_id FROM campaign_plans WHERE session_id = $session)")
        for table in _OF_CAMPAIGN
    ),
    *((table, "shop_id = $session") for table in _OF_SHOP),
    ("preferences", "ends_with(key, '/' || $session)"),
    *((table, "session_id = $session") for table in _OF_SESSION),
)
"""Tables with what hangs on a session, each with the condition of its rows, in the order in which they go."""


def delete_sessions(cursor: duckdb.DuckDBPyConnection, session_ids: Iterable[str]) -> list[Path]:
    """Take out sessions, every reader's notes on them included; the files that they name."""
    files: list[Path] = []
    for session_id in session_ids:
        files += _files_of(cursor, session_id)
        for table, condition in ROWS_OF_SESSION:
            cursor.execute(
                f"DELETE FROM {quoted(table)} WHERE {condition}",  # noqa: S608 (names of this module)
                {"session": session_id},
            )
    return files


def _files_of(cursor: duckdb.DuckDBPyConnection, session_id: str) -> list[Path]:
    paths = cursor.execute(
        "SELECT transactions_path FROM sessions WHERE session_id = $session_id"
        " UNION ALL SELECT panel_path FROM sessions WHERE session_id = $session_id"
        " UNION ALL SELECT file_path FROM models WHERE session_id = $session_id",
        {"session_id": session_id},
    ).fetchall()
    return sorted(Path(path) for (path,) in paths if path is not None)


def delete_campaigns(cursor: duckdb.DuckDBPyConnection, campaign_ids: Sequence[str]) -> None:
    """Take out frozen campaigns with all that hangs on them."""
    for table in _OF_CAMPAIGN:
        cursor.execute(
            f"DELETE FROM {quoted(table)} WHERE list_contains(?, plan_id)",  # noqa: S608 (names of this module)
            [list(campaign_ids)],
        )


def remember_removals(cursor: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Note files and folders that must go, so that the next start removes what a crash left."""
    for path in files:
        cursor.execute("INSERT INTO removals VALUES (?)", [str(path)])
