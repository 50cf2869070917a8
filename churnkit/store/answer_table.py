"""What was answered last about files of one kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from churnkit.accounts import Action
from churnkit.results.codec import JsonObject
from churnkit.store.row_codec import json_text, to_utc
from churnkit.store.tenant_table import TenantTable


class AnswerTable(TenantTable):
    """``store.answers``: by what files of one kind have in common, such as the hash of a header."""

    def save(self, file_key: str, answers: Sequence[JsonObject], *, used_at: datetime) -> None:
        """Keep what was answered about files of a kind; no answers are forgotten ones."""
        with self._writing("saving answers", Action.UPLOAD) as cursor:
            if not answers:
                cursor.execute(
                    "DELETE FROM saved_answers WHERE tenant_id = ? AND file_key = ?",
                    [self._tenant_id, file_key],
                )
                return
            text = json_text("answers", list(answers))
            cursor.execute(
                "INSERT OR REPLACE INTO saved_answers (tenant_id, file_key, answers, used_at)"
                " VALUES (?, ?, ?, ?)",
                [self._tenant_id, file_key, text, to_utc("used_at", used_at)],
            )

    def of(self, file_key: str) -> list[JsonObject]:
        """What was answered last about files of this kind."""
        with self._reading("reading answers") as cursor:
            rows = cursor.execute(
                "SELECT answers FROM saved_answers WHERE tenant_id = ? AND file_key = ?",
                [self._tenant_id, file_key],
            ).fetchall()
        return list(json.loads(rows[0][0])) if rows else []

    def delete_all(self) -> None:
        """Forget every answer: they hold the names of columns."""
        with self._writing("deleting answers", Action.DELETE) as cursor:
            cursor.execute("DELETE FROM saved_answers WHERE tenant_id = ?", [self._tenant_id])
