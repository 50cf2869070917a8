"""Who belongs to a workspace, and who is invited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import duckdb

from churnkit.accounts import Action, Role
from churnkit.errors import AccessError, ConflictError, NotFoundError
from churnkit.store.entry_table import add_reset
from churnkit.store.people_records import Invitation, Member
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import TenantTable

_MEMBERS = """
SELECT p.person_id, p.email, p.name, p.source, m.role, m.may_export, m.created_at, p.disabled_at,
       (SELECT max(s.seen_at) FROM sign_ins s WHERE s.person_id = p.person_id AND s.tenant_id = m.tenant_id) AS seen_at,
       (SELECT count(*) FROM api_keys k WHERE k.tenant_id = m.tenant_id AND k.created_by = p.email
           AND k.revoked_at IS NULL) AS key_count,
       NOT exists(
           SELECT 1 FROM memberships o WHERE o.person_id = p.person_id AND o.tenant_id <> m.tenant_id
       ) AS is_alone
FROM memberships m JOIN people p USING (person_id)
WHERE m.tenant_id = ?
"""
_INVITATION = """
SELECT token_hash AS invitation_id, email, role, may_export, created_by, created_at, expires_at, used_at
FROM invitations WHERE tenant_id = ?
"""
# Other workspaces of a person that whoever asks does not administer.
_OUT_OF_REACH = """
SELECT 1 FROM memberships o WHERE o.person_id = $person AND o.tenant_id <> $tenant AND NOT exists(
    SELECT 1 FROM memberships mine
    WHERE mine.person_id = $asking AND mine.tenant_id = o.tenant_id AND mine.role = 'administrator')
