"""One workspace becomes part of another: what comes, what does not, and who may."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from churnkit.accounts import OWNER, SYSTEM, Action, Actor, rights_of_role
from churnkit.errors import AccessError, ConflictError, StoreError
from churnkit.store import RETENTION_DAYS, Session, Store
from tests.unit.store.filled import NOON, begin, fill

ANALYST = Actor("person", "p", "anne@shop.example", rights_of_role("analyst"))


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb", tenant_id="browser") as opened:
        yield opened


@pytest.fixture
def shop(browser: Store) -> Store:
    return browser.for_tenant("shop", ANALYST)


@pytest.fixture
def session(browser: Store) -> Session:
    session, _ = fill(browser)
    for job in browser.jobs.of_session(session.session_id):
        assert job.status == "completed"
    return session


def test_everything_comes_along(browser: Store, shop: Store, session: Session) -> None:
    browser.preferences.set(f"assumptions/{session.session_id}", {"x": 1})
    browser.answers.save("header", [{"amount": "Total"}], used_at=NOON)
    share = browser.shares.add(
        session.session_id,
        token_hash="t",
        may_export=False,
        created_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    mine = begin(shop)
    assert shop.workspace.take_over(browser.workspace, at=NOON) == 1
    assert {one.session_id for one in shop.sessions.all()} == {session.session_id, mine.session_id}
    assert shop.predictions.page(session.session_id).total == 3
    assert [one.name for one in shop.scenarios.of_session(session.session_id)] == ["own"]
    assert len(shop.campaigns.all()) == len(shop.contact_lists.of_session(session.session_id)) == 1
    assert shop.preferences.get(f"assumptions/{session.session_id}") == {"x": 1}
    assert shop.answers.of("header") == [{"amount": "Total"}]
    assert shop.shares.all() == [share]
    assert not browser.workspace.is_in_use()
    assert browser.sessions.all() == []
    newest = shop.for_tenant("shop", OWNER).audit.page(text=ANALYST.name).rows[0]
    assert newest.doing == "taking over a workspace"


def test_what_both_have_stays_as_the_workspace_has_it(browser: Store, shop: Store, session: Session) -> None:
    guest = browser.for_tenant("shop", replace(OWNER, guest_of=frozenset({session.session_id})))
    guest.scenarios.save(session.session_id, "own", settings={"n": 9}, figures={}, created_at=NOON)
    for store, value in ((browser, 1), (shop, 2)):
        store.preferences.set("margin", value)
        store.answers.save("header", [{"amount": value}], used_at=NOON)
    shop.workspace.take_over(browser.workspace, at=NOON)
    assert shop.preferences.get("margin") == 2
    assert shop.answers.of("header") == [{"amount": 2}]
    kept = {one.name: one.settings for one in shop.scenarios.of_session(session.session_id)}
    assert kept == {"own": {"n": 9}, "own (browse)": {}}


def test_webhooks_are_told_nothing_of_the_new_workspace(
    browser: Store, shop: Store, session: Session
) -> None:
    browser.webhooks.add("https://a.example", ["analysis.completed"], webhook_id="a", key_mark="0", at=NOON)
    browser.webhooks.send_test("a", event_id="0", body="{}", at=NOON)
    shop.workspace.take_over(browser.workspace, at=NOON)
    assert browser.webhooks.all() == shop.for_tenant("shop", OWNER).webhooks.all() == []
    assert browser.for_tenant("browser", SYSTEM).outbox.next_at() is None


def test_keys_end_and_retention_stays_behind(browser: Store, shop: Store, session: Session) -> None:
    browser.preferences.set(RETENTION_DAYS, 1)
    browser.keys.add(key_hash="0", prefix="ck", name="admin", scope="admin", created_at=NOON, expires_at=None)
    shop.workspace.take_over(browser.workspace, at=NOON)
    assert shop.preferences.get(RETENTION_DAYS) is None
    assert shop.for_tenant("shop", OWNER).keys.all() == []
    found = browser.overview.key("0")
    assert found is not None
    assert not found[1].is_valid(NOON)


def test_nothing_moves_while_work_goes_on(browser: Store, shop: Store, session: Session) -> None:
    browser.jobs.create(session.session_id, created_at=NOON)
    with pytest.raises(ConflictError, match="under way"):
        shop.workspace.take_over(browser.workspace, at=NOON)
    assert shop.sessions.all() == []


def test_it_takes_rights_on_both_sides(browser: Store, shop: Store, session: Session) -> None:
    viewer = browser.for_tenant("shop", Actor("person", rights=rights_of_role("viewer")))
    visitor = browser.for_tenant("browser", Actor("link", rights=frozenset({Action.READ})))
    for to, left in ((viewer, browser), (shop, visitor), (shop, browser.for_tenant("browser", ANALYST))):
        with pytest.raises(AccessError):
            to.workspace.take_over(left.workspace, at=NOON)
    with pytest.raises(StoreError, match="another one"):
        browser.workspace.take_over(browser.workspace, at=NOON)
    assert len(browser.sessions.all()) == 1
