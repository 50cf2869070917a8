"""What the analysis that a session shows has found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Action
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.run_records import Insights
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable, new_id


class InsightTable(TenantTable):
    """``store.insights``: those of the run on screen."""

    _seen_by_links = True

    def replace(
        self,
        session_id: str,
        *,
        generated_at: datetime,
        summary_stats: Mapping[str, object],
        segments: Mapping[str, object] | Sequence[object] = (),
        feature_importance: Mapping[str, object] | Sequence[object] = (),
        recommendations: Mapping[str, object] | Sequence[object] = (),
    ) -> Insights:
        """Replace the session's insights; the values must be JSON values."""
        found = {
            "summary_stats": summary_stats,
            "segments": segments,
            "feature_importance": feature_importance,
            "recommendations": recommendations,
        }
        with self._writing("saving insights", Action.RUN, session_id) as cursor:
            self._session(cursor, session_id)
            replace_insights(cursor, session_id, found, generated_at)
            return _insights(cursor, session_id)[0]

    def of_session(self, session_id: str) -> Insights | None:
        """The session's insights, if it has any yet."""
        with self._reading("reading insights") as cursor:
            self._session(cursor, session_id)
            return next(iter(_insights(cursor, session_id)), None)


def replace_insights(
    cursor: duckdb.DuckDBPyConnection, session_id: str, found: Mapping[str, object], generated_at: datetime
) -> None:
    """Write a session's insights in place of those it has, inside the caller's transaction."""
    cursor.execute("DELETE FROM insights WHERE session_id = ?", [session_id])
    parts = ("summary_stats", "segments", "feature_importance", "recommendations")
    insert(
        cursor,
        "insights",
        {
            "insight_id": new_id(),
            "session_id": session_id,
            **{name: json_text(name, found.get(name, [])) for name in parts},
            "generated_at": to_utc("generated_at", generated_at),
        },
    )


def _insights(cursor: duckdb.DuckDBPyConnection, session_id: str) -> list[Insights]:
    return records(Insights, cursor.execute("SELECT * FROM insights WHERE session_id = ?", [session_id]))