"""


class MemberTable(TenantTable):
    """``store.members``: the people of the tenant's workspace, for its administrators."""

    @contextmanager
    def _changing(self, doing: str, subject_id: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A change of who may do what, after which whoever remembers such things asks anew."""
        with self._writing(doing, Action.PEOPLE, subject_id) as cursor:
            yield cursor
        self._database.access_version += 1

    def all(self) -> list[Member]:
        """Everybody who belongs to the workspace, by address."""
        with self._reading("listing people", Action.PEOPLE) as cursor:
            return records(Member, cursor.execute(f"{_MEMBERS} ORDER BY p.email", [self._tenant_id]))

    def change(self, person_id: str, role: Role, may_export: bool) -> Member:
        """Give a member another role.

        Raises
        ------
        ConflictError
            No administrator would be left.
        """
        with self._changing("changing a role", person_id) as cursor:
            self._member(cursor, person_id)
            if role != "administrator":
                self._require_another_administrator(cursor, person_id)
            cursor.execute(
                "UPDATE memberships SET role = ?, may_export = ? WHERE person_id = ? AND tenant_id = ?",
                [role, may_export, person_id, self._tenant_id],
            )
            return self._member(cursor, person_id)

    def remove(self, person_id: str) -> None:
        """Take a person out of the workspace; their sign-ins open it no more.

        Raises
        ------
        ConflictError
            No administrator would be left.
        """
        with self._changing("removing a person", person_id) as cursor:
            self._member(cursor, person_id)
            self._require_another_administrator(cursor, person_id)
            cursor.execute(
                "DELETE FROM memberships WHERE person_id = ? AND tenant_id = ?", [person_id, self._tenant_id]
            )
            cursor.execute(
                "DELETE FROM own_settings WHERE actor_id = ? AND tenant_id = ?", [person_id, self._tenant_id]
            )

    def disable(self, person_id: str, *, at: datetime) -> None:
        """Let a member in nowhere any more; their sign-ins end.

        Raises
        ------
        ConflictError
            No administrator would be left.
        AccessError
            They belong to another workspace too, which whoever asks does not administer.
        """
        with self._changing("disabling a person", person_id) as cursor:
            self._require_in_reach(cursor, person_id)
            self._require_another_administrator(cursor, person_id)
            cursor.execute(
                "UPDATE people SET disabled_at = ? WHERE person_id = ?", [to_utc("at", at), person_id]
            )
            cursor.execute("DELETE FROM sign_ins WHERE person_id = ?", [person_id])
            cursor.execute("DELETE FROM password_resets WHERE person_id = ?", [person_id])

    def enable(self, person_id: str) -> None:
        """Let a member in again.

        Raises
        ------
        AccessError
            They belong to another workspace too, which whoever asks does not administer.
        """
        with self._changing("enabling a person", person_id) as cursor:
            self._require_in_reach(cursor, person_id)
            cursor.execute("UPDATE people SET disabled_at = NULL WHERE person_id = ?", [person_id])

    def end_sign_ins(self, person_id: str) -> None:
        """Sign a member out everywhere.

        Raises
        ------
        AccessError
            They belong to another workspace too, which whoever asks does not administer.
        """
        with self._changing("ending a person's sign-ins", person_id) as cursor:
            self._require_in_reach(cursor, person_id)
            cursor.execute("DELETE FROM sign_ins WHERE person_id = ?", [person_id])

    def reset_password(self, person_id: str, token_hash: str, *, at: datetime, expires_at: datetime) -> None:
        """Record a link for a member's new password.

        Raises
        ------
        ConflictError
            Another system vouches for them: there is no password here.
        AccessError
            They belong to another workspace too, which whoever asks does not administer.
        """
        with self._changing("making a link for a new password", person_id) as cursor:
            member = self._require_in_reach(cursor, person_id)
            if member.source != "local":
                raise ConflictError(
                    f"Making a link for a new password: {member.email} signs in through another system.",
                    "Change the password there.",
                )
            add_reset(cursor, token_hash, person_id, by=self._actor.name, at=at, expires_at=expires_at)

    def invite(
        self, token_hash: str, email: str, role: Role, may_export: bool, *, at: datetime, expires_at: datetime
    ) -> Invitation:
        """Record an invitation; earlier ones to the same address end.

        Raises
        ------
        ConflictError
            The person belongs to the workspace already.
        NotFoundError
            The tenant is no workspace that people belong to.
        """
        with self._changing("inviting somebody", token_hash) as cursor:
            self._name(cursor)
            members = records(Member, cursor.execute(f"{_MEMBERS} AND p.email = ?", [self._tenant_id, email]))
            if members:
                raise ConflictError(f"Inviting {email}: they belong to this workspace already.")
            cursor.execute(
                "DELETE FROM invitations WHERE tenant_id = ? AND email = ? AND used_at IS NULL",
                [self._tenant_id, email],
            )
            insert(
                cursor,
                "invitations",
                {
                    "token_hash": token_hash,
                    "tenant_id": self._tenant_id,
                    "email": email,
                    "role": role,
                    "may_export": may_export,
                    "created_by": self._actor.name,
                    "created_at": to_utc("at", at),
                    "expires_at": to_utc("expires_at", expires_at),
                },
            )
            return self._one(cursor, Invitation, f"{_INVITATION} AND token_hash = ?", token_hash)

    def invitations(self, *, at: datetime) -> list[Invitation]:
        """Invitations that can be used at a time, newest first."""
        with self._reading("listing invitations", Action.PEOPLE) as cursor:
            return records(
                Invitation,
                cursor.execute(
                    f"{_INVITATION} AND used_at IS NULL AND expires_at > ? ORDER BY created_at DESC, token_hash",
                    [self._tenant_id, to_utc("at", at)],
                ),
            )

    def withdraw(self, invitation_id: str) -> None:
        """Take an invitation back."""
        with self._changing("taking an invitation back", invitation_id) as cursor:
            self._one(cursor, Invitation, f"{_INVITATION} AND token_hash = ?", invitation_id)
            cursor.execute(
                "DELETE FROM invitations WHERE tenant_id = ? AND token_hash = ?",
                [self._tenant_id, invitation_id],
            )

    def workspace_name(self) -> str | None:
        """What the workspace is called; None for a browser's own."""
        with self._reading("reading a workspace's name") as cursor:
            rows = cursor.execute(
                "SELECT name FROM workspaces WHERE tenant_id = ?", [self._tenant_id]
            ).fetchall()
        return str(rows[0][0]) if rows else None

    def rename_workspace(self, name: str) -> None:
        """Call the workspace something else."""
        with self._changing("renaming the workspace", self._tenant_id) as cursor:
            self._name(cursor)
            cursor.execute(
                "UPDATE workspaces SET name = ? WHERE tenant_id = ?", [name.strip(), self._tenant_id]
            )

    def _name(self, cursor: duckdb.DuckDBPyConnection) -> str:
        rows = cursor.execute("SELECT name FROM workspaces WHERE tenant_id = ?", [self._tenant_id]).fetchall()
        if not rows:
            raise NotFoundError(
                "Looking for the workspace's people: there is none that people belong to.",
                "Start the server with CHURNKIT_AUTH=local.",
            )
        return str(rows[0][0])

    def _member(self, cursor: duckdb.DuckDBPyConnection, person_id: str) -> Member:
        return self._one(cursor, Member, f"{_MEMBERS} AND p.person_id = ?", person_id)

    def _require_in_reach(self, cursor: duckdb.DuckDBPyConnection, person_id: str) -> Member:
        """See that what is done to a member's account opens or closes no workspace that the actor has no say in."""
        member = self._member(cursor, person_id)
        asking = {"person": person_id, "tenant": self._tenant_id, "asking": self._actor.actor_id}
        if self._actor.kind != "system" and cursor.execute(_OUT_OF_REACH, asking).fetchall():
            raise AccessError(
                f"Changing the account of {member.email}: they belong to a workspace that is not yours, too.",
                "Take them out of this workspace, or ask whoever runs the server.",
                Action.PEOPLE,
            )
        return member

    def _require_another_administrator(self, cursor: duckdb.DuckDBPyConnection, person_id: str) -> None:
        others = cursor.execute(
            "SELECT 1 FROM memberships m JOIN people p USING (person_id) WHERE m.tenant_id = ?"
            " AND m.role = 'administrator' AND p.disabled_at IS NULL AND m.person_id <> ?",
            [self._tenant_id, person_id],
        ).fetchall()
        if not others and self._member(cursor, person_id).role == "administrator":
            raise ConflictError(
                "Changing who has access: a workspace needs an administrator, and this is the only one.",
                "Make somebody else an administrator first.",
            )
