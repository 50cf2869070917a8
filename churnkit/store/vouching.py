"""People whom another system vouches for, in one transaction: who they are and what they may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from churnkit.accounts import Role
from churnkit.errors import ConflictError
from churnkit.store.people_records import Membership, Person
from churnkit.store.row_codec import records


@dataclass(frozen=True)
class Grant:
    """A role in a workspace."""

    tenant: str
    role: Role
    may_export: bool


def by_subject(cursor: duckdb.DuckDBPyConnection, source: str, subject: str) -> Person | None:
    """The person whom another system calls ``subject``."""
    found = cursor.execute("SELECT * FROM people WHERE source = ? AND subject = ?", [source, subject])
    return next(iter(records(Person, found)), None)


def take_over(
    cursor: duckdb.DuckDBPyConnection, *, email: str, source: str, subject: str, is_proven: bool, at: datetime
) -> Person | None:
    """The person of another source who has an address, for whom this one vouches from now on; their password is gone.

    None where the address is free. That of a disabled person of the same source becomes free: the same address under
    another name of the system is another person, who inherits nothing.

    Raises
    ------
    ConflictError
        Somebody has the address, and nothing proves that it is the newcomer's.
    """
    found = next(iter(records(Person, cursor.execute("SELECT * FROM people WHERE email = ?", [email]))), None)
    if found is None:
        return None
    if found.source == source:
        _free_address(cursor, found, at)
        return None
    if not is_proven:
        raise ConflictError(
            f"Signing in: {email!r} belongs to an account already, and the provider does not say that it has seen to"
            " it that the address is yours (email_verified).",
            "Have the address confirmed at the provider.",
        )
    cursor.execute(
        "UPDATE people SET source = ?, subject = ?, password_hash = NULL WHERE person_id = ?",
        [source, subject, found.person_id],
    )
    cursor.execute("DELETE FROM password_resets WHERE person_id = ?", [found.person_id])
    cursor.execute("DELETE FROM sign_ins WHERE person_id = ?", [found.person_id])
    return by_subject(cursor, source, subject)


def _free_address(cursor: duckdb.DuckDBPyConnection, found: Person, at: datetime) -> None:
    if found.disabled_at is None:
        raise ConflictError(
            f"Signing in: {found.email!r} belongs to an account that goes by another name where people sign in.",
            "If yours was made anew there, have an administrator disable the old one under Settings, then try again.",
        )
    cursor.execute(
        "UPDATE people SET email = ? WHERE person_id = ?",
        [f"{found.email} (until {at.isoformat(' ', 'seconds')})", found.person_id],
    )


def surplus(memberships: Iterable[Membership], grants: Iterable[Grant]) -> list[str]:
    """Tenants whose membership is not granted any more."""
    granted = {grant.tenant for grant in grants}
    return [one.tenant for one in memberships if one.tenant not in granted]


def changed(memberships: Iterable[Membership], grants: Iterable[Grant]) -> list[Grant]:
    """Grants that say something else than the memberships."""
    known = {Grant(one.tenant, one.role, one.may_export) for one in memberships}
    return [grant for grant in grants if grant not in known]


def end_memberships(cursor: duckdb.DuckDBPyConnection, person_id: str) -> None:
    """Take everything from a person, whose sign-ins end."""
    cursor.execute("DELETE FROM memberships WHERE person_id = ?", [person_id])
    cursor.execute("DELETE FROM own_settings WHERE actor_id = ?", [person_id])
    cursor.execute("DELETE FROM sign_ins WHERE person_id = ?", [person_id])
