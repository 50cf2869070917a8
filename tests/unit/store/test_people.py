"""People, their sign-ins and the links by which they come: ends are at once, and nobody is shut out by mistake."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from churnkit.accounts import OWNER, SYSTEM, Action, Actor, rights_of_role
from churnkit.errors import AccessError, ConflictError, NotFoundError
from churnkit.store import Person, SignedIn, Store
from tests.unit.store.filled import NOON

DAY = timedelta(days=1)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb", actor=SYSTEM) as opened:
        opened.people.make_workspace("Shop", at=NOON, tenant_id="shop")
        opened.people.make_workspace("Other", at=NOON, tenant_id="other")
        yield opened


def person(root: Store, email: str, *tenants: str, role: str = "administrator") -> Person:
    made = root.people.add(email=email, name="", source="local", at=NOON, password_hash="h")
    for tenant in tenants:
        root.people.join(made.person_id, tenant, role, True, at=NOON)  # type: ignore[arg-type]
    return made


def sign_in(root: Store, who: Person, sign_in_id: str = "one", tenant: str | None = "shop") -> SignedIn:
    return root.sign_ins.add(
        sign_in_id=sign_in_id,
        person_id=who.person_id,
        tenant_id=tenant,
        at=NOON,
        expires_at=NOON + DAY,
        address="192.0.2.1",
        user_agent=None,
    )


def as_person(root: Store, who: Person, tenant: str = "shop") -> Store:
    return root.for_tenant(tenant, Actor("person", who.person_id, who.email, rights_of_role("administrator")))


def audit(root: Store) -> list[tuple[str, str, str]]:
    cursor = root.cursor()
    rows = cursor.execute("SELECT tenant_id, actor_name, doing FROM audit_log ORDER BY done_at").fetchall()
    cursor.close()
    return rows


def made_up(method: Callable[..., object]) -> dict[str, object]:
    """Something for every argument of a method."""
    by_type = {"datetime": NOON, "bool": True}
    parameters = inspect.signature(method).parameters.values()
    return {one.name: by_type.get(str(one.annotation), "x") for one in parameters}


@pytest.mark.parametrize("subject", ["people", "sign_ins", "entries"])
@pytest.mark.parametrize(
    "actor",
    [
        OWNER,
        Actor("person", "p", "p", rights_of_role("administrator")),
        Actor("key", "k"),
        Actor("link", "l"),
    ],
    ids=lambda one: one.kind,
)
def test_people_and_sign_ins_are_for_the_program_alone(root: Store, actor: Actor, subject: str) -> None:
    asked = getattr(root.for_tenant("shop", actor), subject)
    methods = [
        name for name, _ in inspect.getmembers(type(asked), inspect.isfunction) if not name.startswith("_")
    ]
    assert len(methods) > 3
    for name in methods:
        method = getattr(asked, name)
        with pytest.raises(AccessError, match="only the program"):
            method(**made_up(method))
    assert root.people.all() == []


def test_an_address_belongs_to_one_person_however_it_is_written(root: Store) -> None:
    made = person(root, " Ann@Shop.example ")
    assert made.email == "ann@shop.example"
    assert root.people.by_email("ANN@shop.example") == made
    with pytest.raises(ConflictError, match="taken"):
        person(root, "ann@SHOP.example")


def test_the_first_person_is_made_once(root: Store) -> None:
    values = {"name": "", "password_hash": "h", "workspace": "Mine", "tenant_id": "shop", "at": NOON}
    first = root.people.add_first(email="a@x", **values)  # type: ignore[arg-type]
    assert first is not None
    assert root.people.add_first(email="b@x", **values) is None  # type: ignore[arg-type]
    assert [(one.tenant, one.workspace, one.role) for one in root.people.memberships(first.person_id)] == [
        ("shop", "Mine", "administrator")
    ]


def test_a_sign_in_opens_what_the_person_belongs_to_now(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop", "other"), person(root, "b@x", "shop")
    found = sign_in(root, ann)
    assert found.actor().rights == rights_of_role("administrator")
    assert (found.actor().name, found.actor().address) == ("a@x", "192.0.2.1")
    as_person(root, bob).members.change(ann.person_id, "viewer", False)
    changed = root.sign_ins.find("one")
    assert changed is not None
    assert changed.actor().rights == {Action.READ}
    root.sign_ins.open_workspace("one", "other")
    there = root.sign_ins.find("one")
    assert there is not None
    assert (there.workspace, there.role) == ("Other", "administrator")
    person(root, "c@x", "other")
    root.for_tenant("other").members.remove(ann.person_id)
    closed = root.sign_ins.find("one")
    assert closed is not None
    assert (closed.tenant, closed.role, closed.actor().rights) == (None, None, frozenset())


def test_rotation_ends_what_the_browser_held(root: Store) -> None:
    ann = person(root, "a@x", "shop")
    sign_in(root, ann)
    root.sign_ins.add(
        sign_in_id="two", person_id=ann.person_id, tenant_id="shop", at=NOON, expires_at=NOON + DAY,
        address=None, user_agent=None, replaces="one",
    )  # fmt: skip
    assert root.sign_ins.find("one") is None
    assert audit(root) == [("shop", "a@x", "signing in")] * 2


def test_one_sign_in_ends_or_all_but_one(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop"), person(root, "b@x", "shop")
    for name in ("one", "two", "three"):
        sign_in(root, ann, name)
    sign_in(root, bob, "bobs")
    root.sign_ins.end("bobs", ann.person_id)
    root.sign_ins.end("one", ann.person_id)
    assert {one.sign_in_id for one in root.sign_ins.of_person(ann.person_id)} == {"two", "three"}
    root.sign_ins.end_all(ann.person_id, but="three")
    assert [one.sign_in_id for one in root.sign_ins.of_person(ann.person_id)] == ["three"]
    assert root.sign_ins.find("bobs") is not None


def test_a_disabled_person_is_out_at_once_and_stays_out(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop"), person(root, "b@x", "shop")
    sign_in(root, ann)
    root.entries.make_reset("r", ann.person_id, by="b", at=NOON, expires_at=NOON + DAY)
    as_person(root, bob).members.disable(ann.person_id, at=NOON)
    assert root.sign_ins.find("one") is None
    with pytest.raises(NotFoundError):
        root.entries.open("reset", "r", at=NOON)
    as_person(root, bob).members.enable(ann.person_id)
    assert root.sign_ins.find("one") is None
    assert root.people.get(ann.person_id).disabled_at is None


def test_every_change_is_known_to_those_who_remember(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop"), person(root, "b@x", "shop")
    sign_in(root, ann)
    mine = as_person(root, bob)
    for change in (
        lambda: root.sign_ins.end("one", ann.person_id),
        lambda: mine.members.change(ann.person_id, "viewer", True),
        lambda: mine.members.disable(ann.person_id, at=NOON),
        lambda: mine.members.remove(ann.person_id),
    ):
        before = root.access_version
        change()
        assert root.access_version > before
    before = root.access_version
    root.sign_ins.note_seen("one", at=NOON)
    assert root.access_version == before


@pytest.mark.parametrize("what", ["change", "remove", "disable"])
def test_the_last_administrator_stays(root: Store, what: str) -> None:
    ann, viewer = person(root, "a@x", "shop"), person(root, "v@x", "shop", role="viewer")
    gone = person(root, "g@x", "shop")
    mine = as_person(root, ann)
    mine.members.disable(gone.person_id, at=NOON)
    attempts = {
        "change": lambda: mine.members.change(ann.person_id, "analyst", True),
        "remove": lambda: mine.members.remove(ann.person_id),
        "disable": lambda: mine.members.disable(ann.person_id, at=NOON),
    }
    with pytest.raises(ConflictError, match="administrator"):
        attempts[what]()
    mine.members.change(viewer.person_id, "administrator", True)
    attempts[what]()


def test_an_administrator_reaches_no_account_of_another_workspace(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop"), person(root, "b@x", "shop", "other")
    mine = as_person(root, ann)
    for attempt in (
        lambda: mine.members.reset_password(bob.person_id, "r", at=NOON, expires_at=NOON + DAY),
        lambda: mine.members.disable(bob.person_id, at=NOON),
        lambda: mine.members.enable(bob.person_id),
        lambda: mine.members.end_sign_ins(bob.person_id),
    ):
        with pytest.raises(AccessError, match="not yours"):
            attempt()
    root.people.join(ann.person_id, "other", "analyst", True, at=NOON)
    with pytest.raises(AccessError):
        mine.members.disable(bob.person_id, at=NOON)
    root.people.join(ann.person_id, "other", "administrator", True, at=NOON)
    mine.members.disable(bob.person_id, at=NOON)
    mine.members.remove(bob.person_id)
    assert [one.email for one in mine.members.all()] == ["a@x"]


def test_whom_another_system_vouches_for_has_no_password_here(root: Store) -> None:
    ann = person(root, "a@x", "shop")
    other = root.people.add(email="o@x", name="", source="https://id.example", subject="7", at=NOON)
    root.people.join(other.person_id, "shop", "viewer", True, at=NOON)
    assert root.people.by_subject("https://id.example", "7") == other
    with pytest.raises(ConflictError, match="another system"):
        as_person(root, ann).members.reset_password(other.person_id, "r", at=NOON, expires_at=NOON)


def test_an_invitation_works_once_and_in_time(root: Store) -> None:
    ann = person(root, "a@x", "shop")
    mine = as_person(root, ann)
    mine.members.invite("t", "new@x", "viewer", False, at=NOON, expires_at=NOON + DAY)
    assert root.entries.open("invitation", "t", at=NOON).workspace == "Shop"
    with pytest.raises(NotFoundError):
        root.entries.open("invitation", "t", at=NOON + DAY)
    made, tenant = root.entries.accept("t", at=NOON, name="New", password_hash="h")
    assert (made.email, tenant) == ("new@x", "shop")
    (joined,) = root.people.memberships(made.person_id)
    assert (joined.role, joined.may_export) == ("viewer", False)
    with pytest.raises(NotFoundError):
        root.entries.accept("t", at=NOON, name="Again", password_hash="h")
    assert mine.members.invitations(at=NOON) == []


def test_an_invitation_that_was_taken_back_or_made_anew_opens_nothing(root: Store) -> None:
    mine = as_person(root, person(root, "a@x", "shop"))
    mine.members.invite("t", "new@x", "viewer", True, at=NOON, expires_at=NOON + DAY)
    mine.members.invite("u", "new@x", "analyst", True, at=NOON, expires_at=NOON + DAY)
    assert [one.invitation_id for one in mine.members.invitations(at=NOON)] == ["u"]
    mine.members.withdraw("u")
    for token in ("t", "u"):
        with pytest.raises(NotFoundError):
            root.entries.open("invitation", token, at=NOON)
    with pytest.raises(ConflictError, match="already"):
        mine.members.invite("v", "a@x", "viewer", True, at=NOON, expires_at=NOON + DAY)


def test_a_reset_works_once_and_ends_every_sign_in(root: Store) -> None:
    ann = person(root, "a@x", "shop")
    sign_in(root, ann)
    root.entries.make_reset("old", ann.person_id, by="b", at=NOON, expires_at=NOON + DAY)
    root.entries.make_reset("r", ann.person_id, by="b", at=NOON, expires_at=NOON + DAY)
    with pytest.raises(NotFoundError):
        root.entries.open("reset", "old", at=NOON)
    assert root.entries.use_reset("r", "new hash", at=NOON).password_hash == "new hash"
    assert root.sign_ins.of_person(ann.person_id) == []
    with pytest.raises(NotFoundError):
        root.entries.use_reset("r", "another", at=NOON)


def test_what_has_ended_is_removed(root: Store) -> None:
    ann = person(root, "a@x", "shop")
    for name in ("idle", "used"):
        sign_in(root, ann, name)
    root.sign_ins.note_seen("used", at=NOON + DAY / 2)
    root.sign_ins.forget_ended(at=NOON + DAY / 2, idle_since=NOON)
    assert [one.sign_in_id for one in root.sign_ins.of_person(ann.person_id)] == ["used"]
    root.sign_ins.forget_ended(at=NOON + DAY, idle_since=NOON)
    assert root.sign_ins.of_person(ann.person_id) == []


def test_a_viewer_sees_no_people_but_the_workspaces_name(root: Store) -> None:
    store = root.for_tenant("shop", Actor("person", "v", "v", rights_of_role("viewer")))
    assert store.members.workspace_name() == "Shop"
    for attempt in (store.members.all, lambda: store.members.invitations(at=NOON)):
        with pytest.raises(AccessError):
            attempt()


def test_keys_that_outlive_their_maker_are_counted(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop"), person(root, "b@x", "shop")
    mine = as_person(root, bob)
    for name in ("one", "two"):
        mine.keys.add(key_hash=name, prefix="ck", name=name, scope="read", created_at=NOON, expires_at=None)
    mine.keys.revoke(mine.keys.all()[0].key_id, at=NOON)
    assert [(one.email, one.key_count) for one in as_person(root, ann).members.all()] == [
        ("a@x", 0),
        ("b@x", 1),
    ]


def test_settings_of_ones_own_are_each_persons_and_go_with_them(root: Store) -> None:
    ann, bob = person(root, "a@x", "shop", "other"), person(root, "b@x", "shop", role="viewer")
    for who, value in ((ann, True), (bob, False)):
        as_person(root, who).own_settings.set("expert", value)
    as_person(root, ann, "other").own_settings.set("expert", None)
    root.for_tenant("shop", OWNER).own_settings.set("expert", "machine")
    assert [as_person(root, who).own_settings.get("expert") for who in (ann, bob)] == [True, False]
    person(root, "c@x", "shop")
    root.for_tenant("shop").members.remove(ann.person_id)
    assert as_person(root, ann).own_settings.get("expert") is None
    assert as_person(root, bob).own_settings.get("expert") is False
    assert root.for_tenant("shop", OWNER).own_settings.get("expert") == "machine"
