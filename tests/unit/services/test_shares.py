"""Links to one analysis: what they open, when they end, and what they never show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from churnkit.accounts import Action, Actor, rights_of_role
from churnkit.errors import AccessError, NotFoundError, SettingsError
from churnkit.services.access.shares import make_share, open_share, revoke_share
from churnkit.services.access.taking_out import take_out
from churnkit.store import Session, Store
from tests.unit.store.filled import begin, fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


@pytest.fixture
def session(store: Store) -> Session:
    return fill(store)[0]


def test_link_opens_its_analysis_until_it_is_taken_back(store: Store, session: Session) -> None:
    new = make_share(store, session.session_id)
    opened = open_share(store.for_tenant("stranger"), new.text)
    assert opened is not None
    assert (opened.session.session_id, opened.store.tenant_id) == (session.session_id, store.tenant_id)
    assert new.record.created_by == store.actor.name
    assert revoke_share(store, new.record.share_id).revoked_at is not None
    assert open_share(store, new.text) is None


def test_link_ends_by_itself(store: Store, session: Session) -> None:
    new = make_share(store, session.session_id, days=1)
    assert new.record.is_valid(new.record.expires_at - timedelta(seconds=1))
    assert not new.record.is_valid(new.record.expires_at)
    with store.cursor() as cursor:
        cursor.execute("UPDATE shares SET expires_at = ?", [datetime.now(UTC).replace(tzinfo=None)])
    assert open_share(store, new.text) is None


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00" * 43, "\ud800" * 43, "a" * 10_000])
def test_other_texts_open_nothing(store: Store, session: Session, token: str) -> None:
    make_share(store, session.session_id)
    assert open_share(store, token) is None


def test_link_goes_with_its_analysis(store: Store, session: Session) -> None:
    new = make_share(store, session.session_id)
    store.sessions.delete(session.session_id)
    assert open_share(store, new.text) is None
    assert store.shares.all() == []


def test_link_shows_one_analysis_of_the_workspace(store: Store, session: Session) -> None:
    other = begin(store, "private.csv")
    opened = open_share(store, make_share(store, session.session_id).text)
    assert opened is not None
    assert [one.session_id for one in opened.store.sessions.all()] == [session.session_id]
    assert [one.upload_id for one in opened.store.uploads.all()] == [session.upload_id]
    assert set(opened.store.jobs.newest_work()) == {session.session_id}
    assert opened.store.predictions.page(session.session_id).total == 3
    for hidden in (
        lambda: opened.store.sessions.get(other.session_id),
        lambda: opened.store.uploads.get(other.upload_id),
        lambda: opened.store.predictions.page(other.session_id),
    ):
        with pytest.raises(NotFoundError):
            hidden()
    for closed in (opened.store.campaigns.all, opened.store.keys.all, opened.store.shares.all):
        with pytest.raises(AccessError):
            closed()


def test_link_takes_files_out_only_if_it_may(store: Store, session: Session) -> None:
    for may_export in (True, False):
        new = make_share(store, session.session_id, may_export=may_export)
        opened = open_share(store, new.text, "192.0.2.1")
        assert opened is not None
        if not may_export:
            with pytest.raises(AccessError):
                take_out(opened.store, "customers.csv", lambda: pytest.fail("must not be made"))
            continue
        assert take_out(opened.store, "customers.csv", lambda: b"x", session.session_id) == b"x"
        (entry,) = store.audit.page(text="customers.csv").rows
        assert (entry.actor_kind, entry.action, entry.address) == ("link", Action.EXPORT, "192.0.2.1")
        assert entry.subject_id == session.session_id


def test_an_open_tab_takes_nothing_out_after_its_link_was_taken_back(store: Store, session: Session) -> None:
    new = make_share(store, session.session_id, may_export=True)
    opened = open_share(store, new.text)
    assert opened is not None
    revoke_share(store, new.record.share_id)
    with pytest.raises(AccessError, match="taken back"):
        take_out(opened.store, "customers.csv", lambda: b"x")
    assert store.audit.page(text="customers.csv").total == 0


def test_who_may_not_take_files_out_gives_out_no_files(store: Store, session: Session) -> None:
    rights = rights_of_role("analyst") - {Action.EXPORT}
    analyst = store.for_tenant(store.tenant_id, Actor("person", "p", "p", rights))
    make_share(analyst, session.session_id)
    with pytest.raises(AccessError):
        make_share(analyst, session.session_id, may_export=True)


@pytest.mark.parametrize("days", [0, 366])
def test_days_are_bounded(store: Store, session: Session, days: int) -> None:
    with pytest.raises(SettingsError, match="days"):
        make_share(store, session.session_id, days=days)
