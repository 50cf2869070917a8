"""People and the workspaces that they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import duckdb

from churnkit.accounts import Role
from churnkit.errors import ConflictError, NotFoundError
from churnkit.store.people_records import Membership, Person
from churnkit.store.program_table import ProgramTable, note_in_log
from churnkit.store.row_codec import records, to_utc
from churnkit.store.sql import insert
from churnkit.store.tenant_table import new_id
from churnkit.store.vouching import Grant, by_subject, changed, end_memberships, surplus, take_over

_MEMBERSHIPS = """
SELECT memberships.tenant_id AS tenant, workspaces.name AS workspace, role, may_export
FROM memberships JOIN workspaces USING (tenant_id) WHERE person_id = ? ORDER BY workspaces.name, tenant
"""


class PeopleTable(ProgramTable):
    """``store.people``: everybody who may sign in; for the program itself."""

    def is_empty(self) -> bool:
        """Whether nobody may sign in yet."""
        with self._reading("looking for people") as cursor:
            return not cursor.execute("SELECT 1 FROM people LIMIT 1").fetchall()

    def all(self) -> list[Person]:
        """Everybody, by address."""
        with self._reading("listing people") as cursor:
            return records(Person, cursor.execute("SELECT * FROM people ORDER BY email"))

    def get(self, person_id: str) -> Person:
        """The person with an id.

        Raises
        ------
        NotFoundError
            There is none.
        """
        with self._reading("looking for a person") as cursor:
            return person_of(cursor, person_id)

    def by_email(self, email: str) -> Person | None:
        """The person who signs in with an address."""
        with self._reading("looking for a person") as cursor:
            found = cursor.execute("SELECT * FROM people WHERE email = ?", [email.strip().lower()])
            return next(iter(records(Person, found)), None)

    def by_subject(self, source: str, subject: str) -> Person | None:
        """The person whom another system calls ``subject``."""
        with self._reading("looking for a person") as cursor:
            return by_subject(cursor, source, subject)

    def add(
        self,
        *,
        email: str,
        name: str,
        source: str,
        at: datetime,
        subject: str | None = None,
        password_hash: str | None = None,
    ) -> Person:
        """Make a person.

        Raises
        ------
        ConflictError
            Somebody has the address already.
        """
        with self._writing("making a person") as cursor:
            return add_person(
                cursor,
                email=email,
                name=name,
                source=source,
                at=at,
                subject=subject,
                password_hash=password_hash,
            )

    def add_first(
        self, *, email: str, name: str, password_hash: str, workspace: str, tenant_id: str, at: datetime
    ) -> Person | None:
        """Make the first person and their workspace, which they administer; None if there are people already."""
        with self._writing("making the first person") as cursor:
            if cursor.execute("SELECT 1 FROM people LIMIT 1").fetchall():
                return None
            person = add_person(
                cursor, email=email, name=name, source="local", at=at, password_hash=password_hash
            )
            if cursor.execute("SELECT 1 FROM workspaces WHERE tenant_id = ?", [tenant_id]).fetchall():
                cursor.execute("UPDATE workspaces SET name = ? WHERE tenant_id = ?", [workspace, tenant_id])
            else:
                _make_workspace(cursor, tenant_id, workspace, at)
            join(cursor, person.person_id, tenant_id, "administrator", True, at)
            return person

    def set_password_hash(self, person_id: str, password_hash: str) -> None:
        """Keep a password's hash in place of the one before; sign-ins go on."""
        with self._writing("keeping a password") as cursor:
            person_of(cursor, person_id)
            cursor.execute(
                "UPDATE people SET password_hash = ? WHERE person_id = ?", [password_hash, person_id]
            )

    def change_password(
        self, person_id: str, password_hash: str, *, keep: str | None, address: str | None
    ) -> None:
        """Keep the hash of a password that the person has changed; their sign-ins but ``keep`` end, and resets."""
        with self._writing("changing a password") as cursor:
            person = person_of(cursor, person_id)
            set_password(cursor, person_id, password_hash, keep)
            note_everywhere(cursor, person, "changing the password", address)

    def disable(self, person_id: str, *, at: datetime) -> None:
        """Let a person in no more: all their sign-ins and resets end."""
        with self._writing("disabling a person") as cursor:
            person_of(cursor, person_id)
            cursor.execute(
                "UPDATE people SET disabled_at = ? WHERE person_id = ?", [to_utc("at", at), person_id]
            )
            cursor.execute("DELETE FROM sign_ins WHERE person_id = ?", [person_id])
            cursor.execute("DELETE FROM password_resets WHERE person_id = ?", [person_id])

    def enable(self, person_id: str) -> None:
        """Let a person in again."""
        with self._writing("enabling a person") as cursor:
            person_of(cursor, person_id)
            cursor.execute("UPDATE people SET disabled_at = NULL WHERE person_id = ?", [person_id])

    def memberships(self, person_id: str) -> list[Membership]:
        """The workspaces that a person belongs to, by name."""
        with self._reading("listing workspaces") as cursor:
            return records(Membership, cursor.execute(_MEMBERSHIPS, [person_id]))

    def join(self, person_id: str, tenant_id: str, role: Role, may_export: bool, *, at: datetime) -> None:
        """Let a person into a workspace, or give them another role there."""
        with self._writing("joining a workspace") as cursor:
            person_of(cursor, person_id)
            require_workspace(cursor, tenant_id)
            join(cursor, person_id, tenant_id, role, may_export, at)

    def vouch(
        self,
        *,
        source: str,
        subject: str,
        email: str,
        name: str,
        may_take_over: bool,
        grants: Sequence[Grant],
        at: datetime,
    ) -> Person:
        """The person whom another system calls ``subject``, made if need be, a member of what is granted and no more.

        Raises
        ------
        ConflictError
            The address belongs to somebody else, and ``may_take_over`` is false.
        """
        with self._writing("letting in whom another system vouches for") as cursor:
            person = (
                by_subject(cursor, source, subject)
                or take_over(
                    cursor, email=email, source=source, subject=subject, is_proven=may_take_over, at=at
                )
                or add_person(cursor, email=email, name=name, source=source, at=at, subject=subject)
            )
            known = records(Membership, cursor.execute(_MEMBERSHIPS, [person.person_id]))
            for tenant in surplus(known, grants):
                _end_membership(cursor, person.person_id, tenant)
                note_in_log(cursor, person, tenant, "leaving the workspace, as the groups say", None)
            for grant in changed(known, grants):
                join(cursor, person.person_id, grant.tenant, grant.role, grant.may_export, at)
                note_in_log(cursor, person, grant.tenant, f"becoming {grant.role}, as the groups say", None)
            return person

    def unvouch(self, source: str, subject: str) -> None:
        """Take every membership and sign-in from the person whom another system calls ``subject``, if there is one."""
        with self._writing("ending what another system vouched for") as cursor:
            person = by_subject(cursor, source, subject)
            if person is not None:
                for one in records(Membership, cursor.execute(_MEMBERSHIPS, [person.person_id])):
                    note_in_log(cursor, person, one.tenant, "leaving the workspace, as the groups say", None)
                end_memberships(cursor, person.person_id)

    def make_workspace(self, name: str, *, at: datetime, tenant_id: str | None = None) -> str:
        """Make a workspace, for a tenant that has data already where one is named; its tenant."""
        tenant = tenant_id or f"workspace-{new_id()}"
        with self._writing("making a workspace") as cursor:
            _make_workspace(cursor, tenant, name, at)
        return tenant

    def workspaces(self) -> dict[str, str]:
        """Names of all workspaces by tenant, in the order in which they were made."""
        with self._reading("listing workspaces") as cursor:
            rows = cursor.execute("SELECT tenant_id, name FROM workspaces ORDER BY created_at, tenant_id")
            return dict(rows.fetchall())


