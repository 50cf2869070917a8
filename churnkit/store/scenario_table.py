"""What-ifs that a reader kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from churnkit.accounts import Action
from churnkit.store.decision_records import SavedScenario
from churnkit.store.row_codec import json_text, records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable


class ScenarioTable(TenantTable):
    """``store.scenarios``: the tenant's own, their session may be another's."""

    def save(
        self,
        session_id: str,
        name: str,
        *,
        settings: Mapping[str, object],
        figures: Mapping[str, object],
        created_at: datetime,
    ) -> SavedScenario:
        """Keep a scenario under a name; one of the same name is replaced."""
        values = {
            "tenant_id": self._tenant_id,
            "session_id": session_id,
            "name": name,
            "settings": json_text("settings", settings),
            "figures": json_text("figures", figures),
            "created_at": to_utc("created_at", created_at),
        }
        with self._writing("saving a scenario", Action.PLAN, session_id) as cursor:
            self._require_readable(cursor, session_id)
            cursor.execute(
                "DELETE FROM scenarios WHERE tenant_id = ? AND session_id = ? AND name = ?",
                [self._tenant_id, session_id, name],
            )
            insert(cursor, "scenarios", values)
        return next(s for s in self.of_session(session_id) if s.name == name)

    def of_session(self, session_id: str) -> list[SavedScenario]:
        """The tenant's scenarios of a session, oldest first."""
        with self._reading("listing scenarios") as cursor:
            return records(
                SavedScenario,
                cursor.execute(
                    "SELECT * FROM scenarios WHERE tenant_id = ? AND session_id = ? ORDER BY created_at, name",
                    [self._tenant_id, session_id],
                ),
            )

    def delete(self, session_id: str, name: str) -> None:
        """Take out a scenario, if it is there."""
        with self._writing("deleting a scenario", Action.PLAN, session_id) as cursor:
            cursor.execute(
                "DELETE FROM scenarios WHERE tenant_id = ? AND session_id = ? AND name = ?",
                [self._tenant_id, session_id, name],
            )
