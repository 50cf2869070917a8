"""Links by which people come in: invitations and resets of passwords, opened by their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import duckdb

from churnkit.errors import NotFoundError
from churnkit.store.people_records import OpenedLink, Person
from churnkit.store.people_table import add_person, join, note_everywhere, person_of, set_password
from churnkit.store.program_table import ProgramTable, note_in_log
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert

LinkKind = Literal["invitation", "reset"]

_INVITATION = """
SELECT i.email, coalesce(p.name, '') AS name, p.person_id, i.tenant_id AS tenant, w.name AS workspace, i.role
FROM invitations i JOIN workspaces w USING (tenant_id) LEFT JOIN people p ON p.email = i.email
WHERE i.token_hash = ? AND i.used_at IS NULL AND i.expires_at > ? AND p.disabled_at IS NULL
"""
_RESET = """
SELECT p.email, p.name, p.person_id, NULL AS tenant, NULL AS workspace, NULL AS role
FROM password_resets r JOIN people p USING (person_id)
WHERE r.token_hash = ? AND r.used_at IS NULL AND r.expires_at > ? AND p.disabled_at IS NULL
"""
_GONE = (
    "Opening a link: it was used, taken back or has ended, or the address is not complete.",
    "Ask an administrator of the workspace for a new one.",
)


class EntryTable(ProgramTable):
    """``store.entries``: each link works once and ends by itself; for the program itself."""

    def open(self, kind: LinkKind, token_hash: str, *, at: datetime) -> OpenedLink:
        """What a link says.

        Raises
        ------
        NotFoundError
            There is none that can still be used.
        """
        with self._reading("opening a link") as cursor:
            return _opened(cursor, kind, token_hash, at)

    def accept(
        self,
        token_hash: str,
        *,
        at: datetime,
        name: str = "",
        password_hash: str | None = None,
        address: str | None = None,
    ) -> tuple[Person, str]:
        """Let the person of an invitation into its workspace, who is made if there is none; person and tenant.

        Raises
        ------
        NotFoundError
            The invitation cannot be used any more.
        """
        with self._writing("accepting an invitation") as cursor:
            link = _opened(cursor, "invitation", token_hash, at)
            assert link.tenant is not None and link.role is not None
            if link.person_id is not None:
                person = person_of(cursor, link.person_id)
            else:
                person = add_person(
                    cursor, email=link.email, name=name, source="local", at=at, password_hash=password_hash
                )
            (row,) = cursor.execute(
                "SELECT may_export FROM invitations WHERE token_hash = ?", [token_hash]
            ).fetchall()
            join(cursor, person.person_id, link.tenant, link.role, bool(row[0]), at)
            cursor.execute(
                "UPDATE invitations SET used_at = ? WHERE token_hash = ?", [to_utc("at", at), token_hash]
            )
            note_in_log(cursor, person, link.tenant, "accepting an invitation", address)
            return person, link.tenant

    def make_reset(
        self, token_hash: str, person_id: str, *, by: str, at: datetime, expires_at: datetime
    ) -> None:
        """Record a link for a new password; earlier ones of the person end."""
        with self._writing("making a link for a new password") as cursor:
            add_reset(cursor, token_hash, person_id, by=by, at=at, expires_at=expires_at)

    def use_reset(
        self, token_hash: str, password_hash: str, *, at: datetime, address: str | None = None
    ) -> Person:
        """Keep the new password of a reset; every sign-in of the person ends.

        Raises
        ------
        NotFoundError
            The reset cannot be used any more.
        """
        with self._writing("setting a new password") as cursor:
            link = _opened(cursor, "reset", token_hash, at)
            assert link.person_id is not None
            person = person_of(cursor, link.person_id)
            set_password(cursor, person.person_id, password_hash)
            note_everywhere(cursor, person, "setting a new password by a link", address)
            return person_of(cursor, person.person_id)


def add_reset(
    cursor: duckdb.DuckDBPyConnection,
    token_hash: str,
    person_id: str,
    *,
    by: str,
    at: datetime,
    expires_at: datetime,
) -> None:
    """Record a link for a new password in a transaction; earlier ones of the person end."""
    cursor.execute("DELETE FROM password_resets WHERE person_id = ?", [person_id])
    insert(
        cursor,
        "password_resets",
        {
            "token_hash": token_hash,
            "person_id": person_id,
            "created_by": by,
            "created_at": to_utc("at", at),
            "expires_at": to_utc("expires_at", expires_at),
        },
    )


def _opened(cursor: duckdb.DuckDBPyConnection, kind: LinkKind, token_hash: str, at: datetime) -> OpenedLink:
    query = _INVITATION if kind == "invitation" else _RESET
    found = records(OpenedLink, cursor.execute(query, [token_hash, to_utc("at", at)]))
    if not found:
        raise NotFoundError(*_GONE)
    return found[0]