def set_password(
    cursor: duckdb.DuckDBPyConnection, person_id: str, password_hash: str, keep: str | None = None
) -> None:
    """Keep a new password's hash in a transaction, and end what opened with the old one."""
    cursor.execute("UPDATE people SET password_hash = ? WHERE person_id = ?", [password_hash, person_id])
    cursor.execute("DELETE FROM password_resets WHERE person_id = ?", [person_id])
    cursor.execute(
        "DELETE FROM sign_ins WHERE person_id = ? AND token_hash IS DISTINCT FROM ?", [person_id, keep]
    )


def note_everywhere(
    cursor: duckdb.DuckDBPyConnection, person: Person, doing: str, address: str | None
) -> None:
    """Enter what a person did with their account into the audit log of each of their workspaces."""
    for one in records(Membership, cursor.execute(_MEMBERSHIPS, [person.person_id])):
        note_in_log(cursor, person, one.tenant, doing, address)


def _make_workspace(cursor: duckdb.DuckDBPyConnection, tenant_id: str, name: str, at: datetime) -> None:
    values: dict[str, object] = {"tenant_id": tenant_id, "name": name.strip(), "created_at": to_utc("at", at)}
    insert(cursor, "workspaces", values)


def _end_membership(cursor: duckdb.DuckDBPyConnection, person_id: str, tenant_id: str) -> None:
    cursor.execute("DELETE FROM memberships WHERE person_id = ? AND tenant_id = ?", [person_id, tenant_id])
    cursor.execute("DELETE FROM own_settings WHERE actor_id = ? AND tenant_id = ?", [person_id, tenant_id])


