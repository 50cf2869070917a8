"""What the program alone may ask: who somebody is must be known before anybody may ask anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import duckdb

from churnkit.accounts import Action, Actor
from churnkit.errors import AccessError
from churnkit.store.database import Database
from churnkit.store.people_records import Person
from churnkit.store.sql import insert


class ProgramTable:
    """A subject that is nobody's workspace: people and how they come in.

    Every method raises AccessError for an actor other than the program itself.
    """

    def __init__(self, database: Database, actor: Actor) -> None:
        self._database = database
        self._actor = actor

    @contextmanager
    def _reading(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        self._require_program(doing)
        with self._database.reading(doing) as cursor:
            yield cursor

    @contextmanager
    def _writing(self, doing: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor in a transaction, after which whoever remembers who may do what asks anew."""
        self._require_program(doing)
        with self._database.writing(doing) as cursor:
            yield cursor
        self._database.access_version += 1

    def _require_program(self, doing: str) -> None:
        if self._actor.kind != "system":
            raise AccessError(f"While {doing}: only the program itself may.", action=Action.PEOPLE)


def note_in_log(
    cursor: duckdb.DuckDBPyConnection, person: Person, tenant_id: str, doing: str, address: str | None
) -> None:
    """Enter into a workspace's audit log what a person did at its door."""
    insert(
        cursor,
        "audit_log",
        {
            "done_at": datetime.now(UTC).replace(tzinfo=None),
            "tenant_id": tenant_id,
            "actor_kind": "person",
            "actor_id": person.person_id,
            "actor_name": person.email,
            "action": Action.READ.value,
            "doing": doing,
            "subject_id": person.person_id,
            "address": address,
        },
    )
