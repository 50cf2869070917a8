"""Answers to requests that carried a key of their own, so that the same request again gets the same answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from churnkit.accounts import Action
from churnkit.store.row_codec import json_text, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class KeptAnswer:
    """A request that came before, and what it was answered.

    Attributes
    ----------
    status
        None while it is being worked on.
    """

    method_path: str
    body_sha256: str
    status: int | None = None
    headers: dict[str, str] | None = None
    answer: str | None = None


class KeptAnswerTable(TenantTable):
    """``store.kept_answers``: by the key that the client gave its request; a day long."""

    def claim(
        self, idempotency_key: str, *, method_path: str, body_sha256: str, begun_after: datetime, at: datetime
    ) -> KeptAnswer | None:
        """Take a key for a request; None if it is the first with it, else what came before.

        What is older than a day, and what began before ``begun_after`` and never ended, is forgotten first.
        """
        with self._writing("keeping a request's key", Action.READ) as cursor:
            cursor.execute(
                "DELETE FROM kept_answers WHERE tenant_id = ? AND (created_at < ? OR (status IS NULL AND created_at < ?))",
                [self._tenant_id, to_utc("at", at - KEPT_FOR), to_utc("begun_after", begun_after)],
            )
            row = cursor.execute(
                "SELECT method_path, body_sha256, status, headers, answer FROM kept_answers"
                " WHERE tenant_id = ? AND idempotency_key = ?",
                [self._tenant_id, idempotency_key],
            ).fetchone()
            if row is None:
                claimed = {
                    "tenant_id": self._tenant_id,
                    "idempotency_key": idempotency_key,
                    "method_path": method_path,
                    "body_sha256": body_sha256,
                    "created_at": to_utc("at", at),
                }
                insert(cursor, "kept_answers", claimed)
                return None
        headers = None if row[3] is None else json.loads(row[3])
        return KeptAnswer(row[0], row[1], row[2], headers, row[4])

    def keep(self, idempotency_key: str, *, status: int, headers: dict[str, str], answer: str) -> None:
        """Keep the answer of a request whose key was claimed."""
        with self._writing("keeping an answer", Action.READ) as cursor:
            cursor.execute(
                "UPDATE kept_answers SET status = ?, headers = ?, answer = ?"
                " WHERE tenant_id = ? AND idempotency_key = ?",
                [status, json_text("headers", headers), answer, self._tenant_id, idempotency_key],
            )

    def release(self, idempotency_key: str) -> None:
        """Forget a claim whose request did nothing."""
        with self._writing("forgetting a request's key", Action.READ) as cursor:
            cursor.execute(
                "DELETE FROM kept_answers WHERE tenant_id = ? AND idempotency_key = ?",
                [self._tenant_id, idempotency_key],
            )