def person_of(cursor: duckdb.DuckDBPyConnection, person_id: str) -> Person:
    """The person with an id.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = records(Person, cursor.execute("SELECT * FROM people WHERE person_id = ?", [person_id]))
    if not found:
        raise NotFoundError(f"Looking for person {person_id!r}: there is none.")
    return found[0]


def require_workspace(cursor: duckdb.DuckDBPyConnection, tenant_id: str) -> None:
    """See that there is a workspace.

    Raises
    ------
    NotFoundError
        There is none.
    """
    if not cursor.execute("SELECT 1 FROM workspaces WHERE tenant_id = ?", [tenant_id]).fetchall():
        raise NotFoundError(f"Looking for workspace {tenant_id!r}: there is none.")


def add_person(
    cursor: duckdb.DuckDBPyConnection,
    *,
    email: str,
    name: str,
    source: str,
    at: datetime,
    subject: str | None = None,
    password_hash: str | None = None,
) -> Person:
    """Make a person in a transaction.

    Raises
    ------
    ConflictError
        Somebody has the address already.
    """
    address = email.strip().lower()
    if cursor.execute("SELECT 1 FROM people WHERE email = ?", [address]).fetchall():
        raise ConflictError(
            f"Making a person: {address!r} is taken.", "Invite them into the workspace instead."
        )
    person_id = new_id()
    values: dict[str, object] = {
        "person_id": person_id,
        "email": address,
        "name": name.strip(),
        "password_hash": password_hash,
        "source": source,
        "subject": subject,
        "created_at": to_utc("at", at),
    }
    insert(cursor, "people", values)
    return person_of(cursor, person_id)


def join(
    cursor: duckdb.DuckDBPyConnection,
    person_id: str,
    tenant_id: str,
    role: Role,
    may_export: bool,
    at: datetime,
) -> None:
    """Make somebody a member in a transaction, or change what they are."""
    known = cursor.execute(
        "SELECT 1 FROM memberships WHERE person_id = ? AND tenant_id = ?", [person_id, tenant_id]
    ).fetchall()
    if known:
        cursor.execute(
            "UPDATE memberships SET role = ?, may_export = ? WHERE person_id = ? AND tenant_id = ?",
            [role, may_export, person_id, tenant_id],
        )
        return
    insert(
        cursor,
        "memberships",
        {
            "person_id": person_id,
            "tenant_id": tenant_id,
            "role": role,
            "may_export": may_export,
            "created_at": to_utc("at", at),
        },
    )
