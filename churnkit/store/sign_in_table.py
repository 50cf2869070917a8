"""Browsers that people are signed in with."""

from __future__ import annotations

from datetime import datetime

from churnkit.store.people_records import SignedIn
from churnkit.store.people_table import person_of
from churnkit.store.program_table import ProgramTable, note_in_log
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert

# A membership that has ended closes the workspace of a sign-in, which itself goes on.
_SIGNED_IN = """
SELECT s.token_hash AS sign_in_id, s.person_id, p.email, p.name, p.source, s.created_at, s.seen_at, s.expires_at,
       w.tenant_id AS tenant, w.name AS workspace, m.role, coalesce(m.may_export, false) AS may_export,
       s.address, s.user_agent
FROM sign_ins s
JOIN people p ON p.person_id = s.person_id AND p.disabled_at IS NULL
LEFT JOIN memberships m ON m.person_id = s.person_id AND m.tenant_id = s.tenant_id
LEFT JOIN workspaces w ON w.tenant_id = m.tenant_id
"""


class SignInTable(ProgramTable):
    """``store.sign_ins``: of what a browser holds only the SHA-256 is kept; for the program itself."""

    def add(
        self,
        *,
        sign_in_id: str,
        person_id: str,
        tenant_id: str | None,
        at: datetime,
        expires_at: datetime,
        address: str | None,
        user_agent: str | None,
        replaces: str | None = None,
    ) -> SignedIn:
        """Record that a browser was let in; what it held before opens nothing any more."""
        with self._writing("signing in") as cursor:
            person = person_of(cursor, person_id)
            if replaces is not None:
                cursor.execute("DELETE FROM sign_ins WHERE token_hash = ?", [replaces])
            now = to_utc("at", at)
            insert(
                cursor,
                "sign_ins",
                {
                    "token_hash": sign_in_id,
                    "person_id": person_id,
                    "tenant_id": tenant_id,
                    "created_at": now,
                    "seen_at": now,
                    "expires_at": to_utc("expires_at", expires_at),
                    "address": address,
                    "user_agent": user_agent,
                },
            )
            if tenant_id is not None:
                note_in_log(cursor, person, tenant_id, "signing in", address)
            return records(SignedIn, cursor.execute(f"{_SIGNED_IN} WHERE s.token_hash = ?", [sign_in_id]))[0]

    def find(self, sign_in_id: str) -> SignedIn | None:
        """The sign-in with an id, whether or not its time is over; None if there is none or the person is disabled."""
        with self._reading("looking for a sign-in") as cursor:
            found = cursor.execute(f"{_SIGNED_IN} WHERE s.token_hash = ?", [sign_in_id])
            return next(iter(records(SignedIn, found)), None)

    def of_person(self, person_id: str) -> list[SignedIn]:
        """A person's sign-ins, the last used first."""
        with self._reading("listing sign-ins") as cursor:
            return records(
                SignedIn,
                cursor.execute(
                    f"{_SIGNED_IN} WHERE s.person_id = ? ORDER BY s.seen_at DESC, s.token_hash", [person_id]
                ),
            )

    def note_seen(self, sign_in_id: str, *, at: datetime) -> None:
        """Note that a sign-in was used."""
        self._require_program("noting the use of a sign-in")
        with self._database.writing("noting the use of a sign-in") as cursor:
            cursor.execute(
                "UPDATE sign_ins SET seen_at = ? WHERE token_hash = ?", [to_utc("seen_at", at), sign_in_id]
            )

    def open_workspace(self, sign_in_id: str, tenant_id: str) -> None:
        """Open a workspace in a sign-in; one that the person does not belong to opens nothing."""
        with self._writing("opening a workspace") as cursor:
            cursor.execute("UPDATE sign_ins SET tenant_id = ? WHERE token_hash = ?", [tenant_id, sign_in_id])

    def end(self, sign_in_id: str, person_id: str) -> None:
        """End one of a person's sign-ins, if there is such a one."""
        with self._writing("ending a sign-in") as cursor:
            cursor.execute(
                "DELETE FROM sign_ins WHERE token_hash = ? AND person_id = ?", [sign_in_id, person_id]
            )

    def end_all(self, person_id: str, *, but: str | None = None) -> None:
        """End all sign-ins of a person, but one where it is named."""
        with self._writing("ending sign-ins") as cursor:
            cursor.execute(
                "DELETE FROM sign_ins WHERE person_id = ? AND token_hash IS DISTINCT FROM ?", [person_id, but]
            )

    def forget_ended(self, *, at: datetime, idle_since: datetime) -> None:
        """Remove what has expired or was not used since ``idle_since``, and links whose time is over."""
        with self._writing("forgetting sign-ins that ended") as cursor:
            now = to_utc("at", at)
            cursor.execute(
                "DELETE FROM sign_ins WHERE expires_at <= ? OR seen_at <= ?",
                [now, to_utc("idle_since", idle_since)],
            )
            cursor.execute("DELETE FROM password_resets WHERE expires_at <= ?", [now])
