"""Deleted analyses that are put away: nothing shows them, and everything comes back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from churnkit.accounts import Action, Actor, rights_of_role
from churnkit.errors import AccessError, NotFoundError, StoreError
from churnkit.store import Store
from churnkit.store.deletion import ROWS_OF_SESSION
from tests.unit.store.filled import NOON, begin, fill, row_counts

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # DuckDB would read these signs in a path as patterns.
    return tmp_path / "it's [a] folder=1*" / "put_away"


def rows(store: Store, session_id: str) -> dict[str, list[Any]]:
    found = {}
    with store.cursor() as cursor:
        for table, condition in ROWS_OF_SESSION:
            cursor.execute(f"SELECT * FROM {table} WHERE {condition}", {"session": session_id})
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def filled(store: Store, name: str = "May") -> str:
    session, _ = fill(store)
    session_id = session.session_id
    store.sessions.rename(session_id, name)
    store.sessions.set_note(session_id, "Before the sale.")
    store.preferences.set(f"assumptions/{session_id}", {"x": 0.1 + 0.2, "y": ["ü", None]})
    store.events.note(session_id, "promoted", key="k", words="It was.", at=NOON, details={"rows": 3})
    store.shares.add(
        session_id, token_hash=f"t-{session_id}", may_export=False, created_at=NOON, expires_at=NOON + DAY
    )
    return session_id


def test_everything_comes_back_as_it_was(store: Store, folder: Path) -> None:
    session_id = filled(store)
    before, counts, named = rows(store, session_id), row_counts(store), store.overview.named_files()
    assert sum(bool(found) for found in before.values()) >= 14
    away = store.put_away.put(session_id, folder=folder, at=NOON)
    assert (away.name, away.put_away_at) == ("May", NOON)
    assert store.put_away.all() == [away]
    assert not any(rows(store, session_id).values())
    assert store.sessions.all() == store.shops.all() == store.jobs.all() == store.uploads.all() == []
    assert store.campaigns.all() == store.shares.all() == []
    assert store.overview.share(f"t-{session_id}") is None
    for read in (store.sessions.get, store.shops.get, store.jobs.of_session, store.runs.of_session):
        with pytest.raises(NotFoundError):
            read(session_id)
    with pytest.raises(NotFoundError):
        store.uploads.get(away.upload_ids[0])
    # Nothing of it counts as left over on the disk.
    assert store.overview.named_files() == replace(named, put_away=frozenset({session_id}))
    assert store.overview.removals() == []
    store.put_away.bring_back(session_id, folder=folder)
    assert rows(store, session_id) == before
    after = row_counts(store)
    assert {k: n for k, n in after.items() if k != "audit_log"} == {
        k: n for k, n in counts.items() if k != "audit_log"
    }
    assert store.sessions.get(session_id).note == "Before the sale."
    assert store.predictions.page(session_id).total == 3
    # And once more: the keys of rows that were there before are free.
    store.put_away.put(session_id, folder=folder, at=NOON)
    store.put_away.bring_back(session_id, folder=folder)
    assert rows(store, session_id) == before


def test_other_analyses_stay(store: Store, folder: Path) -> None:
    kept, gone = filled(store, "kept"), filled(store, "gone")
    before = rows(store, kept)
    store.put_away.put(gone, folder=folder, at=NOON)
    assert rows(store, kept) == before
    store.put_away.delete(gone)
    assert rows(store, kept) == before
    assert [one.session_id for one in store.sessions.all()] == [kept]


def test_deleting_for_good_takes_the_file_along_unless_another_stands_on_it(
    store: Store, folder: Path
) -> None:
    session_id = filled(store)
    upload = store.uploads.all()[0]
    other = store.sessions.create(upload_id=upload.upload_id, column_mapping={}, created_at=NOON).session_id
    store.put_away.put(session_id, folder=folder / "a", at=NOON)
    assert store.uploads.all() == [upload]
    store.put_away.put(other, folder=folder / "b", at=NOON)
    assert store.uploads.all() == []
    removed = store.put_away.delete(session_id, folders=[Path("analyses/a")])
    assert upload.file_path not in removed.files
    assert {Path("t.parquet"), Path("p.parquet"), Path("analyses/a")} <= set(store.overview.removals())
    assert upload.file_path in store.put_away.delete(other).files
    store.sessions.create(upload_id=begin(store).upload_id, column_mapping={}, created_at=NOON)
    with pytest.raises(NotFoundError):
        store.put_away.bring_back(session_id, folder=folder / "a")


def test_what_cannot_come_back_changes_nothing(store: Store, folder: Path) -> None:
    session_id = filled(store)
    store.put_away.put(session_id, folder=folder, at=NOON)
    counts = row_counts(store)
    (folder / "predictions.parquet").write_bytes(b"broken")
    with pytest.raises(StoreError):
        store.put_away.bring_back(session_id, folder=folder)
    with pytest.raises(StoreError, match="must lie in"):
        store.put_away.bring_back(session_id, folder=folder / "elsewhere")
    assert row_counts(store) == counts
    assert len(store.put_away.all()) == 1


def test_rows_that_cannot_be_written_stay_in_the_tables(store: Store, tmp_path: Path) -> None:
    session_id = filled(store)
    before = rows(store, session_id)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OSError):
        store.put_away.put(session_id, folder=tmp_path / "file" / "put_away", at=NOON)
    assert rows(store, session_id) == before
    assert store.put_away.all() == []


def test_what_is_older_than_a_moment_is_found_for_every_tenant(store: Store, folder: Path) -> None:
    session_id = filled(store)
    store.put_away.put(session_id, folder=folder, at=NOON)
    assert store.overview.put_away_before(NOON) == []
    later = NOON + timedelta(seconds=1)
    assert store.overview.put_away_before(later) == [(store.tenant_id, session_id)]
    other = store.for_tenant("other")
    assert other.put_away.all() == []
    for call in (
        lambda: other.put_away.bring_back(session_id, folder=folder),
        lambda: other.put_away.delete(session_id),
        lambda: other.put_away.jobs(session_id),
    ):
        with pytest.raises(NotFoundError):
            call()


def test_only_who_may_delete_may_put_away_and_bring_back(store: Store, folder: Path) -> None:
    session_id = filled(store)
    rights = rights_of_role("viewer")
    assert Action.DELETE not in rights
    viewer = store.for_tenant(store.tenant_id, Actor("person", "p", "v@shop.example", rights))
    with pytest.raises(AccessError):
        viewer.put_away.put(session_id, folder=folder, at=NOON)
    store.put_away.put(session_id, folder=folder, at=NOON)
    for call in (
        lambda: viewer.put_away.bring_back(session_id, folder=folder),
        lambda: viewer.put_away.delete(session_id),
    ):
        with pytest.raises(AccessError):
            call()
