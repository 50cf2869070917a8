"""The audit log: what joins it, and who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from churnkit.accounts import SYSTEM, Action, Actor, rights_of_role
from churnkit.errors import AccessError, StoreError
from churnkit.store import Store
from tests.unit.store.filled import begin

ANNE = Actor("person", "p1", "anne@shop.example", address="192.0.2.7")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb", actor=ANNE) as opened:
        yield opened


def test_what_somebody_changes_is_entered_with_who_they_are(store: Store) -> None:
    session = begin(store)
    store.sessions.rename(session.session_id, "spring")
    newest = store.audit.page().rows[0]
    assert (newest.actor_name, newest.address, newest.doing) == (
        ANNE.name,
        ANNE.address,
        "renaming a session",
    )
    assert (newest.action, newest.subject_id) == (Action.RUN, session.session_id)
    assert newest.done_at.tzinfo is UTC


def test_what_fails_or_the_program_does_is_not_entered(store: Store) -> None:
    with pytest.raises(StoreError):
        store.sessions.rename("gone", "x")
    begin(store.for_tenant(store.tenant_id, SYSTEM))
    assert store.audit.page().total == 0


def test_log_is_filtered_and_paged(store: Store) -> None:
    session = begin(store)
    for number in range(5):
        store.audit.note(f"taking out file {number}", Action.EXPORT, session.session_id)
    page = store.audit.page(limit=2, offset=1, action=Action.EXPORT)
    assert ([row.doing[-1] for row in page.rows], page.total) == (["3", "2"], 5)
    assert store.audit.page(text="FILE 4").total == 1
    assert store.audit.page(text="Anne@").total == store.audit.page().total
    assert store.audit.page(text="%").total == 0
    assert store.audit.page(since=datetime.now(UTC) + timedelta(hours=1)).total == 0


def test_reading_it_takes_a_right(store: Store) -> None:
    analyst = store.for_tenant(store.tenant_id, Actor("person", rights=rights_of_role("analyst")))
    with pytest.raises(AccessError):
        analyst.audit.page()


def test_old_entries_go(store: Store) -> None:
    begin(store)
    before = store.audit.page().rows[-1].done_at
    assert store.overview.forget_audit(before=before) == 0
    assert store.overview.forget_audit(before=datetime.now(UTC) + timedelta(seconds=1)) == 2
    assert store.audit.page().total == 0
